// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/prometheus_source.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/adapters/prometheus_parser.h"
#include "core/adapters/secret.h"

namespace sluice::adapters {

namespace {

constexpr Duration kDefaultInterval = std::chrono::seconds(1);
constexpr int kIntervalsPerPoll = 3;
/// Asked until the samples show their spacing: two scrapes a minute apart fit in, with one missed.
constexpr Duration kDiscoveryRange = std::chrono::seconds(150);
constexpr size_t kMaxTargetsBytes = size_t{8} << 20;

std::string baseUrl(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

Error transportError(const std::string& url, const HttpReply& reply)
{
    return {Fault::Unreachable, fmt::format("Prometheus at {}: {}.", url, reply.problem)};
}

} // namespace

WallTime ServerClock::at(WallTime received, WallTime date)
{
    if (date == WallTime()) return received;
    m_ahead.push_back(date - received);
    if (m_ahead.size() > kAnswers) m_ahead.pop_front();
    const WallTime estimate = received + *std::ranges::max_element(m_ahead);
    // A clock that was set back lies outside the second that the header names.
    return std::clamp(estimate, date, date + std::chrono::seconds(1) - Duration(1));
}

std::string rangeSelector(const std::vector<std::string>& names, Duration range)
{
    std::string either;
    for (const std::string& name : names) {
        if (!either.empty()) either += '|';
        for (const char c : name) {
            // A dot is the only character of a name that means something in a regular expression; quotes and
            // backslashes cannot be in a name and must not end the string.
            if (c == '"' || c == '\\') continue;
            either += c == '.' ? std::string("\\\\.") : std::string(1, c);
        }
    }
    const int64_t ms = std::max<int64_t>(1, std::chrono::ceil<std::chrono::milliseconds>(range).count());
    return fmt::format("{{__name__=~\"{}\"}}[{}ms]", either, ms);
}

PrometheusSource::PrometheusSource(std::string name, MetricSourceConfig config, ports::Sink sink,
                                   const ports::Clock& clock)
    : m_name(std::move(name))
    , m_config(std::move(config))
    , m_sink(std::move(sink))
    , m_clock(clock)
{
}

void PrometheusSource::poll(const std::vector<std::string>& names)
{
    if (names.empty()) return;
    {
        const std::scoped_lock lock(m_mutex);
        if (std::exchange(m_busy, true)) return; // the next second asks again
    }
    start({.names = names});
}

void PrometheusSource::backfill(const std::vector<std::string>& names, Duration range)
{
    if (names.empty()) return;
    Wish wish{.names = names, .backfill = range};
    {
        const std::scoped_lock lock(m_mutex);
        if (m_busy) {
            m_backfill = std::move(wish);
            return;
        }
        m_busy = true;
    }
    start(std::move(wish));
}

void PrometheusSource::start(Wish wish)
{
    if (m_asked)
        query(std::move(wish));
    else
        askIntervals(std::move(wish));
}

void PrometheusSource::next()
{
    std::optional<Wish> wish;
    {
        const std::scoped_lock lock(m_mutex);
        wish = std::exchange(m_backfill, std::nullopt);
        m_busy = wish.has_value();
    }
    if (wish) start(std::move(*wish));
}

Duration PrometheusSource::interval() const
{
    if (m_intervals.size() == 1) return m_intervals.front();
    // Several jobs with intervals of their own: what our series show, as the smallest configured one that fits.
    if (!m_intervals.empty()) {
        const auto fits = std::ranges::lower_bound(m_intervals, m_observed.value_or(m_intervals.back()));
        return fits == m_intervals.end() ? m_intervals.back() : *fits;
    }
    return m_observed.value_or(kDefaultInterval);
}

bool PrometheusSource::send(HttpRequest request, HttpClient::OnReply onReply, const Wish& wish)
{
    auto token = resolveSecret(m_config.token);
    if (!token) {
        fail(wish, token.error(), Duration(0));
        return false;
    }
    request.bearer = std::move(token).value();
    ++m_requests;
    if (m_http.send(std::move(request), std::move(onReply))) return true;
    fail(wish, {Fault::Unreachable, "too many requests are under way"}, Duration(0));
    return false;
}

void PrometheusSource::askIntervals(Wish wish)
{
    HttpRequest request{.url = baseUrl(m_config.url) + "/api/v1/targets?state=active", .maxBytes = kMaxTargetsBytes};
    const auto onTargets = [this, wish](const HttpReply& reply) {
        if (reply.outcome == HttpReply::Outcome::Failed || reply.outcome == HttpReply::Outcome::TimedOut)
            return fail(wish, transportError(m_config.url, reply), reply.took);
        // Stores that only speak the query API have no targets: the samples show their interval.
        if (auto found = parseTargetIntervals(reply.status, reply.body)) m_intervals = std::move(found).value();
        m_asked = true;
        query(wish);
    };
    send(std::move(request), onTargets, wish);
}

void PrometheusSource::query(Wish wish)
{
    const bool unknown = m_intervals.empty() && !m_observed;
    const Duration recent = unknown ? kDiscoveryRange : interval() * kIntervalsPerPoll;
    const Duration range = wish.backfill.value_or(recent);
    HttpRequest request{.url = baseUrl(m_config.url) + "/api/v1/query",
                        .body = "query=" + formEncoded(rangeSelector(wish.names, range)),
                        .limit = wish.backfill ? kBackfillLimit : kPollLimit,
                        .maxBytes = wish.backfill ? kMaxBackfillBytes : kMaxPollBytes};
    const auto onAnswer = [this, wish](const HttpReply& reply) { onReply(wish, reply); };
    send(std::move(request), onAnswer, wish);
}

void PrometheusSource::onReply(const Wish& wish, const HttpReply& reply)
{
    const Now now = m_clock.now();
    if (reply.outcome != HttpReply::Outcome::Answered) {
        m_asked = false; // it may come back with another configuration
        return fail(wish, transportError(m_config.url, reply), reply.took);
    }
    auto parsed = parsePrometheus(reply.status, reply.body);
    if (!parsed) return fail(wish, parsed.error(), reply.took);
    PrometheusAnswer& answer = parsed.value();
    if (const auto seen = observedInterval(answer.series)) m_observed = seen;

    analysis::RawBatch batch{.series = std::move(answer.series), .interval = interval(), .arrivedAt = now.boot};
    batch.serverTime = m_serverClock.at(now.wall, parseHttpDate(reply.date));
    batch.warnings = std::move(answer.warnings);
    post(wish, std::move(batch), reply.took);
}

void PrometheusSource::fail(const Wish& wish, Error error, Duration took)
{
    post(wish, std::move(error), took);
}

void PrometheusSource::post(const Wish& wish, Result<analysis::RawBatch> batch, Duration took)
{
    // Free first: who polls as soon as the answer is there must not be turned away.
    next();
    m_sink(ports::MetricAnswer{
        .source = m_name, .backfill = wish.backfill.has_value(), .batch = std::move(batch), .took = took});
}

} // namespace sluice::adapters
