// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/prometheus_sax.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace sluice::adapters {

namespace {

/// A sample's value: a JSON string, because JSON has no NaN and no infinity. C locale.
std::optional<double> toValue(std::string_view text)
{
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text == "Inf") return std::numeric_limits<double>::infinity();
    if (text == "-Inf") return -std::numeric_limits<double>::infinity();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

} // namespace

bool PrometheusSax::giveUp(std::string problem)
{
    m_problem = std::move(problem);
    return false;
}

PrometheusSax::Where PrometheusSax::child(bool object) const
{
    if (m_frames.empty()) return object ? Where::Root : Where::Skip;
    const std::string& key = m_frames.back().key;
    switch (where()) {
    case Where::Root:
        if (object) return key == "data" ? Where::Data : Where::Skip;
        return key == "warnings" || key == "infos" ? Where::Notes : Where::Skip;
    case Where::Data: return !object && key == "result" ? Where::Result : Where::Skip;
    case Where::Result: return object ? Where::Element : Where::Skip;
    case Where::Element:
        if (object) return key == "metric" ? Where::Metric : Where::Skip;
        if (key == "values") return Where::Values;
        return key == "value" ? Where::Pair : Where::Skip;
    case Where::Values: return object ? Where::Skip : Where::Pair;
    case Where::Metric:
    case Where::Pair:
    case Where::Notes:
    case Where::Skip: return Where::Skip;
    }
    return Where::Skip;
}

bool PrometheusSax::push(bool object)
{
    if (m_frames.size() >= m_limits.depth) return giveUp(fmt::format("nests deeper than {}", m_limits.depth));
    const Where next = child(object);
    // A native histogram has no single number; the series stays, empty, and the answer says why.
    if (where() == Where::Element && m_frames.back().key.starts_with("histogram") && m_answer.warnings.empty())
        m_answer.warnings.emplace_back("native histograms are not read; use classic buckets");
    m_frames.push_back({.where = next});
    if (next == Where::Element) {
        if (m_answer.series.size() >= m_limits.series)
            return giveUp(fmt::format("holds more than {} series", m_limits.series));
        m_answer.series.emplace_back();
    }
    if (next == Where::Metric) m_labels.clear();
    if (next == Where::Pair) m_inPair = 0;
    return true;
}

bool PrometheusSax::start_object(std::size_t)
{
    return push(true);
}

bool PrometheusSax::start_array(std::size_t)
{
    return push(false);
}

bool PrometheusSax::key(string_t& value)
{
    if (where() == Where::Metric) {
        if (std::ranges::find(m_labels, value) != m_labels.end())
            return giveUp(fmt::format("names the label {} twice in one series", value));
        if (m_labels.size() >= m_limits.labels)
            return giveUp(fmt::format("holds a series with more than {} labels", m_limits.labels));
        m_labels.push_back(value);
    }
    m_frames.back().key = value;
    return true;
}

bool PrometheusSax::end_object()
{
    m_frames.pop_back();
    return true;
}

bool PrometheusSax::end_array()
{
    if (where() == Where::Pair) {
        if (m_inPair != 2) return giveUp("holds a sample that is not a time and a value");
        if (++m_samples > m_limits.samples) return giveUp(fmt::format("holds more than {} samples", m_limits.samples));
        m_answer.series.back().samples.push_back(m_sample);
    }
    // Scalar: the pair stands directly in `result`.
    if (where() == Where::Result && m_answer.resultType == "scalar" && m_inPair == 2)
        m_answer.series.push_back({.samples = {m_sample}});
    m_frames.pop_back();
    return true;
}

bool PrometheusSax::number(double value)
{
    if (where() != Where::Pair && where() != Where::Result) return true;
    constexpr double kLastMs = 9e15; // 2^53: beyond it milliseconds are no integers any more
    const double ms = std::round(value * 1000);
    if (m_inPair != 0 || !(std::abs(ms) < kLastMs)) return giveUp("holds a sample that is not a time and a value");
    m_sample.atMs = static_cast<int64_t>(ms);
    ++m_inPair;
    return true;
}

bool PrometheusSax::sampleValue(const std::string& text)
{
    if (m_answer.resultType == "string") {
        m_answer.text = text;
        return true;
    }
    const auto value = toValue(text);
    if (m_inPair != 1 || !value) return giveUp("holds a sample that is not a time and a value");
    m_sample.value = *value;
    ++m_inPair;
    return true;
}

bool PrometheusSax::string(string_t& value)
{
    constexpr size_t kMaxNotes = 20;
    switch (where()) {
    case Where::Root:
        if (m_frames.back().key == "status") m_status = value;
        if (m_frames.back().key == "errorType") m_errorType = value;
        if (m_frames.back().key == "error") m_error = value;
        return true;
    case Where::Data:
        if (m_frames.back().key == "resultType") m_answer.resultType = value;
        return true;
    case Where::Metric: m_answer.series.back().labels.emplace_back(m_frames.back().key, value); return true;
    case Where::Notes:
        if (m_answer.warnings.size() < kMaxNotes) m_answer.warnings.push_back(value);
        return true;
    case Where::Result:
    case Where::Pair: return sampleValue(value);
    case Where::Element:
    case Where::Values:
    case Where::Skip: return true;
    }
    return true;
}

bool PrometheusSax::number_integer(number_integer_t value)
{
    return number(static_cast<double>(value));
}

bool PrometheusSax::number_unsigned(number_unsigned_t value)
{
    return number(static_cast<double>(value));
}

bool PrometheusSax::number_float(number_float_t value, const string_t&)
{
    return number(value);
}

bool PrometheusSax::null()
{
    return true;
}

bool PrometheusSax::boolean(bool)
{
    return true;
}

bool PrometheusSax::binary(binary_t&)
{
    return true;
}

bool PrometheusSax::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&)
{
    return false;
}

} // namespace sluice::adapters
