// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "core/adapters/command_runner.h"
#include "core/adapters/workload_loop.h"
#include "core/model/connections.h"

namespace sluice::adapters {

/// Deploys with a program of the user's. It is run as
///   ARGV… --track canary --version v2.4.0 --instances 2     (no --instances: keep the count)
///   ARGV… --track canary --status
/// and prints as its last JSON line {"ready":2,"wanted":2,"version":"v2.4.0"}. Both are absolute and repeatable, and
/// processes they leave behind are ended with them: what must go on runs under somebody else (systemd, a cluster).
/// A program that does not end in time leaves the outcome unknown; `--status` tells.
class CommandBackend final : public DeployBackend {
public:
    static constexpr Duration kStatusEvery = std::chrono::seconds(2); ///< a process each time

    explicit CommandBackend(DeployerConfig config)
        : m_config(std::move(config))
    {
    }
    rollout::WorkloadFact deploy(const ports::WorkloadOrder& order, const std::atomic<bool>& stop) override;
    rollout::WorkloadFact status(const TargetId& target, Track track, const std::atomic<bool>& stop) override;

private:
    rollout::WorkloadFact run(std::vector<std::string> arguments, const std::atomic<bool>& stop) const;
    const DeployerConfig m_config;
};

/// The fact that a finished command tells. Pure.
rollout::WorkloadFact factOf(const CommandResult& result);

std::unique_ptr<ports::WorkloadController> makeCommandDeployer(DeployerConfig config, ports::Sink sink,
                                                               const ports::Clock& clock);

} // namespace sluice::adapters
