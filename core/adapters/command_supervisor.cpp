// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/command_supervisor.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sluice::adapters {

namespace {

struct Pipe {
    int read{-1};
    int write{-1};
    bool open()
    {
        int ends[2] = {-1, -1};
        if (pipe2(ends, O_CLOEXEC) != 0) return false;
        read = ends[0];
        write = ends[1];
        return fcntl(read, F_SETFL, O_NONBLOCK) == 0;
    }
    void close() const
    {
        if (read >= 0) ::close(read);
        if (write >= 0) ::close(write);
    }
};

struct Pipes {
    Pipe output{};
    Pipe errors{};
    Pipe report{};
    bool open() { return output.open() && errors.open() && report.open(); }
    void close() const
    {
        output.close();
        errors.close();
        report.close();
    }
};

// Everything below runs in a child of a process with threads: only calls that are safe in a signal handler.

void defaultSignals()
{
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void becomeProgram(char* const* argv, int output, int errors, int failure)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = ::open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    // The failure pipe closes itself when the program starts; everything else of ours ends here.
    dup2(failure, 3);
    fcntl(3, F_SETFD, FD_CLOEXEC);
    close_range(4, ~0U, 0);
    execvp(argv[0], argv);
    const int error = errno;
    (void)!::write(3, &error, sizeof error);
    _exit(127);
}

[[noreturn]] void supervise(char* const* argv, const Pipes& pipes, pid_t parent)
{
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1); // the parent went before we asked for its signal
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    defaultSignals();

    int failure[2] = {-1, -1};
    SupervisorReport report;
    if (pipe2(failure, O_CLOEXEC) != 0) _exit(1);
    const pid_t program = fork();
    if (program == 0) becomeProgram(argv, pipes.output.write, pipes.errors.write, failure[1]);
    ::close(failure[1]);
    if (program < 0)
        report.execError = errno;
    else if (::read(failure[0], &report.execError, sizeof report.execError) != sizeof report.execError)
        report.execError = 0;

    // Only the report stays open: the program's streams must end with it.
    const int out = dup2(pipes.report.write, 3);
    for (const int fd : {0, 1, 2})
        ::close(fd);
    close_range(4, ~0U, 0);
    if (program < 0) (void)!::write(out, &report, sizeof report);
    while (true) {
        int status = 0;
        const pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno == EINTR) continue;
        if (ended < 0) _exit(0); // nobody is left
        if (ended != program) continue;
        report.status = status;
        (void)!::write(out, &report, sizeof report);
    }
}

} // namespace

SupervisorReport readReport(const std::array<char, sizeof(SupervisorReport)>& bytes)
{
    SupervisorReport report;
    std::memcpy(&report, bytes.data(), bytes.size());
    return report;
}

bool Supervised::start(const std::vector<std::string>& argv)
{
    if (argv.empty()) {
        m_error = EINVAL;
        return false;
    }
    std::vector<char*> arguments;
    for (const std::string& argument : argv)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    Pipes pipes;
    const pid_t parent = getpid();
    if (pipes.open()) m_pid = fork();
    if (m_pid == 0) supervise(arguments.data(), pipes, parent);
    if (m_pid < 0) {
        m_error = errno;
        pipes.close();
        return false;
    }
    ::close(pipes.output.write);
    ::close(pipes.errors.write);
    ::close(pipes.report.write);
    m_output = pipes.output.read;
    m_errors = pipes.errors.read;
    m_report = pipes.report.read;
    return true;
}

void Supervised::end()
{
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    m_pid = -1;
    for (int* fd : {&m_output, &m_errors, &m_report}) {
        if (*fd >= 0) ::close(*fd);
        *fd = -1;
    }
}

} // namespace sluice::adapters
