// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/value.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace sluice {

namespace {

/// "0.68", "10", "1.5": at most two decimals, trailing zeros dropped.
std::string decimal(double number)
{
    std::string text = fmt::format("{:.2f}", number);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string grouped(int64_t number)
{
    std::string digits = std::to_string(std::llabs(number));
    for (auto at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<size_t>(at), " ");
    return number < 0 ? "-" + digits : digits;
}

} // namespace

std::string percentText(int64_t ppm)
{
    return decimal(static_cast<double>(ppm) / 10'000) + " %";
}

std::string valueText(int64_t millionths, Unit unit)
{
    const double number = static_cast<double>(millionths) / kMillion;
    switch (unit) {
    case Unit::Ratio: return percentText(millionths);
    case Unit::Time:
        return millionths >= 10'000 || millionths == 0 ? grouped((millionths + 500) / 1000) + " ms"
                                                       : decimal(number * 1000) + " ms";
    case Unit::PerSecond: return decimal(number) + " /s";
    case Unit::Count:
    case Unit::Plain: return std::abs(number) >= 1000 ? grouped(static_cast<int64_t>(number)) : decimal(number);
    }
    return {};
}

std::string durationText(Duration d)
{
    using namespace std::chrono;
    if (d < Duration(0)) return "-" + durationText(-d);
    if (d < 1s) return fmt::format("{} ms", duration_cast<milliseconds>(d).count());
    const int64_t all = duration_cast<seconds>(d).count();
    if (all < 120 && all % 60 != 0) return fmt::format("{} s", all);
    const int64_t h = all / 3600;
    const int64_t m = all / 60 % 60;
    const int64_t s = all % 60;
    std::string text;
    if (h > 0) text += fmt::format("{} h ", h);
    if (m > 0) text += fmt::format("{} min ", m);
    if (s > 0 && h == 0) text += fmt::format("{} s ", s);
    text.pop_back();
    return text;
}

std::string wallText(WallTime t)
{
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

} // namespace sluice
