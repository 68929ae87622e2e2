// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/charts.h"

#include <algorithm>

namespace sluice::engine {

namespace {

std::string actionWords(FailureAction action)
{
    switch (action) {
    case FailureAction::AlertOnly: return "alert";
    case FailureAction::Pause: return "pause";
    case FailureAction::Abort: return "abort";
    case FailureAction::PreviousStage: return "step back";
    case FailureAction::Rollback: return "rollback";
    }
    return {};
}

/// Everything of a chart but its points: title, fixed limits of the triggers, stage marks.
Chart frame(const Playbook& playbook, const rollout::Rollout& state, const Metric& metric)
{
    Chart chart{.metric = metric.id, .title = metric.title, .unit = metric.unit, .worse = metric.worse};
    for (const Trigger& trigger : playbook.triggers) {
        if (trigger.when.metric != metric.id) continue;
        const bool above = trigger.when.kind == Condition::Kind::Above;
        if (!above && trigger.when.kind != Condition::Kind::Below) continue;
        chart.limits.push_back({trigger.when.limit, actionWords(trigger.action) + (above ? " above " : " below ") +
                                                        valueText(trigger.when.limit, metric.unit)});
    }
    for (size_t i = 0; i < state.stages.size() && i < playbook.stages.size(); ++i)
        if (state.stages[i].appliedAt)
            chart.marks.push_back({micros(*state.stages[i].appliedAt), playbook.stages[i].weight});
    return chart;
}

} // namespace

std::string sampleSeries(const TargetId& target, const std::string& metric, Track track)
{
    return target.value + "|" + metric + "|" + (track == Track::Canary ? "canary" : "stable");
}

std::vector<std::shared_ptr<const Chart>> liveCharts(const Playbook& playbook, const rollout::Rollout& state,
                                                     const analysis::Judge& judge)
{
    std::vector<std::shared_ptr<const Chart>> charts;
    for (const std::string& id : playbook.charts) {
        const Metric* metric = playbook.metric(id);
        if (metric == nullptr) continue;
        Chart chart = frame(playbook, state, *metric);
        chart.stable = judge.history(id, Track::Stable);
        chart.canary = judge.history(id, Track::Canary);
        charts.push_back(std::make_shared<const Chart>(std::move(chart)));
    }
    return charts;
}

std::vector<std::shared_ptr<const Chart>> storedCharts(const Playbook& playbook, const rollout::Rollout& state,
                                                       ports::SampleStore& samples, int64_t fromUs, int64_t toUs)
{
    std::vector<std::shared_ptr<const Chart>> charts;
    for (const std::string& id : playbook.charts) {
        const Metric* metric = playbook.metric(id);
        if (metric == nullptr) continue;
        Chart chart = frame(playbook, state, *metric);
        for (const Track track : {Track::Stable, Track::Canary}) {
            const auto rows = samples.read(sampleSeries(state.target, id, track), fromUs, toUs);
            if (!rows.ok()) continue;
            auto& points = track == Track::Stable ? chart.stable : chart.canary;
            points.reserve(rows.value().size());
            for (const ports::SampleRow& row : rows.value())
                points.push_back({row.atUs, row.value});
        }
        charts.push_back(std::make_shared<const Chart>(std::move(chart)));
    }
    return charts;
}

} // namespace sluice::engine
