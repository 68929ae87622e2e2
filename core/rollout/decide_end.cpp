// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/rollout/decide_parts.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/steps.h"

namespace sluice::rollout {

namespace {

StepSight stablePool(const Moment& m)
{
    return {.done = stablePoolRuns(m.tick.world, m.rollout.toVersion), .problem = m.tick.world.stable.problem};
}

/// Every proxy, not only the reachable ones: old capacity goes only when nobody can still be sent to it (S13, S15).
StepSight split(const Moment& m)
{
    const auto& proxies = m.tick.world.proxies;
    const auto open =
        std::ranges::find_if_not(proxies, [&](const ProxyFact& proxy) { return isSafeNow(m.rollout, proxy); });
    StepSight sight{.done = !proxies.empty() && open == proxies.end() && m.tick.world.canaryQuietFor >= kQuiet};
    const bool silent = open != proxies.end() && !isReachable(*open);
    if (silent) sight.problem = fmt::format("proxy {} cannot be reached", open->name);
    return sight;
}

StepSight canaryStopped(const Moment& m)
{
    const WorkloadFact& canary = m.tick.world.canary;
    return {.done = canary.known && canary.ready == 0, .problem = canary.problem};
}

} // namespace

Events startFinalising(const Moment& m)
{
    const std::string pool = fmt::format("Stable pool to {}", m.rollout.toVersion);
    return {FinaliseStarted{{{.title = pool, .usually = std::chrono::minutes(1)},
                             {.title = SLUICE_TEXT("step", "Split back to the stable pool"), .usually = kQuiet},
                             {.title = SLUICE_TEXT("step", "Stop the canary"), .usually = std::chrono::seconds(10)}}}};
}

Events finalise(const Moment& m)
{
    const auto look = [&](size_t step) {
        if (step == kStablePoolStep) return stablePool(m);
        return step == kSplitStep ? split(m) : canaryStopped(m);
    };
    if (Events events = driveSteps(m.rollout.finalise, look, m.now); !events.empty()) return events;
    if (!allFinished(m.rollout.finalise)) return {};
    if (!checklistGate(m, m.playbook.checklists.post).holds) return {};
    return {MarkedStable{m.rollout.toVersion}};
}

} // namespace sluice::rollout
