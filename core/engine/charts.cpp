// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/charts.h"

#include <algorithm>

namespace sluice::engine {

namespace {

constexpr int kSparkColumns = 40;

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

/// Before its first stage a rollout has no canary: what was measured there is of the release before it. A step back
/// enters a stage anew, so the earliest of all counts.
int64_t exposedFromUs(const rollout::Rollout& state)
{
    int64_t earliest = INT64_MAX;
    for (const rollout::StageRecord& stage : state.stages)
        if (stage.enteredAt != WallTime{}) earliest = std::min(earliest, micros(stage.enteredAt));
    return earliest;
}

std::vector<analysis::ChartPoint> since(const std::vector<analysis::ChartPoint>& points, int64_t fromUs)
{
    return {std::ranges::lower_bound(points, fromUs, {}, &analysis::ChartPoint::atUs), points.end()};
}

} // namespace

std::string sampleSeries(const TargetId& target, const std::string& metric, Track track)
{
    return target.value + "|" + metric + "|" + (track == Track::Canary ? "canary" : "stable");
}

LiveCharts::Source LiveCharts::sourceOf(const Playbook& playbook, const rollout::Rollout& state,
                                        const analysis::Judge& judge)
{
    Source source{.rollout = state.id};
    for (const std::string& id : playbook.charts) {
        for (const Track track : {Track::Stable, Track::Canary}) {
            const auto& points = judge.history(id, track);
            if (!points.empty()) source.newestUs = std::max(source.newestUs, points.back().atUs);
        }
    }
    source.stagesApplied = static_cast<int>(std::ranges::count_if(
        state.stages, [](const rollout::StageRecord& stage) { return stage.appliedAt.has_value(); }));
    return source;
}

bool LiveCharts::isStale(const Playbook& playbook, const rollout::Rollout& state, const analysis::Judge& judge) const
{
    return m_copiedAt == BootTime{} || m_source != sourceOf(playbook, state, judge);
}

void LiveCharts::copy(const Playbook& playbook, const rollout::Rollout& state, const analysis::Judge& judge,
                      BootTime now)
{
    m_source = sourceOf(playbook, state, judge);
    m_copiedAt = now;
    m_charts.clear();
    m_sparkline.clear();
    for (const std::string& id : playbook.charts) {
        const Metric* metric = playbook.metric(id);
        if (metric == nullptr) continue;
        Chart chart = frame(playbook, state, *metric);
        chart.stable = judge.history(id, Track::Stable);
        chart.canary = since(judge.history(id, Track::Canary), exposedFromUs(state));
        m_charts.push_back(std::make_shared<const Chart>(std::move(chart)));
    }
    if (m_charts.empty()) return;
    const Chart& first = *m_charts.front();
    const auto& points = first.canary.empty() ? first.stable : first.canary;
    if (points.empty()) return;
    m_sparkline = analysis::reduceM4(points, points.front().atUs, points.back().atUs + 1, kSparkColumns);
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
            const int64_t from = track == Track::Canary ? std::max(fromUs, exposedFromUs(state)) : fromUs;
            if (from > toUs) continue;
            const auto rows = samples.read(sampleSeries(state.target, id, track), from, toUs);
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
