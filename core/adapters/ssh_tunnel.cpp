// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/ssh_tunnel.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "core/adapters/plain_text.h"
#include "core/adapters/process_tree.h"

namespace sluice::adapters {

namespace {

constexpr size_t kWordsKept = 4096; // of what ssh says on its error stream

void drain(int fd, std::string& into)
{
    std::array<char, 1024> buffer{};
    for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;) {
        into.append(buffer.data(), static_cast<size_t>(got));
        if (into.size() > kWordsKept) into.erase(0, into.size() - kWordsKept);
    }
}

std::vector<std::string> commandLine(const std::string& local, const std::string& remote, const std::string& host)
{
    std::vector<std::string> line = {"ssh", "-N", "-T", "-a", "-x", "-S", "none"};
    if (const char* file = std::getenv("SLUICE_SSH_CONFIG"); file != nullptr && *file != '\0') {
        line.emplace_back("-F");
        line.emplace_back(file);
    }
    // A path that died is noticed within seconds; a question on the terminal would never be answered.
    for (const char* option : {"BatchMode=yes", "ConnectTimeout=5", "ExitOnForwardFailure=yes", "ServerAliveInterval=2",
                               "ServerAliveCountMax=3", "StreamLocalBindUnlink=yes"}) {
        line.emplace_back("-o");
        line.emplace_back(option);
    }
    line.insert(line.end(), {"-L", local + ":" + remote, "--", host});
    return line;
}

} // namespace

SshTunnel::SshTunnel(std::string host, std::string remotePath)
    : m_host(std::move(host))
    , m_remotePath(std::move(remotePath))
{
}

SshTunnel::~SshTunnel()
{
    end();
}

Outcome SshTunnel::start()
{
    std::error_code none;
    std::string folder = (std::filesystem::temp_directory_path(none) / "sluice-ssh.XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) // 0700: nobody else reaches the socket
        return Error{Fault::Unreachable,
                     fmt::format("No folder for the tunnel to {} can be made: {}.", m_host, std::strerror(errno))};
    m_folder = folder;
    m_said.clear();
    m_process.emplace();
    if (m_process->start(commandLine(m_folder + "/s", m_remotePath, m_host))) return Done{};
    const int error = m_process->startError();
    end();
    return Error{Fault::Unreachable, fmt::format("ssh cannot be started: {}.", std::strerror(error))};
}

void SshTunnel::end()
{
    if (m_process) {
        signalDescendants(m_process->pid(), SIGKILL);
        m_process.reset();
    }
    std::error_code none; // a folder in /tmp that stays harms nobody
    if (!m_folder.empty()) std::filesystem::remove_all(std::exchange(m_folder, {}), none);
}

/// The supervisor writes a report when ssh has ended, for whatever reason.
bool SshTunnel::ended()
{
    std::array<char, sizeof(SupervisorReport)> bytes{};
    const ssize_t got = ::read(m_process->report(), bytes.data(), bytes.size());
    if (got < 0) return false;
    if (got == static_cast<ssize_t>(bytes.size()))
        if (const int error = readReport(bytes).execError; error == ENOENT)
            m_said = "ssh is not installed (Debian: openssh-client)";
    return true;
}

std::string SshTunnel::lastWords()
{
    drain(m_process->errors(), m_said);
    while (!m_said.empty() && (m_said.back() == '\n' || m_said.back() == '\r'))
        m_said.pop_back();
    const size_t line = m_said.rfind('\n');
    const std::string last = plainText(line == std::string::npos ? m_said : m_said.substr(line + 1));
    return last.empty() ? "it ended without a word" : last;
}

Result<std::optional<std::string>> SshTunnel::get()
{
    if (!m_process) {
        if (Outcome started = start(); !started) return started.error();
        return std::optional<std::string>{};
    }
    drain(m_process->errors(), m_said); // a full pipe would stop ssh
    if (ended()) {
        const std::string words = lastWords();
        end();
        return Error{Fault::Unreachable, fmt::format("ssh {}: {}.", m_host, words)};
    }
    std::error_code none;
    if (!std::filesystem::exists(m_folder + "/s", none)) return std::optional<std::string>{};
    return std::optional(m_folder + "/s");
}

} // namespace sluice::adapters
