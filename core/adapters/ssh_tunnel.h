// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/adapters/command_supervisor.h"
#include "core/base/result.h"

namespace sluice::adapters {

/// A unix socket of another machine as a local one: `ssh -N -L LOCAL:REMOTE HOST`, kept running while it is asked for.
///
/// OpenSSH does the rest: keys, known hosts and host aliases are those of the user (`~/.ssh/config`, or the file that
/// SLUICE_SSH_CONFIG names); it never asks for a password. Belongs to one thread, and ends with it.
class SshTunnel {
public:
    SshTunnel(std::string host, std::string remotePath);
    ~SshTunnel();
    SshTunnel(const SshTunnel&) = delete;
    SshTunnel& operator=(const SshTunnel&) = delete;

    /// The path of the local socket; none while ssh connects; Unreachable with what ssh said when it ended (the next
    /// call starts it again). Never blocks but for starting a process.
    Result<std::optional<std::string>> get();

private:
    Outcome start();
    bool ended();
    void end();
    std::string lastWords();

    const std::string m_host;
    const std::string m_remotePath;
    std::string m_folder{};
    std::string m_said{};
    std::optional<Supervised> m_process{};
};

} // namespace sluice::adapters
