// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/series_book.h"

#include <iterator>

namespace sluice::sim {

namespace {
constexpr size_t kSamplesKept = 4200; // seventy minutes: an hour of charts and the baseline before it
} // namespace

void SeriesBook::Series::add(int64_t atMs, double value)
{
    samples.push_back({atMs, value});
    if (samples.size() > kSamplesKept) samples.pop_front();
}

SeriesBook::Series& SeriesBook::series(const std::string& name, const Labels& labels)
{
    Series& series = m_series[name][labels];
    series.labels = labels;
    return series;
}

void SeriesBook::forgetSamples()
{
    for (auto& [name, family] : m_series)
        for (auto& [labels, series] : family)
            series.samples.clear();
}

std::vector<analysis::RawSeries> SeriesBook::read(const std::vector<std::string>& names, int64_t afterMs) const
{
    std::vector<analysis::RawSeries> found;
    for (const std::string& name : names) {
        const auto family = m_series.find(name);
        if (family == m_series.end()) continue;
        for (const auto& [labels, series] : family->second) {
            // Nearly every question is about the last seconds: looked at from the young end.
            auto first = series.samples.end();
            while (first != series.samples.begin() && std::prev(first)->atMs > afterMs)
                --first;
            if (first != series.samples.end()) found.push_back({name, labels, {first, series.samples.end()}});
        }
    }
    return found;
}

} // namespace sluice::sim
