// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::analysis {

/// Running total by whole second, over the last `seconds` seconds: the sum of any window is one subtraction, so a
/// metric, a trigger with its own window and the score share one ring.
class SecondRing {
public:
    explicit SecondRing(int64_t seconds)
        : m_totals(std::bit_ceil(static_cast<size_t>(std::max<int64_t>(seconds, 1))))
    {
    }

    /// A second older than the ring changes no window any more.
    void add(int64_t second, int64_t amount)
    {
        carryTo(second);
        for (int64_t s = std::max(second, oldest()); s <= m_head; ++s)
            m_totals[slot(s)] += amount;
    }

    /// Sum over the seconds (after, upTo].
    int64_t sum(int64_t after, int64_t upTo) const { return upTo <= after ? 0 : at(upTo) - at(after); }

private:
    void carryTo(int64_t second)
    {
        if (!m_started) {
            m_started = true;
            m_head = second;
        }
        if (second <= m_head) return;
        const int64_t total = m_totals[slot(m_head)];
        const int64_t from = std::max(m_head + 1, second - static_cast<int64_t>(m_totals.size()) + 1);
        for (int64_t s = from; s <= second; ++s)
            m_totals[slot(s)] = total;
        m_head = second;
    }
    int64_t at(int64_t second) const
    {
        if (!m_started) return 0;
        return m_totals[slot(std::clamp(second, oldest(), m_head))];
    }
    int64_t oldest() const { return m_head - static_cast<int64_t>(m_totals.size()) + 1; }
    size_t slot(int64_t second) const { return static_cast<size_t>(second) & (m_totals.size() - 1); }

    std::vector<int64_t> m_totals; // power of two, so that a slot is a mask
    int64_t m_head{0};
    bool m_started{false};
};

/// By whole second: the newest second up to it that had a sample.
class SeenRing {
public:
    static constexpr int64_t kNever = INT64_MIN / 4;

    explicit SeenRing(int64_t seconds)
        : m_last(std::bit_ceil(static_cast<size_t>(std::max<int64_t>(seconds, 1))), kNever)
    {
    }

    void mark(int64_t second)
    {
        if (m_head == kNever) m_head = second;
        if (second > m_head) {
            const int64_t last = m_last[slot(m_head)];
            const int64_t from = std::max(m_head + 1, second - static_cast<int64_t>(m_last.size()) + 1);
            for (int64_t s = from; s < second; ++s)
                m_last[slot(s)] = last;
            m_head = second;
            m_last[slot(second)] = second;
            return;
        }
        for (int64_t s = std::max(second, oldest()); s <= m_head; ++s)
            m_last[slot(s)] = std::max(m_last[slot(s)], second);
    }

    /// kNever when there was none.
    int64_t lastUpTo(int64_t second) const
    {
        if (m_head == kNever || second < oldest()) return kNever;
        return m_last[slot(std::min(second, m_head))];
    }

private:
    int64_t oldest() const { return m_head - static_cast<int64_t>(m_last.size()) + 1; }
    size_t slot(int64_t second) const { return static_cast<size_t>(second) & (m_last.size() - 1); }

    std::vector<int64_t> m_last;
    int64_t m_head{kNever};
};

} // namespace sluice::analysis
