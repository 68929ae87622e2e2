// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy/calendar.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <date/tz.h>

#include <fmt/format.h>

namespace sluice::policy {

namespace {

using State = ScheduleAnswer::State;
using Minutes = std::chrono::minutes;

constexpr int kWeek = 7;
constexpr Minutes kLookStep{15};
constexpr int kLookDays = 60;
constexpr const char* kDayNames[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/// A moment as the clock on the wall shows it.
struct Local {
    date::local_days day{};
    int minute{0};
};

Local localOf(const date::time_zone& zone, WallTime at)
{
    const auto time = zone.to_local(date::floor<std::chrono::seconds>(at));
    const auto day = date::floor<date::days>(time);
    return {day, static_cast<int>(date::floor<Minutes>(time - day).count())};
}

size_t weekday(date::local_days day)
{
    return date::weekday(day).c_encoding();
}

bool isIn(const DayWindow& window, const Local& at)
{
    const size_t today = weekday(at.day);
    if (window.from < window.to) return window.days[today] && at.minute >= window.from && at.minute < window.to;
    // Over midnight: the day is the one on which it begins.
    const size_t yesterday = (today + kWeek - 1) % kWeek;
    return (window.days[today] && at.minute >= window.from) || (window.days[yesterday] && at.minute < window.to);
}

const DayWindow* windowAt(const std::vector<DayWindow>& windows, const Local& at)
{
    const auto found = std::ranges::find_if(windows, [&](const DayWindow& one) { return isIn(one, at); });
    return found == windows.end() ? nullptr : &*found;
}

std::string timeText(int minute)
{
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::string nameOf(const DayWindow& window, const Local& at)
{
    if (!window.because.empty()) return window.because;
    const bool wholeDay = window.from == 0 && window.to == kMinutesOfDay;
    return wholeDay ? kDayNames[weekday(at.day)] : timeText(window.from) + " to " + timeText(window.to);
}

/// The day in this year; the fifth of a weekday that a month has four times is none.
std::optional<date::local_days> dayIn(const CalendarDay& day, date::year year)
{
    const date::month month(static_cast<unsigned>(day.month));
    const date::weekday weekday(static_cast<unsigned>(day.weekday));
    if (day.nth == 0) {
        const date::year_month_day exact = year / month / date::day(static_cast<unsigned>(day.day));
        // The 29th of February is the 28th in most years.
        return exact.ok() ? date::local_days(exact) : date::local_days(year / month / date::last);
    }
    if (day.nth < 0) return date::local_days(year / month / weekday[date::last]) + date::days(day.plus);
    const date::year_month_weekday counted = year / month / weekday[static_cast<unsigned>(day.nth)];
    if (!counted.ok()) return std::nullopt;
    return date::local_days(counted) + date::days(day.plus);
}

/// The last day of the freeze that `day` lies in.
std::optional<date::local_days> frozenUntil(const Freeze& freeze, date::local_days day)
{
    const date::year now = date::year_month_day(day).year();
    // Every year's freeze over New Year began last year or ends in the next.
    std::vector<date::year> all{now - date::years(1), now};
    if (freeze.first.year) all = {date::year(*freeze.first.year)};
    for (const date::year begins : all) {
        const auto first = dayIn(freeze.first, begins);
        if (!first) continue;
        const date::year ends = freeze.last.year ? date::year(*freeze.last.year) : begins;
        auto last = dayIn(freeze.last, ends);
        if (last && *last < *first && !freeze.last.year) last = dayIn(freeze.last, begins + date::years(1));
        if (last && day >= *first && day <= *last) return last;
    }
    return std::nullopt;
}

ScheduleAnswer answerAt(const Schedule& schedule, const Local& at)
{
    for (const Freeze& freeze : schedule.freeze)
        if (const auto until = frozenUntil(freeze, at.day))
            return {State::Frozen, freeze.name + date::format(" until %F", *until), {}};
    if (const DayWindow* window = windowAt(schedule.avoid, at)) return {State::Avoided, nameOf(*window, at), {}};
    if (schedule.prefer.empty() || windowAt(schedule.prefer, at) != nullptr) return {};
    return {State::Allowed, "outside the preferred hours", {}};
}

} // namespace

namespace {

const date::time_zone* zoneNamed(const std::string& name)
{
    try {
        return date::locate_zone(name);
    } catch (const std::exception&) {
        return nullptr; // the library has no other way to say it
    }
}

} // namespace

ScheduleAnswer checkSchedule(const Schedule& schedule, WallTime at)
{
    const date::time_zone* known = zoneNamed(schedule.zone);
    if (known == nullptr) return {State::Avoided, "the time zone " + schedule.zone + " is not known here", {}};
    const date::time_zone& zone = *known;
    ScheduleAnswer answer = answerAt(schedule, localOf(zone, at));
    if (!answer.needsException()) return answer;
    WallTime next = std::chrono::floor<Minutes>(at);
    next -= next.time_since_epoch() % kLookStep;
    for (const WallTime end = at + std::chrono::hours(24 * kLookDays); next < end;) {
        next += kLookStep;
        if (answerAt(schedule, localOf(zone, next)).needsException()) continue;
        answer.nextFree = date::format("%a %F %H:%M %Z", date::make_zoned(&zone, date::floor<Minutes>(next)));
        break;
    }
    return answer;
}

} // namespace sluice::policy
