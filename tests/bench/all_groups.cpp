// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/groups.h"

#include <utility>

namespace sluice::bench {

std::vector<Group> allGroups()
{
    std::vector<Group> all;
    const auto add = [&all](std::vector<Group> groups) {
        for (Group& group : groups)
            all.push_back(std::move(group));
    };
    add(fanoutGroups());
    add({ticksGroup()});
    add(requestGroups());
    add({breachGroup(), tickGroup(), consoleGroup()});
    add(chartGroups());
    add({sampleGroup(), foldGroup()});
    return all;
}

} // namespace sluice::bench
