// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/assessment.h"
#include "core/analysis/series.h"
#include "core/base/result.h"
#include "core/model/playbook.h"

namespace sluice::analysis {

/// All series of one metric source as per-series increments and gauges, by second of source time.
///
/// Deltas are taken per series between its own scrape timestamps; a lower value is a reset (delta = new value);
/// a series that appears on an instance that was already scraped without it counts from 0; the first sight after
/// construction is only the base. Not thread-safe; belongs to the engine thread.
class SeriesStore {
public:
    explicit SeriesStore(Duration keep = std::chrono::minutes(65));
    ~SeriesStore();
    SeriesStore(SeriesStore&&) noexcept;
    SeriesStore& operator=(SeriesStore&&) noexcept;

    /// Batches may overlap; a sample already seen is ignored.
    void add(const RawBatch& batch);

    WallTime newest() const;   ///< source time of the newest sample, zero when none
    Duration interval() const; ///< scrape interval of the source

    struct Impl;
    const Impl& impl() const { return *m_impl; } ///< for Judge only

private:
    std::unique_ptr<Impl> m_impl;
};

/// What `$service`, `$environment` in a selector stand for. `$track` becomes stable and canary by itself.
struct TargetLabels {
    std::string service{};
    std::string environment{};
};

/// Where the rollout stands, so that the right samples are judged. It holds for the seconds since the last call.
///
/// `appliedAt` is zero while the stage's weight is not on all proxies yet: until then a share-scaled number is compared
/// under the lower of the old and the new share, so that a share still to come does not look like lost traffic.
struct JudgeContext {
    int stage{-1};                                   ///< -1: no exposure yet (only `before` is recorded)
    bool watching{false};                            ///< the watch's requirements instead of the stage's
    Weight weight{};                                 ///< asked share, for share correction
    WallTime appliedAt{};                            ///< samples before this do not count for the stage
    std::map<std::string, WallTime> cooldownUntil{}; ///< trigger id -> end
    std::optional<WallTime> upTo{}; ///< process no second after this (rebuilding after a restart, stage by stage)
};

struct ChartPoint {
    int64_t atUs{0};  ///< source time
    int64_t value{0}; ///< millionths of the metric's unit
    friend bool operator==(const ChartPoint&, const ChartPoint&) = default;
};

/// Judges one rollout, second by second of source time. Pure in the sense of the heart: no clock, no I/O; holds the
/// `for` clocks, cooldowns, band clocks and the `before` window. Feeding the same seconds gives the same answers, so
/// after a restart one range query rebuilds it.
class Judge {
public:
    Judge(const Playbook& playbook, TargetLabels labels);
    ~Judge();
    Judge(Judge&&) noexcept;
    Judge& operator=(Judge&&) noexcept;

    /// Names of all series this playbook reads: the engine asks for the union in one request.
    std::vector<std::string> seriesNames() const;

    /// Processes every second since the last call up to the newest of the store, then assesses. `now.wall` is the
    /// source's clock as the engine knows it (serverTime + time since arrival).
    const Assessment& advance(const SeriesStore& store, const JudgeContext& context, Now now);
    const Assessment& latest() const;

    /// `before`: how much of stable has been recorded while there was no exposure.
    Duration baselineRecorded() const;
    /// `before` in one line of text, to be kept with the decision to begin: after a restart hours later no source
    /// reaches back that far. A few bytes a metric, a few hundred for a histogram.
    std::string baselineText() const;
    /// Uses a kept `before` from now on and records no more. Fault::BadInput when it is damaged or of another
    /// playbook; then nothing has changed.
    Outcome restoreBaseline(std::string_view text);

    /// Chart history of one metric, oldest first, one point a sampled second, at most an hour: the value over the
    /// metric's window. Kept for the playbook's charts and its first metric (for all, when it charts nothing).
    const std::vector<ChartPoint>& history(std::string_view metric, Track track) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// At most four points a pixel column (first, lowest, highest, last; M4, Jugel et al., VLDB 2014), so a line drawn
/// through them covers the same pixels as the raw line. `columns` >= 1; times span [from, to).
std::vector<ChartPoint> reduceM4(const std::vector<ChartPoint>& points, int64_t fromUs, int64_t toUs, int columns);

} // namespace sluice::analysis
