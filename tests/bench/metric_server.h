// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "tests/core/adapters/fake_prometheus.h"

namespace sluice::bench {

/// A Prometheus over HTTP that has scraped so many services every second: requests by code on both tracks. Healthy
/// until told otherwise. Counts what it is asked.
class MetricServer {
public:
    /// `everything`: also payments, a latency histogram of twelve buckets, load and users.
    MetricServer(int services, bool everything);

    std::string url() const { return m_server.url(); }
    /// Everything that was asked over HTTP, whatever it was.
    int requests() const { return m_requests; }
    /// From the next whole second on every canary request fails.
    void fail();

private:
    std::string answer() const;

    int m_services;
    bool m_everything;
    std::atomic<int> m_requests{0};
    std::atomic<int64_t> m_badFrom{INT64_MAX}; ///< seconds since the epoch
    test::FakePrometheus m_server{};
};

} // namespace sluice::bench
