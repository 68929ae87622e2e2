// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/adapters/workload_loop.h"

namespace sluice::adapters {

/// Talks to `lab.sock` of sluice-lab, one JSON line each way:
///   {"do":"deploy","track":"canary","version":"v2.4.0","instances":2} -> {"ok":true}
///   {"do":"status"} -> {"ok":true,"tracks":{"stable":{"version":"v2.3.0","wanted":4,"ready":4},"canary":{…}}}
/// A refusal is {"ok":false,"error":"…"}. Without `instances` the count stays (an order of -1).
class LabBackend final : public DeployBackend {
public:
    static constexpr Duration kLimit = std::chrono::seconds(2); ///< of one question
    static constexpr Duration kStatusEvery = std::chrono::seconds(1);
    static constexpr size_t kMaxAnswer = 64 * 1024;

    explicit LabBackend(std::string socket)
        : m_socket(std::move(socket))
    {
    }
    rollout::WorkloadFact deploy(const ports::WorkloadOrder& order, const std::atomic<bool>& stop) override;
    rollout::WorkloadFact status(const TargetId& target, Track track, const std::atomic<bool>& stop) override;

private:
    const std::string m_socket;
};

/// The lab's deployer as the port the engine knows.
std::unique_ptr<ports::WorkloadController> makeLabDeployer(std::string socket, ports::Sink sink,
                                                           const ports::Clock& clock);

/// One line to a unix socket and one line back; blocks at most `limit`. Unreachable before anything was sent, Unknown
/// after.
Result<std::string> askLine(const std::string& socket, const std::string& line, Duration limit, size_t maxAnswer);

} // namespace sluice::adapters
