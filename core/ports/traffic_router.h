// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/base/id.h"
#include "core/model/weight.h"
#include "core/ports/port_message.h"

namespace sluice::ports {

/// What every proxy of a target should hold. Absolute: asking twice is harmless.
struct RouteOrder {
    TargetId target{};
    int64_t epoch{0};       ///< of the lease; writes of an older epoch change nothing (the proxy is the fence)
    uint64_t generation{0}; ///< the newest generation is the one that is re-asserted
    bool safe{true};        ///< limit 0 and canary in maintenance
    Weight weight{};        ///< used when not safe
    bool admit{false};      ///< this order may take the canary out of maintenance (stage 1, and after a reload)
    friend bool operator==(const RouteOrder&, const RouteOrder&) = default;
};

/// Moves user traffic between the stable and the canary servers of a target, on all its proxies in parallel.
///
/// Called from the engine thread; returns at once. Each proxy has one ordered connection; a safe order overtakes
/// whatever waits. After each write the proxy is read back and the fact posted; then it is read every second, drift
/// is corrected and posted with `corrected`. A frozen proxy delays no other. A proxy with a higher epoch than ours is
/// left alone and posted as TakenOver.
class TrafficRouter {
public:
    virtual ~TrafficRouter() = default;
    virtual void order(const RouteOrder& order) = 0;
    /// Read only, every second: what an observer or a freshly started driver needs.
    virtual void observe(const TargetId& target) = 0;
    /// Stop re-asserting and reading this target.
    virtual void release(const TargetId& target) = 0;
    /// Highest epoch any proxy of the target has shown; a driver must take a lease above it.
    virtual int64_t highestEpochSeen(const TargetId& target) const = 0;
    /// The exact safe requests per proxy as JSON, for `safe/<target>.json` (core/adapters/emergency.h reads it).
    virtual std::string safeFile(const TargetId& target, int64_t epoch) const = 0;
};

} // namespace sluice::ports
