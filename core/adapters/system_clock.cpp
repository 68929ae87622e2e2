// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/system_clock.h"

#include <time.h>

#include "core/base/check.h"

namespace sluice::adapters {

namespace {

Duration read(clockid_t id)
{
    timespec now{};
    SLUICE_CHECK(clock_gettime(id, &now) == 0);
    return std::chrono::seconds(now.tv_sec) +
           std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(now.tv_nsec));
}

} // namespace

Now SystemClock::now() const
{
    return {.wall = WallTime(read(CLOCK_REALTIME)), .boot = BootTime(read(CLOCK_BOOTTIME))};
}

} // namespace sluice::adapters
