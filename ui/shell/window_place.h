// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>

class QWidget;

namespace sluice::ui {

/// The first size of a window that is not shown yet: `wanted`, or all that its screen has room for, which also lowers
/// the window's least size and asks the session to maximise it.
void sizeForScreen(QWidget* window, QSize wanted);

} // namespace sluice::ui
