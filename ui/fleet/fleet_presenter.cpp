// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_presenter.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "ui/emergency/stop_words.h"
#include "ui/fleet/fleet_waits.h"
#include "ui/rollout/evidence_presenter.h"
#include "ui/rollout/phase_words.h"

namespace sluice::ui {

namespace {

using engine::RolloutView;
using engine::TargetView;
using rollout::Phase;

struct FleetWords {
    Q_DECLARE_TR_FUNCTIONS(FleetWords)
};

enum Rank { kNeedsMe, kCritical, kWarning, kLive, kEnded, kCalm };

/// The newest rollout of a target that the picture still has.
const RolloutView* shownOn(const engine::Snapshot& snapshot, const TargetView& target)
{
    if (target.live) return snapshot.rollout(*target.live);
    for (const auto& view : snapshot.rollouts)
        if (view->state.target == target.id) return view.get();
    return nullptr;
}

Tone scoreTone(analysis::Band band)
{
    switch (band) {
    case analysis::Band::Watch:
    case analysis::Band::Pause: return Tone::Warning;
    case analysis::Band::Rollback: return Tone::Critical;
    case analysis::Band::Unknown:
    case analysis::Band::Proceed: return Tone::Text;
    }
    return Tone::Text;
}

void showState(FleetRow& row, const PhaseWords& words)
{
    row.state = words.marked();
    // Grey is normal: the colour of a state is the colour of text unless something is the matter.
    row.stateTone = words.tone == Tone::Warning || words.tone == Tone::Critical ? words.tone : Tone::Text;
}

int rankOf(const FleetRow& row, bool live)
{
    if (row.needsMe) return kNeedsMe;
    if (!live) return row.stateTone == Tone::Critical ? kCritical : row.rollout.isEmpty() ? kCalm : kEnded;
    if (row.stateTone == Tone::Critical) return kCritical;
    return row.stateTone == Tone::Warning ? kWarning : kLive;
}

void showShare(FleetRow& row, const RolloutView& view, const Formats& formats)
{
    row.askedPpm = view.state.weight.ppm();
    row.share = weightText(view.state.weight, formats);
    if (!view.world.observedSharePpm) return;
    row.seenPpm = *view.world.observedSharePpm;
    row.share = FleetWords::tr("%1, seen %2").arg(row.share, shareText(row.seenPpm, formats));
}

const Metric* leading(const RolloutView& view)
{
    if (!view.playbook || view.playbook->charts.empty()) return nullptr;
    return view.playbook->metric(view.playbook->charts.front());
}

void showLine(FleetRow& row, const TargetView& target, const RolloutView* view, const Formats& formats)
{
    row.line = target.sparkline;
    if (row.line.empty()) {
        row.lineWords = dash();
        return;
    }
    // Before the first exposure the engine draws stable.
    const auto* first = view == nullptr || view->charts.empty() ? nullptr : view->charts.front().get();
    row.lineOfCanary = target.live.has_value() && first != nullptr && !first->canary.empty();
    const Metric* metric = view == nullptr ? nullptr : leading(*view);
    const Unit unit = metric == nullptr ? Unit::Plain : metric->unit;
    const auto [low, high] = std::ranges::minmax(row.line, {}, &analysis::ChartPoint::value);
    row.lineWords = FleetWords::tr("%1 from %2 to %3, now %4")
                        .arg(metric == nullptr ? FleetWords::tr("Leading metric") : text(metric->title),
                             valueText(low.value, unit, formats), valueText(high.value, unit, formats),
                             valueText(row.line.back().value, unit, formats));
}

void showLive(FleetRow& row, const RolloutMoment& moment)
{
    const RolloutView& view = moment.view;
    row.version = QStringLiteral("%1 → %2").arg(text(view.state.fromVersion), text(view.state.toVersion));
    row.score = scoreText(view.assessment.score.milli);
    row.scoreTone = scoreTone(view.assessment.score.heldBand);
    row.owner = text(view.state.owner.value);
    showShare(row, view, moment.formats);
    PhaseWords words = phaseWords(view);
    std::string role;
    row.needsMe = view.state.approval && EvidencePresenter::mayApprove(moment, &role).allowed;
    if (row.needsMe) words = {toneMark(Tone::Warning), FleetWords::tr("Needs you"), Tone::Warning};
    showState(row, words);
    row.waits = waitSentence(moment);
}

QString stopWords(const engine::StopView& stop, Now now, const Formats& formats)
{
    const QString fired =
        FleetWords::tr("stopped by %1 %2").arg(firedBy(stop), agoText(now.wall - stop.since, formats));
    const QString why = stop.reason.empty() ? fired : FleetWords::tr("%1: %2").arg(fired, text(stop.reason));
    return FleetWords::tr("%1; nothing starts until somebody clears it").arg(why);
}

FleetRow rowOf(const engine::Snapshot& snapshot, const TargetView& target, const rollout::Actor& me,
               const Formats& formats)
{
    FleetRow row{.target = text(target.id.value),
                 .service = text(target.service),
                 .environment = text(target.environment),
                 .version = text(target.stableVersion),
                 .share = dash(),
                 .score = dash(),
                 .waits = dash(),
                 .owner = dash()};
    const RolloutView* view = shownOn(snapshot, target);
    const bool live = view != nullptr && target.live;
    if (view != nullptr) row.rollout = text(view->state.id.value);
    if (live) {
        showLive(row, {*view, snapshot, me, formats});
    } else {
        showState(row, stableWords(target.stop.has_value()));
        if (view != nullptr) row.waits = endSentence({*view, snapshot, me, formats});
        if (target.stop) row.waits = stopWords(*target.stop, snapshot.now, formats);
    }
    showLine(row, target, view, formats);
    row.rank = rankOf(row, live);
    return row;
}

/// As whom the first one can be approved.
QString roleFor(const engine::Snapshot& snapshot, const QString& id, const rollout::Actor& me, const Formats& formats)
{
    const RolloutView* view = snapshot.rollout(RolloutId(utf8(id)));
    std::string role;
    if (view != nullptr) (void)EvidencePresenter::mayApprove({*view, snapshot, me, formats}, &role);
    return role.empty() ? FleetWords::tr("approver") : roleText(role);
}

/// The rows that belong to one chip.
struct Tally {
    int count{0};
    const FleetRow* first{nullptr};
};

template <class Which>
Tally tally(const QList<FleetRow>& rows, Which which)
{
    const auto first = std::ranges::find_if(rows, which);
    if (first == rows.end()) return {};
    return {static_cast<int>(std::ranges::count_if(rows, which)), &*first};
}

void addChip(QList<FleetChip>& chips, const Tally& tally, Tone tone, const QString& words)
{
    if (tally.count > 0) chips.append({QStringLiteral("%1 %2").arg(toneMark(tone), words), tone, tally.first->rollout});
}

QList<FleetChip> chipsOf(const engine::Snapshot& snapshot, const QList<FleetRow>& rows, const rollout::Actor& me,
                         const Formats& formats)
{
    QList<FleetChip> chips;
    const Tally mine = tally(rows, [](const FleetRow& row) { return row.needsMe; });
    const QString role = mine.count > 0 ? roleFor(snapshot, mine.first->rollout, me, formats) : QString();
    addChip(chips, mine, Tone::Warning,
            mine.count == 1 ? FleetWords::tr("Needs you as %1").arg(role)
                            : FleetWords::tr("Need you: %1, the first as %2").arg(mine.count).arg(role));
    const auto those = [&snapshot, &rows](auto which) {
        return tally(rows, [&snapshot, &which](const FleetRow& row) {
            if (row.rollout.isEmpty() || row.needsMe) return false;
            const RolloutView* view = snapshot.rollout(RolloutId(utf8(row.rollout)));
            return view != nullptr && which(view->state);
        });
    };
    const Tally others = those([](const auto& state) { return state.approval && !rollout::isEnd(state.phase); });
    addChip(chips, others, Tone::Warning, FleetWords::tr("%1 waiting for others").arg(others.count));
    const Tally paused = those([](const auto& state) { return state.phase == Phase::Paused; });
    addChip(chips, paused, Tone::Warning, FleetWords::tr("%1 paused").arg(paused.count));
    const Tally returning = those([](const auto& state) { return state.phase == Phase::RollingBack; });
    addChip(chips, returning, Tone::Critical, FleetWords::tr("%1 rolling back").arg(returning.count));
    return chips;
}

} // namespace

FleetData fleet(const engine::Snapshot& snapshot, const rollout::Actor& me, const Formats& formats)
{
    FleetData data;
    data.rows.reserve(static_cast<qsizetype>(snapshot.targets.size()));
    for (const TargetView& target : snapshot.targets) {
        data.rows.append(rowOf(snapshot, target, me, formats));
        data.anyStopped = data.anyStopped || target.stop;
    }
    std::ranges::stable_sort(data.rows, std::ranges::less{}, &FleetRow::rank);
    const auto count = static_cast<int>(data.rows.size());
    data.count = FleetWords::tr("Services: %1").arg(count);
    data.chips = chipsOf(snapshot, data.rows, me, formats);
    QStringList titles;
    for (const auto& view : snapshot.rollouts)
        if (const Metric* metric = leading(*view)) titles << text(metric->title);
    titles.removeDuplicates();
    data.lineTitle =
        FleetWords::tr("%1, 1 h").arg(titles.size() == 1 ? titles.first() : FleetWords::tr("Leading metric"));
    return data;
}

QList<FleetRow> filtered(const QList<FleetRow>& rows, const QString& filter)
{
    const QStringList words = filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty()) return rows;
    QList<FleetRow> out;
    for (const FleetRow& row : rows) {
        const QString all =
            QStringList{row.service, row.environment, row.state, row.version, row.waits, row.owner}.join(
                QLatin1Char(' '));
        const bool fits =
            std::ranges::all_of(words, [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
        if (fits) out.append(row);
    }
    return out;
}

} // namespace sluice::ui
