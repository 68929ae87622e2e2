// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

// A disk under the test's hand, for every database opened after `install`: it can be full, and fail at the k-th sync
// or write. A layer over sqlite's own file layer, so the product needs no seam.

namespace sluice::journal_test {

struct FaultyDisk {
    static void install();
    /// No faults, counters at 0.
    static void heal();

    static inline std::string folder{};    ///< what is measured for `room`
    static inline int64_t room{-1};        ///< bytes that all files of the folder may have together; -1 = no end
    static inline int64_t failSyncAt{-1};  ///< the k-th sync from now, counted from 1
    static inline int64_t failWriteAt{-1}; ///< likewise
    static inline int64_t syncs{0};
    static inline int64_t writes{0};
    static inline int64_t faults{0}; ///< witnesses that something really went wrong
};

} // namespace sluice::journal_test
