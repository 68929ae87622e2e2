// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/schedule.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sluice {

namespace {

constexpr std::string_view kWeekdays[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
constexpr std::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
constexpr std::string_view kCounts[] = {"first", "second", "third", "fourth", "fifth"};
constexpr size_t kShort = 3; ///< "thu", "nov"
constexpr int kMostPlus = 31;

/// The place of a word, whole or by its first three letters; -1.
template <size_t N>
int placeOf(std::string_view word, const std::string_view (&words)[N])
{
    for (size_t i = 0; i < N; ++i)
        if (word == words[i] || (word.size() == kShort && word == words[i].substr(0, kShort)))
            return static_cast<int>(i);
    return -1;
}

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, char by)
{
    std::vector<std::string_view> out;
    while (true) {
        const size_t at = text.find(by);
        if (at != 0) out.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

/// "2026-07-10", "12-20"
std::optional<CalendarDay> parseDate(std::string_view text)
{
    constexpr std::string_view kWhole = "0000-00-00";
    constexpr std::string_view kYearly = "00-00";
    const std::string_view form = text.size() == kWhole.size() ? kWhole : kYearly;
    const auto fits = [](char c, char wanted) { return wanted == '-' ? c == '-' : c >= '0' && c <= '9'; };
    if (text.size() != form.size() || !std::ranges::equal(text, form, fits)) return std::nullopt;
    CalendarDay day;
    if (form == kWhole) day.year = number(text.substr(0, 4));
    day.month = *number(text.substr(text.size() - 5, 2));
    day.day = *number(text.substr(text.size() - 2));
    constexpr int kLeapYear = 2024; // every year's day may be the 29th of February
    const std::chrono::year_month_day checked{std::chrono::year(day.year.value_or(kLeapYear)),
                                              std::chrono::month(static_cast<unsigned>(day.month)),
                                              std::chrono::day(static_cast<unsigned>(day.day))};
    return checked.ok() ? std::optional(day) : std::nullopt;
}

/// "fourth thursday of november", with "+ 1d" behind it
std::optional<CalendarDay> parseCounted(std::string_view text)
{
    CalendarDay day;
    if (const size_t plus = text.find('+'); plus != std::string_view::npos) {
        std::string_view days = text.substr(plus + 1);
        while (days.starts_with(' '))
            days.remove_prefix(1);
        const auto amount = days.ends_with('d') ? number(days.substr(0, days.size() - 1)) : std::nullopt;
        if (!amount || *amount < 0 || *amount > kMostPlus) return std::nullopt;
        day.plus = *amount;
        text = text.substr(0, plus);
    }
    const auto words = split(text, ' ');
    const bool trailing = !words.empty() && words.back().empty();
    if (words.size() - (trailing ? 1 : 0) != 4 || words[2] != "of") return std::nullopt;
    const auto* count = std::ranges::find(kCounts, words[0]);
    day.nth = words[0] == "last" ? -1 : count == std::end(kCounts) ? 0 : static_cast<int>(count - kCounts) + 1;
    day.weekday = weekdayOf(words[1]);
    day.month = placeOf(words[3], kMonths) + 1;
    if (day.nth == 0 || day.weekday < 0 || day.month == 0) return std::nullopt;
    return day;
}

} // namespace

int weekdayOf(std::string_view text)
{
    return placeOf(text, kWeekdays);
}

std::optional<CalendarDay> CalendarDay::parse(std::string_view text)
{
    return text.find(" of ") == std::string_view::npos ? parseDate(text) : parseCounted(text);
}

} // namespace sluice
