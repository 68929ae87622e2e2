// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "core/base/time.h"

namespace sluice::analysis {

/// Beyond this a source's number is nonsense (it would not fit in millionths).
constexpr double kLargestValue = 9.0e12;

/// Millionths of a source's number; none for NaN, infinity and what is too large to be true.
inline std::optional<int64_t> toMillionths(double value)
{
    if (!std::isfinite(value) || std::abs(value) > kLargestValue) return std::nullopt;
    return std::llround(value * 1e6);
}

/// a * b / c without overflow between, rounded down; saturates at the ends of int64. c > 0.
inline int64_t mulDiv(int64_t a, int64_t b, int64_t c)
{
    __extension__ using Wide = __int128;
    const Wide product = static_cast<Wide>(a) * b;
    Wide quotient = product / c;
    if (product % c != 0 && product < 0) --quotient;
    if (quotient > INT64_MAX) return INT64_MAX;
    if (quotient < INT64_MIN) return INT64_MIN;
    return static_cast<int64_t>(quotient);
}

/// Same, rounded to the nearest (halves away from zero). For values of zero and more.
inline int64_t mulDivNearest(int64_t a, int64_t b, int64_t c)
{
    __extension__ using Wide = __int128;
    const Wide quotient = (static_cast<Wide>(a) * b + c / 2) / c;
    return quotient > INT64_MAX ? INT64_MAX : static_cast<int64_t>(quotient);
}

/// Seconds before and after every sample, far from overflow in milliseconds.
constexpr int64_t kLongAgo = -1'000'000'000'000;
constexpr int64_t kNotYet = 1'000'000'000'000;

/// The whole second of source time that an instant falls into.
inline int64_t secondOf(WallTime at)
{
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}
inline int64_t secondOfMs(int64_t ms)
{
    return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}
/// The first whole second that begins at or after an instant.
inline int64_t firstSecondFrom(WallTime at)
{
    return std::chrono::ceil<std::chrono::seconds>(at).time_since_epoch().count();
}
inline WallTime startOfSecond(int64_t second)
{
    return WallTime(std::chrono::seconds(second));
}
/// Whole seconds of a duration, rounded up.
inline int64_t wholeSeconds(Duration d)
{
    return std::chrono::ceil<std::chrono::seconds>(d).count();
}

} // namespace sluice::analysis
