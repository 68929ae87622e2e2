// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/adapters/http_client.h"
#include "core/model/connections.h"
#include "core/ports/clock.h"
#include "core/ports/metric_source.h"

namespace sluice::adapters {

/// Learns the source's clock from Date headers, which are cut to whole seconds: over a minute of answers the largest
/// difference to our clock is the true one to within a few milliseconds.
class ServerClock {
public:
    static constexpr size_t kAnswers = 60;
    /// The source's time at `received`; `date` zero = the answer had none, our own clock then.
    WallTime at(WallTime received, WallTime date);

private:
    std::deque<Duration> m_ahead{};
};

/// The selector `{__name__=~"a|b|c"}[9s]`: one request whatever the number of names.
std::string rangeSelector(const std::vector<std::string>& names, Duration range);

/// ports::MetricSource over a Prometheus HTTP API. The scrape interval comes from the active targets, narrowed by the
/// spacing of the samples that came; without either a second is assumed.
class PrometheusSource final : public ports::MetricSource {
public:
    static constexpr size_t kMaxPollBytes = size_t{32} << 20;
    static constexpr size_t kMaxBackfillBytes = size_t{64} << 20;
    static constexpr Duration kPollLimit =
        std::chrono::seconds(10); ///< a lost path must not hold up the next poll longer
    static constexpr Duration kBackfillLimit = std::chrono::seconds(30);

    PrometheusSource(std::string name, MetricSourceConfig config, ports::Sink sink, const ports::Clock& clock);

    const std::string& name() const override { return m_name; }
    void poll(const std::vector<std::string>& names) override;
    void backfill(const std::vector<std::string>& names, Duration range) override;
    int64_t requests() const override { return m_requests.load(); }

private:
    struct Wish {
        std::vector<std::string> names{};
        std::optional<Duration> backfill{}; ///< none = a poll
    };
    void start(Wish wish);
    void next();
    void askIntervals(Wish wish);
    void query(Wish wish);
    void onReply(const Wish& wish, const HttpReply& reply);
    void fail(const Wish& wish, Error error, Duration took);
    void post(const Wish& wish, Result<analysis::RawBatch> batch, Duration took);
    bool send(HttpRequest request, HttpClient::OnReply onReply, const Wish& wish);
    Duration interval() const;

    const std::string m_name;
    const MetricSourceConfig m_config;
    const ports::Sink m_sink;
    const ports::Clock& m_clock;
    std::atomic<int64_t> m_requests{0};

    std::mutex m_mutex{};
    bool m_busy{false};               // guarded by m_mutex
    std::optional<Wish> m_backfill{}; // guarded by m_mutex; waits for the request under way

    // Used by one request at a time only.
    bool m_asked{false};
    std::vector<Duration> m_intervals{}; ///< of the active targets, ascending
    std::optional<Duration> m_observed{};
    ServerClock m_serverClock{};

    HttpClient m_http{}; ///< last: its thread ends before what it uses
};

} // namespace sluice::adapters
