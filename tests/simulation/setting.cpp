// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/setting.h"

#include <utility>

#include "tests/simulation/forwarding.h"

namespace sluice::simulation {

namespace {

const WallTime kBegin = wallTime(1'795'000'000'000'000); // some instant; the wall clock decides nothing

class WatchedRouter final : public ForwardingRouter {
public:
    WatchedRouter(ports::TrafficRouter& inner, const Life& life, Watcher& watcher)
        : ForwardingRouter(inner)
        , m_life(&life)
        , m_watcher(&watcher)
    {
    }
    void order(const ports::RouteOrder& order) override
    {
        m_watcher->routeOrdered(*m_life, order);
        m_inner->order(order);
    }

private:
    const Life* m_life;
    Watcher* m_watcher;
};

class WatchedWorkloads final : public ForwardingWorkloads {
public:
    WatchedWorkloads(ports::WorkloadController& inner, const Life& life, Watcher& watcher)
        : ForwardingWorkloads(inner)
        , m_life(&life)
        , m_watcher(&watcher)
    {
    }
    void order(const ports::WorkloadOrder& order) override
    {
        m_watcher->workloadOrdered(*m_life, order);
        m_inner->order(order);
    }

private:
    const Life* m_life;
    Watcher* m_watcher;
};

class WatchedJournal final : public ForwardingJournal {
public:
    WatchedJournal(ports::Journal& inner, const Life& life, Watcher& watcher)
        : ForwardingJournal(inner)
        , m_life(&life)
        , m_watcher(&watcher)
    {
    }
    Result<ports::Appended> append(const ports::Append& append) override
    {
        auto answer = m_inner->append(append);
        if (answer.ok()) m_watcher->appended(*m_life, append, answer.value());
        return answer;
    }

private:
    const Life* m_life;
    Watcher* m_watcher;
};

} // namespace

Setting::Setting(Scenario plan, Mutant planted)
    : scenario(std::move(plan))
    , mutant(planted)
    , fleet(scenario.seed, kBegin, connectionsOf(scenario))
    , wantedEngines(scenario.engines)
{
    for (const TargetId& target : targets())
        fleet.addService(target, scenario.instances);
}

bool Setting::boot()
{
    auto life = std::make_unique<Life>();
    life->name = "engine-" + std::to_string(++m_boots);
    life->memory = std::make_unique<sim::MemoryJournal>(store, fleet.world().clock());
    ports::SampleStore* const noSamples = nullptr;
    const auto started = fleet.startEngine(life->name, *life->memory, noSamples, [&](engine::EngineParts& parts) {
        plant(mutant, *life, store, parts);
        auto router = std::make_shared<WatchedRouter>(*parts.router, *life, *watcher);
        auto workloads = std::make_shared<WatchedWorkloads>(*parts.deployers["sim"], *life, *watcher);
        auto journal = std::make_shared<WatchedJournal>(*parts.journal, *life, *watcher);
        parts.router = router.get();
        parts.deployers["sim"] = workloads.get();
        parts.journal = journal.get();
        life->doors.insert(life->doors.end(), {router, workloads, journal});
    });
    if (!started.ok()) {
        store.deadEngines.insert(life->name);
        return false;
    }
    life->engine = started.value();
    tamper(mutant, *life->engine);
    lives.push_back(std::move(life));
    return true;
}

void Setting::kill(Life& life)
{
    store.deadEngines.insert(life.name);
    fleet.kill(life.engine);
    life.engine = nullptr;
}

std::vector<Life*> Setting::living() const
{
    std::vector<Life*> alive;
    for (const auto& life : lives)
        if (life->engine != nullptr) alive.push_back(life.get());
    return alive;
}

Life* Setting::driver(const TargetId& target) const
{
    const auto lease = store.leases.find(target);
    if (lease == store.leases.end()) return nullptr;
    for (const auto& life : lives)
        if (life->name == lease->second.holder && !life->frozen()) return life.get();
    return nullptr;
}

std::vector<TargetId> Setting::targets() const
{
    std::vector<TargetId> ids;
    for (const TargetConfig& target : fleet.connections().targets)
        ids.push_back(target.id);
    return ids;
}

void Setting::fail(const std::string& invariant, const std::string& text)
{
    if (!broken) broken = Violation{invariant, text};
}

} // namespace sluice::simulation
