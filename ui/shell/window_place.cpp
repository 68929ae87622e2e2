// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_place.h"

#include <QScreen>
#include <QWidget>

namespace sluice::ui {

void sizeForScreen(QWidget* window, QSize wanted)
{
    const QSize room = window->screen()->availableSize();
    const QSize fitting = wanted.boundedTo(room);
    window->setMinimumSize(window->minimumSize().boundedTo(room));
    window->resize(fitting);
    // Only the session knows how much its frame takes away.
    if (fitting != wanted) window->setWindowState(window->windowState() | Qt::WindowMaximized);
}

} // namespace sluice::ui
