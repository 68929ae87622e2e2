// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/composition/simulated_fleet.h"
#include "core/sim/memory_journal.h"
#include "tests/simulation/mutants.h"
#include "tests/simulation/scenario.h"

namespace sluice::simulation {

/// The first promise that did not hold.
struct Violation {
    std::string invariant{}; ///< S1 … L4
    std::string text{};
};

/// One engine process from its start to its death, with the doors it was given.
struct Life {
    std::string name{};
    std::unique_ptr<sim::MemoryJournal> memory{};
    std::vector<std::shared_ptr<void>> doors{}; ///< watchers and planted bugs
    app::SimulatedEngine* engine{nullptr};      ///< null once dead
    bool frozen() const { return engine == nullptr || engine->frozen; }
};

/// Hears what an engine does to the outside, in the call.
class Watcher {
public:
    virtual ~Watcher() = default;
    virtual void routeOrdered(const Life& life, const ports::RouteOrder& order) = 0;
    virtual void workloadOrdered(const Life& life, const ports::WorkloadOrder& order) = 0;
    virtual void appended(const Life& life, const ports::Append& append, ports::Appended answer) = 0;
};

/// The disk, the world, and the engines on it.
class Setting {
public:
    Setting(Scenario scenario, Mutant mutant);

    /// A new engine process; false when it cannot start (the journal is out of reach).
    bool boot();
    void kill(Life& life);
    std::vector<Life*> living() const;
    /// Whoever holds the lease of a target, alive and awake; else null.
    Life* driver(const TargetId& target) const;
    BootTime now() { return fleet.world().clock().now().boot; }
    WallTime wall() { return fleet.world().clock().now().wall; }
    sim::SimulatedService& service(const TargetId& target) { return *fleet.world().service(target); }
    std::vector<TargetId> targets() const;
    void fail(const std::string& invariant, const std::string& text);

    Scenario scenario;
    Mutant mutant;
    sim::MemoryStore store{};
    app::SimulatedFleet fleet;
    Watcher* watcher{nullptr};
    std::vector<std::unique_ptr<Life>> lives{};
    int wantedEngines{1};
    int takeovers{0};                      ///< another engine took a lease from a silent one
    std::optional<BootTime> stolenAt{};    ///< a lease was taken by force
    std::map<std::string, bool> foreign{}; ///< proxies that somebody else has edited
    std::optional<Violation> broken{};
    std::array<int, kFaultKinds> witness{}; ///< faults that were seen to happen

private:
    int m_boots{0};
};

} // namespace sluice::simulation
