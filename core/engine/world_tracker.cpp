// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/world_tracker.h"

#include <algorithm>
#include <utility>

#include "core/engine/engine_parts.h"
#include "core/rollout/stage_facts.h"

namespace sluice::engine {

void WorldTracker::take(const ports::ProxyAnswer& answer)
{
    using State = rollout::ProxyFact::State;
    const auto [at, fresh] = m_proxies.try_emplace(answer.fact.name);
    Proxy& proxy = at->second;
    if (answer.fact.corrected) m_corrections.push_back(answer.fact);
    const bool silent = answer.fact.state == State::Unreachable || answer.fact.state == State::Unknown;
    if (silent && !fresh) {
        // What it last said stays visible, with its age; its counters are not zero, they are unknown.
        proxy.fact.state = answer.fact.state;
        proxy.fact.detail = answer.fact.detail;
        proxy.zeroSince.reset(); // it may have served in between
        return;
    }
    // A counter that fell belongs to a new worker: only what that worker has served counts as movement.
    const int64_t known = proxy.fact.canaryRequests;
    const int64_t seen = answer.fact.canaryRequests;
    if (fresh || seen > known || (seen < known && seen > 0)) proxy.canaryMovedAt = answer.at;
    proxy.fact = answer.fact;
    proxy.answeredAt = answer.at;
    if (silent) return;
    proxy.answered = true;
    const bool read = answer.fact.state == State::Verified || answer.fact.state == State::Converging;
    const bool zero = read && answer.fact.limit == Weight() && answer.fact.canaryMaint;
    if (!zero)
        proxy.zeroSince.reset();
    else if (!proxy.zeroSince)
        proxy.zeroSince = answer.at;
    proxy.counts.push_back({answer.at, answer.fact.canaryRequests, answer.fact.stableRequests});
    while (proxy.counts.size() > 2 && answer.at - proxy.counts.front().at > rollout::kShareWindow)
        proxy.counts.pop_front();
}

void WorldTracker::take(const ports::WorkloadAnswer& answer)
{
    (answer.track == Track::Canary ? m_canary : m_stable) = answer.fact;
}

void WorldTracker::take(const ports::HealthAnswer& answer)
{
    m_health = answer;
}

void WorldTracker::forgetCanary()
{
    m_canary = {};
    m_health.reset();
    m_corrections.clear();
}

rollout::World WorldTracker::world(Now now) const
{
    rollout::World world{.canary = m_canary, .stable = m_stable};
    int64_t canary = 0;
    int64_t all = 0;
    BootTime moved{};
    for (const std::string& name : m_names) {
        const auto found = m_proxies.find(name);
        if (found == m_proxies.end()) {
            world.proxies.push_back(
                {.name = name, .state = rollout::ProxyFact::State::Unknown, .detail = "no answer yet"});
            continue;
        }
        const Proxy& proxy = found->second;
        rollout::ProxyFact fact = proxy.fact;
        fact.sinceAnswer = now.boot - proxy.answeredAt;
        if (proxy.zeroSince) fact.zeroFor = now.boot - *proxy.zeroSince;
        world.proxies.push_back(fact);
        moved = std::max(moved, proxy.canaryMovedAt);
        for (size_t i = 1; i < proxy.counts.size(); ++i) {
            const Count& a = proxy.counts[i - 1];
            const Count& b = proxy.counts[i];
            const int64_t c = b.canary >= a.canary ? b.canary - a.canary : b.canary;
            const int64_t s = b.stable >= a.stable ? b.stable - a.stable : b.stable;
            canary += c;
            all += c + s;
        }
    }
    world.observedRequests = all;
    if (all > 0) world.observedSharePpm = canary * kMillion / all;
    if (!m_proxies.empty()) world.canaryQuietFor = std::max(Duration(0), now.boot - moved);
    if (m_health) {
        world.healthOk = m_health->ok;
        world.healthProblem = m_health->problem;
    }
    return world;
}

bool WorldTracker::hasAnswered(const std::string& proxy) const
{
    const auto found = m_proxies.find(proxy);
    return found != m_proxies.end() && found->second.answered;
}

Duration WorldTracker::oldestAnswer(Now now) const
{
    Duration oldest{0};
    for (const auto& [name, proxy] : m_proxies)
        oldest = std::max(oldest, now.boot - proxy.answeredAt);
    return oldest;
}

std::vector<rollout::ProxyFact> WorldTracker::takeCorrections()
{
    return std::exchange(m_corrections, {});
}

} // namespace sluice::engine
