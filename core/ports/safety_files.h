// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace sluice::ports {

/// An emergency fired by somebody, in force until a person clears it.
struct StopRecord {
    TargetId target{};
    PersonId person{};
    std::string proof{};
    std::string reason{};
    WallTime at{};
    int64_t epoch{0}; ///< the fencing epoch that the safe requests carried
    /// Fired until every proxy was read back at zero by whoever fired; none while one is not.
    std::optional<Duration> zeroAfter{};
};

/// Plain files beside the journal that work without lease and database: `safe/` (how to reach the safe state) and
/// `stop/` (it was fired). Called from the engine thread; every call is a few file operations.
class SafetyFiles {
public:
    virtual ~SafetyFiles() = default;
    /// Replaces `safe/<target>.json` durably. Exposure rises only after this succeeded.
    virtual Outcome writeSafe(const TargetId& target, const std::string& content) = 0;
    virtual std::optional<StopRecord> stopped(const TargetId& target) = 0;
    virtual Outcome createStop(const StopRecord& record) = 0;
    /// Replaces the record of a stop in force durably: its reason came later.
    virtual Outcome explainStop(const StopRecord& record) = 0;
    virtual Outcome clearStop(const TargetId& target) = 0;
    /// False under the free-space floor: nothing new starts and no stage is raised.
    virtual bool freeSpaceOk() = 0;
};

/// The way to the safe state that needs neither engine, lease nor database.
class EmergencyPath {
public:
    virtual ~EmergencyPath() = default;
    /// The targets of `stops` side by side, the first ones first; blocks up to `deadline` for some thirty of them. An
    /// answer each: one sentence with what was verified; Fault::Unreachable names the proxies left and the manual
    /// command.
    virtual std::vector<Result<std::string>> fire(const std::vector<StopRecord>& stops, Duration deadline) = 0;
};

} // namespace sluice::ports
