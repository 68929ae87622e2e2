// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_connection.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::adapters {

Outcome HaproxyConnection::fail(const std::string& why)
{
    close();
    return Error{Fault::Unreachable, why};
}

Outcome HaproxyConnection::open(const SocketAddress& address, BootTime now)
{
    close();
    m_fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_fd < 0) return fail(std::strerror(errno));
    if (address.storage.ss_family != AF_UNIX) {
        const int on = 1;
        setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(m_fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    }
    ++m_opened;
    m_lastProgress = now;
    m_state = State::Connecting;
    const int result = connect(m_fd, reinterpret_cast<const sockaddr*>(&address.storage), address.length);
    // A unix socket whose backlog is full answers EAGAIN: nothing is under way then.
    if (result != 0 && errno != EINPROGRESS) return fail(std::strerror(errno));
    ask(
        nullptr, "prompt", [](const std::string&) {}, true);
    if (result == 0) m_state = State::Open;
    return Done{};
}

void HaproxyConnection::close()
{
    if (m_fd >= 0) ::close(m_fd);
    m_fd = -1;
    m_state = State::Closed;
    ++m_opened;
    m_splitter = {};
    m_out.clear();
    m_urgent.clear();
    m_ordinary.clear();
    m_inFlight.clear();
}

void HaproxyConnection::ask(Owner owner, std::string line, OnReply onReply, bool urgent)
{
    if (m_state == State::Closed) return;
    (urgent ? m_urgent : m_ordinary).push_back({owner, std::move(line), std::move(onReply)});
}

void HaproxyConnection::dropUnsent(Owner owner)
{
    const auto isOwners = [owner](const Queued& queued) { return queued.owner == owner; };
    std::erase_if(m_urgent, isOwners);
    std::erase_if(m_ordinary, isOwners);
}

bool HaproxyConnection::wantsWrite() const
{
    if (m_state == State::Connecting) return true;
    return m_state == State::Open && !m_out.empty();
}

Duration HaproxyConnection::silentFor(BootTime now) const
{
    if (m_state == State::Closed) return Duration(0);
    if (m_state == State::Open && m_inFlight.empty()) return Duration(0);
    return now - m_lastProgress;
}

Outcome HaproxyConnection::finishConnect(BootTime now)
{
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) return fail(std::strerror(error));
    sockaddr_storage peer{};
    length = sizeof peer;
    if (getpeername(m_fd, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return Done{}; // still connecting
    m_state = State::Open;
    m_lastProgress = now;
    return Done{};
}

void HaproxyConnection::put(Queued queued, BootTime now)
{
    if (m_inFlight.empty()) m_lastProgress = now;
    m_out += queued.line;
    m_out += '\n';
    m_inFlight.push_back(std::move(queued.onReply));
}

void HaproxyConnection::fill(BootTime now)
{
    while (!m_urgent.empty()) {
        put(std::move(m_urgent.front()), now);
        m_urgent.pop_front();
    }
    while (!m_ordinary.empty() && m_inFlight.size() < kMaxInFlight) {
        put(std::move(m_ordinary.front()), now);
        m_ordinary.pop_front();
    }
}

Outcome HaproxyConnection::pump(BootTime now)
{
    if (m_state == State::Connecting) {
        if (auto finished = finishConnect(now); !finished) return finished;
    }
    if (m_state != State::Open) return Done{};
    if (m_urgent.size() + m_ordinary.size() + m_inFlight.size() > kMaxQueued)
        return fail("more commands wait than the link can carry");
    fill(now);
    while (!m_out.empty()) {
        const ssize_t sent = ::send(m_fd, m_out.data(), m_out.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Done{};
        if (sent < 0) return fail(std::strerror(errno));
        m_out.erase(0, static_cast<size_t>(sent));
    }
    return Done{};
}

Outcome HaproxyConnection::onReadable(BootTime now)
{
    std::array<char, 65536> buffer{};
    while (m_state == State::Open) {
        const ssize_t got = recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Done{};
        if (got < 0) return fail(std::strerror(errno));
        if (got == 0) return fail("the proxy closed the connection");
        if (!m_splitter.feed({buffer.data(), static_cast<size_t>(got)}))
            return fail("an answer is larger than " + std::to_string(ReplySplitter::kMaxReply) + " bytes");
        while (auto reply = m_splitter.next()) {
            if (m_inFlight.empty()) return fail("the proxy answered something nobody asked");
            const OnReply onReply = std::move(m_inFlight.front());
            m_inFlight.pop_front();
            m_lastProgress = now;
            const uint64_t opened = m_opened;
            onReply(*reply);
            if (opened != m_opened) return Done{}; // the callback closed or reopened
        }
    }
    return Done{};
}

} // namespace sluice::adapters
