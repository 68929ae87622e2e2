// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/model/playbook_lint.h"
#include "core/model/units.h"

namespace sluice {

namespace {

std::vector<std::string> triggerAt(size_t i)
{
    return {"triggers", std::to_string(i)};
}

/// "It must hold for longer than the shortest stage": it can only fire when the stage overruns.
void lintHold(LintReport& report, size_t i)
{
    const Playbook& playbook = report.playbook;
    const Duration hold = holdOf(playbook.triggers[i]);
    for (size_t s = 0; s < playbook.stages.size(); ++s) {
        const bool last = s + 1 == playbook.stages.size();
        const Stage& stage = playbook.stages[s];
        const Duration observed = stage.bake + (last ? playbook.watch.length : Duration(0));
        if (hold < observed || hold == Duration(0)) continue;
        report.warn(triggerAt(i), fmt::format("must hold for {}, but '{}' is over after {}: it cannot fire there",
                                              durationUnitText(hold), stage.name, durationUnitText(observed)));
        return;
    }
}

/// A stage that allows more than a trigger does.
void lintLooseRequirements(LintReport& report, size_t i)
{
    const Playbook& playbook = report.playbook;
    const Trigger& trigger = playbook.triggers[i];
    if (trigger.action != FailureAction::Rollback || isRelative(trigger.when)) return;
    for (size_t s = 0; s < playbook.stages.size(); ++s) {
        const auto& require = playbook.stages[s].require;
        for (size_t r = 0; r < require.size(); ++r) {
            const Condition& good = require[r].good;
            // Over another window it is another value.
            if (good.metric != trigger.when.metric || good.window != trigger.when.window || isRelative(good)) continue;
            const bool above = trigger.when.kind == Condition::Kind::Above;
            if (above ? good.limit <= trigger.when.limit : good.limit >= trigger.when.limit) continue;
            report.warn({"stages", std::to_string(s), "require", std::to_string(r)},
                        fmt::format("allows more than triggers[{}], which rolls back {} {}", i,
                                    above ? "above" : "below",
                                    amountUnitText(trigger.when.limit, playbook.metric(good.metric)->unit)));
            return;
        }
    }
}

void lintSingleSample(LintReport& report, size_t i)
{
    const Trigger& trigger = report.playbook.triggers[i];
    const Metric* metric = report.playbook.metric(trigger.when.metric);
    const bool once = holdOf(trigger) <= Duration(std::chrono::seconds(1));
    if (!once || metric->kind != MetricKind::Gauge || trigger.action == FailureAction::AlertOnly) return;
    report.warn(triggerAt(i), "a gauge has no window: one single sample acts; write e.g. for: 30s");
}

/// Amounts of a canary with 10 % of the traffic against those of a stable with 90 %.
void lintUncorrected(LintReport& report, const std::vector<std::string>& at, const Condition& condition)
{
    if (!isRelative(condition) || condition.baseline == Baseline::Fixed) return;
    const Metric* metric = report.playbook.metric(condition.metric);
    const bool amount = metric->kind == MetricKind::Rate || metric->kind == MetricKind::Count ||
                        (metric->kind == MetricKind::Gauge && metric->aggregate == Aggregate::Sum);
    if (amount && !metric->scalesWithShare) {
        report.warn(
            at, fmt::format("{} grows with the traffic share but is compared as it is; write scales_with_share: true "
                            "at the metric, or compare a ratio",
                            metric->id));
    }
    const bool fromZero = metric->worse == Worse::Higher && metric->kind == MetricKind::Ratio;
    if (fromZero) {
        report.warn(at,
                    fmt::format("a baseline of 0% allows nothing at all; compare a success rate, or give {} a limit",
                                metric->id));
    }
}

struct Compared {
    std::vector<std::string> at{};
    Condition condition{};
};

/// Everything in the file that compares with the stable version.
std::vector<Compared> comparisons(const Playbook& playbook)
{
    std::vector<Compared> all;
    for (size_t s = 0; s < playbook.stages.size(); ++s) {
        const auto& require = playbook.stages[s].require;
        for (size_t r = 0; r < require.size(); ++r) {
            all.push_back({{"stages", std::to_string(s), "require", std::to_string(r)}, require[r].good});
        }
    }
    for (size_t i = 0; i < playbook.triggers.size(); ++i)
        all.push_back({triggerAt(i), playbook.triggers[i].when});
    for (size_t i = 0; i < playbook.watch.require.size(); ++i) {
        all.push_back({{"watch", "require", std::to_string(i)}, playbook.watch.require[i].good});
    }
    for (const ScorePart& part : playbook.score.parts) {
        if (part.kind != ScorePart::Kind::OfBaseline || part.metrics.empty()) continue;
        Condition condition{.metric = part.metrics.front(), .kind = Condition::Kind::Drops};
        condition.window = playbook.score.window;
        all.push_back({{"score", "parts", part.id}, condition});
    }
    std::erase_if(
        all, [](const Compared& it) { return !isRelative(it.condition) || it.condition.baseline == Baseline::Fixed; });
    return all;
}

/// Each metric once, in file order: "p50, active_users".
std::string metricsOf(const std::vector<Compared>& compared)
{
    std::vector<std::string> names;
    std::string text;
    for (const Compared& it : compared) {
        if (std::ranges::find(names, it.condition.metric) != names.end()) continue;
        text += (names.empty() ? "" : ", ") + it.condition.metric;
        names.push_back(it.condition.metric);
    }
    return text;
}

} // namespace

void lintTriggers(LintReport& report)
{
    const auto& triggers = report.playbook.triggers;
    for (size_t i = 0; i < triggers.size(); ++i) {
        lintHold(report, i);
        lintLooseRequirements(report, i);
        lintSingleSample(report, i);
    }
    if (std::ranges::find(triggers, FailureAction::Rollback, &Trigger::action) == triggers.end()) {
        report.warn({"triggers"},
                    "no trigger rolls back: a bad release stays until its stage is over or somebody sees it");
    }
}

void lintBaselines(LintReport& report)
{
    const Playbook& playbook = report.playbook;
    const std::vector<Compared> compared = comparisons(playbook);
    if (compared.empty()) return;
    for (const Compared& it : compared)
        lintUncorrected(report, it.at, it.condition);
    const size_t last = playbook.stages.size() - 1;
    report.warn({"stages", std::to_string(last), "weight"},
                fmt::format("at 100% stable has no traffic: {} {} compared with what was recorded before the start",
                            metricsOf(compared), metricsOf(compared).find(',') == std::string::npos ? "is" : "are"));
    const auto windowOf = [&](const Compared& it) {
        const Metric* metric = playbook.metric(it.condition.metric);
        return metric->kind == MetricKind::Gauge ? Duration(0) : it.condition.window.value_or(metric->window);
    };
    const Compared& longest = *std::ranges::max_element(compared, {}, windowOf);
    const Duration window = windowOf(longest);
    if (playbook.before < window) {
        report.warn({"before"},
                    fmt::format("{} of recording is less than the window of {} ({}), so its baseline never fills",
                                durationUnitText(playbook.before), longest.condition.metric, durationUnitText(window)));
    } else if (playbook.before < std::chrono::seconds(60)) {
        report.warn({"before"}, "under 60s of recording the statistical evidence is shown but does not act");
    }
}

} // namespace sluice
