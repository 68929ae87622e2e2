// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "core/analysis/quantile.h"

namespace sluice::analysis {

/// What stable did in some seconds before there was any exposure, for one metric.
struct BeforeTotals {
    int64_t seconds{0};                   ///< seconds in which growth was known, or that had a value
    int64_t of{0};                        ///< millionths; for a gauge the sum of its values
    int64_t over{0};                      ///< millionths; a ratio's denominator
    std::map<int64_t, int64_t> buckets{}; ///< bound -> count
    void add(const BeforeTotals& other);
    std::vector<Bucket> asBuckets() const;
};

/// The last `length` of it, in blocks of a sixtieth, so that a long wait before the first stage costs no memory and
/// the baseline is always the newest.
class BeforeWindow {
public:
    explicit BeforeWindow(int64_t lengthSeconds);

    void record(int64_t second, const BeforeTotals& totals);
    /// Everything kept: `length`, at most one block more.
    const BeforeTotals& totals() const { return m_totals; }

private:
    static constexpr int64_t kBlocks = 60; ///< at most; a block is at least a second
    struct Block {
        int64_t index{0};
        BeforeTotals totals{};
    };
    int64_t m_blockSeconds;
    int64_t m_blocksKept;
    std::deque<Block> m_blocks{};
    BeforeTotals m_totals{};
};

} // namespace sluice::analysis
