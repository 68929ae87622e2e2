// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/analysis/judge.h"
#include "core/analysis/m4_columns.h"

namespace sluice::analysis {

/// A long line with the extremes of its parts remembered, so that a frame costs by the pixel column and not by the
/// point: 24 h of seconds, or a million points. Answers exactly what reduceM4() would. Not thread-safe.
class ChartPyramid {
public:
    ChartPyramid() = default;
    /// Points in the order of time. O(n).
    explicit ChartPyramid(std::vector<ChartPoint> points);

    /// The newest point; an older one than the last is a bug. O(1) amortised.
    void append(ChartPoint point);
    /// Points before this instant are not asked for any more. O(1) amortised.
    void dropBefore(int64_t atUs);
    /// Becomes the same as these. A line that grew at its end and lost some of its front costs what changed, any other
    /// O(n); of what should be the same only both ends are looked at.
    void follow(const std::vector<ChartPoint>& points);

    const std::vector<ChartPoint>& points() const { return m_points; }
    /// At most four points a column over [from, to), as reduceM4(). O(columns * log n); O(columns) when the columns
    /// are nearly those of the call before, as from one second of a live chart to the next.
    std::vector<ChartPoint> columns(int64_t fromUs, int64_t toUs, int columns);

private:
    static constexpr size_t kFan = 16; ///< parts of a block; a block of the lowest level has so many points
    /// With the points: to fetch them from a million would cost a cache miss each.
    struct Extremes {
        M4Pick low{};
        M4Pick high{};
    };
    /// Points [from, to) and what was found in them. What the next frame shows again is copied: of a million points
    /// each column's would come from a page of its own.
    struct Column {
        size_t from{0};
        size_t to{0};
        Extremes found{};
        M4Pick last{};
        M4Pick next{.index = 0, .point = {INT64_MIN, 0}}; ///< after the column; INT64_MIN: none yet
        bool endsAt(int64_t atUs) const { return last.point.atUs < atUs && atUs <= next.point.atUs; }
    };
    static constexpr size_t kLookedAt = 64; ///< newest points that may have been provisional
    void build();
    bool grewInto(const std::vector<ChartPoint>& points, size_t dropped) const;
    void remember(size_t index);
    M4Pick pick(size_t index) const { return {index, m_points[index]}; }
    Extremes at(size_t index) const { return {pick(index), pick(index)}; }
    static void consider(Extremes& extremes, const Extremes& other);
    Extremes extremes(size_t from, size_t to) const;
    void findEnd(Column& column, int64_t atUs, size_t guess) const;
    void search(Column& column, size_t from) const;
    size_t firstAtOrAfter(int64_t atUs, size_t guess) const;

    std::vector<ChartPoint> m_points{};
    std::vector<std::vector<Extremes>> m_levels{}; ///< [0] over kFan points, [1] over kFan of those, …
    std::vector<Column> m_last{};                  ///< of the last columns()
};

} // namespace sluice::analysis
