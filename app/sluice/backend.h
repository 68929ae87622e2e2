// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "app/composition/composition_root.h"
#include "app/composition/demo_fleet.h"
#include "app/sluice/console_options.h"
#include "core/base/result.h"
#include "core/rollout/command.h"

namespace sluice::app {

/// The engine behind the window, real or simulated. Outlives the window.
struct Backend {
    std::unique_ptr<DemoFleet> demo{};
    std::unique_ptr<Composition> composition{};
    rollout::Actor me{};

    engine::Engine& engine() const { return demo ? demo->engine() : composition->engine(); }
};

/// On the connections file of the options, or on the demo fleet when they name none. Blocks for seconds; `progress`
/// hears how much of DemoFleet::kPlayed has been played.
Result<Backend> openBackend(const ConsoleOptions& options, const std::function<void(Duration)>& progress = {});

} // namespace sluice::app
