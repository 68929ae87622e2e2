// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_parts.h"
#include "tests/support/sample_snapshot.h"

#include <string>
#include <utility>

namespace sluice::support {

namespace {

using namespace rollout;
using analysis::Band;
using analysis::TriggerState;
using engine::RolloutView;
using engine::SourceStatus;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kDigest = "9b1e4d0c2f7a86b35d1e90ac44f2c07a9b1e4d0c2f7a86b35d1e90ac44f2c07a";

Rollout checkoutState()
{
    Rollout state{.id = RolloutId("r-20261121-140000-1f3a"),
                  .version = 41,
                  .target = TargetId("checkout/production"),
                  .fromVersion = "2.3.0",
                  .toVersion = "2.4.0",
                  .playbookName = "avalo-production",
                  .playbookHash = "7f3c9e0b5a4d",
                  .startedBy = PersonId("release-bot"),
                  .owner = PersonId("release-bot"),
                  .startedAt = sampleTime(14, 0),
                  .phaseSince = sampleTime(14, 15),
                  .phase = Phase::Baking,
                  .stage = 1,
                  .weight = *Weight::parse(1000),
                  .cap = *Weight::parse(1000)};
    state.generation = 2;
    state.admitted = state.canaryReady = state.baselineRecorded = true;
    state.stages = {
        {.enteredAt = sampleTime(14, 0),
         .appliedAt = sampleTime(14, 0),
         .passedAt = sampleTime(14, 14, 59),
         .baked = minutes(15),
         .scoreMilli = 96'400},
        {.enteredAt = sampleTime(14, 15), .appliedAt = sampleTime(14, 15), .baked = seconds(1026), .warnings = 2},
        {},
        {},
        {}};
    state.warnings = {"band:watch", "trigger:p50-3"};
    state.approval = ApprovalRound{
        .digest = kDigest, .evidence = "{}", .askedAt = sampleTime(14, 31, 52), .expiresAt = sampleTime(15, 1, 52)};
    const auto playbook = samplePlaybook();
    for (const auto& item : playbook->checklists.during)
        state.ticked[item.id] = {.by = PersonId("on-call"), .at = sampleTime(14, 31, 40)};
    return state;
}

analysis::Reading reading(const std::string& metric, int64_t canary, int64_t stable)
{
    return {.metric = metric,
            .canary = canary,
            .stable = stable,
            .baseline = stable,
            .canaryRequests = 12'060,
            .stableRequests = 108'360,
            .canaryNoData = analysis::NoDataReason::None,
            .stableNoData = analysis::NoDataReason::None};
}

analysis::TriggerStatus idle(const std::string& id, int64_t observed, int64_t limit, int64_t marginPpm)
{
    return {.id = id,
            .metric = id.substr(0, id.rfind('-')),
            .state = TriggerState::Idle,
            .observed = observed,
            .limit = limit,
            .marginPpm = marginPpm};
}

std::vector<analysis::TriggerStatus> triggerStates()
{
    std::vector<analysis::TriggerStatus> out{idle("p95-1", 580'000, 824'000, 296'000),
                                             idle("error_rate-2", 6'800, 20'000, 660'000),
                                             idle("p50-3", 281'000, 270'000, -40'000),
                                             idle("cpu-4", 380'000, 850'000, 553'000),
                                             idle("payment_failures-5", 0, 1'000'000, 1'000'000),
                                             idle("p95-6", 580'000, 1'200'000, 517'000),
                                             idle("p99-7", 1'310'000, 3'000'000, 563'000),
                                             idle("memory-8", 410'000, 900'000, 544'000),
                                             idle("throughput-9", 201'000'000, 140'000'000, 430'000),
                                             idle("active_users-10", 410'000'000, 330'000'000, 240'000),
                                             idle("error_rate-11", 6'800, 100'000, 932'000),
                                             idle("error_rate-12", 6'800, 8'200, 171'000),
                                             idle("cpu-13", 380'000, 525'000, 276'000),
                                             idle("memory-14", 410'000, 468'000, 124'000)};
    out[2].state = TriggerState::Pending;
    out[2].heldFor = seconds(170);
    out[2].firesIn = seconds(130);
    return out;
}

analysis::Assessment checkoutAssessment()
{
    analysis::Assessment out{.sampleTime = sampleTime(14, 32, 5),
                             .age = milliseconds(800),
                             .freshness = analysis::Freshness::Fresh,
                             .canaryRequestsInStage = 206'124};
    out.readings = {reading("error_rate", 6'800, 4'100),
                    reading("p95", 580'000, 412'000),
                    reading("p99", 1'310'000, 980'000),
                    reading("throughput", 201'000'000, 1'806'000'000),
                    reading("cpu", 380'000, 350'000),
                    reading("payment_failures", 0, 0),
                    reading("p50", 281'000, 180'000),
                    reading("memory", 410'000, 390'000),
                    reading("active_users", 410'000'000, 3'702'000'000)};
    out.requirements = {
        {.metric = "error_rate", .verdict = analysis::Verdict::Pass, .observed = 6'800, .limit = 20'000},
        {.metric = "p95",
         .verdict = analysis::Verdict::Pass,
         .warning = true,
         .observed = 580'000,
         .limit = 1'200'000}};
    out.triggers = triggerStates();
    out.score = {.milli = 81'450, .band = Band::Watch, .heldBand = Band::Watch, .bandFor = minutes(4)};
    out.score.parts = {{"errors", "Errors", 300'000, 66'000, "0.68 % of 2 % allowed"},
                       {"latency", "Latency", 250'000, 89'000, "p95 580 ms of 1 200 ms allowed"},
                       {"throughput", "Throughput", 200'000, 100'000, "share-corrected 100 % of stable"},
                       {"resources", "Resources", 150'000, 62'000, "CPU 38 %"},
                       {"users", "User impact", 100'000, 99'000, "6 of 4 112 users"}};
    return out;
}

std::shared_ptr<const engine::Chart> chart(const std::string& metric, const std::string& title, Unit unit,
                                           int64_t stable, int64_t canary, int64_t limit, const std::string& limitText)
{
    const WallTime now = sampleNow().wall;
    const auto seed = static_cast<uint32_t>(metric.size() * 131 + metric.front());
    auto out = std::make_shared<engine::Chart>();
    out->metric = metric;
    out->title = title;
    out->unit = unit;
    out->stable = sampleSeries(seed, sampleTime(13, 57), now, stable, unit == Unit::Ratio ? 150'000 : 40'000);
    out->canary = sampleSeries(seed + 7, sampleTime(14, 0, 30), now, canary, unit == Unit::Ratio ? 420'000 : 60'000);
    if (!limitText.empty()) out->limits = {{limit, limitText}};
    out->marks = {{micros(sampleTime(14, 0)), *Weight::parse(100)}, {micros(sampleTime(14, 15)), *Weight::parse(1000)}};
    return out;
}

std::vector<std::shared_ptr<const engine::Chart>> charts()
{
    return {chart("error_rate", "Error rate", Unit::Ratio, 4'100, 6'800, 20'000, "rollback above 2 %"),
            chart("p95", "Latency p95", Unit::Time, 412'000, 580'000, 1'200'000, "rollback above 1 200 ms"),
            chart("p99", "Latency p99", Unit::Time, 980'000, 1'310'000, 3'000'000, "rollback above 3 000 ms"),
            chart("throughput", "Throughput", Unit::PerSecond, 1'806'000'000, 201'000'000, 0, ""),
            chart("cpu", "CPU", Unit::Ratio, 350'000, 380'000, 850'000, "rollback above 85 %"),
            chart("payment_failures", "Payment failures", Unit::Count, 0, 0, 1'000'000, "rollback above 1 in 10 min")};
}

std::vector<WaitReason> checkoutWaits()
{
    return {{.code = WaitCode::BakeLeft,
             .observed = micros(seconds(1026)),
             .required = micros(minutes(30)),
             .since = sampleTime(14, 15),
             .expectedEnd = sampleTime(14, 45)},
            {.code = WaitCode::ScoreBelowProceed,
             .subject = "watch",
             .observed = 81'450,
             .required = 90'000,
             .since = sampleTime(14, 28),
             .unblockedBy = {"engineering-lead"}},
            {.code = WaitCode::ApprovalMissing,
             .subject = "engineering-lead",
             .observed = 0,
             .required = 2,
             .since = sampleTime(14, 31, 52),
             .unblockedBy = {"engineering-lead"}},
            {.code = WaitCode::TriggerPending,
             .subject = "p50-3",
             .observed = 281'000,
             .required = 270'000,
             .since = sampleTime(14, 29, 16),
             .expectedEnd = sampleTime(14, 34, 16),
             .title = "Latency median",
             .unit = Unit::Time},
            {.code = WaitCode::RequestsMissing, .holds = true, .observed = 206'124, .required = 100},
            {.code = WaitCode::ChecklistOpen, .holds = true, .observed = 8, .required = 8}};
}

std::vector<MoveState> checkoutMoves()
{
    return {{Move::Approve, true, ""},
            {Move::Reject, true, ""},
            {Move::Pause, true, ""},
            {Move::Resume, false, "The rollout is not paused."},
            {Move::Promote, false, "12:54 of bake time is left and two people must approve."},
            {Move::StepBack, true, ""},
            {Move::Cancel, false, "Users already get the new version; roll back instead."},
            {Move::RollBack, true, ""},
            {Move::EmergencyRollback, true, ""},
            {Move::Ramp, true, ""},
            {Move::TickItem, true, ""},
            {Move::HandOver, true, ""},
            {Move::Comment, true, ""},
            {Move::RetryStep, false, "No step has failed."},
            {Move::SkipStep, false, "No step has failed."}};
}

std::vector<engine::LogLine> checkoutLog()
{
    return {{sampleTime(14, 0), 1, "rollout_started", "Rollout started", PersonId("release-bot")},
            {sampleTime(14, 14, 59), 14, "stage_passed", "Stage 1 % passed, score 96", PersonId("engine")},
            {sampleTime(14, 15), 16, "stage_applied", "Weight 10 % applied on 2 proxies in 38 ms", PersonId("engine")},
            {sampleTime(14, 31, 40), 39, "item_ticked", "Ticked “Verify canary routing”", PersonId("on-call")},
            {sampleTime(14, 31, 52), 40, "warning_raised", "Median latency crossed +50 %: a trigger is pending",
             PersonId("engine")}};
}

World world(int64_t canaryShare)
{
    World out;
    for (const char* name : {"edge-1", "edge-2"})
        out.proxies.push_back({.name = name,
                               .state = ProxyFact::State::Verified,
                               .generation = 2,
                               .limit = *Weight::parse(canaryShare / 100),
                               .canaryMaint = canaryShare == 0,
                               .canaryRequests = 103'062,
                               .stableRequests = 927'558,
                               .sinceAnswer = milliseconds(400)});
    out.observedSharePpm = canaryShare;
    out.canary = {.known = true, .version = "2.4.0", .ready = 3, .wanted = 3};
    out.stable = {.known = true, .version = "2.3.0", .ready = 5, .wanted = 5};
    out.healthOk = true;
    return out;
}

RolloutView checkout()
{
    RolloutView view{
        .state = checkoutState(), .playbook = samplePlaybook(), .service = "checkout", .environment = "production"};
    view.world = world(100'000);
    view.assessment = checkoutAssessment();
    view.waits = checkoutWaits();
    view.moves = checkoutMoves();
    view.charts = charts();
    view.log = checkoutLog();
    view.expectedEnd = sampleTime(15, 45);
    view.drivenHere = true;
    return view;
}

} // namespace

RolloutView sampleCheckout()
{
    return checkout();
}

std::vector<SourceStatus> sampleSources()
{
    using State = SourceStatus::State;
    return {{"Prometheus", "metrics", State::Fresh, milliseconds(800), ""},
            {"edge-1", "router", State::Fresh, milliseconds(400), ""},
            {"edge-2", "router", State::Fresh, milliseconds(600), ""},
            {"Deployer", "deployer", State::Fresh, seconds(2), ""}};
}

} // namespace sluice::support
