// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/analysis/metric_board.h"

namespace sluice::analysis {

/// One point a sampled second of the metrics that are shown, an hour long.
class ChartHistory {
public:
    /// Keeps what the playbook charts and its first metric (the fleet's sparkline); everything when it charts nothing.
    ChartHistory(const Playbook& playbook, const MetricBoard& board);

    void record(const MetricBoard& board, int64_t second, int64_t canaryCut);
    /// Points after `second` were provisional.
    void forgetAfter(int64_t second);
    const std::vector<ChartPoint>& points(std::string_view metric, Track track) const;

private:
    static constexpr int64_t kSeconds = 3600;
    static constexpr size_t kTrimAt = 60; ///< points too many before the front is cut, so that a second costs O(1)

    struct Line {
        size_t metric{0};
        std::string id{};
        std::array<std::vector<ChartPoint>, 2> tracks{}; ///< stable, canary
    };
    std::vector<Line> m_lines{};
};

} // namespace sluice::analysis
