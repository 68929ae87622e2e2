// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/units.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "core/model/text_check.h"

namespace sluice {

namespace {

struct TimeUnit {
    std::string_view name{};
    int64_t micros{0};
};
constexpr std::array<TimeUnit, 6> kTimeUnits{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
constexpr size_t kMaxWhole = 12;   ///< digits; with the largest unit still inside 64 bits
constexpr size_t kMaxFraction = 6; ///< digits

Error bad(std::string message)
{
    return Error{Fault::BadInput, std::move(message)};
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// "12" or "12.5" as it was written.
struct Decimal {
    std::string_view whole{};
    std::string_view fraction{};
    bool point{false};

    bool isNumber() const { return !whole.empty() && (!point || !fraction.empty()); }
};

std::string_view takeWhile(std::string_view& text, bool (*wanted)(char))
{
    const auto count = static_cast<size_t>(std::ranges::find_if_not(text, wanted) - text.begin());
    const std::string_view taken = text.substr(0, count);
    text.remove_prefix(count);
    return taken;
}

Decimal takeDecimal(std::string_view& text)
{
    Decimal number{.whole = takeWhile(text, isDigit)};
    if (!text.starts_with('.')) return number;
    text.remove_prefix(1);
    number.point = true;
    number.fraction = takeWhile(text, isDigit);
    return number;
}

int64_t toInt(std::string_view digits)
{
    int64_t value = 0;
    for (const char digit : digits)
        value = value * 10 + (digit - '0');
    return value;
}

/// The number times `scale`, when that is whole and fits: exact, without floating point.
std::optional<int64_t> scaled(const Decimal& number, int64_t scale)
{
    std::string_view fraction = number.fraction;
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    if (number.whole.size() > kMaxWhole || fraction.size() > kMaxFraction) return std::nullopt;
    const int64_t whole = toInt(number.whole);
    if (whole > INT64_MAX / 2 / scale) return std::nullopt;
    int64_t divisor = 1;
    for (size_t i = 0; i < fraction.size(); ++i)
        divisor *= 10;
    const int64_t part = toInt(fraction) * scale;
    if (part % divisor != 0) return std::nullopt;
    return whole * scale + part / divisor;
}

const TimeUnit* timeUnit(std::string_view name)
{
    const auto found = std::ranges::find(kTimeUnits, name, &TimeUnit::name);
    return found == kTimeUnits.end() ? nullptr : &*found;
}

Error notADuration(std::string_view text)
{
    return bad(fmt::format("'{}' is not a duration; write it like 15m, 30s, 1200ms or 1h30m", quotedForPeople(text)));
}

Error noTimeUnit(std::string_view text)
{
    return bad(fmt::format("{0} has no unit; write {0}s for seconds or {0}m for minutes", quotedForPeople(text)));
}

/// "1.5", exact: `value` / `scale` with at most six decimals.
std::string decimalText(int64_t value, int64_t scale)
{
    std::string text = std::to_string(value / scale);
    int64_t rest = value % scale;
    if (rest == 0) return text;
    text += '.';
    for (int64_t place = scale / 10; rest > 0; place /= 10) {
        text += static_cast<char>('0' + rest / place);
        rest %= place;
    }
    return text;
}

Result<int64_t> parsePerSecond(std::string_view text)
{
    const std::string_view all = text;
    const Decimal number = takeDecimal(text);
    const auto value = number.isNumber() ? scaled(number, kMillion) : std::nullopt;
    if (value && text == "/s") return *value;
    if (value && text.empty()) return bad(fmt::format("{0} has no unit; write {0}/s", quotedForPeople(all)));
    return bad(fmt::format("'{}' is not a rate; write it like 200/s", quotedForPeople(all)));
}

} // namespace

Result<Duration> parseDuration(std::string_view text)
{
    const std::string_view all = text;
    int64_t sum = 0;
    int64_t last = INT64_MAX;
    if (text.empty()) return notADuration(all);
    while (!text.empty()) {
        const Decimal number = takeDecimal(text);
        if (!number.isNumber()) return notADuration(all);
        const std::string_view name = takeWhile(text, [](char c) { return c >= 'a' && c <= 'z'; });
        if (name.empty() && text.empty()) return last == INT64_MAX ? noTimeUnit(all) : notADuration(all);
        const TimeUnit* unit = timeUnit(name);
        if (unit == nullptr || unit->micros >= last) return notADuration(all);
        const auto value = scaled(number, unit->micros);
        if (!value || *value > micros(kLongestDuration) - sum) {
            return bad(fmt::format("{} is finer than 1us or longer than 366d", quotedForPeople(all)));
        }
        sum += *value;
        last = unit->micros;
    }
    return Duration(sum);
}

Result<int64_t> parsePercent(std::string_view text)
{
    const std::string_view all = text;
    if (text.starts_with('+')) text.remove_prefix(1);
    const Decimal number = takeDecimal(text);
    if (number.isNumber() && text.empty()) {
        return bad(fmt::format("{0} has no unit; write {0}%", quotedForPeople(all)));
    }
    if (!number.isNumber() || text != "%") {
        return bad(fmt::format("'{}' is not a percentage; write it like 2% or 0.5%", quotedForPeople(all)));
    }
    const auto value = scaled(number, 10'000);
    if (!value || *value > kMaxPercentPpm) {
        return bad(fmt::format("{} is finer than 0.0001% or above 10000%", quotedForPeople(all)));
    }
    return *value;
}

Result<int64_t> parseCount(std::string_view text)
{
    const std::string_view all = text;
    const Decimal number = takeDecimal(text);
    const auto value = number.isNumber() && text.empty() ? scaled(number, 1) : std::nullopt;
    if (!value || number.point) {
        return bad(fmt::format("'{}' is not a whole number; write it like 10", quotedForPeople(all)));
    }
    return *value;
}

Result<int64_t> parseNumber(std::string_view text)
{
    const std::string_view all = text;
    const Decimal number = takeDecimal(text);
    const auto value = number.isNumber() && text.empty() ? scaled(number, kMillion) : std::nullopt;
    if (!value) return bad(fmt::format("'{}' is not a number; write it like 90 or 0.95", quotedForPeople(all)));
    return *value;
}

Result<int64_t> parseAmount(std::string_view text, Unit unit)
{
    switch (unit) {
    case Unit::Ratio: return parsePercent(text);
    case Unit::Time: {
        const auto duration = parseDuration(text);
        if (!duration) return duration.error();
        return micros(duration.value());
    }
    case Unit::PerSecond: return parsePerSecond(text);
    case Unit::Count:
    case Unit::Plain: return parseNumber(text);
    }
    return bad("an unknown unit");
}

std::string durationUnitText(Duration d)
{
    if (d == Duration(0)) return "0s";
    std::string text;
    int64_t rest = micros(d);
    for (const TimeUnit& unit : kTimeUnits) {
        if (rest >= unit.micros) text += std::to_string(rest / unit.micros) + std::string(unit.name);
        rest %= unit.micros;
    }
    return text;
}

std::string percentUnitText(int64_t ppm)
{
    return decimalText(ppm, 10'000) + "%";
}

std::string amountUnitText(int64_t millionths, Unit unit)
{
    switch (unit) {
    case Unit::Ratio: return percentUnitText(millionths);
    case Unit::Time: {
        const bool shortTime = millionths % 1000 == 0 && millionths < 10'000'000;
        return shortTime ? std::to_string(millionths / 1000) + "ms" : durationUnitText(Duration(millionths));
    }
    case Unit::PerSecond: return decimalText(millionths, kMillion) + "/s";
    case Unit::Count:
    case Unit::Plain: return decimalText(millionths, kMillion);
    }
    return {};
}

} // namespace sluice
