// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>
#include <QTimeZone>
#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/model/value.h"
#include "core/model/weight.h"

namespace sluice::ui {

/// How numbers and times are written for this person. Decimal signs come from the locale; digits are grouped by a
/// no-break space (SI), which reads the same in every language.
struct Formats {
    QLocale locale{QLocale::English};
    QTimeZone zone{QTimeZone::utc()};
};

/// Trimmed: "2 %" for a limit a person wrote; Even: "2.0 %", so that a running value does not jump in width.
enum class Digits { Even, Trimmed };

/// "0.68 %", "1 310 ms", "201 /s", "5" from millionths of the unit's natural measure.
QString valueText(int64_t millionths, Unit unit, const Formats& formats, Digits digits = Digits::Even);
/// As valueText, or a dash where there is no number.
QString valueText(const std::optional<int64_t>& millionths, Unit unit, const Formats& formats);
/// "10 %", "0.5 %".
QString weightText(Weight weight, const Formats& formats);
/// "10.0 %": a share that was seen, always with one decimal.
QString shareText(int64_t ppm, const Formats& formats);
QString percentText(int64_t ppm, const Formats& formats, Digits digits = Digits::Trimmed);
/// Score in 1/1000 point as whole points, rounded down: 89'999 must not read as 90.
QString scoreText(const std::optional<int64_t>& milli);

/// "12:54", "1:02:03": a running clock.
QString clockText(Duration duration);
/// "15 min", "24 h", "40 s", "1 h 5 min", "250 ms": a length that somebody wrote down.
QString lengthText(Duration duration, const Formats& formats);
/// "0.04 s", "31 s": a length that was measured.
QString tookText(Duration duration, const Formats& formats);
/// "0.8 s ago", "12 s ago", "3 h ago".
QString agoText(Duration age, const Formats& formats);
/// "0.8 s", "12 s", "3 h".
QString ageText(Duration age, const Formats& formats);

/// "14:32:06" and "14:32" in the zone of the formats.
QString timeText(WallTime at, const Formats& formats);
QString minuteText(WallTime at, const Formats& formats);
/// "21 Nov 14:00".
QString dayText(WallTime at, const Formats& formats);
/// "CET".
QString zoneText(WallTime at, const Formats& formats);

/// A number and its unit that never break apart.
QString joined(const QString& number, const QString& unit);
QString dash();
/// UTF-8 of core as text.
QString text(const std::string& utf8);
std::string utf8(const QString& text);
/// "engineering-lead" as people say it: "engineering lead".
QString roleText(const std::string& role);

} // namespace sluice::ui
