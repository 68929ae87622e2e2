// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/simulated_world.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sluice::sim {

namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
constexpr double kUsualDay = 0.05; // traffic swings this much over some minutes

} // namespace

void SimulatedProxy::write(const ProxyWrite& command)
{
    if (m_dead || m_deaf) return;
    if (m_frozen)
        m_waiting.push_back(command);
    else
        run(command);
}

void SimulatedProxy::run(const ProxyWrite& command)
{
    if (command.takeEpoch && command.epoch > m_epoch) m_epoch = command.epoch;
    m_limits[command.epoch] = command.limit;
    // `maint` is an attribute of the server, not of the epoch: any writer that reaches the proxy sets it.
    if (command.maint) m_maint = true;
    if (command.ready && command.epoch == m_epoch) m_maint = false;
}

void SimulatedProxy::reload()
{
    m_frozen = false; // a new process; what waited in the old one's socket ended with it
    m_waiting.clear();
    m_epoch = 0;
    m_limits.clear();
    m_maint = true;
    m_canary = 0;
    m_stable = 0;
}

void SimulatedProxy::thaw()
{
    m_frozen = false;
    for (const ProxyWrite& command : std::exchange(m_waiting, {}))
        run(command);
}

void SimulatedProxy::revive()
{
    m_dead = false;
    reload();
}

Weight SimulatedProxy::limit() const
{
    const auto found = m_limits.find(m_epoch);
    return m_epoch == 0 || found == m_limits.end() ? Weight::none() : found->second;
}

double SimulatedProxy::canaryShare() const
{
    return m_maint ? 0.0 : static_cast<double>(limit().perTenThousand()) / Weight::kFull;
}

void SimulatedProxy::count(int64_t canary, int64_t stable)
{
    m_canary += canary;
    m_stable += stable;
}

void SimulatedMetrics::scrape(const std::vector<std::unique_ptr<SimulatedService>>& services, WallTime at)
{
    const int64_t second = micros(at) / 1'000'000;
    if (blind || second % everySeconds != 0) return;
    for (const auto& service : services) {
        service->stable.scrape(m_book, micros(at) / 1000, notFinite);
        service->canary.scrape(m_book, micros(at) / 1000, notFinite);
    }
}

analysis::RawBatch SimulatedMetrics::read(const std::vector<std::string>& names, Duration range, Now now) const
{
    return {.series = m_book.read(names, micros(now.wall - range) / 1000),
            .interval = std::chrono::seconds(everySeconds),
            .serverTime = now.wall,
            .arrivedAt = now.boot};
}

SimulatedWorld::SimulatedWorld(uint64_t seed, WallTime start)
    : m_clock(start)
    , m_random(seed)
    , m_serverTime(start)
{
}

SimulatedService& SimulatedWorld::add(const TargetConfig& target, const std::string& stableVersion, int stableInstances)
{
    auto service = std::make_unique<SimulatedService>(target.id, target.service);
    for (const std::string& proxy : target.routers)
        service->proxies.try_emplace(proxy);
    service->stable.order(stableVersion, stableInstances, Duration(0));
    m_services.push_back(std::move(service));
    return *m_services.back();
}

SimulatedService* SimulatedWorld::service(const TargetId& target)
{
    for (const auto& service : m_services)
        if (service->target == target) return service.get();
    return nullptr;
}

void SimulatedWorld::advance(Duration by)
{
    while (by > Duration(0)) {
        const Duration part = std::min(by, kSecond - m_intoSecond);
        m_clock.advance(part);
        m_serverTime += part;
        m_intoSecond += part;
        by -= part;
        if (m_intoSecond < kSecond) return;
        m_intoSecond = Duration(0);
        second();
    }
}

void SimulatedWorld::second()
{
    const double minute = static_cast<double>(micros(m_serverTime)) / 60e6;
    for (const auto& service : m_services) {
        const double swing = 1 + kUsualDay * std::sin(minute / 3);
        const auto serving = static_cast<double>(std::max<int64_t>(
            1, std::ranges::count_if(service->proxies, [](const auto& one) { return one.second.serves(); })));
        int64_t toCanary = 0;
        int64_t toStable = 0;
        double share = 0;
        for (auto& [name, proxy] : service->proxies) {
            if (!proxy.serves()) continue;
            const int64_t all = m_random.poisson(service->requestsPerSecond * swing / serving);
            const double wanted = service->canary.ready() > 0 ? proxy.canaryShare() : 0;
            const int64_t canary = m_random.binomial(all, wanted);
            proxy.count(canary, all - canary);
            toCanary += canary;
            toStable += all - canary;
            share += wanted / serving;
        }
        const double users = service->users * swing;
        service->canary.second(toCanary, users * share, service->canaryBehaviour, m_random);
        service->stable.second(toStable, users * (1 - share), service->stableBehaviour, m_random);
    }
    m_metrics.scrape(m_services, m_serverTime);
}

} // namespace sluice::sim
