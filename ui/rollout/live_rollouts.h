// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/engine/snapshot.h"

namespace sluice::ui {

/// Rollouts that need somebody first: failing, then warning, then the rest; ended ones last.
std::vector<const engine::RolloutView*> byUrgency(const engine::Snapshot& snapshot);

} // namespace sluice::ui
