// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace sluice::adapters {

/// What an emergency found at one proxy.
struct EmergencyProxy {
    std::string name{};
    std::string address{};       ///< as the file has it
    bool verified{false};        ///< read back after our write: limit 0, every canary server in maintenance
    bool refused{false};         ///< it answered, and does not do it
    Duration took{0};            ///< until verified, or the deadline
    std::string problem{};       ///< why not, in words
    std::string manualCommand{}; ///< what a person pastes into a shell when it is not verified
};

struct EmergencyReport {
    TargetId target{};
    int64_t fencingEpoch{0}; ///< the proxies now follow this epoch: an older driver changes nothing any more
    std::vector<EmergencyProxy> proxies{}; ///< in the order of the file
    Duration took{0};

    bool allVerified() const;
};

constexpr Duration kEmergencyDeadline = std::chrono::seconds(2);

/// Brings every proxy of a `safe/<target>.json` to its safe state: limit 0 and the canary in maintenance, under an
/// epoch above the one in the file and above any that a proxy shows, so that whoever drove before is fenced.
///
/// Needs no engine, journal, lease or connections file. All proxies at once; a frozen one delays no other. Any thread;
/// blocks until all are verified, at most `deadline`. Fault::BadInput when the file cannot be read; proxies that could
/// not be verified are no error of the call but named in the report.
Result<EmergencyReport> sendSafeState(const std::string& safeFileJson, Duration deadline = kEmergencyDeadline);

} // namespace sluice::adapters
