// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/chart_pyramid.h"

#include <algorithm>
#include <utility>

#include "core/analysis/m4_columns.h"
#include "core/base/check.h"

namespace sluice::analysis {

ChartPyramid::ChartPyramid(std::vector<ChartPoint> points)
    : m_points(std::move(points))
{
    build();
}

void ChartPyramid::build()
{
    m_levels.clear();
    m_last.clear();
    for (size_t i = 0; i < m_points.size(); ++i)
        remember(i);
}

void ChartPyramid::append(ChartPoint point)
{
    SLUICE_CHECK(m_points.empty() || point.atUs >= m_points.back().atUs);
    m_points.push_back(point);
    remember(m_points.size() - 1);
}

void ChartPyramid::dropBefore(int64_t atUs)
{
    const auto first = std::ranges::lower_bound(m_points, atUs, {}, &ChartPoint::atUs);
    const auto dead = static_cast<size_t>(first - m_points.begin());
    if (dead * 4 < m_points.size() || dead == 0) return; // rebuilding for a few would cost more than they do
    m_points.erase(m_points.begin(), first);
    build();
}

void ChartPyramid::follow(const std::vector<ChartPoint>& points)
{
    const int64_t from = points.empty() ? INT64_MAX : points.front().atUs;
    const auto first = std::ranges::lower_bound(m_points, from, {}, &ChartPoint::atUs);
    const auto dropped = static_cast<size_t>(first - m_points.begin());
    if (!grewInto(points, dropped)) {
        m_points = points;
        build();
        return;
    }
    for (size_t i = m_points.size() - dropped; i < points.size(); ++i)
        append(points[i]);
    dropBefore(from);
}

bool ChartPyramid::grewInto(const std::vector<ChartPoint>& points, size_t dropped) const
{
    const size_t kept = m_points.size() - dropped;
    if (kept == 0 || kept > points.size() || m_points[dropped] != points.front()) return false;
    const auto looked = static_cast<std::ptrdiff_t>(std::min(kept, kLookedAt));
    return std::equal(m_points.end() - looked, m_points.end(),
                      points.begin() + static_cast<std::ptrdiff_t>(kept) - looked);
}

void ChartPyramid::remember(size_t index)
{
    size_t block = index / kFan;
    for (size_t level = 0;; ++level) {
        if (level == m_levels.size()) {
            // A level above needs at least two blocks below; it begins with what its first block already holds.
            if (level > 0 && m_levels[level - 1].size() < 2) return;
            m_levels.emplace_back();
            if (level > 0) m_levels[level].push_back(m_levels[level - 1].front());
        }
        auto& blocks = m_levels[level];
        if (block == blocks.size()) {
            blocks.push_back(at(index));
        } else {
            consider(blocks[block], at(index));
        }
        block /= kFan;
    }
}

void ChartPyramid::consider(Extremes& extremes, const Extremes& other)
{
    // The first of equal lows and the last of equal highs, as std::minmax_element has it.
    if (other.lowest < extremes.lowest || (other.lowest == extremes.lowest && other.low < extremes.low)) {
        extremes.low = other.low;
        extremes.lowest = other.lowest;
    }
    if (other.highest > extremes.highest || (other.highest == extremes.highest && other.high > extremes.high)) {
        extremes.high = other.high;
        extremes.highest = other.highest;
    }
}

ChartPyramid::Extremes ChartPyramid::extremes(size_t from, size_t to) const
{
    Extremes out = at(from);
    size_t level = 0; // 0: points, n: blocks of m_levels[n - 1]
    const auto take = [&](size_t i) { level == 0 ? consider(out, at(i)) : consider(out, m_levels[level - 1][i]); };
    while (from < to) {
        const bool top = level == m_levels.size() || to - from < 2 * kFan;
        if (top) {
            for (; from < to; ++from)
                take(from);
            break;
        }
        for (; from % kFan != 0; ++from)
            take(from);
        for (; to % kFan != 0; --to)
            take(to - 1);
        from /= kFan;
        to /= kFan;
        ++level;
    }
    return out;
}

size_t ChartPyramid::firstAtOrAfter(int64_t atUs, size_t from, size_t guess) const
{
    // Seconds are regular, so the next column is about as long as the last one.
    size_t low = from;
    size_t high = std::min(from + std::max<size_t>(guess, 1), m_points.size());
    const bool right = high < m_points.size() && m_points[high].atUs >= atUs && m_points[high - 1].atUs < atUs;
    if (right) return high;
    while (high < m_points.size() && m_points[high].atUs < atUs) {
        low = high;
        high = std::min(high + (high - from), m_points.size());
    }
    const auto begin = m_points.begin();
    const auto found =
        std::lower_bound(begin + static_cast<std::ptrdiff_t>(low), begin + static_cast<std::ptrdiff_t>(high), atUs,
                         [](const ChartPoint& point, int64_t at) { return point.atUs < at; });
    return static_cast<size_t>(found - begin);
}

void ChartPyramid::search(Column& column, size_t from, size_t to) const
{
    const size_t before = from < column.from ? column.from - from : 0;
    const size_t after = to > column.to ? to - column.to : 0;
    const bool both = std::min(column.found.low, column.found.high) >= from &&
                      std::max(column.found.low, column.found.high) < to && column.to > column.from;
    if (both && before + after <= kFan) {
        // What left the column held no extreme, so only what entered can change them.
        for (size_t i = from; i < from + before; ++i)
            consider(column.found, at(i));
        for (size_t i = to - after; i < to; ++i)
            consider(column.found, at(i));
    } else {
        column.found = extremes(from, to);
    }
    column.from = from;
    column.to = to;
}

std::vector<ChartPoint> ChartPyramid::columns(int64_t fromUs, int64_t toUs, int columns)
{
    const M4Columns grid(fromUs, toUs, columns);
    std::vector<ChartPoint> out;
    if (fromUs >= toUs) return out;
    const auto begin = std::ranges::lower_bound(m_points, fromUs, {}, &ChartPoint::atUs);
    auto at = static_cast<size_t>(begin - m_points.begin());
    out.reserve(std::min(m_points.size() - at, static_cast<size_t>(columns) * 4));
    m_last.resize(static_cast<size_t>(columns));
    size_t length = 1;
    while (at < m_points.size() && m_points[at].atUs < toUs) {
        const int64_t column = grid.columnOf(m_points[at].atUs);
        const size_t next = firstAtOrAfter(grid.endOf(column), at, length);
        Column& known = m_last[static_cast<size_t>(column)];
        search(known, at, next);
        putM4Column(out, m_points.data() + at, m_points.data() + known.found.low, m_points.data() + known.found.high,
                    m_points.data() + next - 1);
        length = next - at;
        at = next;
    }
    return out;
}

} // namespace sluice::analysis
