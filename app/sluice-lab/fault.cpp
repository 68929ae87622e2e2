// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/fault.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include <fmt/format.h>

namespace sluice::app::lab {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kMaxLatency = seconds(30); // longer than any time-out in front of it says nothing new
constexpr Duration kMaxDuration = hours(48);
constexpr int kMaxDigits = 9;
constexpr const char* kKeys = "errors, latency, cpu, memory, payments, users, health";

Error bad(std::string detail)
{
    return Error{Fault::BadInput, std::move(detail)};
}

std::optional<int64_t> wholeNumber(std::string_view digits)
{
    int64_t number = 0;
    if (digits.empty() || digits.size() > kMaxDigits ||
        !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
        return {};
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

/// "2.5%" to 25'000; at most four decimals, 0 to 100 %.
Result<int64_t> percentToPpm(std::string_view text)
{
    const Error wrong = bad(fmt::format("'{}' is not a share between 0% and 100%.", text));
    if (!text.ends_with('%'))
        return bad(fmt::format("'{}' is not a share: write it with a percent sign, like 10%.", text));
    const std::string_view number = text.substr(0, text.size() - 1);
    const size_t dot = number.find('.');
    const auto whole = wholeNumber(number.substr(0, dot));
    if (!whole) return wrong;
    int64_t ppm = *whole * 10'000;
    if (dot != std::string_view::npos) {
        std::string decimals(number.substr(dot + 1));
        if (decimals.empty() || decimals.size() > 4) return wrong;
        decimals.resize(4, '0');
        const auto fraction = wholeNumber(decimals);
        if (!fraction) return wrong;
        ppm += *fraction;
    }
    if (ppm > 1'000'000) return wrong;
    return ppm;
}

Outcome setShare(int64_t& field, std::string_view key, std::string_view value)
{
    const auto ppm = percentToPpm(value);
    if (!ppm) return bad(fmt::format("{}: {}", key, ppm.error().detail));
    if (ppm.value() == 0) return bad(fmt::format("{}: 0% is no fault; use clear to heal.", key));
    field = ppm.value();
    return Done{};
}

Outcome setLatency(InjectedFault& fault, std::string_view value)
{
    if (!value.starts_with('+')) return bad(fmt::format("latency: '{}' must be an addition, like +400ms.", value));
    const auto added = parseDuration(value.substr(1));
    if (!added) return bad("latency: " + added.error().detail);
    if (added.value() == Duration(0) || added.value() > kMaxLatency) {
        return bad(fmt::format("latency: '{}' is not between +1ms and +30s.", value));
    }
    fault.latency = added.value();
    return Done{};
}

Outcome setItem(InjectedFault& fault, std::string_view key, std::string_view value)
{
    if (key == "errors") return setShare(fault.errorsPpm, key, value);
    if (key == "cpu") return setShare(fault.cpuPpm, key, value);
    if (key == "memory") return setShare(fault.memoryPpm, key, value);
    if (key == "payments") return setShare(fault.paymentsPpm, key, value);
    if (key == "latency") return setLatency(fault, value);
    if (key == "users") {
        if (!value.starts_with('-')) return bad(fmt::format("users: '{}' must be a loss, like -30%.", value));
        return setShare(fault.usersLostPpm, key, value.substr(1));
    }
    if (key == "health") {
        if (value != "fail") return bad(fmt::format("health: '{}' is unknown; the only value is fail.", value));
        fault.unhealthy = true;
        return Done{};
    }
    return bad(fmt::format("'{}' is not a fault; known are {}.", key, kKeys));
}

std::string shareText(int64_t ppm)
{
    std::string text = fmt::format("{}.{:04}", ppm / 10'000, ppm % 10'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + "%";
}

} // namespace

Result<FaultOrder> parseFault(std::string_view text)
{
    FaultOrder order;
    if (const size_t at = text.find('@'); at != std::string_view::npos) {
        const auto weight = parseWeight(text.substr(at + 1));
        if (!weight) return bad("after '@': " + weight.error().detail);
        order.atWeight = weight.value();
        text = text.substr(0, at);
    }
    std::set<std::string_view> seen;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        const std::string_view item = text.substr(begin, end - begin);
        const size_t equals = item.find('=');
        if (equals == std::string_view::npos) {
            return bad(fmt::format("'{}' is not of the form name=value; known are {}.", item, kKeys));
        }
        const std::string_view key = item.substr(0, equals);
        if (!seen.insert(key).second) return bad(fmt::format("{} is given twice.", key));
        if (const auto set = setItem(order.fault, key, item.substr(equals + 1)); !set) return set.error();
        begin = end + 1;
    }
    return order;
}

Result<int> parseWeight(std::string_view text)
{
    const auto ppm = percentToPpm(text);
    if (!ppm) return ppm.error();
    if (ppm.value() % 100 != 0) return bad(fmt::format("'{}' is finer than 0.01%.", text));
    return static_cast<int>(ppm.value() / 100);
}

Result<Duration> parseDuration(std::string_view text)
{
    const size_t unitAt = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = wholeNumber(text.substr(0, unitAt));
    const std::string_view unit = text.substr(unitAt);
    const Error wrong = bad(fmt::format("'{}' is not a duration; write it like 400ms, 90s, 20m or 2h.", text));
    if (!number) return wrong;
    Duration one{0};
    if (unit == "ms") one = milliseconds(1);
    if (unit == "s") one = seconds(1);
    if (unit == "m") one = minutes(1);
    if (unit == "h") one = hours(1);
    if (one == Duration(0)) return wrong;
    if (*number > kMaxDuration / one) return bad(fmt::format("'{}' is longer than 48h.", text));
    return *number * one;
}

std::string faultText(const InjectedFault& fault)
{
    std::vector<std::string> items;
    if (fault.errorsPpm > 0) items.push_back("errors=" + shareText(fault.errorsPpm));
    if (fault.latency > Duration(0)) {
        items.push_back(fmt::format("latency=+{}ms", std::chrono::duration_cast<milliseconds>(fault.latency).count()));
    }
    if (fault.cpuPpm > 0) items.push_back("cpu=" + shareText(fault.cpuPpm));
    if (fault.memoryPpm > 0) items.push_back("memory=" + shareText(fault.memoryPpm));
    if (fault.paymentsPpm > 0) items.push_back("payments=" + shareText(fault.paymentsPpm));
    if (fault.usersLostPpm > 0) items.push_back("users=-" + shareText(fault.usersLostPpm));
    if (fault.unhealthy) items.push_back("health=fail");
    return items.empty() ? "none" : fmt::format("{}", fmt::join(items, ","));
}

} // namespace sluice::app::lab
