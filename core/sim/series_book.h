// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/series.h"

namespace sluice::sim {

using Labels = std::vector<std::pair<std::string, std::string>>; ///< sorted by name

/// What the simulated Prometheus has stored. A series stays where it is, so scrapers keep a pointer to it.
class SeriesBook {
public:
    struct Series {
        Labels labels{};
        std::deque<analysis::RawSample> samples{};
        void add(int64_t atMs, double value);
    };

    Series& series(const std::string& name, const Labels& labels);
    /// Samples of these names younger than `afterMs`.
    std::vector<analysis::RawSeries> read(const std::vector<std::string>& names, int64_t afterMs) const;
    /// As after a restart without its disk.
    void forgetSamples();

private:
    std::map<std::string, std::map<Labels, Series>> m_series{};
};

} // namespace sluice::sim
