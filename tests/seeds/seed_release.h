// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "tests/core/engine/simulated_release.h"

namespace sluice::seeds {

/// A release of one service by one of the built-in playbooks, in the simulated world: the engine as it is, a virtual
/// clock, and so much traffic that chance moves no measured share by a thousandth of a point.
class SeedRelease {
public:
    /// `without`: a block of the playbook that is left out, so that what it would do first hides nothing.
    explicit SeedRelease(const std::string& playbook, const std::string& without = {});

    /// Baking in this stage (from 0); false when it ended before, or after `limit`.
    bool reachStage(int stage, Duration limit) { return m_release.reachStage(stage, limit); }
    bool reachEnd(Duration limit) { return m_release.toTheEnd(limit); }
    /// Nobody agrees or ticks while time passes here.
    void run(Duration time) { m_release.run(time); }

    void canaryFails(double share) { m_release.service->canaryBehaviour.errorRate = share; }
    /// Client errors, which a rule about the server's own does not count; the share is of all requests.
    void canaryClientErrors(double share);
    /// 95 % of the requests take at most so long.
    void canaryP95(double ms);
    void stableP95(double ms);
    sim::Behaviour& canary() { return m_release.service->canaryBehaviour; }
    sim::Behaviour& stable() { return m_release.service->stableBehaviour; }
    /// Requests a second that reach the canary on average.
    double canaryRequests() const;
    /// Active users that reach it on average.
    double canaryUsers() const { return m_release.service->users * static_cast<double>(shareSeen().ppm()) / kMillion; }
    const Playbook& playbook() const { return *m_release.view()->playbook; }
    std::vector<rollout::WaitReason> waits() const { return m_release.view()->waits; }
    void metricsDown(bool down) { m_release.fleet.world().metrics().down = down; }

    /// Until this trigger's condition holds or it has fired; false after `limit`.
    bool runUntilBeyond(const std::string& trigger, Duration limit);
    const analysis::Assessment& assessment() const { return m_release.view()->assessment; }

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
