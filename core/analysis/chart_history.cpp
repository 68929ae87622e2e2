// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/chart_history.h"

#include <algorithm>

#include "core/analysis/fixed.h"
#include "core/model/value.h"

namespace sluice::analysis {

ChartHistory::ChartHistory(const Playbook& playbook, const MetricBoard& board)
{
    for (size_t i = 0; i < board.metricCount(); ++i) {
        const std::string& id = board.metric(i).id;
        const bool charted = std::ranges::find(playbook.charts, id) != playbook.charts.end();
        if (charted || i == 0 || playbook.charts.empty()) m_lines.push_back({.metric = i, .id = id});
    }
}

void ChartHistory::record(const MetricBoard& board, int64_t second, int64_t canaryCut)
{
    for (Line& line : m_lines)
        for (const Track track : {Track::Stable, Track::Canary}) {
            if (!board.sampled(line.metric, track, second)) continue;
            const int64_t cut = track == Track::Canary ? canaryCut : kLongAgo;
            const Value value = board.value(line.metric, track, {.second = second, .cut = cut});
            if (!value.known) continue;
            auto& points = line.tracks[track == Track::Canary];
            points.push_back({.atUs = second * kMillion, .value = value.millionths});
            const int64_t oldest = (second - kSeconds) * kMillion;
            if (points.size() > kTrimAt && points[kTrimAt].atUs <= oldest + static_cast<int64_t>(kTrimAt) * kMillion)
                points.erase(points.begin(), points.begin() + kTrimAt);
        }
}

void ChartHistory::forgetAfter(int64_t second)
{
    for (Line& line : m_lines)
        for (auto& points : line.tracks)
            while (!points.empty() && points.back().atUs > second * kMillion)
                points.pop_back();
}

const std::vector<ChartPoint>& ChartHistory::points(std::string_view metric, Track track) const
{
    static const std::vector<ChartPoint> none;
    const auto line = std::ranges::find(m_lines, metric, &Line::id);
    return line == m_lines.end() ? none : line->tracks[track == Track::Canary];
}

} // namespace sluice::analysis
