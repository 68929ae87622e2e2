// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>

#include "core/adapters/haproxy_address.h"
#include "core/adapters/haproxy_reply.h"
#include "core/base/time.h"

namespace sluice::adapters {

/// One ordered, non-blocking connection to a runtime socket in prompt mode. Belongs to one thread.
///
/// Commands leave in the order they were asked and answers are matched in that order, so an older command can never
/// take effect after a newer one (with two connections it does, measured). Nothing here closes a connection for being
/// slow: what was written to a frozen proxy runs when it thaws, and must run before whatever we write next.
class HaproxyConnection {
public:
    /// May ask or close again; the reply has no trailing line feed and is empty for a setter that succeeded.
    using OnReply = std::function<void(const std::string& reply)>;
    using Owner = const void*;

    enum class State { Closed, Connecting, Open };

    /// Ordinary commands on the wire at once: what is not sent yet can still be overtaken by a safe order.
    static constexpr size_t kMaxInFlight = 64;
    /// Commands that may wait; one poll of 200 services asks 1,200. Beyond that the link is not usable.
    static constexpr size_t kMaxQueued = 20'000;

    HaproxyConnection() = default;
    ~HaproxyConnection() { close(); }
    HaproxyConnection(const HaproxyConnection&) = delete;
    HaproxyConnection& operator=(const HaproxyConnection&) = delete;

    /// Starts to connect and switches to prompt mode; Fault::Unreachable when the kernel says no at once.
    Outcome open(const SocketAddress& address, BootTime now);
    void close();

    /// Puts a command behind the others of its class; `urgent` ones leave before ordinary ones and regardless of how
    /// many are on the wire. Ignored when closed.
    void ask(Owner owner, std::string line, OnReply onReply, bool urgent);
    /// Forgets what `owner` asked and what has not left yet: a raise must not follow the safe state that replaces it.
    void dropUnsent(Owner owner);

    /// Sends what may be sent. Fault::Unreachable closes.
    Outcome pump(BootTime now);
    /// Reads, calls the replies' callbacks. Fault::Unreachable (end of stream, error, too large) closes.
    Outcome onReadable(BootTime now);

    State state() const { return m_state; }
    int fd() const { return m_fd; }
    bool wantsWrite() const;
    /// How long the oldest unanswered command (or the connect) has waited; zero when nothing is due.
    Duration silentFor(BootTime now) const;

private:
    struct Queued {
        Owner owner{nullptr};
        std::string line{};
        OnReply onReply{};
    };
    Outcome finishConnect(BootTime now);
    void fill(BootTime now);
    void put(Queued queued, BootTime now);
    Outcome fail(const std::string& why);

    int m_fd{-1};
    State m_state{State::Closed};
    uint64_t m_opened{0}; ///< counts open() and close(), so that a callback that closes is noticed
    ReplySplitter m_splitter{};
    std::string m_out{};
    std::deque<Queued> m_urgent{};
    std::deque<Queued> m_ordinary{};
    std::deque<OnReply> m_inFlight{};
    BootTime m_lastProgress{};
};

} // namespace sluice::adapters
