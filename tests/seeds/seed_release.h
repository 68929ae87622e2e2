// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "tests/core/engine/simulated_release.h"

namespace sluice::seeds {

/// A release of one service by one of the built-in playbooks, in the simulated world: the engine as it is, a virtual
/// clock, and so much traffic that chance moves no measured share by a thousandth of a point.
class SeedRelease {
public:
    explicit SeedRelease(const std::string& playbook);

    /// Baking in this stage (from 0); false when it ended before, or after `limit`.
    bool reachStage(int stage, Duration limit) { return m_release.reachStage(stage, limit); }
    bool reachEnd(Duration limit) { return m_release.toTheEnd(limit); }
    /// Nobody agrees or ticks while time passes here.
    void run(Duration time) { m_release.run(time); }

    void canaryFails(double share) { m_release.service->canaryBehaviour.errorRate = share; }
    /// 95 % of the requests take at most so long.
    void canaryP95(double ms);
    void stableP95(double ms);

    const rollout::Rollout& state() const { return m_release.view()->state; }
    /// Why it went back; empty when it did not.
    std::string because() const;
    Result<std::string> ask(rollout::Command command) { return m_release.ask(std::move(command), "you"); }
    sim::SimulatedService& service() { return *m_release.service; }
    const RolloutId& id() const { return m_release.rollout; }
    /// The largest share that any proxy gives the canary.
    Weight shareSeen() const;

private:
    testing::SimulatedRelease m_release{};
};

} // namespace sluice::seeds
