// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QMetaType>
#include <QString>
#include <vector>

class QWidget;

namespace sluice::ui {

enum class ThemeKind { Dark, Light, HighContrast };

/// Colour roles of the console. Grey is normal; colour is only for what is abnormal or new.
struct Palette {
    ThemeKind kind{ThemeKind::Dark};
    QColor window{};
    QColor panel{};
    QColor raised{};
    QColor line{};
    QColor text{};
    QColor second{};
    QColor third{};
    QColor stable{};
    QColor canary{}; ///< also the accent
    QColor ok{};
    QColor warning{};
    QColor critical{};
    QColor onCanary{};      ///< text on a button filled with the accent
    QColor onCritical{};    ///< text on a button filled with critical
    QColor fadedCanary{};   ///< filled button that is disabled
    QColor onFadedCanary{}; ///< its text
    QColor canaryTint{};    ///< progress inside a stage
    QColor scrim{};

    bool dark() const { return kind != ThemeKind::Light; }
};

Palette palette(ThemeKind kind);

/// WCAG 2.1 contrast ratio, 1..21; both colours opaque.
double contrast(const QColor& first, const QColor& second);

/// `share` of `top` over `bottom`, opaque.
QColor mixed(const QColor& top, const QColor& bottom, double share);

/// Every pair of text and ground that the screens use; a test holds each at 4.5 or more.
struct TextPair {
    QString name{};
    QColor text{};
    QColor ground{};
};
std::vector<TextPair> textPairs(const Palette& palette);

/// Palette of the window that `widget` is in (see applyTheme); dark when no window has one.
Palette colours(const QWidget* widget);

} // namespace sluice::ui

Q_DECLARE_METATYPE(sluice::ui::Palette)
