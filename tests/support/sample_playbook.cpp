// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_snapshot.h"

#include <string>
#include <utility>

namespace sluice::support {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Metric metric(const std::string& id, const std::string& title, MetricKind kind, Unit unit, Worse worse = Worse::Higher)
{
    return {.id = id, .title = title, .kind = kind, .worse = worse, .unit = unit};
}

Trigger trigger(int number, const std::string& id, Condition::Kind kind, int64_t limit, Duration hold,
                FailureAction action = FailureAction::Rollback)
{
    return {.id = id + "-" + std::to_string(number),
            .when = {.metric = id, .kind = kind, .limit = limit},
            .hold = hold,
            .cooldown = minutes(10),
            .severity = action == FailureAction::AlertOnly ? Severity::Warning : Severity::Critical,
            .action = action};
}

Stage stage(const std::string& name, int64_t weight, Duration bake, ApproveWhen when, std::vector<std::string> roles)
{
    Stage out{.name = name, .weight = *Weight::parse(weight), .bake = bake};
    out.require = {{.good = {.metric = "error_rate", .kind = Condition::Kind::Below, .limit = 20'000}},
                   {.good = {.metric = "p95", .kind = Condition::Kind::Below, .limit = 1'200'000}}};
    out.minRequests = 100;
    out.approve = {.when = when, .roles = std::move(roles), .count = 2};
    return out;
}

std::vector<Metric> metrics()
{
    return {metric("error_rate", "Error rate", MetricKind::Ratio, Unit::Ratio),
            metric("p95", "Latency p95", MetricKind::Quantile, Unit::Time),
            metric("p99", "Latency p99", MetricKind::Quantile, Unit::Time),
            metric("throughput", "Throughput", MetricKind::Rate, Unit::PerSecond, Worse::Lower),
            metric("cpu", "CPU", MetricKind::Gauge, Unit::Ratio),
            metric("payment_failures", "Payment failures", MetricKind::Count, Unit::Count),
            metric("p50", "Latency median", MetricKind::Quantile, Unit::Time),
            metric("memory", "Memory", MetricKind::Gauge, Unit::Ratio),
            metric("active_users", "Active users", MetricKind::Gauge, Unit::Count, Worse::Lower)};
}

std::vector<Trigger> triggers()
{
    using Kind = Condition::Kind;
    return {trigger(1, "p95", Kind::AboveBaseline, 1'000'000, minutes(5)),
            trigger(2, "error_rate", Kind::Above, 20'000, minutes(3)),
            trigger(3, "p50", Kind::AboveBaseline, 500'000, minutes(5)),
            trigger(4, "cpu", Kind::Above, 850'000, minutes(10)),
            trigger(5, "payment_failures", Kind::Above, 1'000'000, Duration(0)),
            trigger(6, "p95", Kind::Above, 1'200'000, minutes(5)),
            trigger(7, "p99", Kind::Above, 3'000'000, minutes(5)),
            trigger(8, "memory", Kind::Above, 900'000, minutes(10)),
            trigger(9, "throughput", Kind::Drops, 300'000, minutes(3)),
            trigger(10, "active_users", Kind::Drops, 200'000, minutes(3)),
            trigger(11, "error_rate", Kind::Above, 100'000, seconds(30)),
            trigger(12, "error_rate", Kind::AboveBaseline, 1'000'000, minutes(5), FailureAction::AlertOnly),
            trigger(13, "cpu", Kind::AboveBaseline, 500'000, minutes(10), FailureAction::AlertOnly),
            trigger(14, "memory", Kind::AboveBaseline, 200'000, minutes(10), FailureAction::AlertOnly)};
}

ScorePart part(const std::string& id, const std::string& title, int64_t weight, std::vector<std::string> from)
{
    return {.id = id, .title = title, .weightPpm = weight, .metrics = std::move(from)};
}

std::vector<ChecklistItem> during()
{
    return {{"routing", "Verify canary routing"},  {"dashboards", "Dashboards are open"},
            {"logs", "Log errors compared"},       {"payments", "A payment went through"},
            {"support", "Support has been told"},  {"oncall", "On-call is at the desk"},
            {"flags", "Feature flags as planned"}, {"cache", "Cache hit rate is normal"}};
}

} // namespace

std::shared_ptr<const Playbook> samplePlaybook()
{
    auto playbook = std::make_shared<Playbook>();
    playbook->name = "avalo-production";
    playbook->title = "Avalo production";
    playbook->metrics = metrics();
    playbook->charts = {"error_rate", "p95", "p99", "throughput", "cpu", "payment_failures"};
    playbook->stages = {stage("Canary 1%", 100, minutes(15), ApproveWhen::Never, {}),
                        stage("Canary 10%", 1000, minutes(30), ApproveWhen::Warnings, {"engineering-lead"}),
                        stage("Canary 25%", 2500, minutes(30), ApproveWhen::Always, {"engineering-lead"}),
                        stage("Canary 50%", 5000, minutes(30), ApproveWhen::Never, {}),
                        stage("Full", 10000, minutes(10), ApproveWhen::Never, {})};
    playbook->triggers = triggers();
    playbook->score.parts = {part("errors", "Errors", 300'000, {"error_rate"}),
                             part("latency", "Latency", 250'000, {"p95"}),
                             part("throughput", "Throughput", 200'000, {"throughput"}),
                             part("resources", "Resources", 150'000, {"cpu", "memory"}),
                             part("users", "User impact", 100'000, {"active_users"})};
    playbook->checklists.during = during();
    playbook->watch.length = hours(24);
    playbook->rollbackSteps = {
        {.kind = RollbackStep::Kind::Application, .title = "Redeploy 2.3.0", .usually = seconds(60)},
        {.kind = RollbackStep::Kind::Validation,
         .title = "Error rate for 60 s and health",
         .usually = seconds(80),
         .reversible = false}};
    playbook->hash = "7f3c9e0b5a4d";
    return playbook;
}

Now sampleNow()
{
    return {.wall = sampleTime(14, 32, 6), .boot = BootTime(seconds(86'400))};
}

WallTime sampleTime(int hour, int minute, int second)
{
    constexpr int64_t kMidnightUtc = 1'795'219'200; // 2026-11-21T00:00:00Z
    constexpr int64_t kCetOffset = 3600;
    return wallTime((kMidnightUtc - kCetOffset + hour * 3600 + minute * 60 + second) * 1'000'000);
}

std::vector<analysis::ChartPoint> sampleSeries(uint32_t seed, WallTime from, WallTime to, int64_t level,
                                               int64_t noisePpm)
{
    constexpr int64_t kSecond = 1'000'000;
    constexpr int64_t kStep = 10; // a new random height every ten seconds, straight lines between
    uint32_t state = seed * 2'654'435'761U + 1;
    const auto height = [&state, level, noisePpm] {
        state = state * 1'664'525U + 1'013'904'223U;
        const int64_t swing = static_cast<int64_t>(state >> 8 & 0xFFFF) - 0x8000; // -32768..32767
        return level + level * noisePpm / kMillion * swing / 0x8000;
    };
    std::vector<analysis::ChartPoint> out;
    int64_t left = height();
    int64_t right = height();
    for (int64_t at = micros(from), i = 0; at < micros(to); at += kSecond, ++i) {
        if (i > 0 && i % kStep == 0) {
            left = right;
            right = height();
        }
        out.push_back({at, left + (right - left) * (i % kStep) / kStep});
    }
    return out;
}

} // namespace sluice::support
