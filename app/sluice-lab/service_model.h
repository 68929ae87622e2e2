// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "app/sluice-lab/fault.h"
#include "core/base/time.h"

namespace sluice::app::lab {

inline constexpr int64_t kHealthyErrorsPpm = 2'000;      // 0.2 %
inline constexpr int64_t kHealthyPaymentFailPpm = 5'000; // 0.5 %
inline constexpr int64_t kPaymentSharePpm = 100'000;     // every tenth good request pays
inline constexpr Duration kMedianLatency = std::chrono::milliseconds(40);

/// How one request to the simulated service goes.
struct RequestPlan {
    Duration latency{0};
    bool error{false};
    bool payment{false};
    bool paymentFails{false};
};

/// Pure: the plan of request number `number` of the replica with this seed. Latency is lognormal around
/// kMedianLatency; the draws are hashes of seed and number, so a run can be repeated.
RequestPlan planRequest(uint64_t seed, uint64_t number, const InjectedFault& fault);

} // namespace sluice::app::lab
