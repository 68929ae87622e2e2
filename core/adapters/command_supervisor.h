// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sluice::adapters {

/// What the supervisor writes into its pipe when the program ended.
struct SupervisorReport {
    int status{0};    ///< of waitpid()
    int execError{0}; ///< errno when the program could not be started
};
SupervisorReport readReport(const std::array<char, sizeof(SupervisorReport)>& bytes);

/// A program below a supervisor: a small process that is the sub-reaper of everything the program starts, reports the
/// program's end and lives until its last descendant is gone. Both die with the thread that started them.
class Supervised {
public:
    Supervised() = default;
    ~Supervised() { end(); }
    Supervised(const Supervised&) = delete;
    Supervised& operator=(const Supervised&) = delete;

    /// False: startError() is the errno.
    bool start(const std::vector<std::string>& argv);
    /// Ends the supervisor itself; its descendants were ended before (process_tree.h).
    void end();

    int startError() const { return m_error; }
    pid_t pid() const { return m_pid; }
    // Non-blocking read ends; end of file on `report` = the whole tree is gone.
    int output() const { return m_output; }
    int errors() const { return m_errors; }
    int report() const { return m_report; }

private:
    pid_t m_pid{-1};
    int m_error{0};
    int m_output{-1};
    int m_errors{-1};
    int m_report{-1};
};

} // namespace sluice::adapters
