// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/rollout/decide.h"
#include "tests/simulation/faults.h"

namespace sluice::simulation {

using namespace std::chrono_literals;
using enum FaultKind;

bool Faults::beginJournal(const FaultPlan& plan, Active& active)
{
    sim::MemoryStore& store = m_setting.store;
    sim::SimulatedSafety& safety = m_setting.fleet.safety();
    switch (plan.kind) {
    case AppendLost:
        ++store.lostAppends;
        active.undo = [&store] { store.lostAppends = 0; };
        active.seen = [&store] { return store.lostAppends == 0; };
        return true;
    case AppendUnanswered:
        ++store.unknownAppends;
        active.undo = [&store] { store.unknownAppends = 0; };
        active.seen = [&store] { return store.unknownAppends == 0; };
        return true;
    case JournalUnreachable: {
        store.unreachable = true;
        active.undo = [&store] { store.unreachable = false; };
        const BootTime begin = m_setting.now();
        // Past the self-stop nobody drives; before, an append or a renewal has failed.
        active.seen = [this, &store, begin] { return store.unreachable && m_setting.now() - begin > 3s; };
        return true;
    }
    case DiskFull: {
        store.full = true;
        safety.full = true;
        active.undo = [&] { store.full = safety.full = false; };
        const size_t before = store.events.size();
        const TargetId id = target(plan);
        active.seen = [this, before, id] {
            const auto* shown = view(id);
            return m_setting.store.full && (shown == nullptr || m_setting.store.events.size() == before);
        };
        return true;
    }
    default: return false;
    }
}

bool Faults::beginService(const FaultPlan& plan, Active& active)
{
    auto& service = m_setting.service(target(plan));
    const TargetId id = service.target;
    const auto exposed = [this, id] {
        const rollout::Rollout* rollout = m_record.newestOn(id);
        return rollout != nullptr && rollout::hasExposure(*rollout);
    };
    active.seen = exposed;
    switch (plan.kind) {
    case CanaryErrors:
        active.plan.length += 20s;
        service.canaryBehaviour.errorRate = 0.4;
        active.undo = [&service] { service.canaryBehaviour.errorRate = sim::Behaviour{}.errorRate; };
        return true;
    case CanarySlow:
        service.canaryBehaviour.latencyMedianMs = 500;
        active.undo = [&service] { service.canaryBehaviour.latencyMedianMs = sim::Behaviour{}.latencyMedianMs; };
        return true;
    case SharedOutage:
        service.stableBehaviour.errorRate = service.canaryBehaviour.errorRate = 0.5;
        active.undo = [&service] {
            service.stableBehaviour.errorRate = service.canaryBehaviour.errorRate = sim::Behaviour{}.errorRate;
        };
        return true;
    case NoTraffic: {
        const double usual = service.requestsPerSecond;
        if (usual <= 0) return true;
        service.requestsPerSecond = 0;
        active.undo = [&service, usual] { service.requestsPerSecond = usual; };
        return true;
    }
    case InstancesRestart:
        service.canary.restart();
        service.stable.restart();
        return true;
    default: return false;
    }
}

bool Faults::beginMachine(const FaultPlan& plan, Active& active)
{
    const auto engines = m_setting.living();
    switch (plan.kind) {
    case DeployerDown:
    case SlowStart:
    case HealthBroken: {
        for (Life* life : engines) {
            if (plan.kind == DeployerDown) life->engine->workloads.down = true;
            if (plan.kind == SlowStart) life->engine->workloads.startUp = 15s;
            if (plan.kind == HealthBroken) life->engine->health.broken = true;
        }
        active.undo = [this] {
            for (Life* life : m_setting.living()) {
                life->engine->workloads.down = false;
                life->engine->workloads.startUp = 3s;
                life->engine->health.broken = false;
            }
        };
        const TargetId id = target(plan);
        const FaultKind kind = plan.kind;
        active.seen = [this, id, kind] {
            const auto* shown = view(id);
            if (shown == nullptr) return false;
            if (kind == HealthBroken) return shown->world.healthOk == false;
            return kind == DeployerDown || shown->world.canary.ready < shown->world.canary.wanted;
        };
        return true;
    }
    case ClockJump: {
        const auto hours = static_cast<int64_t>(plan.dice % 49) - 24;
        m_setting.fleet.world().clock().jumpWall(std::chrono::hours(hours) + std::chrono::seconds(plan.dice % 17));
        active.seen = [] { return true; };
        return true;
    }
    case Suspend:
        m_sleep = 20s + Duration(std::chrono::seconds(plan.dice % 60));
        active.seen = [] { return true; };
        return true;
    case Emergency: return beginEmergency(plan, active);
    default: return false;
    }
}

/// What `sluicectl emergency` does without engine and lease: the stop file, then the safe state under a higher epoch.
bool Faults::beginEmergency(const FaultPlan& plan, Active& active)
{
    const TargetId id = target(plan);
    int64_t epoch = 0;
    for (const auto& [name, proxy] : m_setting.service(id).proxies)
        epoch = std::max(epoch, proxy.epoch());
    const ports::StopRecord record{.target = id,
                                   .person = PersonId("guest"),
                                   .proof = "os",
                                   .reason = "everything burns",
                                   .at = m_setting.wall(),
                                   .epoch = epoch + 1};
    (void)m_setting.fleet.safety().createStop(record);
    for (auto& [name, proxy] : m_setting.service(id).proxies)
        proxy.write({.epoch = epoch + 1, .takeEpoch = true, .limit = Weight::none(), .maint = true, .ready = false});
    active.seen = [this, id] {
        const rollout::Rollout* rollout = m_record.newestOn(id);
        return rollout != nullptr && rollout->rollback && rollout->rollback->cause == rollout::RollbackCause::Emergency;
    };
    return true;
}

} // namespace sluice::simulation
