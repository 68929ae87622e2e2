// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <Qt>

#include "ui/theme/palette.h"

namespace sluice::ui {

/// The one style sheet of the console, made from the colour roles. Widgets choose a style by the dynamic
/// properties `look` and `tone` (ui/theme/look.h), never by colours of their own.
/// Leading edges are at the right when `direction` says so.
QString styleSheet(const Palette& palette, Qt::LayoutDirection direction = Qt::LeftToRight);

} // namespace sluice::ui
