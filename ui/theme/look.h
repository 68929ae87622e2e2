// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <Qt>

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

/// A label of that look. Plain text; whole sentences wrap in the second. Its text stands at the leading edge, whatever
/// language the text itself is in.
QLabel* makeLabel(QWidget* parent, const char* look, const QString& text = {});
QLabel* makeWrapped(QWidget* parent, const char* look, const QString& text = {});

/// Another side for a label of these two; Qt::AlignLeft is the leading edge.
void setSide(QLabel* label, Qt::Alignment side);

/// Sets text only when it differs, so that a tick without news repaints nothing.
void showText(QLabel* label, const QString& text);

/// One pixel of line between two parts of a card.
QWidget* makeRule(QWidget* parent);

} // namespace sluice::ui
