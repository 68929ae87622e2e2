// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/analysis/fixed.h"
#include "core/analysis/judge.h"
#include "core/base/check.h"

namespace sluice::analysis {

namespace {

/// First, lowest, highest and last of one pixel column, in the order of time and each once.
void putColumn(std::vector<ChartPoint>& out, const ChartPoint* from, const ChartPoint* to)
{
    if (from == to) return;
    const auto [low, high] = std::minmax_element(from, to, [](auto& a, auto& b) { return a.value < b.value; });
    const ChartPoint* picks[] = {from, std::min(low, high), std::max(low, high), to - 1};
    const ChartPoint* last = nullptr;
    for (const ChartPoint* pick : picks) {
        if (pick != last) out.push_back(*pick);
        last = pick;
    }
}

} // namespace

std::vector<ChartPoint> reduceM4(const std::vector<ChartPoint>& points, int64_t fromUs, int64_t toUs, int columns)
{
    SLUICE_CHECK(columns >= 1);
    std::vector<ChartPoint> out;
    if (fromUs >= toUs) return out;
    const ChartPoint* at =
        std::ranges::lower_bound(points, fromUs, {}, &ChartPoint::atUs) - points.begin() + points.data();
    const ChartPoint* const end =
        std::ranges::lower_bound(points, toUs, {}, &ChartPoint::atUs) - points.begin() + points.data();
    out.reserve(std::min<size_t>(static_cast<size_t>(end - at), static_cast<size_t>(columns) * 4));
    while (at != end) {
        const int64_t column = mulDiv(at->atUs - fromUs, columns, toUs - fromUs);
        const ChartPoint* next = at;
        while (next != end && mulDiv(next->atUs - fromUs, columns, toUs - fromUs) == column)
            ++next;
        putColumn(out, at, next);
        at = next;
    }
    return out;
}

} // namespace sluice::analysis
