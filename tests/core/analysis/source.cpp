// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/analysis/source.h"

#include <algorithm>

namespace sluice::analysis::test {

Instance::Instance(std::string name, Track track, int64_t offsetMs)
    : m_name(std::move(name))
    , m_track(track)
    , m_offsetMs(offsetMs)
{
}

void Instance::count(const std::string& name, const std::string& labels, double amount)
{
    m_values[{name, labels}] += amount;
}
void Instance::set(const std::string& name, const std::string& labels, double value)
{
    m_values[{name, labels}] = value;
}

void Instance::observe(const std::string& name, const std::vector<double>& bounds, double seconds, double times)
{
    for (const double bound : bounds) {
        std::string text = std::to_string(bound);
        count(name, "le=" + text, seconds <= bound ? times : 0);
    }
    count(name, "le=+Inf", times);
}

void Instance::scrape(int64_t second)
{
    if (!m_scraped) return;
    for (const auto& [key, value] : m_values) {
        const auto [found, fresh] = m_kept.try_emplace(key);
        RawSeries& series = found->second;
        if (fresh) {
            series.name = key.first;
            series.labels = {
                {"instance", m_name}, {"job", "service"}, {"track", m_track == Track::Canary ? "canary" : "stable"}};
            if (const size_t equals = key.second.find('='); equals != std::string::npos)
                series.labels.emplace_back(key.second.substr(0, equals), key.second.substr(equals + 1));
            std::ranges::sort(series.labels);
        }
        series.samples.push_back({(kStart + second) * 1000 + m_offsetMs, value});
    }
}

void Instance::appendTo(RawBatch& batch, int64_t fromMs, int64_t toMs) const
{
    for (const auto& [key, kept] : m_kept) {
        RawSeries part{.name = kept.name, .labels = kept.labels};
        std::ranges::copy_if(kept.samples, std::back_inserter(part.samples),
                             [&](const RawSample& s) { return s.atMs > fromMs && s.atMs <= toMs; });
        if (!part.samples.empty()) batch.series.push_back(std::move(part));
    }
}

RawBatch batchOf(const std::vector<const Instance*>& instances, int64_t fromMs, int64_t toMs)
{
    RawBatch batch;
    for (const Instance* instance : instances)
        instance->appendTo(batch, fromMs, toMs);
    return batch;
}

Selector selector(const std::string& name, const std::vector<LabelMatch>& labels)
{
    Selector out{.name = name, .labels = labels};
    out.labels.push_back({.label = "track", .value = "$track"});
    return out;
}

Metric errorRate()
{
    return {.id = "error_rate",
            .title = "Error rate",
            .kind = MetricKind::Ratio,
            .of = selector("requests", {{.label = "code", .kind = LabelMatch::Kind::Matches, .value = "5.."}}),
            .over = selector("requests"),
            .window = std::chrono::seconds(60),
            .minRequests = 100};
}

Metric latency(const std::string& id, int64_t quantilePpm)
{
    return {.id = id,
            .title = id,
            .kind = MetricKind::Quantile,
            .of = selector("duration_bucket"),
            .quantilePpm = quantilePpm,
            .window = std::chrono::seconds(60),
            .minRequests = 100,
            .unit = Unit::Time};
}

Metric gauge(const std::string& id, Aggregate aggregate, bool scales)
{
    return {.id = id,
            .title = id,
            .kind = MetricKind::Gauge,
            .of = selector(id),
            .aggregate = aggregate,
            .window = std::chrono::seconds(60),
            .worse = scales ? Worse::Lower : Worse::Higher,
            .unit = scales ? Unit::Count : Unit::Ratio,
            .scalesWithShare = scales};
}

Metric requestRate()
{
    return {.id = "throughput",
            .title = "Throughput",
            .kind = MetricKind::Rate,
            .of = selector("requests"),
            .window = std::chrono::seconds(60),
            .worse = Worse::Lower,
            .unit = Unit::PerSecond,
            .scalesWithShare = true};
}

Metric counted(const std::string& id, const std::string& series, Duration window)
{
    return {.id = id,
            .title = id,
            .kind = MetricKind::Count,
            .of = selector(series),
            .window = window,
            .unit = Unit::Count};
}

} // namespace sluice::analysis::test
