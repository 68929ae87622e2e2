// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/time.h"

namespace sluice::analysis {

/// One scraped sample: source time in ms, value as the source gave it (NaN and infinity included).
struct RawSample {
    int64_t atMs{0};
    double value{0};
    friend bool operator==(const RawSample&, const RawSample&) = default;
};

struct RawSeries {
    std::string name{};
    std::vector<std::pair<std::string, std::string>> labels{}; ///< sorted by name, without __name__
    std::vector<RawSample> samples{};                          ///< oldest first
    friend bool operator==(const RawSeries&, const RawSeries&) = default;
};

/// What one request to a metric source brought.
struct RawBatch {
    std::vector<RawSeries> series{};
    Duration interval{std::chrono::seconds(1)}; ///< scrape interval, read from the source
    WallTime serverTime{};                      ///< the source's own clock at its answer
    BootTime arrivedAt{};
    std::vector<std::string> warnings{}; ///< any: the answer may be partial, so the store does not take it
};

} // namespace sluice::analysis
