// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QStringList>

namespace sluice::ui {

/// Loads the compiled-in fonts, so that screens look alike on a machine with none. Once per process, after the
/// application object exists. Returns the files that could not be read (empty = all well).
QStringList loadFonts();

/// Text of the screens; digits are tabular. `px` in device-independent pixels.
QFont textFont(int px = 13, QFont::Weight weight = QFont::Normal);
/// Versions, times, logs.
QFont monoFont(int px = 12, QFont::Weight weight = QFont::Normal);

} // namespace sluice::ui
