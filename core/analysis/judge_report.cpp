// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/analysis/fixed.h"
#include "core/analysis/judge_state.h"
#include "core/analysis/requirement.h"

namespace sluice::analysis {

namespace {

std::optional<int64_t> shown(const Value& value)
{
    if (!value.known) return std::nullopt;
    return value.millionths;
}

const std::vector<Requirement>& requirementsOf(const Playbook& playbook, const JudgeContext& context)
{
    static const std::vector<Requirement> none;
    if (context.watching) return playbook.watch.require;
    if (context.stage < 0 || static_cast<size_t>(context.stage) >= playbook.stages.size()) return none;
    return playbook.stages[static_cast<size_t>(context.stage)].require;
}

} // namespace

Reading Judge::Impl::reading(size_t metric) const
{
    const Scope now = scope(judged());
    const Value canary = board.value(metric, Track::Canary, now);
    const Value stable = board.value(metric, Track::Stable, now);
    const Condition rule{.metric = board.metric(metric).id};
    const BaselineValue baseline = board.baseline(metric, canary, now, rule);

    Reading reading{.metric = rule.metric, .canary = shown(canary), .stable = shown(stable)};
    if (baseline.known) reading.baseline = baseline.millionths;
    reading.baselineIsBefore = baseline.known && baseline.isBefore;
    reading.canaryRequests = canary.requests;
    reading.stableRequests = stable.requests;
    reading.canaryNoData = canary.why;
    reading.stableNoData = stable.why;
    return reading;
}

void Judge::Impl::reportFreshness(const JudgeContext& context, Now now)
{
    latest.freshness = Freshness::NoData;
    latest.sampleTime = {};
    latest.age = Duration(0);
    const int64_t newestMs = board.newestMs(context.stage >= 0 ? Track::Canary : Track::Stable);
    const Duration interval = std::chrono::seconds(board.intervalSeconds());
    const auto began = context.stage >= 0 ? board.exposure.began() : std::nullopt;
    // A canary that was only just exposed is not missing before its first scrape, whatever the one of an earlier
    // release left behind.
    const bool unseen = began && *began > kLongAgo && (newestMs == INT64_MIN || secondOfMs(newestMs) < *began);
    if (unseen && now.wall - startOfSecond(*began) <= 5 * interval) {
        latest.freshness = Freshness::Late;
        return;
    }
    if (newestMs == INT64_MIN) return;
    latest.sampleTime = WallTime(std::chrono::milliseconds(newestMs));
    latest.age = std::max(now.wall - latest.sampleTime, Duration(0));
    latest.freshness = latest.age <= 2 * interval + std::chrono::seconds(1) ? Freshness::Fresh
                       : latest.age <= 5 * interval                         ? Freshness::Late
                                                                            : Freshness::NoData;
}

void Judge::Impl::report(const JudgeContext& context, Now now)
{
    const int64_t second = judged();
    reportFreshness(context, now);

    latest.canaryRequestsInStage =
        context.stage < 0 ? 0 : stageRequests + board.canaryRequests(std::max(stageCut - 1, committed()), second);

    latest.readings.clear();
    for (size_t i = 0; i < board.metricCount(); ++i)
        latest.readings.push_back(reading(i));

    Scope stage = scope(second);
    stage.cut = std::max(stage.cut, stageCut);
    latest.requirements.clear();
    for (const Requirement& requirement : requirementsOf(playbook, context))
        latest.requirements.push_back(judgeRequirement(board, requirement, stage));

    latest.triggers.clear();
    for (size_t i = 0; i < playbook.triggers.size(); ++i) {
        const Trigger& trigger = playbook.triggers[i];
        const auto until = context.cooldownUntil.find(trigger.id);
        const Duration left = until == context.cooldownUntil.end() ? Duration(0) : until->second - now.wall;
        latest.triggers.push_back(states.back().triggers[i].status(trigger, pace(), fired[i], left));
    }

    latest.score = {};
    if (!playbook.score.parts.empty() && board.exposure.exposedAt(second)) {
        latest.score = scoreAt(board, playbook.score, scope(second), true);
        states.back().band.fill(latest.score);
    }
}

} // namespace sluice::analysis
