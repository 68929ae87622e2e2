// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/base/time.h"

namespace sluice {

/// What a metric's number means. Every metric value in Sluice is an int64 in millionths of its natural
/// unit: a ratio in ppm (2 % = 20'000), a time in µs (1200 ms = 1'200'000), anything else in millionths
/// (5 errors = 5'000'000). The journal holds integers only.
enum class Unit { Ratio, Time, Count, PerSecond, Plain };

/// Which way a metric gets worse.
enum class Worse { Higher, Lower };

constexpr int64_t kMillion = 1'000'000;

/// "2 %", "0.68 %", "1 200 ms", "201 /s", "5": for command line, log and reports (English, C locale).
std::string valueText(int64_t millionths, Unit unit);
/// "10 %", "0.5 %" from a share in ppm.
std::string percentText(int64_t ppm);
/// "15 min", "24 h", "40 s", "250 ms", "1 h 5 min".
std::string durationText(Duration d);
/// "2026-11-21T14:32:06Z".
std::string wallText(WallTime t);

} // namespace sluice
