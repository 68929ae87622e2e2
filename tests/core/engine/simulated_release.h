// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "app/composition/simulated_fleet.h"
#include "core/sim/memory_journal.h"

namespace sluice::testing {

/// Connections of one simulated service behind two proxies, with the lab's three people.
Connections simulatedConnections();

/// One target, one engine, and helpers to act like people do.
class SimulatedRelease {
public:
    explicit SimulatedRelease(uint64_t seed = 1);

    /// A new engine life over the same journal; `adjust` may change any part of it.
    void boot(const std::string& name, const std::function<void(engine::EngineParts&)>& adjust = {});
    void kill();
    /// Steps of 250 ms until `done` says so; false after `limit` of simulated time.
    bool until(const std::function<bool()>& done, Duration limit);
    void run(Duration time);
    /// Submits and steps until the answer is there.
    Result<std::string> ask(rollout::Command command, const std::string& person);
    /// Of the target's own playbook when none is named; `text`: of this one instead of the built-in.
    Result<std::string> start(const std::string& version = "v2.4.0", const std::string& playbook = {},
                              const std::string& text = {});
    /// Ticks and approves whatever is waiting, as `you`.
    void helpAlong();
    /// helpAlong() until it bakes in this stage (from 0); false when it went back or ended before, or after `limit`.
    bool reachStage(int stage, Duration limit);
    /// helpAlong() each step until the rollout has ended.
    bool toTheEnd(Duration limit);

    const engine::RolloutView* view() const;
    rollout::Phase phase() const;
    /// Names of all stored events of the rollout, in order.
    std::vector<std::string> eventNames() const;

    sim::MemoryStore store{};
    app::SimulatedFleet fleet;
    sim::SimulatedService* service{nullptr};
    app::SimulatedEngine* engine{nullptr};
    TargetId target{"checkout/production"};
    RolloutId rollout{};

private:
    std::map<std::string, std::unique_ptr<sim::MemoryJournal>> m_journals{};
};

} // namespace sluice::testing
