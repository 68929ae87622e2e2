// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/palette.h"

#include <QVariant>
#include <QWidget>
#include <algorithm>
#include <cmath>

namespace sluice::ui {

namespace {

Palette derived(Palette p)
{
    // The tint must stay weak enough for third-rank text on top of it.
    p.canaryTint = mixed(p.canary, p.panel, p.dark() ? 0.14 : 0.12);
    p.fadedCanary = mixed(p.canary, p.panel, 0.45);
    p.onFadedCanary = p.text;
    p.scrim = QColor(0, 0, 0, p.dark() ? 140 : 90);
    return p;
}

Palette darkPalette()
{
    Palette p{.kind = ThemeKind::Dark};
    p.window = QColor(0x14, 0x17, 0x1C);
    p.panel = QColor(0x1B, 0x1F, 0x26);
    p.raised = QColor(0x21, 0x26, 0x2F);
    p.line = QColor(0x2C, 0x33, 0x3E);
    p.text = QColor(0xE8, 0xEC, 0xF2);
    p.second = QColor(0xA3, 0xAD, 0xBB);
    p.third = QColor(0x85, 0x91, 0xA1);
    p.stable = QColor(0x9A, 0xA6, 0xB6);
    p.canary = QColor(0x56, 0xB4, 0xE9);
    p.ok = QColor(0x2B, 0xB3, 0x8A);
    p.warning = QColor(0xE3, 0xA7, 0x2F);
    p.critical = QColor(0xF0, 0x60, 0x3F);
    p.onCanary = QColor(0x0E, 0x11, 0x16);
    p.onCritical = QColor(0x0E, 0x11, 0x16);
    return derived(p);
}

Palette lightPalette()
{
    Palette p{.kind = ThemeKind::Light};
    p.window = QColor(0xF4, 0xF5, 0xF7);
    p.panel = QColor(0xFF, 0xFF, 0xFF);
    p.raised = QColor(0xF7, 0xF8, 0xFA);
    p.line = QColor(0xDD, 0xE1, 0xE7);
    p.text = QColor(0x17, 0x1B, 0x21);
    p.second = QColor(0x4E, 0x58, 0x66);
    p.third = QColor(0x66, 0x70, 0x80);
    p.stable = QColor(0x5F, 0x6A, 0x79);
    p.canary = QColor(0x00, 0x72, 0xB2);
    p.ok = QColor(0x0E, 0x7C, 0x5D);
    p.warning = QColor(0x8A, 0x5A, 0x00);
    p.critical = QColor(0xC4, 0x32, 0x0A);
    p.onCanary = QColor(0xFF, 0xFF, 0xFF);
    p.onCritical = QColor(0xFF, 0xFF, 0xFF);
    return derived(p);
}

Palette highContrastPalette()
{
    Palette p = darkPalette();
    p.kind = ThemeKind::HighContrast;
    p.window = QColor(0, 0, 0);
    p.panel = QColor(0, 0, 0);
    p.raised = QColor(0x1A, 0x1A, 0x1A);
    p.line = QColor(0xA0, 0xA0, 0xA0);
    p.text = QColor(0xFF, 0xFF, 0xFF);
    p.second = QColor(0xE6, 0xE6, 0xE6);
    p.third = QColor(0xD0, 0xD0, 0xD0);
    p.stable = QColor(0xE6, 0xE6, 0xE6);
    p.canary = QColor(0x7F, 0xCC, 0xFF);
    p.ok = QColor(0x5F, 0xE0, 0xB5);
    p.warning = QColor(0xFF, 0xC8, 0x4D);
    p.critical = QColor(0xFF, 0x86, 0x66);
    return derived(p);
}

double linear(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

Palette palette(ThemeKind kind)
{
    switch (kind) {
    case ThemeKind::Dark: return darkPalette();
    case ThemeKind::Light: return lightPalette();
    case ThemeKind::HighContrast: return highContrastPalette();
    }
    return darkPalette();
}

double contrast(const QColor& first, const QColor& second)
{
    const double a = luminance(first);
    const double b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor mixed(const QColor& top, const QColor& bottom, double share)
{
    const auto channel = [share](int over, int under) {
        return static_cast<int>(std::lround(over * share + under * (1 - share)));
    };
    return {channel(top.red(), bottom.red()), channel(top.green(), bottom.green()), channel(top.blue(), bottom.blue())};
}

std::vector<TextPair> textPairs(const Palette& p)
{
    std::vector<TextPair> pairs{
        {QStringLiteral("accent button"), p.onCanary, p.canary},
        {QStringLiteral("critical button"), p.onCritical, p.critical},
        {QStringLiteral("disabled accent button"), p.onFadedCanary, p.fadedCanary},
    };
    const std::vector<std::pair<QString, QColor>> grounds{
        {QStringLiteral("window"), p.window}, {QStringLiteral("panel"), p.panel}, {QStringLiteral("raised"), p.raised}};
    const std::vector<std::pair<QString, QColor>> texts{
        {QStringLiteral("text"), p.text},       {QStringLiteral("second"), p.second},
        {QStringLiteral("third"), p.third},     {QStringLiteral("stable"), p.stable},
        {QStringLiteral("canary"), p.canary},   {QStringLiteral("ok"), p.ok},
        {QStringLiteral("warning"), p.warning}, {QStringLiteral("critical"), p.critical}};
    for (const auto& [groundName, ground] : grounds)
        for (const auto& [textName, text] : texts)
            pairs.push_back({textName + QStringLiteral(" on ") + groundName, text, ground});
    pairs.push_back({QStringLiteral("text on tint"), p.text, p.canaryTint});
    pairs.push_back({QStringLiteral("second on tint"), p.second, p.canaryTint});
    return pairs;
}

Palette colours(const QWidget* widget)
{
    for (const QWidget* at = widget; at != nullptr; at = at->parentWidget()) {
        const QVariant held = at->property("sluicePalette");
        if (held.isValid()) return held.value<Palette>();
    }
    return darkPalette();
}

} // namespace sluice::ui
