// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/service_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace sluice::sim {

namespace {

/// Share of requests at or under `ms` for a lognormal.
double lognormalCdf(double ms, double median, double sigma)
{
    return 0.5 * std::erfc(-(std::log(ms) - std::log(median)) / (sigma * std::sqrt(2.0)));
}

} // namespace

void SimulatedTrack::order(const std::string& version, int instances, Duration startUp)
{
    const int wanted = instances < 0 ? m_wanted : instances;
    if (version == m_version && wanted == m_wanted) return;
    if (version != m_version) restart();
    if (wanted > ready() || version != m_version) m_untilReady = startUp;
    m_version = version;
    m_wanted = wanted;
    while (ready() > m_wanted)
        m_instances.pop_back();
}

void SimulatedTrack::restart()
{
    for (Instance& instance : m_instances) {
        const int slot = instance.slot;
        instance = Instance{.slot = slot};
    }
}

void SimulatedTrack::second(int64_t requests, double users, const Behaviour& behaviour, Random& random)
{
    m_untilReady = std::max(Duration(0), m_untilReady - std::chrono::seconds(1));
    if (m_untilReady == Duration(0))
        while (ready() < m_wanted)
            m_instances.push_back({.slot = ready()});
    if (m_instances.empty()) return;
    m_requests += requests;
    const auto count = static_cast<int64_t>(m_instances.size());
    for (int64_t i = 0; i < count; ++i) {
        Instance& instance = m_instances[static_cast<size_t>(i)];
        serve(instance, requests / count + (i < requests % count ? 1 : 0), behaviour, random);
        instance.users = users * (1 - behaviour.usersLost) / static_cast<double>(count);
    }
}

void SimulatedTrack::serve(Instance& instance, int64_t requests, const Behaviour& behaviour, Random& random)
{
    const int64_t failed = random.binomial(requests, behaviour.errorRate);
    instance.failed += failed;
    instance.ok += requests - failed;
    int64_t left = requests;
    double below = 0;
    int64_t cumulative = 0;
    for (size_t b = 0; b < kBucketsMs.size(); ++b) {
        const double cdf = lognormalCdf(kBucketsMs[b], behaviour.latencyMedianMs, behaviour.latencySpread);
        const double share = below < 1 ? (cdf - below) / (1 - below) : 0;
        const int64_t here = random.binomial(left, share);
        left -= here;
        cumulative += here;
        below = cdf;
        instance.buckets[b] += cumulative;
    }
    instance.buckets.back() += requests;
    instance.latencySumMs += static_cast<double>(requests) * behaviour.latencyMedianMs;
    const int64_t payments = random.binomial(requests, 0.1);
    instance.payments += payments;
    instance.paymentFailures += random.binomial(payments, behaviour.paymentFailure);
    instance.cpu = std::clamp(behaviour.cpu + 0.01 * random.normal(), 0.0, 1.0);
    instance.memory = std::clamp(behaviour.memory + 0.003 * random.normal(), 0.0, 1.0);
}

void SimulatedTrack::scrape(std::map<std::string, std::map<std::string, double>>& into) const
{
    const char* track = m_track == Track::Canary ? "canary" : "stable";
    for (const Instance& one : m_instances) {
        const std::string base = fmt::format("instance=\"{}-{}-{}\",service=\"{}\",track=\"{}\",version=\"{}\"",
                                             m_service, track, one.slot, m_service, track, m_version);
        into["http_requests_total"]["code=\"200\"," + base] = static_cast<double>(one.ok);
        if (one.failed > 0) into["http_requests_total"]["code=\"500\"," + base] = static_cast<double>(one.failed);
        auto& buckets = into["http_request_duration_seconds_bucket"];
        for (size_t b = 0; b < kBucketsMs.size(); ++b)
            buckets[fmt::format("le=\"{}\",{}", kBucketsMs[b] / 1000.0, base)] = static_cast<double>(one.buckets[b]);
        buckets["le=\"+Inf\"," + base] = static_cast<double>(one.buckets.back());
        into["http_request_duration_seconds_count"][base] = static_cast<double>(one.buckets.back());
        into["http_request_duration_seconds_sum"][base] = one.latencySumMs / 1000;
        into["process_cpu_ratio"][base] = one.cpu;
        into["process_memory_ratio"][base] = one.memory;
        into["active_users"][base] = std::round(one.users);
        into["payments_total"][base] = static_cast<double>(one.payments);
        into["payment_failures_total"][base] = static_cast<double>(one.paymentFailures);
    }
}

} // namespace sluice::sim
