// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QColor;
class QLabel;
class QWidget;

namespace sluice::ui {

struct Palette;

/// What a text says about its content; colour never says it alone, a shape or word stands beside it.
enum class Tone { Text, Second, Third, Stable, Canary, Ok, Warning, Critical };

/// The shape that goes with a tone: ✓ ▲ ◆, or nothing.
QString toneMark(Tone tone);

QColor toneColour(const Palette& palette, Tone tone);

/// Chooses a rule of the style sheet, e.g. "card", "title", "mono"; cheap when nothing changes.
void setLook(QWidget* widget, const char* look);
void setTone(QWidget* widget, Tone tone);

/// A label of that look. Plain text, whole sentences wrap when `wrapped`.
QLabel* makeLabel(QWidget* parent, const char* look, const QString& text = {});
QLabel* makeWrapped(QWidget* parent, const char* look, const QString& text = {});

/// Sets text only when it differs, so that a tick without news repaints nothing.
void showText(QLabel* label, const QString& text);

/// One pixel of line between two parts of a card.
QWidget* makeRule(QWidget* parent);

} // namespace sluice::ui
