// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/line_parts.h"

#include <algorithm>

namespace sluice::ui {

namespace {

constexpr size_t kLookedAt = 64; ///< newest points that say how often there is a sample: a frame must not read them all
constexpr int64_t kIntervals = 5; ///< beyond so many the judge has no data either

} // namespace

int64_t gapOf(const std::vector<analysis::ChartPoint>& points)
{
    std::vector<int64_t> apart;
    apart.reserve(kLookedAt);
    for (size_t i = points.size(); i > 1 && apart.size() < kLookedAt; --i)
        apart.push_back(points[i - 1].atUs - points[i - 2].atUs);
    if (apart.size() < 2) return INT64_MAX;
    const auto middle = apart.begin() + static_cast<std::ptrdiff_t>(apart.size() / 2);
    std::ranges::nth_element(apart, middle);
    return *middle * kIntervals;
}

std::vector<std::span<const analysis::ChartPoint>> unbroken(const std::vector<analysis::ChartPoint>& points,
                                                            int64_t gapUs)
{
    std::vector<std::span<const analysis::ChartPoint>> parts;
    const std::span<const analysis::ChartPoint> all(points);
    size_t first = 0;
    for (size_t i = 1; i <= points.size(); ++i) {
        if (i < points.size() && points[i].atUs - points[i - 1].atUs <= gapUs) continue;
        parts.push_back(all.subspan(first, i - first));
        first = i;
    }
    return parts;
}

} // namespace sluice::ui
