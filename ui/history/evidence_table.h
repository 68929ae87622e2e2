// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>

#include "core/model/playbook.h"
#include "ui/bridge/text.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

/// The evidence of a decision as it was kept with it (core/rollout/evidence.h), as rows to read.
struct EvidenceRows {
    FactTableData table{}; ///< each metric: stable, canary, limit, verdict; empty when there is nothing to read
    QString note{};        ///< "600 canary requests, 10.2 % of the traffic, numbers 0.8 s old"
};

/// `playbook` (may be null) names metrics and their units.
EvidenceRows evidenceRows(const std::string& evidence, const Playbook* playbook, const Formats& formats);

} // namespace sluice::ui
