// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/engine/snapshot.h"

// A hand-made fleet that looks like a real one: checkout is at 10 % with a score of 81 and waits for a person, search
// goes back, payments bakes at 50 %. Seeded, so every picture of it is the same.

namespace sluice::support {

enum class Scene {
    Live,        ///< checkout at 10 %, Watch, approval asked
    RollingBack, ///< checkout goes back by itself: traffic is at zero, the application is redeployed
    DataMissing, ///< Prometheus is silent; checkout holds
    Observing,   ///< another engine drives
    Quiet,       ///< targets, nothing live
    Empty,       ///< no connections yet
};

std::shared_ptr<const engine::Snapshot> sampleSnapshot(Scene scene = Scene::Live);

/// Two stages more than one screen shows at once, checklists, 14 triggers.
std::shared_ptr<const Playbook> samplePlaybook();

/// 14:32:06 CET on 21 November 2026.
Now sampleNow();
/// That day, CET.
WallTime sampleTime(int hour, int minute, int second = 0);

/// A line around `level` (millionths) that wanders by `noisePpm`, a point a second over [from, to).
std::vector<analysis::ChartPoint> sampleSeries(uint32_t seed, WallTime from, WallTime to, int64_t level,
                                               int64_t noisePpm);

} // namespace sluice::support
