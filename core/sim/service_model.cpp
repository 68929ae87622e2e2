// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/service_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace sluice::sim {

namespace {

/// Share of requests at or under `ms` for a lognormal.
double lognormalCdf(double ms, double median, double sigma)
{
    return 0.5 * std::erfc(-(std::log(ms) - std::log(median)) / (sigma * std::sqrt(2.0)));
}

/// Share of requests at or under each bucket. The same few shapes come every second, so they are computed once.
using Shape = std::array<double, kBucketsMs.size()>;
const Shape& shapeOf(double median, double sigma)
{
    thread_local std::map<std::pair<double, double>, Shape> shapes;
    const auto [at, fresh] = shapes.try_emplace({median, sigma});
    if (fresh)
        for (size_t b = 0; b < kBucketsMs.size(); ++b)
            at->second[b] = lognormalCdf(kBucketsMs[b], median, sigma);
    return at->second;
}

using Values = std::vector<std::pair<std::string, double>>;

/// A label that only some series have is written behind the name: "name;label=value".
void appendHistogram(const std::string& name, const Histogram& histogram, Values& to)
{
    for (size_t b = 0; b < kBucketsMs.size(); ++b)
        to.emplace_back(fmt::format("{}_bucket;le={}", name, kBucketsMs[b] / 1000.0),
                        static_cast<double>(histogram.counts[b]));
    to.emplace_back(name + "_bucket;le=+Inf", static_cast<double>(histogram.counts.back()));
}

} // namespace

void Histogram::add(int64_t n, double medianMs, double spread, Random& random)
{
    if (n <= 0) return;
    int64_t left = n;
    int64_t below = 0;
    double passed = 0;
    const Shape& shape = shapeOf(medianMs, spread);
    for (size_t b = 0; b < kBucketsMs.size(); ++b) {
        if (left > 0) {
            const double cdf = shape[b];
            const int64_t here = passed < 1 ? random.binomial(left, (cdf - passed) / (1 - passed)) : 0;
            left -= here;
            below += here;
            passed = cdf;
        }
        counts[b] += below;
    }
    counts.back() += n;
}

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
        for (const auto& [name, value] : behaviour.exported)
            instance.own[name] = value;
        for (const auto& [name, perSecond] : behaviour.growing)
            instance.own[name] += perSecond / static_cast<double>(count);
    }
}

void SimulatedTrack::serve(Instance& instance, int64_t requests, const Behaviour& behaviour, Random& random) const
{
    const int64_t failed = random.binomial(requests, behaviour.errorRate);
    instance.failed += failed;
    instance.ok += requests - failed;
    instance.latency.add(requests, behaviour.latencyMedianMs, behaviour.latencySpread, random);
    const int64_t payments = random.binomial(requests, 0.1);
    instance.payments += payments;
    instance.paymentFailures += random.binomial(payments, behaviour.paymentFailure);
    instance.cpu = std::clamp(behaviour.cpu + 0.01 * random.normal(), 0.0, 1.0);
    instance.memory = std::clamp(behaviour.memory + 0.003 * random.normal(), 0.0, 1.0);
    if (!m_everything) return;
    instance.database.add(requests / 2, behaviour.databaseMs, 0.4, random);
    instance.ai.add(requests / 10, behaviour.aiMs, 0.3, random);
    instance.chat.add(requests / 5, behaviour.chatMs, 0.4, random);
}

std::vector<std::pair<std::string, double>> SimulatedTrack::values(const Instance& one) const
{
    Values all;
    all.reserve(m_everything ? 110 : 32);
    all.emplace_back("http_requests_total;code=200", static_cast<double>(one.ok));
    // Like a real service, it exports the error series from its first error on; a restarted one has lost it again.
    if (one.failed > 0) all.emplace_back("http_requests_total;code=500", static_cast<double>(one.failed));
    appendHistogram("http_request_duration_seconds", one.latency, all);
    all.emplace_back("process_cpu_ratio", one.cpu);
    all.emplace_back("process_memory_ratio", one.memory);
    all.emplace_back("active_users", std::round(one.users));
    all.emplace_back("payments_total", static_cast<double>(one.payments));
    all.emplace_back("payment_failures_total", static_cast<double>(one.paymentFailures));
    if (m_everything) appendEverything(one, all);
    for (const auto& [name, value] : one.own) {
        const auto known = std::ranges::find(all, name, &Values::value_type::first);
        if (known == all.end())
            all.emplace_back(name, value);
        else
            known->second = value;
    }
    return all;
}

void SimulatedTrack::appendEverything(const Instance& one, std::vector<std::pair<std::string, double>>& to) const
{
    const auto requests = static_cast<double>(one.ok + one.failed);
    to.emplace_back("payments_succeeded_total", static_cast<double>(one.payments - one.paymentFailures));
    to.emplace_back("disk_used_ratio", 0.45);
    to.emplace_back("open_connections", std::round(one.users * 0.8));
    to.emplace_back("users_with_failed_request_ratio", requests > 0 ? static_cast<double>(one.failed) / requests : 0);
    to.emplace_back("sessions_total", std::floor(requests / 4));
    to.emplace_back("session_failures_total", std::floor(static_cast<double>(one.failed) / 8));
    to.emplace_back("database_errors_total", 0);
    to.emplace_back("database_connections", 12);
    to.emplace_back("auth_attempts_total", std::floor(requests / 5));
    to.emplace_back("auth_failures_total", std::floor(requests / 500));
    to.emplace_back("ai_moderation_calls_total", std::floor(requests / 10));
    to.emplace_back("ai_moderation_failures_total", std::floor(requests / 2000));
    to.emplace_back("engagement_events_total", std::floor(requests * 1.8));
    to.emplace_back("revenue_total", static_cast<double>(one.payments - one.paymentFailures) * 29);
    appendHistogram("database_query_duration_seconds", one.database, to);
    appendHistogram("ai_response_duration_seconds", one.ai, to);
    appendHistogram("chat_delivery_duration_seconds", one.chat, to);
}

Labels SimulatedTrack::labels(const Instance& instance) const
{
    const std::string track = m_track == Track::Canary ? "canary" : "stable";
    return {{"instance", fmt::format("{}-{}-{}", m_service, track, instance.slot)},
            {"service", m_service},
            {"track", track},
            {"version", m_version}};
}

void SimulatedTrack::scrape(SeriesBook& book, int64_t atMs, bool broken)
{
    for (Instance& instance : m_instances) {
        const Values now = values(instance);
        if (instance.handles.size() != now.size()) {
            instance.handles.clear();
            for (const auto& [name, value] : now) {
                Labels all = labels(instance);
                const size_t mark = name.find(';');
                if (mark != std::string::npos) {
                    const size_t equals = name.find('=', mark);
                    all.emplace_back(name.substr(mark + 1, equals - mark - 1), name.substr(equals + 1));
                    std::ranges::sort(all);
                }
                instance.handles.push_back(&book.series(name.substr(0, mark), all));
            }
        }
        for (size_t i = 0; i < now.size(); ++i)
            instance.handles[i]->add(atMs, broken ? std::numeric_limits<double>::quiet_NaN() : now[i].second);
    }
}

} // namespace sluice::sim
