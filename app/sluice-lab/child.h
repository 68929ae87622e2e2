// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "app/sluice-lab/guard.h"
#include "core/base/result.h"

namespace sluice::app::lab {

struct ChildSpec {
    std::vector<std::string> argv{};        ///< argv[0] is a path
    std::vector<std::string> environment{}; ///< "NAME=value", added to ours
    std::filesystem::path log{};            ///< gets its output, appended
    std::vector<int> keepFds{};
    int deathSignal{SIGKILL}; ///< what the kernel sends the child when the lab dies
};

struct ChildExit {
    pid_t pid{0};
    std::string how{}; ///< "exit code 1", "signal 9"
};

/// Starts and ends the lab's programs, each in its own process group under the guard. Main thread only, because the
/// kernel's death signal follows the thread that forked.
class Children {
public:
    explicit Children(Guard guard)
        : m_guard(std::move(guard))
    {
    }
    Result<pid_t> start(const ChildSpec& spec);
    /// To the whole group.
    void signal(pid_t group, int number) const;
    /// Everything that ended since the last call; never blocks.
    std::vector<ChildExit> reap();
    bool guardAlive() const { return m_guardAlive; }

private:
    Guard m_guard;
    bool m_guardAlive{true};
};

} // namespace sluice::app::lab
