// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/series.h"
#include "core/base/result.h"
#include "core/base/time.h"

// Answers of the Prometheus HTTP API as data. Pure; reads as a stream, so a large answer costs its samples and not a
// tree of JSON values.

namespace sluice::adapters {

struct PrometheusLimits {
    size_t depth{16}; ///< an answer nests 7 deep, with native histograms 9
    size_t series{200'000};
    size_t samples{20'000'000}; ///< 16 bytes each
    size_t labels{128};         ///< of one series
};

struct PrometheusAnswer {
    std::string resultType{};                  ///< matrix, vector, scalar or string
    std::vector<analysis::RawSeries> series{}; ///< scalar: one series without name and labels; string: none
    std::string text{};                        ///< string results
    std::vector<std::string> warnings{};       ///< warnings and infos; a partial answer says so here
};

/// Reads the answer to a query. NaN and infinities stay what they are. Errors: BadInput = the query or the address is
/// wrong and will stay so (400, 404, 406, 422, the same series twice); Refused = the server does not let us in
/// (401, 403); Unreachable = try again (timeouts, 5xx, an HTML page of a proxy in between, a damaged answer).
Result<PrometheusAnswer> parsePrometheus(long httpStatus, std::string_view body,
                                         const PrometheusLimits& limits = PrometheusLimits());

/// "1s", "1m30s", "100ms" as Prometheus writes durations; none when it is none, or not above zero.
std::optional<Duration> parsePrometheusDuration(std::string_view text);

/// Distinct scrape intervals of `GET /api/v1/targets?state=active`, ascending. Limited by the size of the body.
Result<std::vector<Duration>> parseTargetIntervals(long httpStatus, std::string_view body);

/// Scrape interval as the samples show it: the smallest step of each series, the largest of these; none when no
/// series has two samples.
std::optional<Duration> observedInterval(const std::vector<analysis::RawSeries>& series);

} // namespace sluice::adapters
