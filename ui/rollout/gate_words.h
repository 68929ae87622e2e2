// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "core/rollout/wait_reason.h"
#include "ui/rollout/rollout_presenter.h"
#include "ui/theme/look.h"

namespace sluice::ui {

/// A gate in a few words, with what it wants and what is seen.
struct GateWords {
    QString mark{};  ///< ✓ when it holds, ▲ ◆ when it is abnormal, nothing when it is only time
    QString brief{}; ///< "12:54 of bake time left", "checklist 8/8"
    Tone tone{Tone::Second};
    QString observed{};
    QString required{};
    QString detail{}; ///< more than a line has room for, e.g. what paused it
};
GateWords gateWords(const rollout::WaitReason& reason, const RolloutMoment& moment);

/// A row of the sheet that shows all gates.
struct GateRow {
    GateWords words{};
    QString since{};
    QString expectedEnd{};
    QString unblockedBy{};
};
QList<GateRow> gateRows(const RolloutMoment& moment);

} // namespace sluice::ui
