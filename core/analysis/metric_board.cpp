// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/metric_board.h"

#include <algorithm>
#include <utility>

#include "core/analysis/fixed.h"
#include "core/base/check.h"
#include "core/model/value.h"

namespace sluice::analysis {

namespace {

constexpr int64_t kLateSeconds = 64; ///< what a ring keeps beyond its longest window for late samples

MetricWindow::Kind windowKind(MetricKind kind)
{
    switch (kind) {
    case MetricKind::Ratio:
    case MetricKind::Rate:
    case MetricKind::Count: return MetricWindow::Kind::Counter;
    case MetricKind::Quantile: return MetricWindow::Kind::Buckets;
    case MetricKind::Gauge: return MetricWindow::Kind::Gauge;
    }
    return MetricWindow::Kind::Counter;
}

/// Longest window that anything in the playbook asks of a metric.
int64_t longestWindow(const Playbook& playbook, const Metric& metric)
{
    int64_t longest = wholeSeconds(metric.window);
    const auto consider = [&](const Condition& condition) {
        if (condition.metric == metric.id && condition.window)
            longest = std::max(longest, wholeSeconds(*condition.window));
    };
    for (const Trigger& trigger : playbook.triggers)
        consider(trigger.when);
    for (const Stage& stage : playbook.stages)
        for (const Requirement& requirement : stage.require)
            consider(requirement.good);
    for (const Requirement& requirement : playbook.watch.require)
        consider(requirement.good);
    for (const ScorePart& part : playbook.score.parts)
        if (std::ranges::find(part.metrics, metric.id) != part.metrics.end())
            longest = std::max(longest, wholeSeconds(playbook.score.window));
    return longest;
}

} // namespace

MetricBoard::MetricBoard(const Playbook& playbook, const TargetLabels& labels)
    : m_labels(labels)
    , m_beforeSeconds(wholeSeconds(playbook.before))
{
    for (const Metric& metric : playbook.metrics) {
        const int64_t seconds = longestWindow(playbook, metric);
        SLUICE_CHECK(metric.kind != MetricKind::Ratio || metric.over.has_value()); // the reader promises it
        Entry entry{.metric = metric, .before = BeforeWindow(m_beforeSeconds)};
        if (metric.kind == MetricKind::Ratio)
            entry.over = termFor(*metric.over, MetricWindow::Kind::Counter, Aggregate::Sum, kNone, seconds);
        entry.of = termFor(metric.of, windowKind(metric.kind), metric.aggregate, entry.over, seconds);
        m_metrics.push_back(std::move(entry));
    }
}

size_t MetricBoard::termFor(const Selector& selector, MetricWindow::Kind kind, Aggregate aggregate, size_t gate,
                            int64_t seconds)
{
    for (size_t i = 0; i < m_terms.size(); ++i) {
        Term& term = m_terms[i];
        const bool sameUse = term.kind == kind && term.gate == gate && term.selector == selector;
        if (!sameUse || (kind == MetricWindow::Kind::Gauge && term.aggregate != aggregate)) continue;
        term.windowSeconds = std::max(term.windowSeconds, seconds);
        return i;
    }
    m_terms.push_back(
        {.selector = selector, .kind = kind, .aggregate = aggregate, .gate = gate, .windowSeconds = seconds});
    return m_terms.size() - 1;
}

void MetricBoard::makeWindows()
{
    for (Term& term : m_terms) {
        const int64_t ring = std::max(term.windowSeconds, m_intervalSeconds) + 6 * m_intervalSeconds + kLateSeconds;
        for (const Track track : {Track::Stable, Track::Canary})
            term.tracks.emplace_back(SelectorMatcher(term.selector, m_labels, track), term.kind, term.aggregate, ring);
    }
}

void MetricBoard::prepare(const SeriesStore::Impl& store)
{
    m_store = &store;
    m_intervalSeconds = std::max<int64_t>(wholeSeconds(store.interval), 1);
    if (!m_terms.empty() && m_terms.front().tracks.empty()) makeWindows();
    for (Term& term : m_terms)
        for (MetricWindow& track : term.tracks)
            track.match(store);
}

std::optional<int64_t> MetricBoard::read(const SeriesStore::Impl& store, int64_t second)
{
    std::optional<int64_t> oldest;
    for (Term& term : m_terms) // a gate stands before what it gates
        for (size_t t = 0; t < term.tracks.size(); ++t) {
            const MetricWindow* gate = term.gate == kNone ? nullptr : &m_terms[term.gate].tracks[t];
            if (const auto touched = term.tracks[t].read(store, second, gate))
                oldest = std::min(oldest.value_or(INT64_MAX), *touched);
        }
    return oldest;
}

std::optional<int64_t> MetricBoard::nextSecond() const
{
    std::optional<int64_t> oldest;
    for (const Term& term : m_terms)
        for (const MetricWindow& track : term.tracks)
            if (const auto next = track.nextSecond(*m_store)) oldest = std::min(oldest.value_or(INT64_MAX), *next);
    return oldest;
}

bool MetricBoard::prepended() const
{
    return std::ranges::any_of(m_terms, [&](const Term& term) {
        return std::ranges::any_of(term.tracks, [&](const MetricWindow& track) { return track.prepended(*m_store); });
    });
}

std::optional<size_t> MetricBoard::indexOf(std::string_view metric) const
{
    for (size_t i = 0; i < m_metrics.size(); ++i)
        if (m_metrics[i].metric.id == metric) return i;
    return std::nullopt;
}

bool MetricBoard::sampled(size_t metric, Track track, int64_t second) const
{
    return window(pulse(m_metrics[metric]), track).sampled(second);
}

bool MetricBoard::tooOld(size_t metric, Track track, int64_t second) const
{
    return second - window(pulse(m_metrics[metric]), track).lastSeen(second) > lateSeconds();
}

int64_t MetricBoard::newestMs(Track track) const
{
    int64_t newest = INT64_MIN;
    for (const Term& term : m_terms)
        if (!term.tracks.empty()) newest = std::max(newest, term.tracks[track == Track::Canary].newestMs());
    return newest;
}

BeforeTotals MetricBoard::totalsOf(const Entry& entry, int64_t second) const
{
    BeforeTotals out;
    const MetricWindow& of = window(entry.of, Track::Stable);
    switch (entry.metric.kind) {
    case MetricKind::Ratio: out.over = window(entry.over, Track::Stable).sum(second - 1, second); [[fallthrough]];
    case MetricKind::Rate:
    case MetricKind::Count:
        out.of = of.sum(second - 1, second);
        out.seconds = of.covered(second - 1, second);
        break;
    case MetricKind::Quantile:
        for (const Bucket& bucket : of.buckets(second - 1, second))
            out.buckets[bucket.bound] = bucket.count;
        break;
    case MetricKind::Gauge:
        if (!of.sampled(second)) break;
        if (const auto gauge = of.gauge(*m_store, second, kLongAgo, freshSeconds() * 1000);
            gauge.known && gauge.finite) {
            out.of = gauge.value;
            out.seconds = 1;
        }
        break;
    }
    return out;
}

void MetricBoard::recordBefore(int64_t second)
{
    if (m_restored) return;
    bool fresh = false;
    for (Entry& entry : m_metrics) {
        entry.before.record(second, totalsOf(entry, second));
        fresh = fresh || second - window(pulse(entry), Track::Stable).lastSeen(second) <= freshSeconds();
    }
    if (fresh) ++m_recordedSeconds;
    m_recordedTo = second;
}

BeforeRecord MetricBoard::before() const
{
    BeforeRecord record{.seconds = std::min(m_recordedSeconds, m_beforeSeconds)};
    for (const Entry& entry : m_metrics)
        record.metrics[entry.metric.id] = entry.before.totals();
    return record;
}

bool MetricBoard::restoreBefore(const BeforeRecord& record)
{
    for (const Entry& entry : m_metrics)
        if (!record.metrics.contains(entry.metric.id)) return false;
    for (Entry& entry : m_metrics) {
        entry.before = BeforeWindow(m_beforeSeconds);
        entry.before.record(0, record.metrics.at(entry.metric.id));
    }
    m_recordedSeconds = record.seconds;
    m_restored = true;
    return true;
}

BeforeTotals MetricBoard::beforeAt(const Entry& entry, int64_t second) const
{
    // Right after the first exposure the last seconds before it are not recorded yet, but they are known.
    const int64_t last = std::min(second, exposure.began().value_or(kNotYet) - 1);
    if (m_restored || last <= m_recordedTo) return entry.before.totals();
    BeforeWindow window = entry.before;
    for (int64_t s = std::max(m_recordedTo + 1, last - kLateSeconds); s <= last; ++s)
        window.record(s, totalsOf(entry, s));
    return window.totals();
}

Duration MetricBoard::beforeRecorded() const
{
    return std::chrono::seconds(std::min(m_recordedSeconds, m_beforeSeconds));
}

int64_t MetricBoard::canaryRequests(int64_t after, int64_t upTo) const
{
    int64_t most = 0;
    for (const Entry& entry : m_metrics) {
        if (entry.metric.kind == MetricKind::Ratio) {
            most = std::max(most, window(entry.over, Track::Canary).sum(after, upTo) / kMillion);
        } else if (entry.metric.kind == MetricKind::Quantile) {
            most = std::max(most, window(entry.of, Track::Canary).observations(after, upTo));
        }
    }
    return most;
}

} // namespace sluice::analysis
