// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/model/connections.h"
#include "core/model/weight.h"
#include "core/sim/random.h"
#include "core/sim/service_model.h"
#include "core/sim/simulated_clock.h"

// A small world with the properties that matter: proxies with a fence by epoch, a base configuration that holds the
// safe state, commands that wait in a frozen proxy and run when it thaws; instances that need time to start; users who
// make requests every second; and a metric server that scrapes each second and can fall silent.

namespace sluice::sim {

/// One command on its way to a proxy, as HAProxy would see it.
struct ProxyWrite {
    int64_t epoch{0};
    bool takeEpoch{false}; ///< point the epoch map at this epoch first
    Weight limit{};
    bool maint{false};
    bool ready{false}; ///< lift maintenance
};

/// A proxy in front of one service. Only what is under the current epoch counts.
class SimulatedProxy {
public:
    /// What an order of an older epoch writes changes nothing (the limit is looked up through the epoch).
    void write(const ProxyWrite& command);
    /// Back to the base configuration: epoch none, limit 0, canary in maintenance; counters start again.
    void reload();
    void freeze() { m_frozen = true; }
    /// Everything that waited runs now, in order, whoever has hung up since.
    void thaw();
    void kill() { m_dead = true; }
    /// Its runtime socket is lost while it goes on serving: writes are gone, nothing is read back.
    void loseSocket() { m_deaf = true; }
    void findSocket() { m_deaf = false; }
    void revive();
    /// Somebody else edits the proxy by hand.
    void foreignLimit(Weight limit) { m_limits[m_epoch] = limit; }
    void foreignMaint(bool maint) { m_maint = maint; }

    bool answers() const { return !m_frozen && !m_dead && !m_deaf; }
    bool frozen() const { return m_frozen; }
    bool serves() const { return !m_dead && !m_frozen; }
    int64_t epoch() const { return m_epoch; } ///< 0 = none
    bool maint() const { return m_maint; }
    Weight limit() const;       ///< effective
    double canaryShare() const; ///< of the users behind it
    void count(int64_t canary, int64_t stable);
    int64_t canaryRequests() const { return m_canary; }
    int64_t stableRequests() const { return m_stable; }

private:
    void run(const ProxyWrite& command);

    int64_t m_epoch{0};
    std::map<int64_t, Weight> m_limits{};
    bool m_maint{true};
    bool m_frozen{false};
    bool m_dead{false};
    bool m_deaf{false};
    std::vector<ProxyWrite> m_waiting{};
    int64_t m_canary{0};
    int64_t m_stable{0};
};

/// A service in one environment with its proxies.
struct SimulatedService {
    TargetId target{};
    std::string name{};
    double requestsPerSecond{200};
    double users{2000};
    SimulatedTrack stable;
    SimulatedTrack canary;
    Behaviour stableBehaviour{};
    Behaviour canaryBehaviour{};
    std::map<std::string, SimulatedProxy> proxies{};

    SimulatedService(TargetId id, const std::string& service)
        : target(std::move(id))
        , name(service)
        , stable(service, Track::Stable)
        , canary(service, Track::Canary)
    {
    }
};

/// One metric server over all services.
class SimulatedMetrics {
public:
    void scrape(const std::vector<std::unique_ptr<SimulatedService>>& services, WallTime at);
    /// Samples of these names in (at - range, at].
    analysis::RawBatch read(const std::vector<std::string>& names, Duration range, Now now) const;

    void forgetSamples() { m_book.forgetSamples(); }

    bool down{false};      ///< answers nothing
    int everySeconds{1};   ///< scrape interval
    bool blind{false};     ///< answers, but scrapes fail (no new samples)
    bool notFinite{false}; ///< every value is NaN

private:
    SeriesBook m_book{};
};

/// Everything outside the engine. `advance` moves the clock; whole seconds make traffic and samples.
class SimulatedWorld {
public:
    SimulatedWorld(uint64_t seed, WallTime start);

    SimulatedService& add(const TargetConfig& target, const std::string& stableVersion, int stableInstances);
    SimulatedService* service(const TargetId& target);
    void advance(Duration by);

    SimulatedClock& clock() { return m_clock; }
    /// The metric server's own time of day: it does not jump with the engine's.
    WallTime serverTime() const { return m_serverTime; }
    SimulatedMetrics& metrics() { return m_metrics; }
    const std::vector<std::unique_ptr<SimulatedService>>& services() const { return m_services; }
    Random& random() { return m_random; }

private:
    void second();

    SimulatedClock m_clock;
    Random m_random;
    SimulatedMetrics m_metrics{};
    WallTime m_serverTime;
    std::vector<std::unique_ptr<SimulatedService>> m_services{};
    Duration m_intoSecond{0};
};

} // namespace sluice::sim
