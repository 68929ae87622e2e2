// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_presenter.h"

#include <algorithm>

#include "ui/history/history_rows.h"
#include "ui/rollout/phase_words.h"

namespace sluice::ui {

namespace {

using When = StageRailData::When;
constexpr qsizetype kHashShown = 8;

/// The last value of a track, as the reading that the chart's header shows.
std::optional<int64_t> lastOf(const std::vector<analysis::ChartPoint>& points)
{
    return points.empty() ? std::nullopt : std::optional(points.back().value);
}

/// The metrics as they stood at the end: what was judged then is not kept, what was measured is.
analysis::Assessment lastReadings(const engine::RolloutView& view)
{
    analysis::Assessment out;
    for (const auto& chart : view.charts) {
        const Metric* metric = view.playbook ? view.playbook->metric(chart->metric) : nullptr;
        analysis::Reading reading{.metric = chart->metric};
        reading.stable = lastOf(chart->stable);
        reading.canary = lastOf(chart->canary);
        // What follows the share differs by the share, which says nothing.
        const bool comparable = metric != nullptr && metric->kind != MetricKind::Rate && !metric->scalesWithShare;
        if (comparable && reading.canary) reading.baseline = reading.stable;
        if (!reading.canary) reading.canaryNoData = analysis::NoDataReason::NeverSeen;
        out.readings.push_back(std::move(reading));
    }
    return out;
}

bool anySample(const engine::RolloutView& view)
{
    return std::ranges::any_of(view.charts,
                               [](const auto& chart) { return !chart->stable.empty() || !chart->canary.empty(); });
}

std::string decidingMetric(const engine::RolloutView& view)
{
    if (!view.state.rollback || !view.playbook) return {};
    const auto& triggers = view.playbook->triggers;
    const auto found = std::ranges::find(triggers, view.state.rollback->trigger, &Trigger::id);
    return found == triggers.end() ? std::string() : found->when.metric;
}

QString shortHash(const std::string& hash)
{
    return text(hash).left(kHashShown);
}

QString factsOf(const engine::RolloutView& view, const RolloutMoment& now)
{
    const rollout::Rollout& state = view.state;
    const WallTime end = state.endedAt.value_or(now.snapshot.now.wall);
    QStringList words;
    words << HistoryPresenter::tr("Started %1 %2 by %3")
                 .arg(dayText(state.startedAt, now.formats), zoneText(state.startedAt, now.formats),
                      text(state.startedBy.value));
    words << (state.endedAt ? HistoryPresenter::tr("took %1").arg(clockText(end - state.startedAt))
                            : HistoryPresenter::tr("live for %1").arg(clockText(end - state.startedAt)));
    words << HistoryPresenter::tr("playbook %1 @ %2").arg(text(state.playbookName), shortHash(state.playbookHash));
    return words.join(QStringLiteral(" · "));
}

void showOutcome(HistoryDetailData& out, const engine::RolloutView& view, const Formats& formats)
{
    const rollout::Rollout& state = view.state;
    if (!rollout::isEnd(state.phase)) {
        const PhaseWords words = phaseWords(view);
        out.outcome = HistoryPresenter::tr("%1 at %2").arg(words.marked(), weightText(state.weight, formats));
        out.outcomeTone = words.tone;
        return;
    }
    const OutcomeWords words = outcomeWords(std::string(rollout::phaseName(state.phase)));
    out.outcome = words.text;
    out.outcomeTone = words.tone;
    const auto at = state.rollback ? static_cast<size_t>(state.rollback->stage) : 0;
    if (state.rollback && view.playbook && at < view.playbook->stages.size())
        out.outcome =
            HistoryPresenter::tr("%1 at %2").arg(words.text, weightText(view.playbook->stages[at].weight, formats));
}

void showStage(StageRailData::Stage& out, const rollout::StageRecord& record, const Formats& formats)
{
    out.when = record.passedAt ? When::Past : When::Current;
    const bool passed = record.passedAt.has_value();
    const QString baked = lengthText(Duration(micros(record.baked) / kMillion * kMillion), formats);
    out.corner = passed ? QStringLiteral("✓ ") + baked : baked;
    out.cornerTone = passed ? Tone::Ok : Tone::Text;
    QStringList words;
    words << HistoryPresenter::tr("asked %1").arg(minuteText(record.enteredAt, formats));
    if (record.appliedAt)
        words << HistoryPresenter::tr("there in %1").arg(tookText(*record.appliedAt - record.enteredAt, formats));
    if (record.scoreMilli) words << HistoryPresenter::tr("score %1").arg(scoreText(record.scoreMilli));
    if (record.warnings > 0) words << HistoryPresenter::tr("warnings: %1").arg(record.warnings);
    if (!passed) words << HistoryPresenter::tr("not passed");
    out.detail = words.join(QStringLiteral(" · "));
}

} // namespace

StageRailData HistoryPresenter::stages(const engine::RolloutView& view, const Formats& formats)
{
    StageRailData out;
    if (!view.playbook) return out;
    const auto& plan = view.playbook->stages;
    for (size_t i = 0; i < plan.size(); ++i) {
        StageRailData::Stage stage{.title = weightText(plan[i].weight, formats)};
        const bool entered = i < view.state.stages.size() && micros(view.state.stages[i].enteredAt) != 0;
        if (entered) {
            showStage(stage, view.state.stages[i], formats);
        } else {
            stage.corner = lengthText(plan[i].bake, formats);
            stage.detail = tr("not reached");
        }
        stage.sentence =
            tr("Stage %1 of %2, %3: %4, %5").arg(i + 1).arg(plan.size()).arg(stage.title, stage.corner, stage.detail);
        out.stages.append(stage);
    }
    return out;
}

QList<MetricChartData> HistoryPresenter::charts(const engine::RolloutView& view, const RolloutMoment& now)
{
    if (!anySample(view)) return {};
    engine::RolloutView replay = view;
    replay.assessment = lastReadings(view);
    replay.waits.clear();
    QList<MetricChartData> out =
        RolloutPresenter::charts({replay, now.snapshot, now.me, now.formats}, RolloutPresenter::kWholeRollout);
    const QString first = text(decidingMetric(view));
    std::ranges::stable_partition(out, [&first](const MetricChartData& chart) { return chart.metric == first; });
    return out;
}

HistoryDetailData HistoryPresenter::detail(const engine::RolloutHistory& history, const RolloutMoment& now)
{
    const engine::RolloutView& view = history.view;
    const Formats& formats = now.formats;
    HistoryDetailData out{.id = text(view.state.id.value), .environment = text(view.environment)};
    out.title = tr("%1 %2 → %3").arg(text(view.service), text(view.state.fromVersion), text(view.state.toVersion));
    showOutcome(out, view, formats);
    out.facts = factsOf(view, now);
    out.stages = stages(view, formats);
    if (view.state.rollback) {
        out.rollback = RollbackPresenter::progress({view, now.snapshot, now.me, formats});
        out.rollbackTimes = (view.state.endedAt ? tr("%1 · plan finished after %2") : tr("%1 · plan running for %2"))
                                .arg(out.rollback->promiseTimes, out.rollback->clock);
    }
    out.charts = charts(view, now);
    if (out.charts.isEmpty())
        out.chartsNote = tr("The samples of this rollout are gone: they are kept for a limited time, and apart from "
                            "the journal. The numbers that each decision was taken on are in its entry above.");
    out.decisions = decisions(history, formats);
    out.decisive = decisiveOf(history);
    return out;
}

HistoryPresenter::ChainWords HistoryPresenter::chain(const Result<ports::ChainVerdict>& verdict, const Formats& formats)
{
    if (!verdict)
        return {tr("◆ The journal could not be checked: %1").arg(text(verdict.error().detail)), Tone::Critical};
    const ports::ChainVerdict& chain = verdict.value();
    if (!chain.intact)
        return {tr("◆ The audit chain is damaged from event %1 on: %2").arg(chain.firstDamaged).arg(text(chain.what)),
                Tone::Critical};
    const QString events = valueText(chain.events * kMillion, Unit::Count, formats);
    return {tr("✓ Audit chain verified. Events: %1, head: %2").arg(events, shortHash(chain.head)), Tone::Ok};
}

} // namespace sluice::ui
