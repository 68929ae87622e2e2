// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/model/playbook_lint.h"
#include "core/model/units.h"

namespace sluice {

namespace {

constexpr double kHighLoad = 0.85; ///< a fleet that is busier than this has other worries

double share(int64_t ppm)
{
    return static_cast<double>(ppm) / kMillion;
}
std::string points(double value)
{
    return fmt::format("{:.4g}", value);
}

/// CPU, memory: a part of how full the machines are, which a healthy release has too.
bool isLoad(const Playbook& playbook, const ScorePart& part)
{
    return part.kind == ScorePart::Kind::Linear && !part.metrics.empty() &&
           std::ranges::all_of(part.metrics, [&](const std::string& name) {
               const Metric* metric = playbook.metric(name);
               return metric->kind == MetricKind::Gauge && metric->unit == Unit::Ratio &&
                      metric->worse == Worse::Higher;
           });
}

/// Points of 100 that a linear part loses when its metric stands at `value`.
double lossAt(const ScorePart& part, int64_t value)
{
    const double way = static_cast<double>(value - part.full) / static_cast<double>(part.zero - part.full);
    return 100 * share(part.weightPpm) * std::clamp(way, 0.0, 1.0);
}

/// What the load parts cost at the usual load.
double usualLoss(const Playbook& playbook)
{
    double loss = 0;
    for (const ScorePart& part : playbook.score.parts) {
        if (isLoad(playbook, part)) loss += lossAt(part, kUsualLoadPpm);
    }
    return loss;
}

/// The part that scores this metric and is not about load.
const ScorePart* partOf(const Playbook& playbook, const std::string& metric)
{
    const auto found = std::ranges::find_if(playbook.score.parts, [&](const ScorePart& part) {
        return part.kind == ScorePart::Kind::Linear && !isLoad(playbook, part) &&
               std::ranges::find(part.metrics, metric) != part.metrics.end();
    });
    return found == playbook.score.parts.end() ? nullptr : &*found;
}

double bandPoints(int64_t milli)
{
    return static_cast<double>(milli) / 1000;
}

void lintReachable(LintReport& report)
{
    const Playbook& playbook = report.playbook;
    const double proceed = bandPoints(playbook.score.proceedMilli);
    for (const ScorePart& part : playbook.score.parts) {
        if (!isLoad(playbook, part) || part.weightPpm == 0) continue;
        const double way = (100 - proceed) / (100 * share(part.weightPpm));
        const double load = share(part.full) + way * share(part.zero - part.full);
        if (way >= 1 || load >= kHighLoad) continue;
        report.warn(
            {"score", "parts", part.id},
            fmt::format("proceed ({}) cannot be reached above {:.0f}% load, even if all else is perfect; score the "
                        "headroom to a limit instead, e.g. full: 70%, zero: 100%",
                        points(proceed), load * 100));
    }
}

void lintBeforeTriggers(LintReport& report)
{
    const Playbook& playbook = report.playbook;
    for (size_t i = 0; i < playbook.triggers.size(); ++i) {
        const Trigger& trigger = playbook.triggers[i];
        const ScorePart* part = partOf(playbook, trigger.when.metric);
        if (part == nullptr || trigger.when.kind != Condition::Kind::Above) continue;
        const double score = 100 - usualLoss(playbook) - lossAt(*part, trigger.when.limit);
        if (score >= bandPoints(playbook.score.pauseMilli) || playbook.score.hold >= holdOf(trigger)) continue;
        report.warn(
            {"triggers", std::to_string(i)},
            fmt::format("the score acts first: with {} at {} it stands at {} (all else perfect, 30% load) and rolls "
                        "back after {}, not {}",
                        trigger.when.metric,
                        amountUnitText(trigger.when.limit, playbook.metric(trigger.when.metric)->unit), points(score),
                        durationUnitText(playbook.score.hold), durationUnitText(holdOf(trigger))));
    }
}

/// The value of the metric at which the score falls below proceed.
int64_t proceedLimit(const Playbook& playbook, const ScorePart& part)
{
    const double room = 100 - bandPoints(playbook.score.proceedMilli) - usualLoss(playbook);
    const double way = std::max(room, 0.0) / (100 * share(part.weightPpm));
    return part.full + static_cast<int64_t>(way * static_cast<double>(part.zero - part.full));
}

/// Three digits are enough for people: "0.366%" for 0.366666.
int64_t rounded(int64_t value)
{
    int64_t step = 1;
    while (value / step >= 1000)
        step *= 10;
    return value / step * step;
}

void lintRequirements(LintReport& report)
{
    const Playbook& playbook = report.playbook;
    std::set<std::string> said;
    for (size_t s = 0; s < playbook.stages.size(); ++s) {
        const auto& require = playbook.stages[s].require;
        for (size_t r = 0; r < require.size(); ++r) {
            const Condition& good = require[r].good;
            const ScorePart* part = partOf(playbook, good.metric);
            if (part == nullptr || part->weightPpm == 0 || good.kind != Condition::Kind::Below) continue;
            const double score = 100 - usualLoss(playbook) - lossAt(*part, good.limit);
            if (score >= bandPoints(playbook.score.proceedMilli) || !said.insert(good.metric).second) continue;
            report.warn({"stages", std::to_string(s), "require", std::to_string(r)},
                        fmt::format("never decides: the score (at 30% load) is below proceed from {} {} on",
                                    good.metric,
                                    amountUnitText(rounded(proceedLimit(playbook, *part)),
                                                   playbook.metric(good.metric)->unit)));
        }
    }
}

} // namespace

void lintScore(LintReport& report)
{
    const ScoreRule& score = report.playbook.score;
    if (score.parts.empty()) return;
    lintReachable(report);
    lintBeforeTriggers(report);
    lintRequirements(report);
    const bool compares =
        std::ranges::find(score.parts, ScorePart::Kind::OfBaseline, &ScorePart::kind) != score.parts.end();
    if (score.shareCorrected || !compares) return;
    const Weight first = report.playbook.stages.front().weight;
    report.warn({"score", "share"},
                fmt::format("raw: a perfect canary at {0} scores {0} of the points for what grows with "
                            "traffic, and may be rolled back for it; write corrected",
                            percentUnitText(first.ppm())));
}

} // namespace sluice
