// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <optional>
#include <vector>

#include "core/engine/engine.h"
#include "ui/history/history_filter.h"
#include "ui/theme/look.h"

namespace sluice::ui {

/// One rollout of the journal as a line of the list.
struct HistoryRow {
    QString id{};
    QString started{};
    QString service{};
    QString environment{};
    QString version{}; ///< "2.3.0 → 2.4.0"
    QString outcome{}; ///< with its mark: "✓ stable", "▲ Watch at 10 %"
    Tone tone{Tone::Second};
    QString took{};
    QString by{};
    QString why{}; ///< what ended it and who agreed; empty while that is not read yet
    bool live{false};
};

/// What one look into the journal brought.
struct HistoryRead {
    std::vector<ports::RolloutRow> rows{};   ///< those that the filter lets through
    std::optional<ports::RolloutRow> last{}; ///< where to go on; empty = the journal ends here
    std::optional<Error> error{};
};

/// Rows shown at a time, and read from the journal at most for them: a filter that matches little asks to go on.
constexpr int kRowsShown = 200;
constexpr int kRowsLookedAt = 20'000;

/// Blocks: for a reader thread. Goes on after `after`.
HistoryRead readRows(const engine::Engine& engine, const HistoryFilter& filter, const TargetNames& names,
                     const std::optional<ports::RolloutRow>& after);

TargetNames targetNames(const engine::Snapshot& snapshot);
HistoryRow historyRow(const ports::RolloutRow& row, const TargetNames& names, const engine::Snapshot& snapshot,
                      const Formats& formats);
/// What the decisions add to the line of an ended rollout.
void showSummary(HistoryRow& row, const engine::RolloutSummary& summary, const Formats& formats);
/// Mark, word and tone of an ended rollout.
struct OutcomeWords {
    QString text{};
    Tone tone{Tone::Second};
};
OutcomeWords outcomeWords(const std::string& outcome);
/// "Rollouts: 34, rolled back: 3"; "Newest rollouts: 34, …" while the journal goes on. Without words that follow a
/// number: other languages have three forms of them.
QString countWords(const std::vector<ports::RolloutRow>& rows, bool more);

} // namespace sluice::ui
