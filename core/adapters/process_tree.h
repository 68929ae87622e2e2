// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <sys/types.h>

namespace sluice::adapters {

/// All living descendants of `root`, from /proc, without `root` itself. A process that left its group or session is
/// found as long as its line of parents leads here, which a child sub-reaper at `root` guarantees.
std::vector<pid_t> descendantsOf(pid_t root);

/// Sends `signal` to each of them once; how many there were.
size_t signalDescendants(pid_t root, int signal);

} // namespace sluice::adapters
