// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/rollout/decide_parts.h"

namespace sluice::rollout {

/// A step that says what is wrong is called failed only after so long: what it says may be older than the step.
inline constexpr Duration kStepGrace = std::chrono::seconds(10);
/// A step that says nothing at all is called failed after so long, so that a person is asked.
inline constexpr Duration kLongestStep = std::chrono::minutes(15);

/// What the world shows of a step.
struct StepSight {
    bool done{false};
    std::string problem{};
    Duration patience{kStepGrace};
};

/// Starts, completes or fails the first step that is not finished; empty when it only has to go on.
Events driveSteps(const std::vector<StepProgress>& steps, const std::function<StepSight(size_t)>& look, Now now);
bool allFinished(const std::vector<StepProgress>& steps);
/// The step that is waiting, running or failed, or null.
const StepProgress* openStep(const std::vector<StepProgress>& steps);

/// The stable pool runs `version`, all of it.
bool stablePoolRuns(const World& world, const std::string& version);

} // namespace sluice::rollout
