// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/model/value.h"

// Numbers as people write them: always with their unit. Every error is BadInput and says what would be right. No
// floating point: what is written is what is compared.

namespace sluice {

constexpr Duration kLongestDuration = std::chrono::hours(24 * 366);
constexpr int64_t kMaxPercentPpm = 100 * kMillion; ///< 10,000 %

/// `1200ms`, `15m`, `1h30m`, `24h`, `7d`, `1.5s`, `0s`: parts from large to small, each unit once (us ms s m h d).
Result<Duration> parseDuration(std::string_view text);

/// `2%`, `0.5%`, `+50%`: in ppm; at most four decimals, at most 10,000 %, never below zero.
Result<int64_t> parsePercent(std::string_view text);

/// A whole number from 0 on.
Result<int64_t> parseCount(std::string_view text);

/// A number in millionths, at most six decimals, never below zero: `0.95`, `90`.
Result<int64_t> parseNumber(std::string_view text);

/// A value of a metric in its unit (see value.h): `2%`, `1200ms`, `10`, `200/s`, `0.5`.
Result<int64_t> parseAmount(std::string_view text, Unit unit);

/// The form that parseDuration() reads, exact: "1h30m", "1s200ms", "0s".
std::string durationUnitText(Duration d);
/// The form that parsePercent() reads, exact: "0.5%".
std::string percentUnitText(int64_t ppm);
/// The form that parseAmount() reads, exact.
std::string amountUnitText(int64_t millionths, Unit unit);

} // namespace sluice
