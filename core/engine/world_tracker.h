// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/port_message.h"
#include "core/rollout/input.h"

namespace sluice::engine {

/// What the ports have said about one target, as one World.
class WorldTracker {
public:
    explicit WorldTracker(std::vector<std::string> proxies)
        : m_names(std::move(proxies))
    {
    }

    void take(const ports::ProxyAnswer& answer);
    void take(const ports::WorkloadAnswer& answer);
    void take(const ports::HealthAnswer& answer);
    /// A new rollout must not inherit the last one's canary.
    void forgetCanary();
    /// The last answer may be of the rollout before this one.
    void forgetHealth() { m_health.reset(); }

    rollout::World world(Now now) const;
    bool hasAnswered(const std::string& proxy) const;
    bool allProxiesAnswered() const { return m_proxies.size() == m_names.size(); }
    /// When every proxy was last read back, for "rollback ready: checked 2 s ago".
    Duration oldestAnswer(Now now) const;
    /// Takes the corrections seen since the last call.
    std::vector<rollout::ProxyFact> takeCorrections();

private:
    struct Count {
        BootTime at{};
        int64_t canary{0};
        int64_t stable{0};
    };
    struct Proxy {
        rollout::ProxyFact fact{};
        BootTime answeredAt{}; ///< until the first answer when it was first looked for
        bool answered{false};
        BootTime canaryMovedAt{};
        std::optional<BootTime> zeroSince{};
        std::deque<Count> counts{};
    };

    std::vector<std::string> m_names;
    std::map<std::string, Proxy> m_proxies{};
    std::vector<rollout::ProxyFact> m_corrections{};
    rollout::WorkloadFact m_canary{};
    rollout::WorkloadFact m_stable{};
    std::optional<ports::HealthAnswer> m_health{};
};

} // namespace sluice::engine
