// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include "core/base/result.h"

namespace sluice::app::lab {

/// A small process that outlives the lab by a moment: when the lab ends, kill -9 included, it kills every process
/// group that is still on its list, stopped ones and grandchildren too, which PR_SET_PDEATHSIG does not reach.
class Guard {
public:
    /// Forks; call before any thread is started. The guard keeps `lockFd` open until its work is done, so a new lab
    /// cannot start in the same folder while children of the old one still run.
    static Result<Guard> start(int lockFd);
    Guard(Guard&& other) noexcept;
    Guard& operator=(Guard&&) = delete;
    /// Lets the guard kill what is left, and waits for it.
    ~Guard();

    void watch(pid_t group);
    void forget(pid_t group);
    pid_t pid() const { return m_pid; }

private:
    Guard(pid_t pid, int pipe)
        : m_pid(pid)
        , m_pipe(pipe)
    {
    }
    void tell(pid_t signedGroup);
    pid_t m_pid{-1};
    int m_pipe{-1};
};

} // namespace sluice::app::lab
