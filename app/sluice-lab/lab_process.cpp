// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/lab_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sluice::app::lab {

namespace {

constexpr int kReadyLimitMs = 60'000;
constexpr const char* kReady = "lab ready";

[[noreturn]] void becomeLab(const std::vector<std::string>& argv, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == 1) _exit(1); // the parent was gone before we could ask to be told
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    std::vector<char*> raw;
    for (const std::string& one : argv)
        raw.push_back(const_cast<char*>(one.c_str()));
    raw.push_back(nullptr);
    execv(raw[0], raw.data());
    _exit(127);
}

/// Prints complete lines; true once the lab says it is ready.
bool printLines(std::string& pending)
{
    bool ready = false;
    for (size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
        const std::string line = pending.substr(0, end);
        pending.erase(0, end + 1);
        fmt::print("lab: {}\n", line);
        ready = ready || line.starts_with(kReady);
    }
    std::fflush(stdout);
    return ready;
}

} // namespace

Result<LabProcess> LabProcess::start(const std::string& program, const std::filesystem::path& dir,
                                     const std::vector<std::string>& arguments)
{
    std::vector<std::string> argv{program, "up", "--dir", dir.string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return Error{Fault::Unreachable, std::string("No pipe: ") + std::strerror(errno)};
    const pid_t pid = fork();
    if (pid < 0) return Error{Fault::Unreachable, std::string("No child process: ") + std::strerror(errno)};
    if (pid == 0) becomeLab(argv, ends[1]);
    close(ends[1]);
    LabProcess lab(pid, ends[0]);
    std::string pending;
    std::array<char, 4096> buffer{};
    for (;;) {
        pollfd wait{.fd = ends[0], .events = POLLIN, .revents = 0};
        if (poll(&wait, 1, kReadyLimitMs) <= 0)
            return Error{Fault::Unreachable, "The lab did not become ready in time."};
        const ssize_t got = read(ends[0], buffer.data(), buffer.size());
        if (got <= 0) return Error{Fault::Unreachable, "The lab ended before it was ready; see its lines above."};
        pending.append(buffer.data(), static_cast<size_t>(got));
        if (printLines(pending)) return lab;
    }
}

LabProcess::LabProcess(LabProcess&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1))
    , m_output(std::exchange(other.m_output, -1))
{
}

LabProcess::~LabProcess()
{
    if (m_pid > 0) {
        kill(m_pid, SIGTERM);
        waitpid(m_pid, nullptr, 0);
    }
    if (m_output >= 0) close(m_output);
}

} // namespace sluice::app::lab
