// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/time.h"
#include "core/model/schedule.h"

namespace sluice::policy {

/// What a schedule says of a moment.
struct ScheduleAnswer {
    enum class State {
        Preferred, ///< or nothing is preferred
        Allowed,   ///< neither preferred nor avoided
        Avoided,   ///< a start needs an exception
        Frozen,    ///< as above
    };
    State state{State::Preferred};
    std::string why{}; ///< "Friday", "22:00 to 06:00", "Black Friday until 2026-11-30"; empty when preferred
    /// The next quarter of an hour at which a start is Allowed or better, "Mon 2026-11-30 00:00 PST"; empty when it is
    /// now, or not within 60 days.
    /// The next quarter of an hour at which a start is Allowed or better, "Mon 2026-11-30 00:00 PST"; empty when it is
    /// now, or not within 60 days.
    std::string nextFree{};

    bool needsException() const { return state == State::Avoided || state == State::Frozen; }
};

/// Local time and summer time come from the system's IANA database; without the schedule's zone in it any time is
/// avoided. Pure besides that.
ScheduleAnswer checkSchedule(const Schedule& schedule, WallTime at);

} // namespace sluice::policy
