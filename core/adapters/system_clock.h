// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/clock.h"

namespace sluice::adapters {

/// CLOCK_REALTIME and CLOCK_BOOTTIME of this machine. Any thread; never blocks.
class SystemClock final : public ports::Clock {
public:
    Now now() const override;
};

} // namespace sluice::adapters
