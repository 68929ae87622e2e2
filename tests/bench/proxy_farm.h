// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <QTemporaryDir>

#include "core/adapters/haproxy_driver.h"

namespace sluice::bench {

/// Many proxies on unix sockets that speak HAProxy's runtime API in prompt mode, all on one thread: more than a
/// machine could run as processes, with a round trip as long as wanted. One service each, two canary servers.
class ProxyFarm {
public:
    ProxyFarm(int proxies, std::chrono::microseconds roundTrip);
    ~ProxyFarm();

    int size() const { return static_cast<int>(m_proxies.size()); }
    std::string socketOf(int proxy) const;
    adapters::RouterBinding binding(int proxy, const TargetId& target, const std::string& name) const;
    /// From now on it accepts and reads nothing.
    void freeze(int proxy) { m_proxies[static_cast<size_t>(proxy)]->frozen = true; }
    /// Commands that took the canary's share away on this proxy: they were read from its socket.
    int zeroed(int proxy) const { return m_proxies[static_cast<size_t>(proxy)]->zeroed; }

private:
    using Clock = std::chrono::steady_clock;
    struct Proxy {
        int listener{-1};
        std::atomic<bool> frozen{false};
        std::atomic<int> zeroed{0};
        std::map<std::string, std::string> epoch{{"checkout", "none"}};
        std::map<std::string, std::string> split{{"none", "0"}};
        std::map<std::string, bool> maint{{"c1", true}, {"c2", true}};
    };
    struct Client {
        int fd{-1};
        Proxy* proxy{nullptr};
        std::string in{};
    };
    struct Answer {
        Clock::time_point due{};
        int fd{-1};
        std::string bytes{};
    };
    void listenAt(Proxy& proxy, const std::string& path) const;
    void run();
    void accept(Proxy& proxy);
    /// False when the caller has left.
    bool serve(Client& client);
    void sendDue();
    int waitMs() const;
    static std::string carryOut(Proxy& proxy, const std::string& line);
    static std::string mapCommand(Proxy& proxy, const std::vector<std::string>& words);

    QTemporaryDir m_folder{};
    std::chrono::microseconds m_roundTrip;
    int m_epoll{-1};
    int m_wake{-1};
    std::atomic<bool> m_ending{false};
    std::vector<std::unique_ptr<Proxy>> m_proxies{};
    std::map<int, Client> m_clients{}; ///< by file
    std::deque<Answer> m_answers{};    ///< in the order they are due
    std::thread m_thread{};
};

} // namespace sluice::bench
