// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/groups.h"

namespace sluice::bench {

std::vector<Group> allGroups()
{
    return {chartGroup(), sampleGroup(), foldGroup()};
}

} // namespace sluice::bench
