// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace sluice::app {

/// Whole milliseconds, rounded to the nearest: the one number that text and JSON show for the same duration.
inline int64_t milliseconds(Duration duration)
{
    return (duration.count() + 500) / 1000;
}

} // namespace sluice::app
