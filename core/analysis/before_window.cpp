// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/before_window.h"

#include <algorithm>

namespace sluice::analysis {

void BeforeTotals::add(const BeforeTotals& other)
{
    seconds += other.seconds;
    of += other.of;
    over += other.over;
    for (const auto& [bound, count] : other.buckets)
        buckets[bound] += count;
}

std::vector<Bucket> BeforeTotals::asBuckets() const
{
    std::vector<Bucket> out;
    out.reserve(buckets.size());
    for (const auto& [bound, count] : buckets)
        out.push_back({bound, count});
    return out;
}

BeforeWindow::BeforeWindow(int64_t lengthSeconds)
    : m_blockSeconds(std::max<int64_t>((lengthSeconds + kBlocks - 1) / kBlocks, 1))
    , m_blocksKept((lengthSeconds + m_blockSeconds - 1) / m_blockSeconds)
{
}

void BeforeWindow::record(int64_t second, const BeforeTotals& totals)
{
    const int64_t index = second / m_blockSeconds;
    if (m_blocks.empty() || m_blocks.back().index != index) m_blocks.push_back({.index = index});
    m_blocks.back().totals.add(totals);
    m_totals.add(totals);
    bool dropped = false;
    while (m_blocks.front().index < index - m_blocksKept) {
        m_blocks.pop_front();
        dropped = true;
    }
    if (!dropped) return;
    m_totals = {};
    for (const Block& block : m_blocks)
        m_totals.add(block.totals);
}

} // namespace sluice::analysis
