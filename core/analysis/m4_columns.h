// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/analysis/judge.h"

namespace sluice::analysis {

/// Pixel columns over [from, to): which one an instant lies in, and where a column ends.
class M4Columns {
public:
    M4Columns(int64_t fromUs, int64_t toUs, int columns);
    int64_t columnOf(int64_t atUs) const;
    /// First instant after the column, at most `to`.
    int64_t endOf(int64_t column) const;

private:
    int64_t m_from;
    int64_t m_span;
    int64_t m_columns;
};

/// A point and where it stands in its line.
struct M4Pick {
    size_t index{0};
    ChartPoint point{};
};

/// Appends first, lowest, highest and last in the order of time, each once.
void putM4Column(std::vector<ChartPoint>& out, const M4Pick& first, const M4Pick& low, const M4Pick& high,
                 const M4Pick& last);

} // namespace sluice::analysis
