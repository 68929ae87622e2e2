// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/service_metrics.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <fstream>
#include <mutex>
#include <sstream>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

namespace sluice::app::lab {

namespace {

constexpr Duration kActiveFor = std::chrono::seconds(10);
constexpr size_t kMaxActiveSightings = 200'000; // of one replica in kActiveFor; more are not counted
#ifdef __SANITIZE_THREAD__
constexpr double kMemoryFactor = 8; // the sanitizer's shadow is several times what the program needs
#else
constexpr double kMemoryFactor = 1;
#endif
constexpr double kMemoryLimitBytes = kMemoryFactor * 256 * 1024 * 1024; // what a small container would be given

const prometheus::Histogram::BucketBoundaries kBucketsSeconds{0.005, 0.010, 0.025, 0.050, 0.075, 0.100, 0.150,
                                                              0.200, 0.300, 0.400, 0.500, 0.750, 1.0,   1.2,
                                                              1.5,   2.0,   3.0,   5.0,   10.0};

double seconds(Duration d)
{
    return static_cast<double>(micros(d)) / 1e6;
}

Duration cpuUsed()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& t) { return std::chrono::seconds(t.tv_sec) + Duration(t.tv_usec); };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

double memoryRatio()
{
    std::ifstream statm("/proc/self/statm");
    double total = 0;
    double residentPages = 0;
    statm >> total >> residentPages;
    return std::min(1.0, residentPages * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMemoryLimitBytes);
}

} // namespace

struct ServiceMetrics::Parts {
    explicit Parts(const prometheus::Labels& labels)
        : m_labels(labels)
    {
    }

    prometheus::Labels m_labels;
    prometheus::Registry m_registry{};
    prometheus::Gauge& gauge(const char* name, const char* help)
    {
        return prometheus::BuildGauge().Name(name).Help(help).Register(m_registry).Add(m_labels);
    }
    prometheus::Counter& counter(const char* name, const char* help)
    {
        return prometheus::BuildCounter().Name(name).Help(help).Register(m_registry).Add(m_labels);
    }
    prometheus::Labels withCode(const char* code) const
    {
        prometheus::Labels labels = m_labels;
        labels["code"] = code;
        return labels;
    }

    prometheus::Family<prometheus::Counter>& m_requests =
        prometheus::BuildCounter().Name("http_requests_total").Help("Requests answered").Register(m_registry);
    // Both series exist from the start, so that the first error is an increase and not a new series.
    prometheus::Counter& m_good = m_requests.Add(withCode("200"));
    prometheus::Counter& m_bad = m_requests.Add(withCode("500"));
    prometheus::Histogram& m_duration = prometheus::BuildHistogram()
                                            .Name("http_request_duration_seconds")
                                            .Help("Time to answer")
                                            .Register(m_registry)
                                            .Add(m_labels, kBucketsSeconds);
    prometheus::Gauge& m_inFlightGauge = gauge("http_requests_in_flight", "Requests being answered");
    prometheus::Gauge& m_cpu = gauge("process_cpu_ratio", "CPU used, of one core");
    prometheus::Gauge& m_memory = gauge("process_memory_ratio", "Memory used, of the limit");
    prometheus::Gauge& m_users = gauge("active_users", "Distinct users of the last 10 s");
    prometheus::Counter& m_payments = counter("payments_total", "Payments tried");
    prometheus::Counter& m_paymentFailures = counter("payment_failures_total", "Payments that failed");
    std::atomic<int> m_inFlight{0};

    std::mutex m_mutex{};
    std::deque<std::pair<Duration, uint64_t>> m_sightings{}; // guarded by m_mutex, oldest first
    std::unordered_map<uint64_t, int> m_active{};            // guarded by m_mutex: sightings per user
    Duration m_cpuBefore{cpuUsed()};                         // guarded by m_mutex
    Duration m_measuredAt{0};                                // guarded by m_mutex
    double m_cpuRatio{0};                                    // guarded by m_mutex

    void measure(const InjectedFault& fault, Duration now);
};

void ServiceMetrics::Parts::measure(const InjectedFault& fault, Duration now)
{
    const std::scoped_lock lock(m_mutex);
    while (!m_sightings.empty() && m_sightings.front().first + kActiveFor < now) {
        const auto user = m_active.find(m_sightings.front().second);
        if (--user->second == 0) m_active.erase(user);
        m_sightings.pop_front();
    }
    const Duration used = cpuUsed();
    if (m_measuredAt > Duration(0) && now > m_measuredAt) {
        m_cpuRatio = std::min(1.0, seconds(used - m_cpuBefore) / seconds(now - m_measuredAt));
    }
    m_cpuBefore = used;
    m_measuredAt = now;
    m_users.Set(static_cast<double>(m_active.size()));
    m_cpu.Set(fault.cpuPpm > 0 ? static_cast<double>(fault.cpuPpm) / 1e6 : m_cpuRatio);
    m_memory.Set(fault.memoryPpm > 0 ? static_cast<double>(fault.memoryPpm) / 1e6 : memoryRatio());
    m_inFlightGauge.Set(m_inFlight);
}

ServiceMetrics::ServiceMetrics(Track track, const std::string& version)
    : m_parts(std::make_unique<Parts>(
          prometheus::Labels{{"service", kService}, {"track", trackName(track)}, {"version", version}}))
{
}

ServiceMetrics::~ServiceMetrics() = default;

void ServiceMetrics::requestBegins()
{
    ++m_parts->m_inFlight;
}

void ServiceMetrics::requestEnds(bool error, Duration took)
{
    --m_parts->m_inFlight;
    (error ? m_parts->m_bad : m_parts->m_good).Increment();
    m_parts->m_duration.Observe(seconds(took));
}

void ServiceMetrics::payment(bool fails)
{
    m_parts->m_payments.Increment();
    if (fails) m_parts->m_paymentFailures.Increment();
}

void ServiceMetrics::userSeen(uint64_t hash, Duration now)
{
    const std::scoped_lock lock(m_parts->m_mutex);
    if (m_parts->m_sightings.size() >= kMaxActiveSightings) return;
    m_parts->m_sightings.emplace_back(now, hash);
    ++m_parts->m_active[hash];
}

int ServiceMetrics::inFlight() const
{
    return m_parts->m_inFlight;
}

std::string ServiceMetrics::text(const InjectedFault& fault, Duration now)
{
    m_parts->measure(fault, now);
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, m_parts->m_registry.Collect());
    return out.str();
}

} // namespace sluice::app::lab
