// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bare_loop.h"

#include <array>
#include <string_view>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/check.h"

namespace sluice::bench {

namespace {

int connectTo(const std::string& path)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    SLUICE_CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return fd;
}

/// Sends and waits until so many replies have ended: an empty line and the prompt.
void exchange(int fd, const std::string& lines, int replies)
{
    SLUICE_CHECK(::send(fd, lines.data(), lines.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(lines.size()));
    std::array<char, 65536> buffer{};
    std::string in;
    for (size_t from = 0; replies > 0;) {
        const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
        SLUICE_CHECK(got > 0);
        in.append(buffer.data(), static_cast<size_t>(got));
        for (size_t end = in.find("\n> ", from); end != std::string::npos; end = in.find("\n> ", from)) {
            from = end + 3;
            --replies;
        }
    }
}

} // namespace

BareLoop::BareLoop(std::vector<Proxy> proxies)
    : m_proxies(std::move(proxies))
    , m_database(m_folder.filePath(QStringLiteral("bare.db")).toStdString(), true)
{
    for (const Proxy& proxy : m_proxies) {
        m_files.push_back(connectTo(proxy.socket));
        exchange(m_files.back(), "prompt\n", 1);
    }
    m_database.run("CREATE TABLE done(at INTEGER)");
}

BareLoop::~BareLoop()
{
    for (const int fd : m_files)
        ::close(fd);
}

void BareLoop::run()
{
    for (size_t i = 0; i < m_files.size(); ++i)
        exchange(m_files[i], m_proxies[i].lines, m_proxies[i].replies);
    m_database.run("INSERT INTO done VALUES(1)");
}

BareLoop::Proxy BareLoop::zeroing(const std::string& socket, const std::string& folder, const std::string& service,
                                  const std::string& token, const std::string& backend)
{
    const std::string lines = "set map " + folder + "/split.map " + token + " 0\n" + "set server " + backend +
                              "/c1 state maint\n" + "set server " + backend + "/c2 state maint\n" + "get map " +
                              folder + "/epoch.map " + service + "\n" + "get map " + folder + "/split.map " + token +
                              "\n" + "show servers state " + backend + "\n";
    return {.socket = socket, .lines = lines, .replies = 6};
}

} // namespace sluice::bench
