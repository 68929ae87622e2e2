// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/clock.h"

namespace sluice::sim {

/// A clock that moves only when told. Wall time may jump and the machine may sleep, as real ones do.
class SimulatedClock final : public ports::Clock {
public:
    explicit SimulatedClock(WallTime start)
    {
        m_now.wall = start;
        m_now.boot = BootTime(std::chrono::hours(1));
    }

    Now now() const override { return m_now; }
    void advance(Duration by)
    {
        m_now.wall += by;
        m_now.boot += by;
    }
    /// Somebody sets the clock; durations are not touched.
    void jumpWall(Duration by) { m_now.wall += by; }

private:
    Now m_now{};
};

} // namespace sluice::sim
