// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/traffic_router.h"

namespace sluice::testing {

inline const TargetId kRouted("checkout/production");

/// Traffic for the canary.
inline ports::RouteOrder raise(int64_t epoch, uint64_t generation, int perTenThousand)
{
    return {.target = kRouted,
            .epoch = epoch,
            .generation = generation,
            .safe = false,
            .weight = *Weight::parse(perTenThousand),
            .admit = true};
}

/// None for it.
inline ports::RouteOrder safe(int64_t epoch, uint64_t generation)
{
    return {.target = kRouted, .epoch = epoch, .generation = generation};
}

} // namespace sluice::testing
