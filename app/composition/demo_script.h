// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/model/connections.h"
#include "core/sim/simulated_world.h"

namespace sluice::app {

/// The services of the demo and where each one is at the beginning.
struct DemoService {
    std::string service{};
    std::string environment{};
    std::string stableVersion{};
    int proxies{2};
    double requestsPerSecond{200};
    double users{2000};
    std::string playbook{};
    int instances{2};
};
const std::vector<DemoService>& demoServices();
Connections demoConnections();
/// What the status strip calls the source of metrics.
inline constexpr const char* kDemoMetrics = "Simulated metrics";

/// A release that somebody starts during the first minutes.
struct DemoRelease {
    Duration at{0};
    TargetId target{};
    std::string toVersion{};
    std::string playbook{};
    sim::Behaviour canary{};
    Duration badFrom{0}; ///< from then on `bad` (zero = never)
    sim::Behaviour bad{};
    Duration approveUntil{std::chrono::hours(1)}; ///< people approve promptly until then, afterwards they are awaited
};
const std::vector<DemoRelease>& demoReleases();

} // namespace sluice::app
