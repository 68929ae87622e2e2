// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "core/engine/snapshot.h"
#include "ui/bridge/text.h"
#include "ui/theme/look.h"

namespace sluice::ui {

struct FleetRow {
    QString target{};
    QString rollout{}; ///< id of what is live there, or empty
    QString service{};
    QString environment{};
    QString state{};
    Tone stateTone{Tone::Second};
    QString version{};
    QString share{}; ///< asked for the new version
    QString score{};
};

/// One row a target, those that need a person first.
QList<FleetRow> fleetRows(const engine::Snapshot& snapshot, const Formats& formats);

} // namespace sluice::ui
