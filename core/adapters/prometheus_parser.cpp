// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/prometheus_parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/adapters/plain_text.h"
#include "core/adapters/prometheus_sax.h"

namespace sluice::adapters {

namespace {

Fault faultOf(long httpStatus)
{
    if (httpStatus == 401 || httpStatus == 403) return Fault::Refused;
    if (httpStatus == 400 || httpStatus == 404 || httpStatus == 406 || httpStatus == 422) return Fault::BadInput;
    return Fault::Unreachable;
}

Error noAnswer(long httpStatus, std::string_view body)
{
    return {faultOf(httpStatus), fmt::format("HTTP {} without a Prometheus answer: {}", httpStatus, plainText(body))};
}

/// Puts a series in order; false when a timestamp comes twice with different values or labels repeat.
void tidy(analysis::RawSeries& series)
{
    std::ranges::sort(series.labels);
    const auto name = std::ranges::find(series.labels, "__name__", [](const auto& label) { return label.first; });
    if (name != series.labels.end()) {
        series.name = name->second;
        series.labels.erase(name);
    }
    std::ranges::stable_sort(series.samples, {}, &analysis::RawSample::atMs);
}

/// The label set of the first series that occurs twice.
std::optional<std::string> repeated(const std::vector<analysis::RawSeries>& all)
{
    std::unordered_set<std::string> seen;
    for (const analysis::RawSeries& series : all) {
        std::string key = series.name + "{";
        for (const auto& [label, value] : series.labels)
            key += label + "=\"" + value + "\",";
        key += "}";
        if (!seen.insert(key).second) return key;
    }
    return std::nullopt;
}

} // namespace

Result<PrometheusAnswer> parsePrometheus(long httpStatus, std::string_view body, const PrometheusLimits& limits)
{
    PrometheusSax sax(limits);
    const bool whole = nlohmann::json::sax_parse(body, &sax);
    if (!sax.problem().empty()) return Error{Fault::Unreachable, "The answer of Prometheus " + sax.problem() + "."};
    if (!whole) return noAnswer(httpStatus, body);
    if (sax.status() == "error") {
        return Error{faultOf(httpStatus), fmt::format("Prometheus answered {} ({}): {}", httpStatus, sax.errorType(),
                                                      plainText(sax.error()))};
    }
    if (httpStatus != 200 || sax.status() != "success") return noAnswer(httpStatus, body);
    PrometheusAnswer answer = std::move(sax.answer());
    for (analysis::RawSeries& series : answer.series)
        tidy(series);
    if (const auto twice = repeated(answer.series))
        return Error{Fault::BadInput, fmt::format("The answer holds the series {} twice.", plainText(*twice))};
    return answer;
}

std::optional<Duration> parsePrometheusDuration(std::string_view text)
{
    struct Unit {
        std::string_view name;
        int64_t micros;
    };
    static constexpr Unit kUnits[] = {
        {"ms", 1'000},         {"s", 1'000'000},       {"m", 60'000'000},        {"h", 3'600'000'000},
        {"d", 86'400'000'000}, {"w", 604'800'000'000}, {"y", 31'536'000'000'000}};
    int64_t total = 0;
    while (!text.empty()) {
        int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || number < 0 || number > 1'000'000) return std::nullopt;
        text.remove_prefix(static_cast<size_t>(end - text.data()));
        const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
        const auto unit = std::ranges::find(kUnits, name, &Unit::name);
        if (unit == std::end(kUnits)) return std::nullopt;
        total += number * unit->micros;
        text.remove_prefix(name.size());
    }
    if (total <= 0) return std::nullopt;
    return Duration(total);
}

Result<std::vector<Duration>> parseTargetIntervals(long httpStatus, std::string_view body)
{
    try {
        const nlohmann::json json = nlohmann::json::parse(body);
        std::set<Duration> found;
        for (const nlohmann::json& target : json.at("data").at("activeTargets")) {
            const auto interval = parsePrometheusDuration(target.value("scrapeInterval", ""));
            if (interval) found.insert(*interval);
        }
        return std::vector<Duration>(found.begin(), found.end());
    } catch (const nlohmann::json::exception&) {
        return noAnswer(httpStatus, body);
    }
}

std::optional<Duration> observedInterval(const std::vector<analysis::RawSeries>& all)
{
    std::optional<Duration> widest;
    for (const analysis::RawSeries& series : all) {
        int64_t step = std::numeric_limits<int64_t>::max();
        for (size_t i = 1; i < series.samples.size(); ++i) {
            const int64_t between = series.samples[i].atMs - series.samples[i - 1].atMs;
            if (between > 0) step = std::min(step, between);
        }
        if (step == std::numeric_limits<int64_t>::max()) continue;
        // Scrapes come some milliseconds early or late; intervals are whole tenths of a second.
        const Duration rounded = std::chrono::milliseconds((step + 50) / 100 * 100);
        if (rounded > Duration(0)) widest = std::max(widest.value_or(rounded), rounded);
    }
    return widest;
}

} // namespace sluice::adapters
