// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/engine_core.h"
#include "core/sim/simulated_ports.h"
#include "core/sim/simulated_world.h"

namespace sluice::app {

/// One engine process over the simulated world, with its own ends of the ports: everything here is lost in a crash.
class SimulatedEngine {
public:
    explicit SimulatedEngine(sim::SimulatedWorld& world);

    engine::EngineCore core{};
    sim::SimulatedRouter router;
    sim::SimulatedMetricSource metrics;
    sim::SimulatedWorkloads workloads;
    sim::SimulatedHealth health;
    std::string name{};
    bool frozen{false}; ///< SIGSTOP: neither its ports nor its engine move
    /// Sees every message of the ports before the engine does and may change it; for tests that lie to the engine.
    std::function<void(ports::PortMessage&)> tamper{};

    /// The ports act and post; nothing is decided yet.
    void deliver();

private:
    ports::Sink heard();
};

/// The simulated world with any number of engines on it: the same engine code, a virtual clock, no socket and no
/// thread. Drill, `--demo` and the simulation test are built on it. One thread.
class SimulatedFleet {
public:
    SimulatedFleet(uint64_t seed, WallTime start, Connections connections);

    /// Adds the service behind a target of the connections.
    sim::SimulatedService& addService(const TargetId& target, int stableInstances);

    /// Starts an engine; `name` must be new for each life. The journal outlives it. `adjust` may change any part.
    Result<SimulatedEngine*> startEngine(const std::string& name, ports::Journal& journal, ports::SampleStore* samples,
                                         const std::function<void(engine::EngineParts&)>& adjust = {});
    /// The process is gone: nothing is released, nothing is said.
    void kill(const SimulatedEngine* engine);
    const std::vector<std::unique_ptr<SimulatedEngine>>& engines() const { return m_engines; }

    /// Moves the world, then lets every engine that is not frozen hear of it and step.
    void step(Duration by);

    sim::SimulatedWorld& world() { return m_world; }
    sim::SimulatedSafety& safety() { return m_safety; }
    const Connections& connections() const { return m_connections; }

private:
    Connections m_connections;
    sim::SimulatedWorld m_world;
    sim::SimulatedSafety m_safety{};
    std::vector<std::unique_ptr<SimulatedEngine>> m_engines{};
};

} // namespace sluice::app
