// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "tests/bench/sheet.h"

namespace sluice::bench {

Group sampleGroup();
Group foldGroup();
std::vector<Group> fanoutGroups();
std::vector<Group> requestGroups();
Group ticksGroup();
Group tickGroup();
Group breachGroup();
Group consoleGroup();
std::vector<Group> chartGroups();

/// In the order of the README's table.
std::vector<Group> allGroups();

} // namespace sluice::bench
