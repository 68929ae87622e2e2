// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/chart_pyramid.h"

#include <algorithm>
#include <utility>

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
    const auto& [low, high] = other;
    const int64_t lowest = extremes.low.point.value;
    const int64_t highest = extremes.high.point.value;
    if (low.point.value < lowest || (low.point.value == lowest && low.index < extremes.low.index)) extremes.low = low;
    if (high.point.value > highest || (high.point.value == highest && high.index > extremes.high.index))
        extremes.high = high;
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

size_t ChartPyramid::firstAtOrAfter(int64_t atUs, size_t guess) const
{
    // From one frame to the next it is a neighbour, and from one column to the next about as far as the last one was.
    const auto isBefore = [&](size_t index) { return m_points[index].atUs < atUs; };
    size_t low = std::min(guess, m_points.size());
    size_t high = low;
    for (size_t step = 1; low > 0 && !isBefore(low - 1); step *= 2) {
        high = low - 1;
        low -= std::min(low, step);
    }
    for (size_t step = 1; high < m_points.size() && isBefore(high); step *= 2) {
        low = high + 1;
        high += std::min(m_points.size() - high, step);
    }
    const auto begin = m_points.begin();
    const auto found =
        std::lower_bound(begin + static_cast<std::ptrdiff_t>(low), begin + static_cast<std::ptrdiff_t>(high), atUs,
                         [](const ChartPoint& point, int64_t at) { return point.atUs < at; });
    return static_cast<size_t>(found - begin);
}

void ChartPyramid::findEnd(Column& column, int64_t atUs, size_t guess) const
{
    const size_t end = firstAtOrAfter(atUs, guess);
    column.last = pick(end - 1);
    column.next = end < m_points.size() ? pick(end) : M4Pick{end, {INT64_MIN, 0}};
}

void ChartPyramid::search(Column& column, size_t from) const
{
    const size_t to = column.next.index;
    const size_t before = from < column.from ? column.from - from : 0;
    const size_t after = to > column.to ? to - column.to : 0;
    const auto [least, most] = std::minmax(column.found.low.index, column.found.high.index);
    if (column.to > column.from && from <= least && most < to && before + after <= kFan) {
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
    if (begin == m_points.end()) return out;
    m_last.resize(static_cast<size_t>(columns));
    M4Pick first = pick(static_cast<size_t>(begin - m_points.begin()));
    out.reserve(std::min(m_points.size() - first.index, m_last.size() * 4));
    // Half of the columns move their end by a second, each on a page of its own: fetched all at once, they come in
    // half the time.
    for (const Column& column : m_last)
        __builtin_prefetch(m_points.data() + column.to);
    size_t length = 1;
    while (first.index < m_points.size() && first.point.atUs < toUs) {
        const int64_t at = grid.columnOf(first.point.atUs);
        Column& column = m_last[static_cast<size_t>(at)];
        if (const int64_t end = grid.endOf(at); !column.endsAt(end))
            findEnd(column, end, column.to > first.index ? column.to : first.index + length);
        search(column, first.index);
        putM4Column(out, first, column.found.low, column.found.high, column.last);
        length = column.to - column.from;
        first = column.next;
    }
    return out;
}

} // namespace sluice::analysis
