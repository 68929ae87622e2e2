// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/metric_window.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "core/analysis/fixed.h"
#include "core/model/value.h"

namespace sluice::analysis {

namespace {

constexpr size_t kBucketLimit = 256; // distinct bounds of one histogram; more is a mistake in its labels

std::optional<int64_t> boundOf(const Labels& labels)
{
    const std::string& text = labelValue(labels, "le");
    if (text == "+Inf" || text == "Inf") return kInfiniteBound;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return toMillionths(value);
}

} // namespace

MetricWindow::MetricWindow(SelectorMatcher matcher, Kind kind, Aggregate aggregate, int64_t ringSeconds)
    : m_matcher(std::move(matcher))
    , m_kind(kind)
    , m_aggregate(aggregate)
    , m_ringSeconds(ringSeconds)
    , m_sums(kind == Kind::Counter ? ringSeconds : 1)
    , m_covered(kind == Kind::Gauge ? 1 : ringSeconds)
    , m_bad(ringSeconds)
    , m_seen(ringSeconds)
{
}

void MetricWindow::match(const SeriesStore::Impl& store)
{
    const auto name = store.names.find(m_matcher.name());
    if (name == store.names.end() || name->second.ids.empty()) return;
    const auto& ids = name->second.ids;
    if (m_lastMatched && ids.back() <= *m_lastMatched) return;

    bool added = false;
    auto from = m_lastMatched ? std::ranges::upper_bound(ids, *m_lastMatched) : ids.begin();
    for (; from != ids.end(); ++from) {
        const StoredSeries* stored = store.find(*from);
        if (stored == nullptr || !m_matcher.matches(stored->labels)) continue;
        Matched made{.id = *from, .next = stored->firstNumber, .instance = stored->instance};
        if (m_kind == Kind::Buckets) {
            const auto bound = boundOf(stored->labels);
            if (!bound) continue;
            made.bound = *bound;
        }
        m_series.push_back(made);
        added = true;
    }
    m_lastMatched = ids.back();
    if (added) std::erase_if(m_series, [&](const Matched& series) { return store.find(series.id) == nullptr; });
    if (added && m_kind == Kind::Buckets) placeBuckets();
}

void MetricWindow::placeBuckets()
{
    for (const Matched& series : m_series) {
        const auto at = std::ranges::lower_bound(m_buckets, series.bound, {}, &BucketRing::bound);
        if (at != m_buckets.end() && at->bound == series.bound) continue;
        if (m_buckets.size() < kBucketLimit)
            m_buckets.insert(at, {.bound = series.bound, .counts = SecondRing(m_ringSeconds)});
    }
    for (Matched& series : m_series)
        series.bucket = static_cast<size_t>(std::ranges::lower_bound(m_buckets, series.bound, {}, &BucketRing::bound) -
                                            m_buckets.begin());
}

bool MetricWindow::gateOpen(const MetricWindow* gate, uint32_t instance, int64_t atMs) const
{
    if (gate == nullptr) return true;
    const auto reached = gate->m_readToMs.find(instance);
    // No denominator on this instance at all: counting the failures anyway is better than hiding them.
    return reached == gate->m_readToMs.end() || reached->second >= atMs;
}

std::optional<int64_t> MetricWindow::read(const SeriesStore::Impl& store, int64_t second, const MetricWindow* gate)
{
    std::optional<int64_t> oldest;
    const int64_t endMs = (second + 1) * 1000;
    const int64_t longestGapMs = store.longestGapMs();
    const int64_t longestPauseMs =
        2 * std::chrono::duration_cast<std::chrono::milliseconds>(store.interval).count() + 1000;
    for (Matched& series : m_series) {
        const StoredSeries* stored = store.find(series.id);
        if (stored == nullptr) continue;
        series.next = std::max(series.next, stored->firstNumber);
        while (series.next < stored->endNumber()) {
            const int64_t atMs = stored->sample(series.next).atMs;
            if (atMs >= endMs || !gateOpen(gate, series.instance, atMs)) break;
            take(series, *stored, longestGapMs, longestPauseMs);
            oldest = std::min(oldest.value_or(INT64_MAX), secondOfMs(atMs));
            ++series.next;
        }
    }
    return oldest;
}

void MetricWindow::take(Matched& series, const StoredSeries& stored, int64_t longestGapMs, int64_t longestPauseMs)
{
    const RawSample& sample = stored.sample(series.next);
    const int64_t second = secondOfMs(sample.atMs);
    m_newestMs = std::max(m_newestMs, sample.atMs);
    m_oldestMs = std::min(m_oldestMs, sample.atMs);
    int64_t& readTo = m_readToMs.try_emplace(series.instance, INT64_MIN).first->second;
    readTo = std::max(readTo, sample.atMs);
    m_seen.mark(second);
    if (m_kind == Kind::Gauge) return; // values are looked up when they are asked for

    const Increment grown = stored.increment(series.next, longestGapMs);
    if (!grown.finite) m_bad.add(second, 1);
    if (!grown.counted) return;
    if (m_kind == Kind::Buckets && series.bucket < m_buckets.size())
        m_buckets[series.bucket].counts.add(second, grown.millionths);
    else if (m_kind == Kind::Counter)
        m_sums.add(second, grown.millionths);
    const int64_t since = std::min(secondOfMs(grown.sinceMs), second - 1);
    if (grown.atMs - grown.sinceMs > longestPauseMs) noteSilence(since, second);
    cover(since, second);
}

void MetricWindow::noteSilence(int64_t since, int64_t second)
{
    std::erase_if(m_silences, [&](const Silence& old) { return old.upTo <= second - m_ringSeconds; });
    const Silence silence{since, second};
    if (m_silences.empty() || m_silences.back() != silence) m_silences.push_back(silence);
}

int64_t MetricWindow::grownSince(int64_t after, int64_t upTo) const
{
    int64_t since = after;
    for (const Silence& silence : m_silences)
        if (silence.after < after && after < silence.upTo && silence.upTo <= upTo)
            since = std::min(since, silence.after);
    return since;
}

int64_t MetricWindow::slowest(int64_t lateSeconds) const
{
    int64_t slowestMs = m_newestMs;
    for (const auto& [instance, readTo] : m_readToMs)
        if (readTo >= m_newestMs - lateSeconds * 1000) slowestMs = std::min(slowestMs, readTo);
    return secondOfMs(slowestMs);
}

void MetricWindow::cover(int64_t sinceSecond, int64_t second)
{
    for (int64_t s = sinceSecond + 1; s <= second; ++s)
        if (m_covered.sum(s - 1, s) == 0) m_covered.add(s, 1);
}

std::optional<int64_t> MetricWindow::nextSecond(const SeriesStore::Impl& store) const
{
    std::optional<int64_t> oldest;
    for (const Matched& series : m_series) {
        const StoredSeries* stored = store.find(series.id);
        if (stored == nullptr || std::max(series.next, stored->firstNumber) >= stored->endNumber()) continue;
        const int64_t second = secondOfMs(stored->sample(std::max(series.next, stored->firstNumber)).atMs);
        oldest = std::min(oldest.value_or(INT64_MAX), second);
    }
    return oldest;
}

bool MetricWindow::prepended(const SeriesStore::Impl& store) const
{
    return std::ranges::any_of(m_series, [&](const Matched& series) {
        const StoredSeries* stored = store.find(series.id);
        return stored != nullptr && !stored->samples.empty() && stored->samples.front().atMs < m_oldestMs;
    });
}

std::vector<Bucket> MetricWindow::buckets(int64_t after, int64_t upTo) const
{
    std::vector<Bucket> out;
    out.reserve(m_buckets.size());
    for (const BucketRing& bucket : m_buckets)
        out.push_back({bucket.bound, bucket.counts.sum(after, upTo) / kMillion});
    return out;
}

int64_t MetricWindow::observations(int64_t after, int64_t upTo) const
{
    if (m_buckets.empty() || m_buckets.back().bound != kInfiniteBound) return 0;
    return m_buckets.back().counts.sum(after, upTo) / kMillion;
}

MetricWindow::GaugeValue MetricWindow::gauge(const SeriesStore::Impl& store, int64_t second, int64_t cut,
                                             int64_t staleAfterMs) const
{
    const int64_t endMs = (second + 1) * 1000;
    std::vector<RawSample> latest;
    int64_t newestMs = INT64_MIN;
    for (const Matched& series : m_series) {
        const StoredSeries* stored = store.find(series.id);
        if (stored == nullptr) continue;
        int64_t number = std::min(series.next, stored->endNumber()) - 1;
        while (number >= stored->firstNumber && stored->sample(number).atMs >= endMs)
            --number;
        if (number < stored->firstNumber || stored->sample(number).atMs < cut * 1000) continue;
        latest.push_back(stored->sample(number));
        newestMs = std::max(newestMs, latest.back().atMs);
    }
    GaugeValue out;
    int64_t counted = 0;
    for (const RawSample& sample : latest) {
        if (sample.atMs < newestMs - staleAfterMs) continue;
        const auto value = toMillionths(sample.value);
        if (!value) return {.known = true, .finite = false};
        out.value = m_aggregate == Aggregate::Max && counted > 0 ? std::max(out.value, *value)
                    : m_aggregate == Aggregate::Max              ? *value
                                                                 : out.value + *value;
        ++counted;
    }
    out.known = counted > 0;
    if (m_aggregate == Aggregate::Mean && counted > 0) out.value /= counted;
    return out;
}

} // namespace sluice::analysis
