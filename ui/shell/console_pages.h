// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "ui/shell/main_window.h"

namespace sluice::ui {

/// Every page of the console in the order of the rail (and so of the number keys). A new page adds its line here.
std::vector<PageFactory> consolePages();

} // namespace sluice::ui
