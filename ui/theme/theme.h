// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/palette.h"

class QWidget;

namespace sluice::ui {

/// Once per process: Fusion (the only style that Debian always has), compiled-in fonts, no animations.
/// Returns false when a font could not be loaded.
bool prepareApplication();

/// Gives `window` and everything in it this palette. Painted widgets repaint and read colours() again on
/// QEvent::StyleChange. Edges are those of the window's direction now; when it changes this is due again.
void applyTheme(QWidget* window, ThemeKind kind);

/// Gives a dialog of Qt's own, a window by itself, the palette of the window that it was made for.
void dressDialog(QWidget* dialog);

} // namespace sluice::ui
