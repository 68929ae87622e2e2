// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/judge.h"

namespace sluice::analysis::test {

constexpr int64_t kStart = 1'800'000'000; ///< the second at which test sources begin

inline WallTime at(int64_t second)
{
    return WallTime(std::chrono::seconds(kStart + second));
}

/// One instance of a service whose counters a test turns by hand; scraped once a second at a fixed offset.
class Instance {
public:
    Instance(std::string name, Track track, int64_t offsetMs = 100);

    /// Adds to a counter; `labels` like "code=500". The series exists from the first call on.
    void count(const std::string& name, const std::string& labels, double amount);
    void set(const std::string& name, const std::string& labels, double value);
    /// Cumulative buckets for one observation in seconds.
    void observe(const std::string& name, const std::vector<double>& bounds, double seconds, double times = 1);
    /// Counters start again from nothing, series vanish.
    void restart() { m_values.clear(); }
    /// The instance is gone until `scraped(true)`.
    void scraped(bool on) { m_scraped = on; }

    void scrape(int64_t second);
    void appendTo(RawBatch& batch, int64_t fromMs, int64_t toMs) const;

private:
    struct Kept {
        RawSeries series{};
    };
    std::string m_name;
    Track m_track;
    int64_t m_offsetMs;
    bool m_scraped{true};
    std::map<std::pair<std::string, std::string>, double> m_values{};
    std::map<std::pair<std::string, std::string>, RawSeries> m_kept{};
};

/// Everything with a time stamp in (fromMs, toMs].
RawBatch batchOf(const std::vector<const Instance*>& instances, int64_t fromMs, int64_t toMs);

/// A selector from name and conditions like "code=~5..", always with track="$track".
Selector selector(const std::string& name, const std::vector<LabelMatch>& labels = {});

Metric errorRate();
Metric latency(const std::string& id, int64_t quantilePpm);
Metric gauge(const std::string& id, Aggregate aggregate, bool scales);
Metric requestRate();
Metric counted(const std::string& id, const std::string& series, Duration window);

inline Weight percent(int64_t p)
{
    return *Weight::parse(p * 100);
}

} // namespace sluice::analysis::test
