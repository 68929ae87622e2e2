// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/faults.h"

#include <algorithm>
#include <utility>

#include "core/rollout/decide.h"

namespace sluice::simulation {

using namespace std::chrono_literals;
using enum FaultKind;

void Faults::step(Duration busy)
{
    auto& plans = m_setting.scenario.faults;
    if (m_next == 0) std::ranges::stable_sort(plans, {}, &FaultPlan::begin);
    while (m_next < plans.size() && plans[m_next].begin <= busy)
        begin(plans[m_next++]);
    for (Active& active : m_active) {
        if (active.witnessed || !active.seen || !active.seen()) continue;
        active.witnessed = true;
        ++m_setting.witness.at(static_cast<size_t>(active.plan.kind));
    }
    std::erase_if(m_active, [&](Active& active) {
        // What is over may still have to be seen: the correction after a reload, the takeover after a freeze.
        if (active.undo && m_setting.now() - active.began >= active.plan.length) std::exchange(active.undo, nullptr)();
        return !active.undo && (active.witnessed || m_setting.now() - active.began > active.plan.length + 30s);
    });
}

void Faults::heal()
{
    for (Active& active : m_active)
        if (active.undo) active.undo();
    m_active.clear();
    m_next = m_setting.scenario.faults.size();
}

Duration Faults::takeSleep()
{
    return std::exchange(m_sleep, Duration(0));
}

void Faults::begin(const FaultPlan& plan)
{
    Active active{.plan = plan, .began = m_setting.now(), .undo = {}, .seen = {}};
    for (const auto group : {&Faults::beginEngine, &Faults::beginMetrics, &Faults::beginProxy, &Faults::beginJournal,
                             &Faults::beginService, &Faults::beginMachine})
        if ((this->*group)(plan, active)) {
            m_active.push_back(std::move(active));
            return;
        }
}

TargetId Faults::target(const FaultPlan& plan) const
{
    const auto all = m_setting.targets();
    return all[plan.dice % all.size()];
}

const engine::RolloutView* Faults::view(const TargetId& target)
{
    const Life* driver = m_setting.driver(target);
    if (driver == nullptr) return nullptr;
    m_picture = driver->engine->core.latest();
    return m_picture->liveOn(target);
}

size_t Faults::storedSince(size_t before, const std::string& type) const
{
    const auto& all = m_setting.store.events;
    return static_cast<size_t>(std::count_if(all.begin() + static_cast<std::ptrdiff_t>(std::min(before, all.size())),
                                             all.end(), [&](const auto& one) { return one.event.type == type; }));
}

bool Faults::beginEngine(const FaultPlan& plan, Active& active)
{
    if (plan.kind == LeaseStolen) return stealLease(plan, active);
    if (plan.kind != EngineKilled && plan.kind != EngineFrozen) return false;
    Life* life = m_setting.driver(target(plan));
    if (life == nullptr) return true;
    const size_t before = m_setting.store.events.size();
    // The witness is the takeover: another engine, or the next life of this one, went on with the rollout.
    active.seen = [this, before] { return storedSince(before, "driver_changed") > 0; };
    if (plan.kind == EngineKilled) {
        m_setting.kill(*life);
        --m_setting.wantedEngines; // nobody starts it again before the fault is over
        active.undo = [this] { ++m_setting.wantedEngines; };
        return true;
    }
    life->engine->frozen = true;
    active.plan.length += 15s; // long enough for somebody to take over
    active.undo = [life] {
        if (life->engine != nullptr) life->engine->frozen = false;
    };
    const int takeovers = m_setting.takeovers;
    active.seen = [this, takeovers] { return m_setting.takeovers > takeovers; };
    return true;
}

/// Another process takes the lease by force and dies at once: its epoch stands in the way of the old holder.
bool Faults::stealLease(const FaultPlan& plan, Active& active)
{
    const TargetId id = target(plan);
    Life* life = m_setting.driver(id);
    if (life == nullptr || m_setting.store.unreachable) return true;
    ports::LeaseRow& lease = m_setting.store.leases[id];
    const int64_t stolen = ++lease.epoch;
    lease.holder = "thief-" + std::to_string(plan.dice % 1000);
    m_setting.store.deadEngines.insert(lease.holder);
    m_setting.stolenAt = m_setting.now();
    active.seen = [this, id, stolen] { return m_setting.store.leases[id].epoch > stolen; };
    return true;
}

bool Faults::beginMetrics(const FaultPlan& plan, Active& active)
{
    auto& metrics = m_setting.fleet.world().metrics();
    bool* flag = plan.kind == MetricsDown        ? &metrics.down
                 : plan.kind == MetricsBlind     ? &metrics.blind
                 : plan.kind == MetricsNotFinite ? &metrics.notFinite
                                                 : nullptr;
    if (flag == nullptr) return false;
    *flag = true;
    active.undo = [flag] { *flag = false; };
    const TargetId id = target(plan);
    active.seen = [this, id, flag] {
        const auto* shown = view(id);
        if (!*flag || shown == nullptr) return false;
        const auto& now = shown->assessment;
        const auto* errors = now.reading("error_rate");
        return now.freshness != analysis::Freshness::Fresh || errors == nullptr || !errors->canary;
    };
    return true;
}

bool Faults::beginProxy(const FaultPlan& plan, Active& active)
{
    const bool ours = plan.kind == ProxyFrozen || plan.kind == ProxyDead || plan.kind == ProxyReloaded ||
                      plan.kind == ForeignLimit || plan.kind == ForeignMaintenance;
    if (!ours) return false;
    const TargetId id = target(plan);
    auto& proxies = m_setting.service(id).proxies;
    auto at = std::next(proxies.begin(), static_cast<std::ptrdiff_t>((plan.dice >> 8) % proxies.size()));
    const std::string name = at->first;
    sim::SimulatedProxy* proxy = &at->second;
    const size_t before = m_setting.store.events.size();
    active.seen = [this, before] { return storedSince(before, "drift_corrected") > 0; };
    if (plan.kind == ProxyFrozen || plan.kind == ProxyDead) {
        plan.kind == ProxyFrozen ? proxy->freeze() : proxy->kill();
        const bool dead = plan.kind == ProxyDead;
        active.undo = [proxy, dead] { dead ? proxy->revive() : proxy->thaw(); };
        active.seen = [this, id, name] {
            const auto* shown = view(id);
            return shown != nullptr && std::ranges::any_of(shown->world.proxies, [&](const auto& fact) {
                       return fact.name == name && fact.state == rollout::ProxyFact::State::Unreachable;
                   });
        };
    } else if (plan.kind == ProxyReloaded) {
        proxy->reload();
    } else if (plan.kind == ForeignLimit) {
        m_setting.foreign[name] = true;
        proxy->foreignLimit(Weight::parse(static_cast<int64_t>((plan.dice >> 16) % 10'001)).value_or(Weight::full()));
    } else if (!proxy->maint()) {
        proxy->foreignMaint(true);
        active.undo = [proxy] { proxy->foreignMaint(false); };
        active.seen = [this, id] {
            const auto* shown = view(id);
            return shown != nullptr && std::ranges::any_of(shown->world.proxies, [](const auto& fact) {
                       return fact.canaryMaint && fact.state != rollout::ProxyFact::State::Verified;
                   });
        };
    }
    return true;
}

} // namespace sluice::simulation
