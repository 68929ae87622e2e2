// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <sys/types.h>

namespace sluice::app::lab {

/// Living processes of a group, from /proc; one that has ended and was not reaped is not living.
std::vector<pid_t> livingInGroup(pid_t group);

} // namespace sluice::app::lab
