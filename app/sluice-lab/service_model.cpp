// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/service_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <xxhash.h>

namespace sluice::app::lab {

namespace {

constexpr double kSigma = 0.45; // p95 near 84 ms, p99 near 114 ms

/// Uniform in (0, 1), independent for each lane of one request.
double draw(uint64_t seed, uint64_t number, uint64_t lane)
{
    const uint64_t key[3] = {seed, number, lane};
    const uint64_t bits = XXH64(key, sizeof key, 0) >> 11U;
    return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

bool happens(int64_t ppm, double uniform)
{
    return uniform * 1e6 < static_cast<double>(ppm);
}

} // namespace

RequestPlan planRequest(uint64_t seed, uint64_t number, const InjectedFault& fault)
{
    const double normal = std::sqrt(-2.0 * std::log(draw(seed, number, 0))) *
                          std::cos(2.0 * std::numbers::pi * draw(seed, number, 1)); // Box-Muller
    RequestPlan plan;
    plan.latency = Duration(std::llround(static_cast<double>(micros(kMedianLatency)) * std::exp(kSigma * normal)));
    plan.latency += fault.latency;
    plan.error = happens(std::max(kHealthyErrorsPpm, fault.errorsPpm), draw(seed, number, 2));
    plan.payment = !plan.error && happens(kPaymentSharePpm, draw(seed, number, 3));
    plan.paymentFails =
        plan.payment && happens(std::max(kHealthyPaymentFailPpm, fault.paymentsPpm), draw(seed, number, 4));
    return plan;
}

} // namespace sluice::app::lab
