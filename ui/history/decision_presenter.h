// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "core/engine/engine.h"
#include "ui/bridge/text.h"
#include "ui/theme/look.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

/// One decision of a rollout: who, when, why, and the numbers it was taken on.
struct Decision {
    int64_t version{0};
    QString time{};
    QString mark{}; ///< ◆ ▲ ✓, or nothing
    QString text{};
    QString by{};
    Tone tone{Tone::Second};
    bool minor{false};       ///< bookkeeping (credited time): shown only on request
    FactTableData facts{};   ///< two columns: what, value
    FactTableData numbers{}; ///< metrics against their limits; empty = it was not taken on numbers
    QString note{};          ///< how old the numbers were, and what they cover
    friend bool operator==(const Decision& a, const Decision& b) { return a.version == b.version && a.text == b.text; }
};

/// Every decision of a rollout, oldest first.
QList<Decision> decisions(const engine::RolloutHistory& history, const Formats& formats);
/// The one that decided how it ended: a trigger, the rollback, the last approval; else the last one.
qsizetype decisiveOf(const engine::RolloutHistory& history);

} // namespace sluice::ui
