// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/control.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/sluice-lab/layout.h"
#include "app/sluice-lab/runtime_socket.h"

namespace sluice::app::lab {

namespace {

constexpr size_t kMaxClients = 32;
constexpr size_t kMaxLine = 64 * 1024;
constexpr size_t kMaxUnsent = 1024 * 1024;

} // namespace

Result<ControlServer> ControlServer::listen(const std::filesystem::path& socketPath)
{
    const auto failure = [&] {
        return Error{Fault::Unreachable, fmt::format("{}: {}.", socketPath.string(), std::strerror(errno))};
    };
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socketPath.string();
    if (path.size() >= sizeof address.sun_path) {
        return Error{Fault::BadInput, fmt::format("{}: the path is too long for a socket.", path)};
    }
    path.copy(address.sun_path, path.size());
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return failure();
    ControlServer server(fd, socketPath);
    unlink(path.c_str()); // the lock of the folder is ours, so this is a left-over
    const mode_t before = umask(0177);
    const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    umask(before);
    if (!bound || ::listen(fd, SOMAXCONN) != 0) return failure();
    return server;
}

ControlServer::ControlServer(ControlServer&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_socket(std::move(other.m_socket))
    , m_clients(std::move(other.m_clients))
{
}

ControlServer::~ControlServer()
{
    for (const Client& client : m_clients)
        close(client.fd);
    if (m_fd < 0) return;
    close(m_fd);
    unlink(m_socket.c_str());
}

std::vector<pollfd> ControlServer::interests() const
{
    std::vector<pollfd> wanted;
    if (m_clients.size() < kMaxClients) wanted.push_back({m_fd, POLLIN, 0});
    for (const Client& client : m_clients) {
        wanted.push_back({client.fd, static_cast<short>(client.out.empty() ? POLLIN : POLLIN | POLLOUT), 0});
    }
    return wanted;
}

void ControlServer::serve(const Handler& handler)
{
    acceptClients();
    for (Client& client : m_clients) {
        readFrom(client, handler);
        writeTo(client);
        if (client.closed) close(client.fd);
    }
    std::erase_if(m_clients, &Client::closed);
}

void ControlServer::acceptClients()
{
    while (m_clients.size() < kMaxClients) {
        const int fd = accept4(m_fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) return;
        m_clients.push_back({.fd = fd});
    }
}

void ControlServer::readFrom(Client& client, const Handler& handler)
{
    char buffer[4096];
    ssize_t got = 0;
    while ((got = recv(client.fd, buffer, sizeof buffer, 0)) > 0) {
        client.in.append(buffer, static_cast<size_t>(got));
        if (client.in.size() > kMaxLine || client.out.size() > kMaxUnsent) {
            client.closed = true;
            return;
        }
        for (size_t end = 0; (end = client.in.find('\n')) != std::string::npos;) {
            const auto request = nlohmann::json::parse(client.in.substr(0, end), nullptr, false);
            client.in.erase(0, end + 1);
            const nlohmann::json refusal{{"ok", false}, {"error", "A request is one JSON object in one line."}};
            client.out += (request.is_object() ? handler(request) : refusal).dump() + "\n";
        }
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) client.closed = true;
}

void ControlServer::writeTo(Client& client)
{
    while (!client.out.empty()) {
        const ssize_t sent = send(client.fd, client.out.data(), client.out.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) {
            if (errno != EAGAIN) client.closed = true;
            return;
        }
        client.out.erase(0, static_cast<size_t>(sent));
    }
}

Result<nlohmann::json> askLab(const std::filesystem::path& dir, const nlohmann::json& request, Duration timeout)
{
    const Layout layout{dir};
    const auto answer = askSocket(layout.controlSocket(), request.dump(), timeout, true);
    if (!answer) {
        return Error{Fault::Unreachable, fmt::format("No lab answers in {} ({})", dir.string(), answer.error().detail)};
    }
    auto body = nlohmann::json::parse(answer.value(), nullptr, false);
    if (!body.is_object()) return Error{Fault::Unreachable, "The lab's answer is not JSON."};
    if (body.value("ok", false)) return body;
    const bool usage = body.value("kind", std::string{}) == "usage";
    const bool refused = body.value("kind", std::string{}) == "refused";
    return Error{usage     ? Fault::BadInput
                 : refused ? Fault::Refused
                           : Fault::Unreachable,
                 body.value("error", std::string("The lab gave no reason."))};
}

} // namespace sluice::app::lab
