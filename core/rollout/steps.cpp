// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/steps.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/rollout/sentence.h"

namespace sluice::rollout {

namespace {

bool isFinished(const StepProgress& step)
{
    return step.state == StepState::Done || step.state == StepState::Skipped;
}

} // namespace

bool allFinished(const std::vector<StepProgress>& steps)
{
    return std::ranges::all_of(steps, isFinished);
}

const StepProgress* openStep(const std::vector<StepProgress>& steps)
{
    const auto open = std::ranges::find_if_not(steps, isFinished);
    return open == steps.end() ? nullptr : &*open;
}

Events driveSteps(const std::vector<StepProgress>& steps, const std::function<StepSight(size_t)>& look, Now now)
{
    const StepProgress* open = openStep(steps);
    if (open == nullptr) return {};
    const auto index = static_cast<size_t>(open - steps.data());
    const int number = static_cast<int>(index);
    if (open->state == StepState::Waiting) return {StepChanged{.step = number, .state = StepState::Running}};

    const Duration took = std::max(now.wall - open->startedAt, Duration(0));
    const StepSight sight = look(index);
    if (sight.done) return {StepChanged{.step = number, .state = StepState::Done, .took = took}};
    if (open->state == StepState::Failed) return {};
    if (!sight.problem.empty() && took >= sight.patience) {
        return {
            StepChanged{.step = number, .state = StepState::Failed, .took = took, .note = plainText(sight.problem)}};
    }
    if (took < kLongestStep) return {};
    return {StepChanged{.step = number,
                        .state = StepState::Failed,
                        .took = took,
                        .note = fmt::format("it was not done after {}", durationText(took))}};
}

bool stablePoolRuns(const World& world, const std::string& version)
{
    const WorkloadFact& stable = world.stable;
    return stable.known && stable.version == version && stable.ready >= std::max(stable.wanted, 1);
}

} // namespace sluice::rollout
