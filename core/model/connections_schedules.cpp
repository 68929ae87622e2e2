// SPDX-License-Identifier: GPL-3.0-or-later
#include <tuple>

#include <date/tz.h>

#include <fmt/format.h>

#include "core/model/connections_parts.h"
#include "core/model/text_check.h"

namespace sluice {

namespace {

constexpr size_t kMaxWindows = 64;
constexpr int kMinutesOfHour = 60;

bool isZone(const std::string& name)
{
    try {
        date::locate_zone(name);
        return true;
    } catch (const std::exception&) {
        return false; // the library has no other way to say it
    }
}

/// "10:00" as minutes since midnight; 24:00 is the end of a day.
bool readTime(const MapReader& map, std::string_view key, int& out)
{
    std::string text;
    if (!map.text(key, text)) return false;
    const auto digit = [&](size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    const bool form = text.size() == 5 && digit(0) && digit(1) && text[2] == ':' && digit(3) && digit(4);
    const int hours = form ? (text[0] - '0') * 10 + (text[1] - '0') : 0;
    const int minutes = form ? (text[3] - '0') * 10 + (text[4] - '0') : 0;
    const int all = hours * kMinutesOfHour + minutes;
    if (!form || minutes >= kMinutesOfHour || all > kMinutesOfDay) {
        map.error(key, fmt::format("'{}' is no time of day; write it like '10:00'", quotedForPeople(text)));
        return false;
    }
    out = all;
    return true;
}

DayWindow readWindow(ConnectionsDraft& draft, const YamlNode& node, const std::string& path)
{
    const MapReader map(draft.report, node, path, {"days", "from", "to", "because"});
    DayWindow window;
    std::vector<std::string> days;
    if (map.names("days", days)) {
        window.days.fill(false);
        for (const std::string& name : days) {
            const int day = weekdayOf(name);
            if (day < 0)
                map.error("days", fmt::format("'{}' is no day; write mon, tue, wed, thu, fri, sat or sun", name));
            else
                window.days[static_cast<size_t>(day)] = true;
        }
    }
    readTime(map, "from", window.from);
    readTime(map, "to", window.to);
    map.text("because", window.because);
    if (window.from == window.to) map.error("to", "from and to are the same time; leave both out for a whole day");
    return window;
}

void readWindows(ConnectionsDraft& draft, const MapReader& map, std::string_view key, std::vector<DayWindow>& out)
{
    const YamlNode* node = map.find(key);
    if (node == nullptr) return;
    const auto& items = listItems(draft.report, *node, map.pathOf(key), kMaxWindows);
    for (size_t i = 0; i < items.size(); ++i)
        out.push_back(readWindow(draft, items[i], fmt::format("{}[{}]", map.pathOf(key), i)));
}

bool readDay(const MapReader& map, std::string_view key, CalendarDay& out)
{
    std::string text;
    if (!map.text(key, text)) return false;
    const auto day = CalendarDay::parse(text);
    if (day)
        out = *day;
    else
        map.error(key,
                  fmt::format("'{}' is no day; write it like 2026-07-10, 12-20 for every year, or 'fourth thursday "
                              "of november + 1d'",
                              quotedForPeople(text)));
    return day.has_value();
}

Freeze readFreeze(ConnectionsDraft& draft, const YamlNode& node, const std::string& path)
{
    const MapReader map(draft.report, node, path, {"name", "on", "from", "to"});
    Freeze freeze;
    map.require("name", "{name: Black Friday, on: fourth thursday of november + 1d}");
    map.text("name", freeze.name);
    if (map.has("on") == map.has("from") || map.has("from") != map.has("to"))
        draft.report.error(node, path, "a freeze has one day (on:) or a first and a last one (from:, to:)");
    if (readDay(map, "on", freeze.first)) freeze.last = freeze.first;
    readDay(map, "from", freeze.first);
    readDay(map, "to", freeze.last);
    if (freeze.first.year.has_value() != freeze.last.year.has_value())
        map.error("to", "one of the two has a year and the other has none; write both alike");
    const auto dated = [](const CalendarDay& day) { return std::tuple(day.year, day.month, day.day); };
    if (freeze.first.year && freeze.last.year && dated(freeze.last) < dated(freeze.first))
        map.error("to", "the last day lies before the first");
    return freeze;
}

} // namespace

void readSchedules(ConnectionsDraft& draft, const YamlNode& node)
{
    const MapReader all(draft.report, node, "schedules", {}, MapReader::Extra::Allow);
    if (!all.isMap()) return;
    for (size_t i = 0; i < node.keys.size(); ++i) {
        const std::string path = "schedules." + node.keys[i].text;
        const MapReader map(draft.report, node.items[i], path, {"zone", "prefer", "avoid", "freeze"});
        Schedule& schedule = draft.connections.schedules[node.keys[i].text];
        if (map.text("zone", schedule.zone) && !isZone(schedule.zone))
            map.error("zone", fmt::format("there is no time zone '{}'; write one like America/Los_Angeles",
                                          quotedForPeople(schedule.zone)));
        readWindows(draft, map, "prefer", schedule.prefer);
        readWindows(draft, map, "avoid", schedule.avoid);
        const YamlNode* freezes = map.find("freeze");
        if (freezes == nullptr) continue;
        const auto& items = listItems(draft.report, *freezes, map.pathOf("freeze"), kMaxWindows);
        for (size_t one = 0; one < items.size(); ++one)
            schedule.freeze.push_back(readFreeze(draft, items[one], fmt::format("{}[{}]", map.pathOf("freeze"), one)));
    }
}

} // namespace sluice
