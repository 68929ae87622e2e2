// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/engine/snapshot.h"
#include "ui/theme/look.h"

namespace sluice::ui {

/// A state in a word or two, with the shape and tone that go with it.
struct PhaseWords {
    QString mark{}; ///< "▲"
    QString word{}; ///< "Needs you"
    Tone tone{Tone::Second};
    QString marked() const { return mark.isEmpty() ? word : mark + QLatin1Char(' ') + word; }
};

/// What a rollout is doing, as a badge: "▲ Watch", "● Baking", "◆ Rolling back".
PhaseWords phaseWords(const engine::RolloutView& view);
/// A target where nothing is live.
PhaseWords stableWords(bool stopped);
/// "Watch", "Proceed", …
QString bandWord(analysis::Band band);

} // namespace sluice::ui
