// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/simulated_fleet.h"

#include <utility>

#include "core/base/check.h"

namespace sluice::app {

SimulatedEngine::SimulatedEngine(sim::SimulatedWorld& world)
    : router(world, heard())
    , metrics("sim", world, heard())
    , workloads(world, heard())
    , health(world, heard())
{
}

ports::Sink SimulatedEngine::heard()
{
    return [this, sink = core.sink()](ports::PortMessage message) {
        if (tamper) tamper(message);
        return sink(std::move(message));
    };
}

void SimulatedEngine::deliver()
{
    workloads.deliver();
    router.deliver();
    metrics.deliver();
    health.deliver();
}

SimulatedFleet::SimulatedFleet(uint64_t seed, WallTime start, Connections connections)
    : m_connections(std::move(connections))
    , m_world(seed, start)
{
}

sim::SimulatedService& SimulatedFleet::addService(const TargetId& target, int stableInstances)
{
    const TargetConfig* config = m_connections.target(target);
    SLUICE_CHECK(config != nullptr);
    return m_world.add(*config, config->stableVersion, stableInstances);
}

Result<SimulatedEngine*> SimulatedFleet::startEngine(const std::string& name, ports::Journal& journal,
                                                     ports::SampleStore* samples,
                                                     const std::function<void(engine::EngineParts&)>& adjust)
{
    auto engine = std::make_unique<SimulatedEngine>(m_world);
    engine->name = name;
    engine::EngineParts parts;
    parts.connections = m_connections;
    parts.engineId = name;
    parts.engineTitle = "this console";
    parts.person = PersonId("engine");
    parts.demo = true;
    parts.clock = &m_world.clock();
    parts.journal = &journal;
    parts.samples = samples;
    parts.safety = &m_safety;
    parts.router = &engine->router;
    parts.health = &engine->health;
    parts.sources = {{"sim", &engine->metrics}};
    parts.deployers = {{"sim", &engine->workloads}};
    if (adjust) adjust(parts);
    if (Outcome started = engine->core.start(std::move(parts)); !started.ok()) return started.error();
    m_engines.push_back(std::move(engine));
    return m_engines.back().get();
}

void SimulatedFleet::kill(const SimulatedEngine* engine)
{
    std::erase_if(m_engines, [&](const auto& one) { return one.get() == engine; });
}

void SimulatedFleet::step(Duration by)
{
    m_world.advance(by);
    for (const auto& engine : m_engines) {
        if (engine->frozen) continue;
        engine->deliver();
        engine->core.step();
    }
}

} // namespace sluice::app
