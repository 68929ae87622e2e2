// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/journal/sqlite_database.h"
#include "core/ports/clock.h"

namespace sluice::journal {

/// A read of at most this many bytes …
constexpr size_t kBytesPerRead = 16U << 20;

/// When a read has to let go of the file: rows, bytes or time, whichever comes first.
class ReadBudget {
public:
    ReadBudget(const ports::Clock& clock, int rows)
        : m_clock(clock)
        , m_rows(std::clamp(rows, 0, kRowsPerRead))
        , m_until(clock.now().boot + kReadTime)
    {
    }
    int rows() const { return m_rows; }
    /// After a row of so many bytes: may another one be read?
    bool spend(size_t bytes)
    {
        m_bytes += bytes;
        return --m_rows > 0 && m_bytes < kBytesPerRead && (m_rows % kRowsPerLook != 0 || m_clock.now().boot < m_until);
    }

private:
    static constexpr int kRowsPerLook = 32; ///< the clock is not asked for every row
    const ports::Clock& m_clock;
    int m_rows;
    size_t m_bytes{0};
    BootTime m_until;
};

} // namespace sluice::journal
