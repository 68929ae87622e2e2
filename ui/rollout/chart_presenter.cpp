// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>

#include "ui/rollout/rollout_presenter.h"

namespace sluice::ui {

namespace {

using analysis::ChartPoint;
using analysis::Reading;

constexpr int64_t kLongestUs = 60 * 60 * kMillion; ///< shown live at most
constexpr int64_t kAroundUs = 2 * 60 * kMillion;   ///< before the first weight, and after the end
constexpr int kTableRows = 30;
constexpr int64_t kFarLimit = 8; ///< a limit that many times above the lines is named but not drawn to scale

int64_t highest(const std::vector<ChartPoint>& points, int64_t fromUs)
{
    int64_t top = 0;
    for (const ChartPoint& point : points)
        if (point.atUs >= fromUs) top = std::max(top, point.value);
    return top;
}

/// Points live as long as the snapshot's chart, which they lie in.
std::shared_ptr<const std::vector<ChartPoint>> within(const std::shared_ptr<const engine::Chart>& chart,
                                                      const std::vector<ChartPoint>& points)
{
    return {chart, &points};
}

/// The limits of the playbook's triggers on this metric, relative ones as they stand now.
QList<ChartPicture::Limit> limits(const RolloutMoment& moment, const engine::Chart& chart)
{
    QList<ChartPicture::Limit> out;
    if (!moment.view.playbook) return out;
    for (const Trigger& trigger : moment.view.playbook->triggers) {
        if (trigger.when.metric != chart.metric || trigger.action == FailureAction::AlertOnly) continue;
        const QString value = valueText(trigger.when.limit, chart.unit, moment.formats, Digits::Trimmed);
        if (trigger.when.kind == Condition::Kind::Above)
            out.append({trigger.when.limit, RolloutPresenter::tr("rollback above %1").arg(value), value});
        if (trigger.when.kind == Condition::Kind::Below)
            out.append({trigger.when.limit, RolloutPresenter::tr("rollback below %1").arg(value), value});
    }
    std::ranges::sort(out, {}, &ChartPicture::Limit::value);
    return out;
}

/// The nearest limit belongs into the picture as long as the lines stay readable under it.
void chooseRange(ChartPicture& picture, int64_t dataTop, Unit unit, const Formats& formats)
{
    int64_t top = dataTop * 5 / 4;
    if (!picture.limits.isEmpty()) {
        const int64_t nearest = picture.limits.first().value;
        if (nearest <= std::max<int64_t>(dataTop, 1) * kFarLimit || dataTop == 0) top = std::max(top, nearest * 5 / 4);
        // Only limits inside are drawn; one that is far above is named at the top edge.
        const int64_t range = niceTop(top);
        while (picture.limits.size() > 1 && picture.limits.last().value > range)
            picture.limits.removeLast();
    }
    picture.bottom = 0;
    picture.top = niceTop(std::max<int64_t>(top, 1));
    // Nothing is more than all of it.
    if (unit == Unit::Ratio && dataTop <= kMillion) picture.top = std::min(picture.top, kMillion);
    picture.bottomText = valueText(picture.bottom, unit, formats, Digits::Trimmed);
    picture.topText = valueText(picture.top, unit, formats, Digits::Trimmed);
}

std::optional<int64_t> valueAt(const std::vector<ChartPoint>& points, int64_t atUs)
{
    const auto after = std::ranges::upper_bound(points, atUs, {}, &ChartPoint::atUs);
    if (after == points.begin()) return std::nullopt;
    // A gap is no value: the nearest sample must not be older than a minute.
    const ChartPoint& before = *(after - 1);
    return atUs - before.atUs > 60 * kMillion ? std::nullopt : std::optional(before.value);
}

QList<MetricChartData::Row> tableRows(const engine::Chart& chart, const ChartPicture& picture, const Formats& formats)
{
    QList<MetricChartData::Row> rows;
    for (int i = 0; i <= kTableRows; ++i) {
        const int64_t at = picture.fromUs + (picture.toUs - picture.fromUs) * i / kTableRows;
        rows.append({timeText(wallTime(at), formats), valueText(valueAt(chart.stable, at), chart.unit, formats),
                     valueText(valueAt(chart.canary, at), chart.unit, formats)});
    }
    return rows;
}

/// Where a live chart begins; moves its end when the rollout has ended.
int64_t liveFrom(ChartPicture& out, const RolloutMoment& moment, const engine::Chart& chart)
{
    // What has ended is shown as it was then, not as it went on without it.
    if (moment.state().endedAt) out.toUs = std::min(out.toUs, micros(*moment.state().endedAt) + kAroundUs);
    int64_t from = out.toUs - micros(RolloutPresenter::kLiveCharts);
    // The whole rollout, each stay in a stage, as far as a live chart reaches back.
    if (!chart.marks.empty()) from = std::min(from, chart.marks.front().atUs - kAroundUs);
    from = std::max(from, out.toUs - kLongestUs);
    // A young rollout would be a stripe at the edge: it is shown with what was recorded before it.
    const Duration before = moment.view.playbook ? moment.view.playbook->before : Duration(0);
    return std::max(from, micros(moment.state().startedAt - std::max<Duration>(before, std::chrono::minutes(1))));
}

ChartPicture picture(const RolloutMoment& moment, const std::shared_ptr<const engine::Chart>& chart, Duration span)
{
    ChartPicture out;
    const int64_t newest = std::max(chart->stable.empty() ? 0 : chart->stable.back().atUs,
                                    chart->canary.empty() ? 0 : chart->canary.back().atUs);
    const int64_t oldest = std::min(chart->stable.empty() ? newest : chart->stable.front().atUs,
                                    chart->canary.empty() ? newest : chart->canary.front().atUs);
    out.toUs = newest == 0 ? micros(moment.snapshot.now.wall) : newest + 1;
    int64_t from = out.toUs - std::min(micros(span), out.toUs);
    if (span == RolloutPresenter::kLiveCharts) from = liveFrom(out, moment, *chart);
    // A short history stretches over the whole width; from a minute on the axis is true to length.
    out.fromUs = std::max(from, std::min(oldest, out.toUs - 60 * kMillion));
    out.stable = within(chart, chart->stable);
    out.canary = within(chart, chart->canary);
    out.limits = limits(moment, *chart);
    for (const auto& mark : chart->marks)
        out.marks.append({mark.atUs, weightText(mark.weight, moment.formats)});
    for (const int64_t at : {out.fromUs, (out.fromUs + out.toUs) / 2, out.toUs})
        out.times.append(out.toUs - out.fromUs < 5 * 60 * kMillion ? timeText(wallTime(at), moment.formats)
                                                                   : minuteText(wallTime(at), moment.formats));
    chooseRange(out, std::max(highest(chart->stable, out.fromUs), highest(chart->canary, out.fromUs)), chart->unit,
                moment.formats);
    return out;
}

/// How far the canary is from what it is compared with: points for shares, percent for everything else.
QString difference(const Reading& reading, Unit unit, const Formats& formats)
{
    const int64_t gap = *reading.canary - *reading.baseline;
    QString sign = gap < 0 ? QStringLiteral("−") : QStringLiteral("+");
    if (unit == Unit::Ratio) {
        QString points = percentText(std::abs(gap), formats, Digits::Even);
        points.chop(2); // " %": a difference of shares is in points
        return RolloutPresenter::tr("%1%2 pt").arg(sign, points);
    }
    if (*reading.baseline == 0) return {};
    const int64_t ppm = std::abs(gap) * kMillion / std::abs(*reading.baseline);
    const int64_t whole = (ppm + 5'000) / 10'000 * 10'000;
    if (whole == 0) sign = QStringLiteral("±");
    return sign + percentText(whole, formats);
}

/// What follows the share (users, connections) is compared with what the asked share makes of stable. Until its window
/// reaches back to nothing before the newest weight, two shares would be compared and not two versions.
bool isSettling(const RolloutMoment& moment, const Metric& metric)
{
    const rollout::Rollout& state = moment.state();
    const auto at = static_cast<size_t>(state.stage);
    if (!metric.scalesWithShare || at >= state.stages.size()) return false;
    if (!state.stages[at].appliedAt) return true;
    WallTime since = *state.stages[at].appliedAt;
    if (state.phase == rollout::Phase::Baking) since = std::max(since, state.phaseSince); // a weight given by hand
    return moment.view.assessment.sampleTime < since + metric.window;
}

bool isAgainst(const RolloutMoment& moment, const std::string& metric)
{
    const auto& assessment = moment.view.assessment;
    const bool warned = std::ranges::any_of(assessment.requirements, [&metric](const auto& result) {
        return result.metric == metric && (result.warning || result.verdict == analysis::Verdict::Fail);
    });
    return warned || std::ranges::any_of(assessment.triggers, [&metric](const auto& trigger) {
               return trigger.metric == metric && (trigger.state == analysis::TriggerState::Pending ||
                                                   trigger.state == analysis::TriggerState::Firing);
           });
}

void showNote(MetricChartData& out, const RolloutMoment& moment, const engine::Chart& chart, const Reading& reading)
{
    const Metric* metric = moment.view.playbook ? moment.view.playbook->metric(chart.metric) : nullptr;
    if (!reading.canary && rollout::isEnd(moment.state().phase)) {
        out.note = RolloutPresenter::tr("ended");
        return;
    }
    if (!moment.state().admitted) {
        out.note = RolloutPresenter::tr("no traffic yet");
        return;
    }
    if (!reading.canary) {
        out.note = RolloutPresenter::noDataWords(reading.canaryNoData);
        out.noteTone = reading.canaryNoData == analysis::NoDataReason::TooFewRequests ? Tone::Second : Tone::Warning;
        return;
    }
    if (metric != nullptr && metric->kind == MetricKind::Rate && moment.view.world.observedSharePpm) {
        out.note = RolloutPresenter::tr("%1 share").arg(shareText(*moment.view.world.observedSharePpm, moment.formats));
        return;
    }
    if (!reading.baseline) return;
    if (metric != nullptr && isSettling(moment, *metric)) {
        out.note = RolloutPresenter::tr("share is settling");
        return;
    }
    out.note = difference(reading, chart.unit, moment.formats);
    if (isAgainst(moment, chart.metric)) out.noteTone = Tone::Warning;
}

} // namespace

QString RolloutPresenter::noDataWords(analysis::NoDataReason reason)
{
    switch (reason) {
    case analysis::NoDataReason::None: return {};
    case analysis::NoDataReason::NeverSeen: return tr("never seen");
    case analysis::NoDataReason::TooOld: return tr("no data, too old");
    case analysis::NoDataReason::TooFewRequests: return tr("too few requests");
    case analysis::NoDataReason::NotFinite: return tr("not a number");
    case analysis::NoDataReason::SourceDown: return tr("source is silent");
    case analysis::NoDataReason::NoBaseline: return tr("no baseline");
    }
    return {};
}

QList<MetricChartData> RolloutPresenter::charts(const RolloutMoment& moment, Duration span)
{
    QList<MetricChartData> out;
    for (const auto& chart : moment.view.charts) {
        MetricChartData data{.metric = text(chart->metric), .title = text(chart->title)};
        data.picture = picture(moment, chart, span);
        data.rows = tableRows(*chart, data.picture, moment.formats);
        const Reading* reading = moment.view.assessment.reading(chart->metric);
        Reading shown = reading != nullptr ? *reading : Reading{.metric = chart->metric};
        // Before its first stage a rollout has no canary: a value would be of the release before it.
        if (!moment.state().admitted) shown.canary.reset();
        data.stable = tr("stable %1").arg(valueText(shown.stable, chart->unit, moment.formats));
        data.canary = valueText(shown.canary, chart->unit, moment.formats);
        showNote(data, moment, *chart, shown);
        data.summary =
            tr("%1: canary %2, %3, %4, over the last %5.")
                .arg(data.title, data.canary, data.stable, data.note,
                     lengthText(Duration((data.picture.toUs - data.picture.fromUs) / 60'000'000 * 60'000'000),
                                moment.formats));
        out.append(data);
    }
    return out;
}

} // namespace sluice::ui
