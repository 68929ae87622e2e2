// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace sluice::adapters {

struct CommandRequest {
    std::vector<std::string> argv{}; ///< never through a shell; argv[0] is looked up in PATH
    Duration limit{std::chrono::minutes(5)};
    Duration grace{std::chrono::seconds(5)}; ///< between SIGTERM and SIGKILL at the limit
    size_t maxOutput{size_t{1} << 20};       ///< the last bytes of each stream are kept
};

struct CommandResult {
    enum class End {
        Exited,
        Signalled,
        TimedOut,   ///< ended by us at the limit: what it did is not known
        Stopped,    ///< ended by us because `stop` became true
        NotStarted, ///< no such program, no rights, no memory
    };
    End end{End::NotStarted};
    int code{0};           ///< exit code, signal number, or errno
    std::string output{};  ///< standard output, its end; any bytes
    std::string errors{};  ///< standard error, its end
    bool outputCut{false}; ///< there was more
    Duration took{0};
};

/// Runs a program and ends everything it started: a supervisor process in between is the sub-reaper of the whole tree,
/// so that children in sessions of their own are found too, and nothing survives the return. Output is never waited
/// for after the program itself has ended. Blocks at most limit + grace + a second; any thread, which must outlive the
/// call (a dying thread takes the tree with it).
CommandResult runCommand(const CommandRequest& request, const std::atomic<bool>& stop);

} // namespace sluice::adapters
