// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/groups.h"

#include <utility>

namespace sluice::bench {

std::vector<Group> allGroups()
{
    std::vector<Group> all = fanoutGroups();
    all.push_back(ticksGroup());
    for (Group group : requestGroups())
        all.push_back(std::move(group));
    for (Group group : {breachGroup(), tickGroup(), consoleGroup(), chartGroup(), sampleGroup(), foldGroup()})
        all.push_back(std::move(group));
    return all;
}

} // namespace sluice::bench
