// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QWidget;

namespace sluice::test {
/// Rows of tables and lists that are larger than the room they have: they would be elided or lie over each other.
QStringList elided(QWidget* root);

/// Visible widgets that take the focus and have no name for assistive technology or no object name.
QStringList unnamed(QWidget* root);
/// Visible buttons and boxes that are disabled and do not say why, in tool tip and accessible description.
QStringList silentlyDisabled(QWidget* root);
/// Visible labels and buttons whose text needs more room than they have, and labels that were elided.
QStringList clipped(QWidget* root);
/// What is wider than the area that it lies in, which does not scroll sideways.
QStringList besideTheView(QWidget* root);
/// Targets smaller than 24 px.
QStringList tooSmall(QWidget* root);

} // namespace sluice::test
