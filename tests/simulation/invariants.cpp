// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/invariants.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/rollout/decide.h"

namespace sluice::simulation {

using rollout::Phase;

namespace {

/// Instances that the first stage with such a share asks for.
int neededFor(int share, const sim::SimulatedService& service)
{
    if (share == 0) return 0;
    const auto& stages = playbook()->stages;
    const auto stage =
        std::ranges::find_if(stages, [&](const Stage& one) { return one.weight.perTenThousand() >= share; });
    return rollout::canaryInstancesFor(*playbook(), static_cast<int>(stage - stages.begin()), service.stable.wanted());
}

std::string poolText(const sim::SimulatedService& service)
{
    const auto text = [](const sim::SimulatedTrack& track) {
        return fmt::format("{} with {} of {} ready", track.version(), track.ready(), track.wanted());
    };
    return "stable " + text(service.stable) + ", canary " + text(service.canary);
}

} // namespace

Invariants::Invariants(Setting& setting)
    : m_setting(setting)
    , m_record(setting.store, [this](const Step& step) { seen(step); })
{
    m_setting.watcher = this;
}

/// S2 cap, S7 journal before effect, S9 the newest generation, S1 the epoch of the lease.
void Invariants::routeOrdered(const Life& life, const ports::RouteOrder& order)
{
    m_record.sync();
    const rollout::Rollout* rollout = m_record.newestOn(order.target);
    if (rollout == nullptr) {
        m_setting.fail("S7", "a route was ordered before any rollout was in the journal");
        return;
    }
    const std::string what = fmt::format("{} ordered {} (generation {}) at v{}", life.name,
                                         order.safe ? "the safe state" : std::to_string(order.weight.perTenThousand()),
                                         order.generation, rollout->version);
    if (order.safe) return; // leaves before the commit, on purpose; if that is lost, the journal's state stands
    auto& [id, generation] = m_generations[life.name + order.target.value];
    if (id == rollout->id && order.generation < generation) m_setting.fail("S9", what + ", an older generation");
    id = rollout->id;
    generation = order.generation;
    const auto lease = m_setting.store.leases.find(order.target);
    const bool holds = lease != m_setting.store.leases.end() && lease->second.holder == life.name;
    if (!holds) return; // robbed and not aware of it yet: the epoch makes the order empty
    if (order.weight > rollout->cap) m_setting.fail("S2", what + ", above the cap");
    if (order.generation != rollout->generation) m_setting.fail("S7", what + ", which the journal does not know");
    if (rollout::isEnd(rollout->phase) || rollout->phase == Phase::RollingBack)
        m_setting.fail("S10", what + " while " + std::string(rollout::phaseWords(rollout->phase)));
}

/// S7 for instances; S15: capacity is taken away only when traffic is gone.
void Invariants::workloadOrdered(const Life& life, const ports::WorkloadOrder& order)
{
    m_record.sync();
    const rollout::Rollout* rollout = m_record.newestOn(order.target);
    if (rollout == nullptr) {
        m_setting.fail("S7", "instances were ordered before any rollout was in the journal");
        return;
    }
    if (m_setting.driver(order.target) != &life) return;
    auto& service = m_setting.service(order.target);
    if (order.track == Track::Stable) {
        const bool decided = rollout->phase == Phase::Finalising || rollout->phase == Phase::Stable ||
                             order.version == rollout->fromVersion;
        if (!decided)
            m_setting.fail("S13",
                           fmt::format("{} ordered {} for the stable pool while {} from {} to {} needs it as it is",
                                       life.name, order.version, rollout->id.value, rollout->fromVersion,
                                       rollout->toVersion));
        return;
    }
    const bool lowers = order.instances < service.canary.wanted() && order.version == service.canary.version();
    if (!lowers) return;
    for (const auto& [name, proxy] : service.proxies)
        if (proxy.answers() && !m_setting.foreign[name] && order.instances < neededFor(exposed(proxy), service))
            m_setting.fail("S15", fmt::format("{} of {} canary instances were kept while {} sends {} of 10000 to them",
                                              order.instances, service.canary.wanted(), name, exposed(proxy)));
}

void Invariants::appended(const Life& life, const ports::Append& append, ports::Appended answer)
{
    if (answer != ports::Appended::Stored) return;
    const ports::LeaseRow& lease = m_setting.store.leases[append.target];
    if (lease.epoch != append.epoch || lease.holder != life.name)
        m_setting.fail("S1", fmt::format("{} stored with epoch {} while {} holds {}", life.name, append.epoch,
                                         lease.holder, lease.epoch));
    const auto row = m_setting.store.rollouts.find(append.rollout);
    const int64_t last = append.afterVersion + static_cast<int64_t>(append.events.size());
    if (row == m_setting.store.rollouts.end() || row->second.lastVersion != last)
        m_setting.fail("S6", "an append was confirmed and is not there");
    m_record.sync();
}

/// What the driver says the rollout waits for.
std::string Invariants::waitsOn(const TargetId& target) const
{
    const Life* life = m_setting.driver(target);
    if (life == nullptr || life->engine == nullptr) return "a driver";
    const auto picture = life->engine->core.latest();
    const auto* view = picture->liveOn(target);
    if (view == nullptr) return "the driver to know it";
    std::string text;
    for (const rollout::WaitReason& wait : view->waits)
        if (!wait.holds) text += (text.empty() ? "" : "; ") + rollout::waitText(wait);
    return text.empty() ? "nothing" : text;
}

/// L1, L4, S17: once the faults are over and people act, everything ends and the world is what the journal says.
void Invariants::atEnd()
{
    for (const auto& [id, rollout] : m_record.rollouts())
        if (!rollout::isEnd(rollout.phase))
            m_setting.fail("L4", fmt::format("{} never ended: {} ({}), waiting for: {}; {}", id.value,
                                             rollout::phaseWords(rollout.phase), rollout.pausedBecause,
                                             waitsOn(rollout.target), poolText(m_setting.service(rollout.target))));
    for (const TargetId& target : m_setting.targets()) {
        auto& service = m_setting.service(target);
        const auto marked = m_stable.find(target);
        const std::string stable = marked == m_stable.end() ? "v1" : marked->second;
        if (service.stable.version() != stable)
            m_setting.fail("L1", fmt::format("{} runs {} and not {}", target.value, service.stable.version(), stable));
        for (const auto& [name, proxy] : service.proxies)
            if (exposed(proxy) > 0 && !m_setting.foreign[name])
                m_setting.fail("L1", name + " still sends users to the canary");
    }
    const auto chain = sim::MemoryJournal(m_setting.store, m_setting.fleet.world().clock()).verify();
    if (!chain.ok() || !chain.value().intact) m_setting.fail("S17", "the chain of the journal is broken");
}

} // namespace sluice::simulation
