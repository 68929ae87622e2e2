// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_rows.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/engine/snapshot.h"
#include "ui/rollout/phase_words.h"
#include "ui/rollout/rollback_presenter.h"

namespace sluice::ui {

namespace {

struct HistoryWords {
    Q_DECLARE_TR_FUNCTIONS(HistoryWords)
};

constexpr int kPage = 500;

bool rolledBack(const ports::RolloutRow& row)
{
    return row.outcome == rollout::phaseName(rollout::Phase::RolledBack);
}

/// A live one is as far as the picture of the engine says; the journal's row only knows that it has not ended.
OutcomeWords liveWords(const ports::RolloutRow& row, const engine::Snapshot& snapshot, const Formats& formats)
{
    const engine::RolloutView* view = snapshot.rollout(row.id);
    if (view == nullptr) return {HistoryWords::tr("● live"), Tone::Second};
    const PhaseWords words = phaseWords(*view);
    return {HistoryWords::tr("%1 at %2").arg(words.marked(), weightText(view->state.weight, formats)), words.tone};
}

} // namespace

HistoryRead readRows(const engine::Engine& engine, const HistoryFilter& filter, const TargetNames& names,
                     const std::optional<ports::RolloutRow>& after)
{
    HistoryRead out{.rows = {}, .last = after, .error = {}};
    for (int looked = 0; looked < kRowsLookedAt;) {
        auto page = engine.history(kPage, out.last);
        if (!page.ok()) {
            out.error = page.error();
            return out;
        }
        const auto& rows = page.value();
        looked += static_cast<int>(rows.size());
        for (const ports::RolloutRow& row : rows) {
            out.last = row;
            if (filter.matches(row, names)) out.rows.push_back(row);
            if (out.rows.size() == kRowsShown) return out;
        }
        const bool past = !rows.empty() && filter.earliest() && rows.back().startedAt < *filter.earliest();
        if (!rows.empty() && !past) continue;
        out.last.reset();
        return out;
    }
    return out;
}

TargetNames targetNames(const engine::Snapshot& snapshot)
{
    TargetNames names;
    for (const engine::TargetView& target : snapshot.targets)
        names[target.id] = {text(target.service), text(target.environment)};
    return names;
}

OutcomeWords outcomeWords(const std::string& outcome)
{
    const auto is = [&outcome](rollout::Phase phase) { return outcome == rollout::phaseName(phase); };
    if (is(rollout::Phase::Stable)) return {HistoryWords::tr("✓ stable"), Tone::Ok};
    if (is(rollout::Phase::RolledBack)) return {HistoryWords::tr("↩ rolled back"), Tone::Critical};
    if (is(rollout::Phase::Cancelled)) return {HistoryWords::tr("◌ cancelled"), Tone::Third};
    return {text(outcome), Tone::Second};
}

HistoryRow historyRow(const ports::RolloutRow& row, const TargetNames& names, const engine::Snapshot& snapshot,
                      const Formats& formats)
{
    const TargetName name = nameOf(row.target, names);
    HistoryRow out{.id = text(row.id.value),
                   .started = dayText(row.startedAt, formats),
                   .service = name.service,
                   .environment = name.environment,
                   .by = text(row.startedBy.value),
                   .live = row.outcome.empty()};
    out.version = QStringLiteral("%1 → %2").arg(text(row.fromVersion), text(row.toVersion));
    const OutcomeWords words = out.live ? liveWords(row, snapshot, formats) : outcomeWords(row.outcome);
    out.outcome = words.text;
    out.tone = words.tone;
    out.took = clockText(row.endedAt.value_or(snapshot.now.wall) - row.startedAt);
    return out;
}

void showSummary(HistoryRow& row, const engine::RolloutSummary& summary, const Formats& formats)
{
    QStringList words;
    if (summary.rollback) {
        row.outcome = HistoryWords::tr("%1 at %2").arg(row.outcome, weightText(summary.share, formats));
        words << RollbackPresenter::cause(*summary.rollback);
    } else if (!summary.cancelledBy.empty()) {
        words << (summary.cancelledBecause.empty()
                      ? HistoryWords::tr("by %1").arg(text(summary.cancelledBy.value))
                      : HistoryWords::tr("by %1: %2")
                            .arg(text(summary.cancelledBy.value), text(summary.cancelledBecause)));
    }
    QStringList agreed;
    for (const PersonId& person : summary.approvedBy)
        agreed << text(person.value);
    if (!agreed.isEmpty()) words << HistoryWords::tr("approved by %1").arg(agreed.join(QStringLiteral(", ")));
    row.why = words.join(QStringLiteral(" · "));
}

QString countWords(const std::vector<ports::RolloutRow>& rows, bool more)
{
    const auto back = static_cast<int>(std::ranges::count_if(rows, rolledBack));
    const auto all = static_cast<int>(rows.size());
    if (back == 0) return (more ? HistoryWords::tr("Newest rollouts: %1") : HistoryWords::tr("Rollouts: %1")).arg(all);
    return (more ? HistoryWords::tr("Newest rollouts: %1, rolled back: %2")
                 : HistoryWords::tr("Rollouts: %1, rolled back: %2"))
        .arg(all)
        .arg(back);
}

} // namespace sluice::ui
