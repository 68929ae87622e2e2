// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "core/base/result.h"

namespace sluice::app::lab {

/// A lab run by a child process of this one; it ends with this object, and with this process even when killed.
/// Start it from the main thread (the kernel ties the child to the thread that forks).
class LabProcess {
public:
    /// Blocks until the lab says it is ready; its progress lines are printed as they come.
    static Result<LabProcess> start(const std::string& program, const std::filesystem::path& dir,
                                    const std::vector<std::string>& arguments);
    LabProcess(LabProcess&& other) noexcept;
    LabProcess& operator=(LabProcess&&) = delete;
    ~LabProcess();

private:
    LabProcess(pid_t pid, int output)
        : m_pid(pid)
        , m_output(output)
    {
    }
    pid_t m_pid{-1};
    int m_output{-1};
};

} // namespace sluice::app::lab
