// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/simulated_world.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace sluice::sim {

namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
constexpr size_t kSamplesKept = 4200; // seventy minutes: an hour of charts and the baseline before it
constexpr double kUsualDay = 0.05;    // traffic swings this much over some minutes

std::vector<std::pair<std::string, std::string>> labelsOf(const std::string& key)
{
    std::vector<std::pair<std::string, std::string>> labels;
    size_t at = 0;
    while (at < key.size()) {
        const size_t equals = key.find("=\"", at);
        const size_t end = key.find('"', equals + 2);
        labels.emplace_back(key.substr(at, equals - at), key.substr(equals + 2, end - equals - 2));
        at = end + 2; // closing quote and comma
    }
    std::ranges::sort(labels);
    return labels;
}

} // namespace

void SimulatedProxy::write(const ProxyWrite& command)
{
    if (m_dead) return;
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
    if (blind) return;
    std::map<std::string, std::map<std::string, double>> values;
    for (const auto& service : services) {
        service->stable.scrape(values);
        service->canary.scrape(values);
    }
    const int64_t atMs = micros(at) / 1000;
    for (const auto& [name, byLabels] : values) {
        auto& family = m_series[name];
        for (const auto& [key, value] : byLabels) {
            Series& series = family[key];
            if (series.labels.empty()) series.labels = labelsOf(key);
            series.samples.push_back({atMs, notFinite ? std::numeric_limits<double>::quiet_NaN() : value});
            if (series.samples.size() > kSamplesKept) series.samples.pop_front();
        }
    }
}

analysis::RawBatch SimulatedMetrics::read(const std::vector<std::string>& names, Duration range, Now now) const
{
    analysis::RawBatch batch{.serverTime = now.wall, .arrivedAt = now.boot};
    const int64_t after = micros(now.wall - range) / 1000;
    for (const std::string& name : names) {
        const auto family = m_series.find(name);
        if (family == m_series.end()) continue;
        for (const auto& [key, series] : family->second) {
            const auto first = std::ranges::upper_bound(series.samples, after, {}, &analysis::RawSample::atMs);
            if (first == series.samples.end()) continue;
            batch.series.push_back({name, series.labels, {first, series.samples.end()}});
        }
    }
    return batch;
}

SimulatedWorld::SimulatedWorld(uint64_t seed, WallTime start)
    : m_clock(start)
    , m_random(seed)
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
        m_intoSecond += part;
        by -= part;
        if (m_intoSecond < kSecond) return;
        m_intoSecond = Duration(0);
        second();
    }
}

void SimulatedWorld::second()
{
    const double minute = static_cast<double>(micros(m_clock.now().wall)) / 60e6;
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
    m_metrics.scrape(m_services, m_clock.now().wall);
}

} // namespace sluice::sim
