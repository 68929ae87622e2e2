// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sluice::ui {

/// Teaches assistive technology that a StageRail is a list with one item a stage. Repeatable.
void installStageRailAccessibility();

} // namespace sluice::ui
