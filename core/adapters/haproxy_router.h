// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/adapters/haproxy_driver.h"
#include "core/ports/clock.h"
#include "core/ports/traffic_router.h"

namespace sluice::adapters {

/// ports::TrafficRouter over real HAProxy: all proxies of all targets on one thread of its own.
///
/// Orders pass through one slot per target in which the newest wins, so nothing queues behind a slow proxy. Destroying
/// it closes the connections and leaves the proxies as they are.
class HaproxyRouter final : public ports::TrafficRouter {
public:
    HaproxyRouter(std::vector<RouterBinding> bindings, ports::Sink sink, const ports::Clock& clock);
    ~HaproxyRouter() override;

    void order(const ports::RouteOrder& order) override;
    void observe(const TargetId& target) override;
    void release(const TargetId& target) override;
    int64_t highestEpochSeen(const TargetId& target) const override;
    std::string safeFile(const TargetId& target, int64_t epoch) const override;

private:
    struct Wish {
        enum class Kind { Order, Observe, Release };
        Kind kind{Kind::Release};
        ports::RouteOrder order{};
    };
    struct Known {
        RouterBinding binding{};
        ProxyKnowledge knowledge{}; // guarded by m_mutex
    };
    void wish(const TargetId& target, Wish wish);
    void run();

    const ports::Sink m_sink;
    const ports::Clock& m_clock;
    int m_wakeFd{-1};
    mutable std::mutex m_mutex{};
    std::vector<Known> m_known{};        // size fixed at construction
    std::map<TargetId, Wish> m_wishes{}; // guarded by m_mutex
    bool m_stopping{false};              // guarded by m_mutex
    std::thread m_thread{};
};

} // namespace sluice::adapters
