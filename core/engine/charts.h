// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/analysis/judge.h"
#include "core/engine/snapshot.h"
#include "core/ports/journal.h"

namespace sluice::engine {

/// The live charts of one rollout, the canary from its first exposure on, copied from its judge when there is something
/// new. A copy is an hour of points of every chart, so the engine spreads them over its rounds.
class LiveCharts {
public:
    /// Nothing was copied yet, or the judge or the rollout has moved on since.
    bool isStale(const Playbook& playbook, const rollout::Rollout& state, const analysis::Judge& judge) const;
    void copy(const Playbook& playbook, const rollout::Rollout& state, const std::vector<LogLine>& log,
              const analysis::Judge& judge, BootTime now);

    const std::vector<std::shared_ptr<const Chart>>& charts() const { return m_charts; }
    /// The first chart's line, reduced to some forty columns.
    const std::vector<analysis::ChartPoint>& sparkline() const { return m_sparkline; }
    BootTime copiedAt() const { return m_copiedAt; } ///< zero: never

private:
    /// What the points and marks were made from.
    struct Source {
        RolloutId rollout{};
        int64_t newestUs{0};
        int stagesApplied{0};
        friend bool operator==(const Source&, const Source&) = default;
    };
    static Source sourceOf(const Playbook& playbook, const rollout::Rollout& state, const analysis::Judge& judge);

    std::vector<std::shared_ptr<const Chart>> m_charts{};
    std::vector<analysis::ChartPoint> m_sparkline{};
    Source m_source{};
    BootTime m_copiedAt{};
};
/// The same from stored samples, between two instants.
std::vector<std::shared_ptr<const Chart>> storedCharts(const Playbook& playbook, const rollout::Rollout& state,
                                                       const std::vector<LogLine>& log, ports::SampleStore& samples,
                                                       int64_t fromUs, int64_t toUs);
/// Name of a stored series.
std::string sampleSeries(const TargetId& target, const std::string& metric, Track track);

} // namespace sluice::engine
