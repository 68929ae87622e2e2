// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <poll.h>

#include "core/base/result.h"
#include "core/base/time.h"

namespace sluice::app::lab {

/// The lab's control socket: one JSON object a line, one JSON object back. README.md lists what can be asked.
/// One thread.
class ControlServer {
public:
    using Handler = std::function<nlohmann::json(const nlohmann::json&)>;

    static Result<ControlServer> listen(const std::filesystem::path& socket);
    ControlServer(ControlServer&& other) noexcept;
    ControlServer& operator=(ControlServer&&) = delete;
    ~ControlServer();

    /// What to wait for, for poll().
    std::vector<pollfd> interests() const;
    /// Takes and answers everything that can be done without waiting.
    void serve(const Handler& handler);

private:
    struct Client {
        int fd{-1};
        std::string in{};
        std::string out{};
        bool closed{false};
    };
    ControlServer(int fd, std::filesystem::path socket)
        : m_fd(fd)
        , m_socket(std::move(socket))
    {
    }
    void acceptClients();
    void readFrom(Client& client, const Handler& handler);
    void writeTo(Client& client);

    int m_fd{-1};
    std::filesystem::path m_socket{};
    std::vector<Client> m_clients{};
};

/// Asks the lab that runs in `dir`; blocks at most `timeout`. The answer of a refused request is an error with the
/// lab's words; no lab there is Unreachable.
Result<nlohmann::json> askLab(const std::filesystem::path& dir, const nlohmann::json& request,
                              Duration timeout = std::chrono::seconds(5));

} // namespace sluice::app::lab
