// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/child.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sluice::app::lab {

namespace {

/// Everything the child needs, made before fork: between fork and exec only async-signal-safe calls are allowed.
struct Prepared {
    std::vector<char*> argv{};
    std::vector<char*> environment{};
    const char* log{nullptr};
    const std::vector<int>* keepFds{nullptr};
    int deathSignal{SIGKILL};
    pid_t parent{0};
    int report{-1};
};

[[noreturn]] void becomeProgram(const Prepared& prepared)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, prepared.deathSignal);
    if (getppid() != prepared.parent) _exit(127); // the lab died in between: no signal will come
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_DFL); // ignored in the lab, and exec would pass that on
    const int null = open("/dev/null", O_RDONLY);
    const int log = open(prepared.log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (null >= 0 && log >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        close(null);
        close(log);
    }
    for (const int fd : *prepared.keepFds)
        fcntl(fd, F_SETFD, 0);
    execve(prepared.argv[0], prepared.argv.data(), prepared.environment.data());
    const int failure = errno;
    while (write(prepared.report, &failure, sizeof failure) < 0 && errno == EINTR) {
    }
    _exit(127);
}

Prepared prepare(const ChildSpec& spec)
{
    Prepared prepared;
    for (const std::string& word : spec.argv)
        prepared.argv.push_back(const_cast<char*>(word.c_str()));
    prepared.argv.push_back(nullptr);
    for (const std::string& entry : spec.environment)
        prepared.environment.push_back(const_cast<char*>(entry.c_str()));
    for (char** entry = environ; *entry != nullptr; ++entry)
        prepared.environment.push_back(*entry);
    prepared.environment.push_back(nullptr);
    prepared.log = spec.log.c_str();
    prepared.keepFds = &spec.keepFds;
    prepared.deathSignal = spec.deathSignal;
    prepared.parent = getpid();
    return prepared;
}

std::string endText(int status)
{
    if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
    return fmt::format("exit code {}", WEXITSTATUS(status));
}

} // namespace

Result<pid_t> Children::start(const ChildSpec& spec)
{
    const auto failure = [&](int number) {
        return Error{Fault::Unreachable, fmt::format("{} cannot be started: {}.", spec.argv[0], std::strerror(number))};
    };
    int report[2] = {-1, -1};
    if (pipe2(report, O_CLOEXEC) != 0) return failure(errno);
    Prepared prepared = prepare(spec);
    prepared.report = report[1];
    const pid_t pid = fork();
    if (pid == 0) becomeProgram(prepared);
    const int forkFailure = errno;
    close(report[1]);
    int number = 0;
    if (pid > 0) {
        setpgid(pid, pid); // as the child does: whoever is first
        m_guard.watch(pid);
        if (read(report[0], &number, sizeof number) != sizeof number) number = 0; // closed by exec
    }
    close(report[0]);
    if (pid < 0) return failure(forkFailure);
    if (number == 0) return pid;
    waitpid(pid, nullptr, 0);
    m_guard.forget(pid);
    return failure(number);
}

void Children::signal(pid_t group, int number) const
{
    if (group > 0) kill(-group, number);
}

std::vector<ChildExit> Children::reap()
{
    std::vector<ChildExit> exits;
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid == m_guard.pid()) {
            m_guardAlive = false;
            continue;
        }
        kill(-pid, SIGKILL); // what it may have left behind in its group
        m_guard.forget(pid);
        exits.push_back({pid, endText(status)});
    }
    return exits;
}

} // namespace sluice::app::lab
