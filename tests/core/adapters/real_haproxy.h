// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <QProcess>
#include <QTemporaryDir>

#include "core/adapters/haproxy_driver.h"

namespace sluice::test {

/// Debian's haproxy with the split rules, on unix sockets in a folder of its own; ended with the object.
class RealHaproxy {
public:
    static bool installed();

    struct Setup {
        bool weights{false}; ///< one backend `checkout` with servers stable1, canary1, canary2 instead of the map rules
        /// Checked servers behind the backends, and nobody listens at the second of the canary; without it the backends
        /// of the map rules answer themselves.
        bool replicas{false};
        const char* level{"admin"}; ///< what the runtime socket may
    };
    RealHaproxy();
    explicit RealHaproxy(const Setup& setup);
    ~RealHaproxy();

    bool start();
    /// Through the master socket; true when another worker serves.
    bool reload();
    void freeze();
    void thaw();

    std::string address() const { return "unix:" + path("admin.sock"); }
    std::string tcpAddress() const { return "tcp:127.0.0.1:" + std::to_string(m_port); }
    std::string path(const char* file) const;
    adapters::RouterBinding binding(const char* name, const char* target = "checkout/production") const;
    /// One command from somebody else; waits at most 2 s for its answer.
    std::string command(const std::string& line, const char* socket = "admin.sock") const;
    /// Sends a user's request; the status line of the answer.
    std::string request(const std::string& user) const;
    int64_t workerPid() const;

private:
    std::string exchange(const std::string& bytes, const char* socket) const;

    bool m_weights{false};
    QTemporaryDir m_folder{};
    QProcess m_process{};
    int m_port{0};
    int64_t m_frozenPid{0};
};

} // namespace sluice::test
