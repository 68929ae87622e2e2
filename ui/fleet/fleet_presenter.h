// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <vector>

#include "core/engine/snapshot.h"
#include "ui/bridge/text.h"
#include "ui/theme/look.h"

namespace sluice::ui {

struct FleetRow {
    QString target{};
    QString rollout{}; ///< what is live or has just ended there, or empty
    QString service{};
    QString environment{};
    QString state{}; ///< with its shape
    Tone stateTone{Tone::Text};
    QString version{};
    QString share{};     ///< "10 %, seen 9.9 %", or a dash
    qint64 askedPpm{-1}; ///< -1 = no bar
    qint64 seenPpm{-1};  ///< -1 = nothing observed
    QString score{};
    Tone scoreTone{Tone::Text};
    std::vector<analysis::ChartPoint> line{}; ///< the leading metric, at most an hour
    bool lineOfCanary{false};
    QString lineWords{}; ///< the line as a sentence
    QString waits{};
    QString owner{};
    bool needsMe{false};
    int rank{0}; ///< those that need a person have the lowest
    friend bool operator==(const FleetRow&, const FleetRow&) = default;
};

/// A count on top of the page; leads to the rollout it is about.
struct FleetChip {
    QString text{};
    Tone tone{Tone::Second};
    QString rollout{};
    friend bool operator==(const FleetChip&, const FleetChip&) = default;
};

struct FleetData {
    QString count{};
    QList<FleetChip> chips{};
    QString lineTitle{}; ///< "Error rate, 1 h"
    QList<FleetRow> rows{};
    bool anyStopped{false};
};

/// One row a target, those that need `me` first.
FleetData fleet(const engine::Snapshot& snapshot, const rollout::Actor& me, const Formats& formats);

/// Those in which every word of `filter` occurs somewhere.
QList<FleetRow> filtered(const QList<FleetRow>& rows, const QString& filter);

} // namespace sluice::ui
