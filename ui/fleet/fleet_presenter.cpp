// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_presenter.h"

#include <algorithm>

#include "ui/rollout/phase_words.h"

namespace sluice::ui {

namespace {

int urgency(Tone tone)
{
    return tone == Tone::Critical ? 0 : tone == Tone::Warning ? 1 : 2;
}

} // namespace

QList<FleetRow> fleetRows(const engine::Snapshot& snapshot, const Formats& formats)
{
    QList<FleetRow> rows;
    for (const engine::TargetView& target : snapshot.targets) {
        FleetRow row{.target = text(target.id.value),
                     .service = text(target.service),
                     .environment = text(target.environment),
                     .version = text(target.stableVersion)};
        const engine::RolloutView* live = target.live ? snapshot.rollout(*target.live) : nullptr;
        const PhaseWords words = live != nullptr ? phaseWords(*live) : stableWords(target.stopped);
        row.state = words.marked();
        row.stateTone = words.tone;
        row.share = dash();
        row.score = dash();
        if (live != nullptr) {
            row.rollout = text(live->state.id.value);
            row.version = QStringLiteral("%1 → %2").arg(text(live->state.fromVersion), text(live->state.toVersion));
            row.share = weightText(live->state.weight, formats);
            row.score = scoreText(live->assessment.score.milli);
        }
        rows.append(row);
    }
    std::ranges::stable_sort(rows, std::ranges::less{}, [](const FleetRow& row) { return urgency(row.stateTone); });
    return rows;
}

} // namespace sluice::ui
