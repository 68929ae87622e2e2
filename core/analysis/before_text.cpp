// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/before_text.h"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sluice::analysis {

namespace {

constexpr std::string_view kFormat = "before-1";
constexpr size_t kTextLimit = 1 << 20; // two hundred histograms would not fill it

std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> out;
    for (size_t from = 0;;) {
        const size_t end = text.find(at, from);
        out.push_back(text.substr(from, end == std::string_view::npos ? end : end - from));
        if (end == std::string_view::npos) return out;
        from = end + 1;
    }
}

std::optional<int64_t> number(std::string_view text)
{
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::pair<int64_t, int64_t>> bucket(std::string_view text)
{
    const auto parts = split(text, ':');
    if (parts.size() != 2) return std::nullopt;
    const auto bound = parts[0] == "inf" ? kInfiniteBound : number(parts[0]);
    const auto count = number(parts[1]);
    if (!bound || !count || *count < 0) return std::nullopt;
    return std::pair(*bound, *count);
}

std::optional<BeforeTotals> totals(std::string_view text)
{
    const auto parts = split(text, ',');
    if (parts.size() < 3) return std::nullopt;
    const auto seconds = number(parts[0]);
    const auto of = number(parts[1]);
    const auto over = number(parts[2]);
    if (!seconds || !of || !over || *seconds < 0 || *over < 0) return std::nullopt;
    BeforeTotals out{.seconds = *seconds, .of = *of, .over = *over};
    for (size_t i = 3; i < parts.size(); ++i) {
        const auto one = bucket(parts[i]);
        if (!one || !out.buckets.insert(*one).second) return std::nullopt;
    }
    return out;
}

std::optional<BeforeRecord> record(std::string_view text)
{
    if (text.size() > kTextLimit) return std::nullopt;
    const auto parts = split(text, ';');
    if (parts.size() < 2 || parts[0] != kFormat) return std::nullopt;
    const auto seconds = number(parts[1]);
    if (!seconds || *seconds < 0) return std::nullopt;
    BeforeRecord out{.seconds = *seconds};
    for (size_t i = 2; i < parts.size(); ++i) {
        const size_t equals = parts[i].find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        auto one = totals(parts[i].substr(equals + 1));
        if (!one || !out.metrics.emplace(parts[i].substr(0, equals), std::move(*one)).second) return std::nullopt;
    }
    return out;
}

} // namespace

std::string beforeText(const BeforeRecord& record)
{
    std::string text = fmt::format("{};{}", kFormat, record.seconds);
    for (const auto& [metric, totals] : record.metrics) {
        text += fmt::format(";{}={},{},{}", metric, totals.seconds, totals.of, totals.over);
        for (const auto& [bound, count] : totals.buckets)
            text += bound == kInfiniteBound ? fmt::format(",inf:{}", count) : fmt::format(",{}:{}", bound, count);
    }
    return text;
}

Result<BeforeRecord> parseBefore(std::string_view text)
{
    if (auto found = record(text)) return *std::move(found);
    return Error{Fault::BadInput, "The kept baseline cannot be read; it was written by another version or is damaged."};
}

} // namespace sluice::analysis
