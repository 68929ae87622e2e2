// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/stage_facts.h"

#include <algorithm>
#include <string>

#include "core/base/check.h"
#include "core/rollout/decide.h"

namespace sluice::rollout {

Phase effectivePhase(const Rollout& rollout)
{
    return rollout.phase == Phase::Paused ? rollout.phaseBeforePause : rollout.phase;
}

const Stage& stageOf(const Rollout& rollout, const Playbook& playbook)
{
    SLUICE_CHECK(rollout.stage >= 0 && static_cast<size_t>(rollout.stage) < playbook.stages.size());
    return playbook.stages[static_cast<size_t>(rollout.stage)];
}

const StageRecord& recordOf(const Rollout& rollout)
{
    SLUICE_CHECK(rollout.stage >= 0 && static_cast<size_t>(rollout.stage) < rollout.stages.size());
    return rollout.stages[static_cast<size_t>(rollout.stage)];
}

bool isLastStage(const Rollout& rollout, const Playbook& playbook)
{
    return static_cast<size_t>(rollout.stage) + 1 >= playbook.stages.size();
}

bool inStage(const Rollout& rollout)
{
    switch (effectivePhase(rollout)) {
    case Phase::Applying:
    case Phase::Baking:
    case Phase::Judging:
    case Phase::AwaitingApproval:
    case Phase::Promoting:
    case Phase::Watching: return true;
    case Phase::Preparing:
    case Phase::Paused:
    case Phase::SteppingBack:
    case Phase::RollingBack:
    case Phase::RolledBack:
    case Phase::Finalising:
    case Phase::Stable:
    case Phase::Cancelled: return false;
    }
    return false;
}

bool isTicked(const Rollout& rollout, std::string_view item)
{
    return rollout.ticked.contains(std::string(item));
}

namespace {

bool isVerified(const Rollout& rollout, const ProxyFact& proxy)
{
    return proxy.state == ProxyFact::State::Verified && proxy.generation >= rollout.generation;
}

} // namespace

int verifiedProxies(const Rollout& rollout, const World& world)
{
    return static_cast<int>(
        std::ranges::count_if(world.proxies, [&](const ProxyFact& proxy) { return isVerified(rollout, proxy); }));
}

bool allVerified(const Rollout& rollout, const World& world)
{
    return !world.proxies.empty() && static_cast<size_t>(verifiedProxies(rollout, world)) == world.proxies.size();
}

bool isReachable(const ProxyFact& proxy)
{
    switch (proxy.state) {
    case ProxyFact::State::Unreachable: return false;
    case ProxyFact::State::Unknown:
    case ProxyFact::State::Converging: return proxy.sinceAnswer <= kProxySilent;
    case ProxyFact::State::Verified:
    case ProxyFact::State::Refused:
    case ProxyFact::State::TakenOver: return true;
    }
    return true;
}

bool isSafeNow(const Rollout& rollout, const ProxyFact& proxy)
{
    return isVerified(rollout, proxy) && proxy.limit == Weight::none() && proxy.canaryMaint;
}

int readyCanaries(const Rollout& rollout, const World& world)
{
    return world.canary.known && world.canary.version == rollout.toVersion ? world.canary.ready : 0;
}

bool hasCapacityFor(const Rollout& rollout, const Playbook& playbook, int stage, const World& world)
{
    if (!world.stable.known) return false;
    return readyCanaries(rollout, world) >= canaryInstancesFor(playbook, stage, stableInstances(world));
}

bool isRampedDown(const Rollout& rollout, const Playbook& playbook)
{
    return rollout.weight < stageOf(rollout, playbook).weight;
}

} // namespace sluice::rollout
