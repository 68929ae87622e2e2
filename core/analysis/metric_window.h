// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/analysis/quantile.h"
#include "core/analysis/second_ring.h"
#include "core/analysis/selector_match.h"
#include "core/analysis/series_store.h"

namespace sluice::analysis {

/// All series of one selector on one track, as sums by second. Reads the store second by second.
class MetricWindow {
public:
    enum class Kind { Counter, Buckets, Gauge };

    /// `ringSeconds`: longest window asked of it, plus what may arrive late.
    MetricWindow(SelectorMatcher matcher, Kind kind, Aggregate aggregate, int64_t ringSeconds);

    /// Finds series that appeared since the last call.
    void match(const SeriesStore::Impl& store);

    /// Takes in every unread sample up to the end of `second`; returns the oldest second it touched, if any.
    /// `gate`: the denominator; a numerator's sample is taken once the same instance's denominator has got there.
    std::optional<int64_t> read(const SeriesStore::Impl& store, int64_t second, const MetricWindow* gate);
    /// Second of the oldest unread sample.
    std::optional<int64_t> nextSecond(const SeriesStore::Impl& store) const;
    /// Some series got samples older than what was read first.
    bool prepended(const SeriesStore::Impl& store) const;

    // All of the following are as seen at the end of a second.
    int64_t lastSeen(int64_t second) const { return m_seen.lastUpTo(second); }
    /// Second that every instance has told of which was heard of in the last `lateSeconds`: a sum over instances has no
    /// hole up to there. As of what was read last.
    int64_t slowest(int64_t lateSeconds) const;
    bool sampled(int64_t second) const { return m_seen.lastUpTo(second) == second; }
    /// Newest sample, ms; INT64_MIN when none.
    int64_t newestMs() const { return m_newestMs; }
    bool finite(int64_t second, int64_t intervalSeconds) const
    {
        return m_bad.sum(second - intervalSeconds, second) == 0;
    }
    /// Growth over (after, upTo], millionths.
    int64_t sum(int64_t after, int64_t upTo) const { return m_sums.sum(after, upTo); }
    /// Seconds of (after, upTo] for which growth is known.
    int64_t covered(int64_t after, int64_t upTo) const { return m_covered.sum(after, upTo); }
    /// Since when the growth over (after, upTo] happened: before `after` when the window begins inside a silence, whose
    /// whole growth came with its end.
    int64_t grownSince(int64_t after, int64_t upTo) const;
    /// Bucket counts over (after, upTo], rising by bound.
    std::vector<Bucket> buckets(int64_t after, int64_t upTo) const;
    /// Requests behind the buckets (the +Inf bucket).
    int64_t observations(int64_t after, int64_t upTo) const;

    struct GaugeValue {
        bool known{false};
        bool finite{true};
        int64_t value{0};
    };
    /// Newest value of each replica at the end of `second`, aggregated. Replicas that lag `staleAfterMs` behind their
    /// siblings are gone, samples before `cut` do not count.
    GaugeValue gauge(const SeriesStore::Impl& store, int64_t second, int64_t cut, int64_t staleAfterMs) const;

private:
    struct Matched {
        uint64_t id{0};
        int64_t next{0}; ///< number of the next unread sample
        uint32_t instance{0};
        int64_t bound{0};
        size_t bucket{0};
    };
    /// (after, upTo] without a scrape.
    struct Silence {
        int64_t after{0};
        int64_t upTo{0};
        friend bool operator==(const Silence&, const Silence&) = default;
    };
    struct BucketRing {
        int64_t bound{0};
        SecondRing counts;
    };
    void placeBuckets();
    void take(Matched& series, const StoredSeries& stored, int64_t longestGapMs, int64_t longestPauseMs);
    bool gateOpen(const MetricWindow* gate, uint32_t instance, int64_t atMs) const;
    void noteSilence(int64_t since, int64_t second);
    void cover(int64_t sinceSecond, int64_t second);

    SelectorMatcher m_matcher;
    Kind m_kind;
    Aggregate m_aggregate;
    int64_t m_ringSeconds;
    std::optional<uint64_t> m_lastMatched{};
    std::vector<Matched> m_series{};
    std::unordered_map<uint32_t, int64_t> m_readToMs{}; ///< by instance
    SecondRing m_sums;
    SecondRing m_covered;
    SecondRing m_bad;
    SeenRing m_seen;
    std::vector<BucketRing> m_buckets{};
    std::vector<Silence> m_silences{}; ///< of the ring's time, oldest first
    int64_t m_newestMs{INT64_MIN};
    int64_t m_oldestMs{INT64_MAX};
};

} // namespace sluice::analysis
