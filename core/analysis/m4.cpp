// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/analysis/fixed.h"
#include "core/analysis/judge.h"
#include "core/analysis/m4_columns.h"
#include "core/base/check.h"

namespace sluice::analysis {

M4Columns::M4Columns(int64_t fromUs, int64_t toUs, int columns)
    : m_from(fromUs)
    , m_span(std::max<int64_t>(toUs - fromUs, 1))
    , m_columns(columns)
{
    SLUICE_CHECK(columns >= 1);
}

int64_t M4Columns::columnOf(int64_t atUs) const
{
    return mulDiv(atUs - m_from, m_columns, m_span);
}

int64_t M4Columns::endOf(int64_t column) const
{
    return m_from - mulDiv(-(column + 1), m_span, m_columns);
}

void putM4Column(std::vector<ChartPoint>& out, const M4Pick& first, const M4Pick& low, const M4Pick& high,
                 const M4Pick& last)
{
    const bool falls = high.index < low.index;
    out.push_back(first.point);
    size_t done = first.index;
    for (const M4Pick* pick : {falls ? &high : &low, falls ? &low : &high, &last}) {
        if (pick->index != done) out.push_back(pick->point);
        done = pick->index;
    }
}

std::vector<ChartPoint> reduceM4(const std::vector<ChartPoint>& points, int64_t fromUs, int64_t toUs, int columns)
{
    const M4Columns grid(fromUs, toUs, columns);
    std::vector<ChartPoint> out;
    if (fromUs >= toUs) return out;
    const auto index = [&](int64_t at) {
        return std::ranges::lower_bound(points, at, {}, &ChartPoint::atUs) - points.begin();
    };
    const ChartPoint* at = points.data() + index(fromUs);
    const ChartPoint* const end = points.data() + index(toUs);
    out.reserve(std::min(static_cast<size_t>(end - at), static_cast<size_t>(columns) * 4));
    while (at != end) {
        const int64_t columnEnd = grid.endOf(grid.columnOf(at->atUs));
        const ChartPoint* next = at;
        while (next != end && next->atUs < columnEnd)
            ++next;
        const auto [low, high] =
            std::minmax_element(at, next, [](const auto& a, const auto& b) { return a.value < b.value; });
        const auto pick = [&](const ChartPoint* point) {
            return M4Pick{static_cast<size_t>(point - points.data()), *point};
        };
        putM4Column(out, pick(at), pick(low), pick(high), pick(next - 1));
        at = next;
    }
    return out;
}

} // namespace sluice::analysis
