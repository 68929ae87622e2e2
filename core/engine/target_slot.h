// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/engine/charts.h"
#include "core/engine/rollout_runner.h"
#include "core/engine/world_tracker.h"
#include "core/ports/journal.h"
#include "core/ports/safety_files.h"

namespace sluice::engine {

/// Everything the engine knows of one target.
struct TargetSlot {
    const TargetConfig* config{nullptr};
    WorldTracker tracker;
    std::string stableVersion{};
    std::optional<ports::LeaseRow> lease{}; ///< ours; empty = we do not drive it
    bool safeStateDue{false};               ///< newly ours: what its last rollout left is still to be ordered
    std::unique_ptr<RolloutRunner> runner{};
    std::optional<ports::StopRecord> stop{};
    std::optional<WallTime> journaledStop{}; ///< `at` of the stop that is in the journal
    LiveCharts charts{};                     ///< of the runner's rollout
    RolloutId storedOf{};
    std::vector<int64_t> storedToUs{}; ///< of `storedOf`: newest stored sample of each metric's stable and canary; the
                                       ///< two are scraped at different moments, so one is ahead of the other
    BootTime nextHealth{};
    BootTime endedAt{}; ///< when the runner's rollout ended, for how long it stays on screen

    explicit TargetSlot(const TargetConfig& target)
        : config(&target)
        , tracker(target.routers)
    {
        stableVersion = target.stableVersion;
    }
    bool live() const { return runner != nullptr && !rollout::isEnd(runner->state().phase); }
};

} // namespace sluice::engine
