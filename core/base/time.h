// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace sluice {

/// Every duration and instant in Sluice is whole microseconds (nanoseconds would pass 2^53 in JSON).
using Duration = std::chrono::microseconds;

/// Calendar time, µs since the epoch, UTC. For display, calendars and certificates; never for order,
/// bake, `for` clocks or leases.
using WallTime = std::chrono::sys_time<Duration>;

/// CLOCK_BOOTTIME: goes on during suspend, never jumps. Bake, `for`, deadlines and leases use it.
struct BootClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock, Duration>;
    static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

/// Both clocks, read together. The heart gets it as an argument and reads no clock itself.
struct Now {
    WallTime wall{};
    BootTime boot{};
};

constexpr int64_t micros(Duration d)
{
    return d.count();
}
constexpr int64_t micros(WallTime t)
{
    return t.time_since_epoch().count();
}
constexpr int64_t micros(BootTime t)
{
    return t.time_since_epoch().count();
}
constexpr WallTime wallTime(int64_t us)
{
    return WallTime(Duration(us));
}
constexpr BootTime bootTime(int64_t us)
{
    return BootTime(Duration(us));
}

} // namespace sluice
