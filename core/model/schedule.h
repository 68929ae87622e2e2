// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

constexpr int kMinutesOfDay = 24 * 60;

/// Days of a week and a part of them, in the schedule's own time.
struct DayWindow {
    std::array<bool, 7> days{true, true, true, true, true, true, true}; ///< Sunday first
    int from{0};                                                        ///< minutes since midnight
    int to{kMinutesOfDay}; ///< exclusive; before `from`: until that time of the next day
    std::string because{}; ///< "late night"; empty: the days say it
    friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

/// A day of a calendar: every year's, one year's, or one that is counted.
struct CalendarDay {
    std::optional<int> year{}; ///< none: every year
    int month{1};
    int day{1};     ///< of the month; not used where a weekday is counted
    int nth{0};     ///< 1 to 5: the nth weekday of the month; -1: its last; 0: a date
    int weekday{0}; ///< Sunday is 0
    int plus{0};    ///< days after that
    friend bool operator==(const CalendarDay&, const CalendarDay&) = default;

    /// "2026-07-10", "12-20", "fourth thursday of november + 1d"; none for anything else.
    static std::optional<CalendarDay> parse(std::string_view text);
};

/// Nothing starts from the first day to the last, both whole.
struct Freeze {
    std::string name{};
    CalendarDay first{};
    CalendarDay last{};
    friend bool operator==(const Freeze&, const Freeze&) = default;
};

/// When releases start. A rollback and what runs already never ask it.
struct Schedule {
    std::string zone{"UTC"};         ///< of the IANA database, "America/Los_Angeles"
    std::vector<DayWindow> prefer{}; ///< said when a start lies outside
    std::vector<DayWindow> avoid{};  ///< a start needs an exception
    std::vector<Freeze> freeze{};    ///< as above
    friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// "sunday", "sun"; -1 for anything else.
int weekdayOf(std::string_view text);

} // namespace sluice
