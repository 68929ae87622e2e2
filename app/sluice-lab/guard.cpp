// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/guard.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <set>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/sluice-lab/process_table.h"

namespace sluice::app::lab {

namespace {

constexpr unsigned kMaxDescriptor = ~0U;
constexpr int kMaxEndWaits = 100; // × 10 ms until the killed groups are really gone
constexpr long kEndWaitMs = 10;

void closeAllBut(unsigned first, unsigned second)
{
    if (first > second) std::swap(first, second);
    if (first > 0) close_range(0, first - 1, 0);
    if (second > first + 1) close_range(first + 1, second - 1, 0);
    close_range(second + 1, kMaxDescriptor, 0);
}

[[noreturn]] void guardLoop(int pipe, int lockFd)
{
    setpgid(0, 0);
    prctl(PR_SET_NAME, "sluice-guard");
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
        std::signal(signal, SIG_IGN);
    closeAllBut(static_cast<unsigned>(pipe), static_cast<unsigned>(lockFd));

    std::set<pid_t> groups;
    pid_t word = 0; // positive: watch, negative: forget; four bytes reach a pipe whole
    while (true) {
        const ssize_t got = read(pipe, &word, sizeof word);
        if (got < 0 && errno == EINTR) continue;
        if (got != sizeof word) break; // the lab is gone
        if (word > 0) groups.insert(word);
        if (word < 0) groups.erase(-word);
    }
    for (const pid_t group : groups)
        kill(-group, SIGKILL);
    const timespec step{0, kEndWaitMs * 1'000'000};
    for (int waits = 0; waits < kMaxEndWaits; ++waits) {
        std::erase_if(groups, [](pid_t group) { return livingInGroup(group).empty(); });
        if (groups.empty()) break;
        nanosleep(&step, nullptr);
    }
    _exit(0);
}

} // namespace

Result<Guard> Guard::start(int lockFd)
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return Error{Fault::Unreachable, fmt::format("The lab's guard has no pipe: {}.", std::strerror(errno))};
    }
    const pid_t pid = fork();
    if (pid == 0) {
        close(ends[1]);
        guardLoop(ends[0], lockFd);
    }
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return Error{Fault::Unreachable, fmt::format("The lab's guard cannot start: {}.", std::strerror(errno))};
    }
    return Guard(pid, ends[1]);
}

Guard::Guard(Guard&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1))
    , m_pipe(std::exchange(other.m_pipe, -1))
{
}

Guard::~Guard()
{
    if (m_pid < 0) return;
    close(m_pipe);
    waitpid(m_pid, nullptr, 0);
}

void Guard::watch(pid_t group)
{
    tell(group);
}

void Guard::forget(pid_t group)
{
    tell(-group);
}

void Guard::tell(pid_t signedGroup)
{
    while (write(m_pipe, &signedGroup, sizeof signedGroup) < 0 && errno == EINTR) {
    }
}

} // namespace sluice::app::lab
