// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/model/playbook.h"
#include "core/sim/random.h"
#include "core/sim/series_book.h"

namespace sluice::sim {

/// How a version behaves. Healthy by default.
struct Behaviour {
    double errorRate{0.002};
    double latencyMedianMs{40};
    double latencySpread{0.5}; ///< sigma of the lognormal
    double cpu{0.30};
    double memory{0.35};
    double paymentFailure{0.0005};
    double usersLost{0.0}; ///< share of active users that stay away
    double databaseMs{8};  ///< medians of what it calls
    double aiMs{280};
    double chatMs{60};
    /// Series ("name" or "name;label=value") that stand at this value at each instance, instead of the model's.
    std::map<std::string, double> exported{};
    /// Counters that grow by so much a second, over all instances together, instead of the model's.
    std::map<std::string, double> growing{};
};

/// Upper bounds of the latency buckets in ms; every limit of the seeds is one of them.
inline constexpr std::array<int, 19> kBucketsMs = {5,   10,  25,   50,   75,   100,  150,  200,  300,  400,
                                                   500, 750, 1000, 1200, 1500, 2000, 3000, 5000, 10000};

/// A Prometheus histogram of lognormal times: cumulative counts, the last one is +Inf.
struct Histogram {
    std::array<int64_t, kBucketsMs.size() + 1> counts{};
    void add(int64_t n, double medianMs, double spread, Random& random);
};

/// The instances of one version of one service: counters that only grow, until the instance restarts.
class SimulatedTrack {
public:
    SimulatedTrack(std::string service, Track track)
        : m_service(std::move(service))
        , m_track(track)
    {
    }

    /// Orders take effect after a start-up delay. Another version restarts every instance.
    void order(const std::string& version, int instances, Duration startUp);
    /// One second passes; `requests` reach the ready instances, from `users` active users.
    void second(int64_t requests, double users, const Behaviour& behaviour, Random& random);
    /// All instances begin again from zero counters (a deploy, a crash).
    void restart();
    /// Also exports what Avalo watches: sessions, sign-ins, database, AI, chat, revenue.
    void exportEverything() { m_everything = true; }

    int ready() const { return static_cast<int>(m_instances.size()); }
    int wanted() const { return m_wanted; }
    const std::string& version() const { return m_version; }
    int64_t requests() const { return m_requests; } ///< served since the world began

    /// Stores the current values as scraped at this time. `broken`: every value is NaN.
    void scrape(SeriesBook& book, int64_t atMs, bool broken);

private:
    struct Instance {
        int slot{0};
        int64_t ok{0};
        int64_t failed{0};
        Histogram latency{};
        int64_t payments{0};
        int64_t paymentFailures{0};
        double cpu{0};
        double memory{0};
        double users{0};
        Histogram database{};
        Histogram ai{};
        Histogram chat{};
        std::map<std::string, double> own{};        ///< what a Behaviour exports or grows
        std::vector<SeriesBook::Series*> handles{}; ///< in the order of values(); empty = not scraped yet
    };
    void serve(Instance& instance, int64_t requests, const Behaviour& behaviour, Random& random) const;
    /// Names and current values, always in the same order.
    std::vector<std::pair<std::string, double>> values(const Instance& instance) const;
    void appendEverything(const Instance& instance, std::vector<std::pair<std::string, double>>& to) const;
    Labels labels(const Instance& instance) const;

    std::string m_service;
    Track m_track;
    std::string m_version{};
    int m_wanted{0};
    bool m_everything{false};
    Duration m_untilReady{0};
    std::vector<Instance> m_instances{};
    int64_t m_requests{0};
};

} // namespace sluice::sim
