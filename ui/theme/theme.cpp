// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>
#include <QWidget>

#include "ui/theme/fonts.h"
#include "ui/theme/look.h"
#include "ui/theme/style_sheet.h"

namespace sluice::ui {

namespace {

QPalette qtPalette(const Palette& p)
{
    QPalette out;
    out.setColor(QPalette::Window, p.window);
    out.setColor(QPalette::Base, p.panel);
    out.setColor(QPalette::AlternateBase, p.panel);
    out.setColor(QPalette::Button, p.raised);
    out.setColor(QPalette::WindowText, p.text);
    out.setColor(QPalette::Text, p.text);
    out.setColor(QPalette::ButtonText, p.text);
    out.setColor(QPalette::PlaceholderText, p.third);
    out.setColor(QPalette::Highlight, p.canary);
    out.setColor(QPalette::HighlightedText, p.onCanary);
    out.setColor(QPalette::Link, p.canary);
    out.setColor(QPalette::ToolTipBase, p.raised);
    out.setColor(QPalette::ToolTipText, p.text);
    return out;
}

} // namespace

bool prepareApplication()
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const bool complete = loadFonts().isEmpty();
    QApplication::setFont(textFont());
    QApplication::setApplicationDisplayName(QStringLiteral("Sluice"));
    return complete;
}

void applyTheme(QWidget* window, ThemeKind kind)
{
    const Palette p = palette(kind);
    window->setProperty("sluicePalette", QVariant::fromValue(p));
    window->setPalette(qtPalette(p));
    window->setStyleSheet(styleSheet(p, window->layoutDirection()));
}

void dressDialog(QWidget* dialog)
{
    const Palette p = colours(dialog);
    dialog->setPalette(qtPalette(p));
    dialog->setProperty("sluicePalette", QVariant::fromValue(p));
    setLook(dialog, "window");
}

} // namespace sluice::ui
