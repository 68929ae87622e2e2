// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/adapters/haproxy_split.h"
#include "core/ports/clock.h"
#include "core/ports/port_message.h"

namespace sluice::adapters {

class HaproxyLink;

/// One router of one target, as the connections file names it.
struct RouterBinding {
    TargetId target{};
    std::string name{};
    RouterConfig config{};
};

/// What else the engine thread may ask about a proxy; published after each read-back that changed it.
struct ProxyKnowledge {
    int64_t highestEpoch{0};
    SplitMaps maps{};
    ProxyRead read{};
};

/// Brings one service on one proxy to its order and keeps it there. Lives on the thread of its loop.
///
/// Every write is followed by a read-back in the same bytes; only a read-back that equals the order, taken from a
/// worker that is not stopping, is Verified. A different value later is drift: put right at once, told once.
class HaproxyDriver {
public:
    /// False = the listener is full; the fact is level-triggered and comes again.
    using Post = std::function<bool(const rollout::ProxyFact&)>;
    using Publish = std::function<void(const ProxyKnowledge&)>;

    /// Writes between two polls; a proxy that still differs then waits for the next second.
    static constexpr int kMaxWritesPerPoll = 3;

    HaproxyDriver(RouterBinding binding, HaproxyLink& link, const ports::Clock& clock, Post post, Publish publish);

    void order(const ports::RouteOrder& order);
    void observe();
    void release();
    bool active() const { return m_active; }
    const RouterBinding& binding() const { return m_binding; }

    /// For an emergency: on a connection that opens, the epoch in force is asked and `lines` leave right behind, before
    /// anything was answered. A proxy that is frozen now carries them out when it thaws.
    void setFirstLines(SplitMaps maps, std::vector<std::string> lines);

    // From the link.
    void onOpened();
    void onReady();
    void onDown();
    void onRound(uint64_t round, const Result<WorkerInfo>& worker);
    void poll();
    void postUnreachable(const std::string& why);

private:
    void sendFirstLines();
    void startRound(bool urgent, bool withCounters = true);
    void sendSafe();
    void write(const std::vector<std::string>& lines, bool urgent);
    void evaluate(int64_t pid);
    void verified(int64_t pid);
    void correct(int64_t pid);
    void post(rollout::ProxyFact::State state, const std::string& detail);

    const RouterBinding m_binding;
    HaproxyLink& m_link;
    const ports::Clock& m_clock;
    const Post m_post;
    const Publish m_publish;

    bool m_active{false};
    std::optional<ports::RouteOrder> m_order{}; ///< none while only observing
    SplitMaps m_firstMaps{};
    std::vector<std::string> m_firstLines{};
    ProxyKnowledge m_known{};
    std::string m_mapsProblem{};

    uint64_t m_round{0}; ///< replies of older rounds are ignored
    bool m_inRound{false};
    bool m_fresh{false}; ///< m_known.read was taken on this connection and under this order's epoch
    ProxyRead m_reading{};
    std::string m_readProblem{};
    std::string m_refusal{}; ///< exact text of the first setter refused since the last write began
    int m_writes{0};

    bool m_admitted{false}; ///< `ready` went out for the present exposure; a later maintenance is somebody's wish
    uint64_t m_verifiedGeneration{0};
    int64_t m_verifiedPid{0};
    std::string m_correction{}; ///< drift found and not told yet
    BootTime m_lastAnswer{};
};

} // namespace sluice::adapters
