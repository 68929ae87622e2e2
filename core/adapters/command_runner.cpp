// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/command_runner.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/adapters/command_supervisor.h"
#include "core/adapters/process_tree.h"
#include "core/adapters/system_clock.h"

namespace sluice::adapters {

namespace {

constexpr Duration kLook = std::chrono::milliseconds(50);  ///< how soon `stop` and new processes are noticed
constexpr Duration kGraceAtStop = std::chrono::seconds(1); ///< Sluice itself is ending then
constexpr Duration kKillFor = std::chrono::seconds(1);     ///< SIGKILL is repeated so long; a fork bomb loses

/// Keeps the last bytes of a stream.
void keepTail(std::string& kept, std::string_view more, size_t most, bool& cut)
{
    kept.append(more);
    if (kept.size() <= most) return;
    kept.erase(0, kept.size() - most);
    cut = true;
}

class Run {
public:
    Run(const CommandRequest& request, const std::atomic<bool>& stop)
        : m_request(request)
        , m_stop(stop)
        , m_start(m_clock.now().boot)
    {
    }

    CommandResult go()
    {
        if (!m_supervised.start(m_request.argv)) {
            m_result.code = m_supervised.startError();
            return std::move(m_result);
        }
        const BootTime until = m_start + m_request.limit;
        while (!m_report && !m_gone && m_clock.now().boot < until && !m_stop)
            wait();
        const bool ended = m_report || m_gone;
        drain(); // what is there now; a child that holds the pipe open is not waited for
        const bool onItsOwn = ended && m_report;
        const Duration grace = m_stop ? std::min(m_request.grace, kGraceAtStop) : m_request.grace;
        endTree(onItsOwn ? Duration(0) : grace);
        conclude(onItsOwn);
        return std::move(m_result);
    }

private:
    /// Waits a moment for output, for the report of the supervisor or for its end.
    void wait()
    {
        std::array<pollfd, 3> polls{{{.fd = m_outputOpen ? m_supervised.output() : -1, .events = POLLIN, .revents = 0},
                                     {.fd = m_errorsOpen ? m_supervised.errors() : -1, .events = POLLIN, .revents = 0},
                                     {.fd = m_supervised.report(), .events = POLLIN, .revents = 0}}};
        ::poll(polls.data(), polls.size(), static_cast<int>(kLook.count() / 1000));
        drain();
        std::array<char, sizeof(SupervisorReport)> bytes{};
        const ssize_t got = ::read(m_supervised.report(), bytes.data(), bytes.size());
        if (got == static_cast<ssize_t>(bytes.size())) m_report = readReport(bytes);
        if (got == 0) m_gone = true; // nobody of the tree is left
    }

    void drain()
    {
        bool ignored = false;
        m_outputOpen = m_outputOpen && drainOne(m_supervised.output(), m_result.output, m_result.outputCut);
        m_errorsOpen = m_errorsOpen && drainOne(m_supervised.errors(), m_result.errors, ignored);
    }

    /// False at the end of the stream: waiting for it any longer would only spin.
    bool drainOne(int fd, std::string& kept, bool& cut) const
    {
        std::array<char, 65536> buffer{};
        // A program that writes without end must not keep us here: one pipe's worth at a time.
        for (int i = 0; i < 16; ++i) {
            const ssize_t got = ::read(fd, buffer.data(), buffer.size());
            if (got <= 0) return got != 0;
            keepTail(kept, {buffer.data(), static_cast<size_t>(got)}, m_request.maxOutput, cut);
        }
        return true;
    }

    void endTree(Duration grace)
    {
        const BootTime gentleUntil = m_clock.now().boot + grace;
        if (grace > Duration(0)) signalDescendants(m_supervised.pid(), SIGTERM);
        while (!m_gone && m_clock.now().boot < gentleUntil)
            wait();
        const BootTime until = m_clock.now().boot + kKillFor;
        while (!m_gone && m_clock.now().boot < until) {
            signalDescendants(m_supervised.pid(), SIGKILL);
            wait();
        }
        m_supervised.end();
    }

    void conclude(bool onItsOwn)
    {
        m_result.took = m_clock.now().boot - m_start;
        if (!onItsOwn) {
            m_result.end = m_stop ? CommandResult::End::Stopped : CommandResult::End::TimedOut;
        } else if (m_report->execError != 0) {
            m_result.end = CommandResult::End::NotStarted;
            m_result.code = m_report->execError;
        } else if (WIFEXITED(m_report->status)) {
            m_result.end = CommandResult::End::Exited;
            m_result.code = WEXITSTATUS(m_report->status);
        } else {
            m_result.end = CommandResult::End::Signalled;
            m_result.code = WTERMSIG(m_report->status);
        }
    }

    const CommandRequest& m_request;
    const std::atomic<bool>& m_stop;
    const SystemClock m_clock{};
    const BootTime m_start;
    Supervised m_supervised{};
    CommandResult m_result{};
    std::optional<SupervisorReport> m_report{};
    bool m_gone{false};
    bool m_outputOpen{true};
    bool m_errorsOpen{true};
};

} // namespace

CommandResult runCommand(const CommandRequest& request, const std::atomic<bool>& stop)
{
    return Run(request, stop).go();
}

} // namespace sluice::adapters
