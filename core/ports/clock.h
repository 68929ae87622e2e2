// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

namespace sluice::ports {

/// The only way to the time of day and to BOOTTIME. Any thread; never blocks.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Now now() const = 0;
};

} // namespace sluice::ports
