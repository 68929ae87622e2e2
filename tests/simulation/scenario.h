// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/connections.h"
#include "core/model/playbook.h"
#include "core/sim/random.h"

namespace sluice::simulation {

/// What can go wrong. Each has a begin, an end and a witness (faults.h).
enum class FaultKind {
    EngineKilled,
    EngineFrozen,
    LeaseStolen,
    MetricsDown,
    MetricsBlind,
    MetricsNotFinite,
    ProxyFrozen,
    ProxyDead,
    ProxyReloaded,
    ForeignLimit,
    ForeignMaintenance,
    AppendLost,
    AppendUnanswered,
    JournalUnreachable,
    DiskFull,
    DeployerDown,
    SlowStart,
    CanaryErrors,
    CanarySlow,
    SharedOutage,
    ClockJump,
    Suspend,
    Emergency,
    InstancesRestart,
    NoTraffic,
    HealthBroken,
};
constexpr size_t kFaultKinds = static_cast<size_t>(FaultKind::HealthBroken) + 1;
std::string_view faultName(FaultKind kind);

struct FaultPlan {
    FaultKind kind{FaultKind::EngineKilled};
    Duration begin{0}; ///< of the busy phase
    Duration length{0};
    uint64_t dice{0}; ///< which engine, proxy, size
};

/// Everything about a run that is fixed before it begins; a pure function of the seed.
struct Scenario {
    uint64_t seed{0};
    int targets{1};
    int proxies{2};
    int engines{1};
    int instances{4};
    double mischief{0.02}; ///< chance per step of a command nobody should rely on
    Duration busy{std::chrono::seconds(100)};
    Duration healing{std::chrono::minutes(10)};
    std::vector<FaultPlan> faults{};
};

Scenario makeScenario(uint64_t seed);
Connections connectionsOf(const Scenario& scenario);
const std::string& playbookText();
/// The same, read.
std::shared_ptr<const Playbook> playbook();

} // namespace sluice::simulation
