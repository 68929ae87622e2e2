// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/charts.h"

#include <algorithm>
#include <concepts>

#include "core/base/overloaded.h"
#include "core/rollout/event.h"

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

/// A stage is entered again after a step back, and its record forgets the time before.
struct Stay {
    size_t stage{0};
    int64_t enteredUs{0};
    std::optional<int64_t> appliedUs{}; ///< its first weight; ramps inside the stage are no stay of their own
};

/// These happen inside a stage; they neither enter one nor make its weight real.
template <class E>
concept InsideAStage = std::same_as<E, rollout::BakeCredited> || std::same_as<E, rollout::BakeDone> ||
    std::same_as<E, rollout::WarningRaised> || std::same_as<E, rollout::ApprovalRequested> ||
    std::same_as<E, rollout::ApprovalGiven> || std::same_as<E, rollout::ApprovalVoided> ||
    std::same_as<E, rollout::StagePassed> || std::same_as<E, rollout::TriggerFired>;

/// An event about a stage that is named nowhere here does not compile: its author says what it does to the stays.
void follow(std::vector<Stay>& stays, const rollout::Event& event, int64_t atUs)
{
    const auto enter = [&](int stage) { stays.push_back({.stage = static_cast<size_t>(stage), .enteredUs = atUs}); };
    std::visit(overloaded{[&](const rollout::StageEntered& e) { enter(e.stage); },
                          [&](const rollout::SteppedBack& e) { enter(e.to); },
                          [&](const rollout::StageApplied& e) {
                              const bool here = !stays.empty() && stays.back().stage == static_cast<size_t>(e.stage);
                              if (here && !stays.back().appliedUs) stays.back().appliedUs = atUs;
                          },
                          []<InsideAStage E>(const E& /*e*/) {},
                          []<class E>(const E& /*e*/) requires(!InsideAStage<E> && !requires(E e) { e.stage; }){}},
               event);
}

/// All stays in a stage, the earliest first. The log has the newest ones, the records know of each stage its last.
std::vector<Stay> staysOf(const rollout::Rollout& state, const std::vector<LogLine>& log)
{
    std::vector<Stay> stays;
    for (const LogLine& line : log)
        if (line.event) follow(stays, *line.event, micros(line.at));
    for (size_t i = 0; i < state.stages.size(); ++i) {
        const rollout::StageRecord& record = state.stages[i];
        const int64_t entered = micros(record.enteredAt);
        if (entered == 0 || std::ranges::count(stays, entered, &Stay::enteredUs) > 0) continue;
        stays.push_back({.stage = i, .enteredUs = entered});
        if (record.appliedAt) stays.back().appliedUs = micros(*record.appliedAt);
    }
    std::ranges::sort(stays, {}, &Stay::enteredUs);
    return stays;
}

/// Everything of a chart but its points: title, fixed limits of the triggers, stage marks.
Chart frame(const Playbook& playbook, const std::vector<Stay>& stays, const Metric& metric)
{
    Chart chart{.metric = metric.id, .title = metric.title, .unit = metric.unit, .worse = metric.worse};
    for (const Trigger& trigger : playbook.triggers) {
        if (trigger.when.metric != metric.id) continue;
        const bool above = trigger.when.kind == Condition::Kind::Above;
        if (!above && trigger.when.kind != Condition::Kind::Below) continue;
        chart.limits.push_back({trigger.when.limit, actionWords(trigger.action) + (above ? " above " : " below ") +
                                                        valueText(trigger.when.limit, metric.unit)});
    }
    for (const Stay& stay : stays)
        if (stay.appliedUs && stay.stage < playbook.stages.size())
            chart.marks.push_back({*stay.appliedUs, playbook.stages[stay.stage].weight});
    return chart;
}

/// Before its first stage a rollout has no canary: what was measured there is of the release before it.
int64_t exposedFromUs(const std::vector<Stay>& stays)
{
    return stays.empty() ? INT64_MAX : stays.front().enteredUs;
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

void LiveCharts::copy(const Playbook& playbook, const rollout::Rollout& state, const std::vector<LogLine>& log,
                      const analysis::Judge& judge, BootTime now)
{
    const std::vector<Stay> stays = staysOf(state, log);
    m_source = sourceOf(playbook, state, judge);
    m_copiedAt = now;
    m_charts.clear();
    m_sparkline.clear();
    for (const std::string& id : playbook.charts) {
        const Metric* metric = playbook.metric(id);
        if (metric == nullptr) continue;
        Chart chart = frame(playbook, stays, *metric);
        chart.stable = judge.history(id, Track::Stable);
        chart.canary = since(judge.history(id, Track::Canary), exposedFromUs(stays));
        m_charts.push_back(std::make_shared<const Chart>(std::move(chart)));
    }
    if (m_charts.empty()) return;
    const Chart& first = *m_charts.front();
    const auto& points = first.canary.empty() ? first.stable : first.canary;
    if (points.empty()) return;
    m_sparkline = analysis::reduceM4(points, points.front().atUs, points.back().atUs + 1, kSparkColumns);
}

std::vector<std::shared_ptr<const Chart>> storedCharts(const Playbook& playbook, const rollout::Rollout& state,
                                                       const std::vector<LogLine>& log, ports::SampleStore& samples,
                                                       int64_t fromUs, int64_t toUs)
{
    const std::vector<Stay> stays = staysOf(state, log);
    std::vector<std::shared_ptr<const Chart>> charts;
    for (const std::string& id : playbook.charts) {
        const Metric* metric = playbook.metric(id);
        if (metric == nullptr) continue;
        Chart chart = frame(playbook, stays, *metric);
        for (const Track track : {Track::Stable, Track::Canary}) {
            const int64_t from = track == Track::Canary ? std::max(fromUs, exposedFromUs(stays)) : fromUs;
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
