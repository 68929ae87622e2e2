// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <cmath>

namespace sluice::ui {

namespace {

constexpr QChar kNoBreak(0x00A0);
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

/// Context for translators.
struct TextWords {
    Q_DECLARE_TR_FUNCTIONS(TextWords)
};

QString number(double value, int decimals, const Formats& formats, Digits digits)
{
    QLocale locale = formats.locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    QString out = locale.toString(value, 'f', decimals);
    const QString point = locale.decimalPoint();
    if (digits == Digits::Trimmed && decimals > 0)
        while (out.endsWith(locale.zeroDigit()) || out.endsWith(point)) {
            const bool wasPoint = out.endsWith(point);
            out.chop(1);
            if (wasPoint) break;
        }
    qsizetype whole = out.indexOf(point);
    if (whole < 0) whole = out.size();
    const qsizetype first = value < 0 ? 1 : 0;
    for (qsizetype at = whole - 3; at > first; at -= 3)
        out.insert(at, kNoBreak);
    return out;
}

/// Two decimals under one, one under ten, none above: three figures are enough to decide on.
int decimalsFor(double value)
{
    const double size = std::abs(value);
    if (size < 1) return 2;
    return size < 10 ? 1 : 0;
}

QDateTime local(WallTime at, const Formats& formats)
{
    return QDateTime::fromMSecsSinceEpoch(micros(at) / 1000, formats.zone);
}

} // namespace

QString joined(const QString& number, const QString& unit)
{
    return number + kNoBreak + unit;
}

QString valueText(int64_t millionths, Unit unit, const Formats& formats, Digits digits)
{
    const auto value = static_cast<double>(millionths);
    switch (unit) {
    case Unit::Ratio: return percentText(millionths, formats, digits);
    case Unit::Time: {
        const double ms = value / 1000;
        return joined(number(ms, std::abs(ms) < 10 ? 1 : 0, formats, digits), TextWords::tr("ms"));
    }
    case Unit::PerSecond: {
        const double rate = value / kMillion;
        return joined(number(rate, decimalsFor(rate) == 2 ? 1 : 0, formats, digits), TextWords::tr("/s"));
    }
    case Unit::Count: return number(value / kMillion, 0, formats, digits);
    case Unit::Plain: return number(value / kMillion, decimalsFor(value / kMillion), formats, digits);
    }
    return {};
}

QString valueText(const std::optional<int64_t>& millionths, Unit unit, const Formats& formats)
{
    return millionths ? valueText(*millionths, unit, formats) : dash();
}

QString weightText(Weight weight, const Formats& formats)
{
    return percentText(weight.ppm(), formats, Digits::Trimmed);
}

QString percentText(int64_t ppm, const Formats& formats, Digits digits)
{
    const double percent = static_cast<double>(ppm) / 10'000;
    return joined(number(percent, decimalsFor(percent), formats, digits), QStringLiteral("%"));
}

QString shareText(int64_t ppm, const Formats& formats)
{
    return joined(number(static_cast<double>(ppm) / 10'000, 1, formats, Digits::Even), QStringLiteral("%"));
}

QString scoreText(const std::optional<int64_t>& milli)
{
    return milli ? QString::number(*milli / 1000) : dash();
}

QString clockText(Duration duration)
{
    const int64_t seconds = std::max<int64_t>(0, micros(duration) / kSecond);
    const auto two = [](int64_t part) { return QStringLiteral("%1").arg(part, 2, 10, QLatin1Char('0')); };
    if (seconds >= 3600)
        return QStringLiteral("%1:%2:%3").arg(seconds / 3600).arg(two(seconds / 60 % 60), two(seconds % 60));
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(two(seconds % 60));
}

QString lengthText(Duration duration, const Formats& formats)
{
    const int64_t us = micros(duration);
    const auto part = [&formats](int64_t amount, const QString& unit) {
        return joined(formats.locale.toString(static_cast<qlonglong>(amount)), unit);
    };
    if (us >= kHour) {
        const int64_t minutes = us % kHour / kMinute;
        const QString hours = part(us / kHour, TextWords::tr("h"));
        return minutes == 0 ? hours : hours + kNoBreak + part(minutes, TextWords::tr("min"));
    }
    if (us >= kMinute) {
        const int64_t seconds = us % kMinute / kSecond;
        const QString minutes = part(us / kMinute, TextWords::tr("min"));
        return seconds == 0 ? minutes : minutes + kNoBreak + part(seconds, TextWords::tr("s"));
    }
    if (us >= kSecond || us == 0) return part(us / kSecond, TextWords::tr("s"));
    return part(us / 1000, TextWords::tr("ms"));
}

QString tookText(Duration duration, const Formats& formats)
{
    const double seconds = static_cast<double>(micros(duration)) / kSecond;
    if (seconds >= 120) return clockText(duration);
    return joined(number(seconds, decimalsFor(seconds), formats, Digits::Even), TextWords::tr("s"));
}

QString ageText(Duration age, const Formats& formats)
{
    const int64_t us = std::max<int64_t>(0, micros(age));
    if (us < 2 * kSecond)
        return joined(number(static_cast<double>(us) / kSecond, 1, formats, Digits::Even), TextWords::tr("s"));
    if (us < kMinute) return lengthText(Duration(us / kSecond * kSecond), formats);
    if (us < kHour) return lengthText(Duration(us / kMinute * kMinute), formats);
    if (us < 2 * kDay) return lengthText(Duration(us / kHour * kHour), formats);
    return joined(formats.locale.toString(static_cast<qlonglong>(us / kDay)), TextWords::tr("d"));
}

QString agoText(Duration age, const Formats& formats)
{
    return TextWords::tr("%1 ago").arg(ageText(age, formats));
}

QString timeText(WallTime at, const Formats& formats)
{
    return local(at, formats).toString(QStringLiteral("HH:mm:ss"));
}

QString minuteText(WallTime at, const Formats& formats)
{
    return local(at, formats).toString(QStringLiteral("HH:mm"));
}

QString dayText(WallTime at, const Formats& formats)
{
    return formats.locale.toString(local(at, formats), QStringLiteral("dd MMM HH:mm"));
}

QString zoneText(WallTime at, const Formats& formats)
{
    return formats.zone.abbreviation(local(at, formats));
}

QString dash()
{
    return QStringLiteral("—");
}

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

std::string utf8(const QString& text)
{
    return text.toStdString();
}

QString roleText(const std::string& role)
{
    return text(role).replace(QLatin1Char('-'), QLatin1Char(' '));
}

} // namespace sluice::ui
