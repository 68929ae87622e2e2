// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/rollout/decide.h"
#include "core/rollout/stage_facts.h"

namespace sluice::rollout {

namespace {

constexpr int64_t kPpm = 1'000'000;

int shareOf(int instances, int64_t ppm)
{
    return static_cast<int>((int64_t{instances} * ppm + kPpm - 1) / kPpm);
}

/// What one stage says for itself; 0 = it says nothing.
int asWritten(const Stage& stage, int stableInstances)
{
    switch (stage.replicas.kind) {
    case Replicas::Kind::Unchanged: return 0;
    case Replicas::Kind::Count: return static_cast<int>(std::max<int64_t>(stage.replicas.amount, 1));
    case Replicas::Kind::PercentOfStable: return std::max(shareOf(stableInstances, stage.replicas.amount), 1);
    }
    return 0;
}

/// The highest stage whose instances may be serving: stepping back lowers traffic first and never capacity.
int highestStage(const Rollout& rollout)
{
    const int next = effectivePhase(rollout) == Phase::Promoting ? rollout.stage + 1 : rollout.stage;
    int highest = next;
    for (size_t at = 0; at < rollout.stages.size(); ++at) {
        if (rollout.stages[at].enteredAt != WallTime{}) highest = std::max(highest, static_cast<int>(at));
    }
    return highest;
}

bool stepDone(const Rollout& rollout, size_t step)
{
    if (step >= rollout.finalise.size()) return false;
    const StepState state = rollout.finalise[step].state;
    return state == StepState::Done || state == StepState::Skipped;
}

/// Capacity is taken away only after traffic was seen gone (S15).
bool canaryMayStop(const Rollout& rollout)
{
    if (isEnd(rollout.phase) || stepDone(rollout, kSplitStep)) return true;
    return rollout.phase == Phase::RollingBack && rollout.rollback && rollout.rollback->quietAfter;
}

bool isSafe(const Rollout& rollout)
{
    if (!hasExposure(rollout) || rollout.phase == Phase::RollingBack) return true;
    return rollout.phase == Phase::Finalising && stepDone(rollout, kStablePoolStep);
}

} // namespace

int stableInstances(const World& world)
{
    return world.stable.known ? std::max(world.stable.wanted, 0) : 0;
}

int canaryInstancesFor(const Playbook& playbook, int stage, int stableInstances)
{
    int needed = 1;
    bool written = false;
    const int last = std::min(stage, static_cast<int>(playbook.stages.size()) - 1);
    for (int at = 0; at <= last; ++at) {
        const int own = asWritten(playbook.stages[static_cast<size_t>(at)], stableInstances);
        written = written || own > 0;
        needed = std::max(needed, own);
    }
    if (written || last < 0) return needed;
    for (int at = 0; at <= last; ++at) {
        needed = std::max(needed, shareOf(stableInstances, playbook.stages[static_cast<size_t>(at)].weight.ppm()));
    }
    return needed;
}

Desired desired(const Rollout& rollout, const Playbook& playbook, int stableInstances)
{
    const bool safe = isSafe(rollout);
    const bool newIsStable = rollout.phase == Phase::Finalising || rollout.phase == Phase::Stable;
    return {.safe = safe,
            .weight = safe ? Weight::none() : rollout.weight,
            .admit = !safe,
            .generation = rollout.generation,
            .canaryInstances =
                canaryMayStop(rollout) ? 0 : canaryInstancesFor(playbook, highestStage(rollout), stableInstances),
            .canaryVersion = rollout.toVersion,
            .stableVersion = newIsStable ? rollout.toVersion : rollout.fromVersion};
}

} // namespace sluice::rollout
