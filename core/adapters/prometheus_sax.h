// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/adapters/prometheus_parser.h"

namespace sluice::adapters {

/// Listens to the JSON of a query answer and keeps only what it means. Part of prometheus_parser.
class PrometheusSax final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit PrometheusSax(const PrometheusLimits& limits)
        : m_limits(limits)
    {
    }

    const std::string& status() const { return m_status; }
    const std::string& errorType() const { return m_errorType; }
    const std::string& error() const { return m_error; }
    /// Why reading was given up, as the end of "The answer of Prometheus …"; empty for plain bad JSON.
    const std::string& problem() const { return m_problem; }
    PrometheusAnswer& answer() { return m_answer; }

    bool null() override;
    bool boolean(bool value) override;
    bool number_integer(number_integer_t value) override;
    bool number_unsigned(number_unsigned_t value) override;
    bool number_float(number_float_t value, const string_t& text) override;
    bool string(string_t& value) override;
    bool binary(binary_t& value) override;
    bool start_object(std::size_t elements) override;
    bool key(string_t& value) override;
    bool end_object() override;
    bool start_array(std::size_t elements) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override;

private:
    enum class Where { Root, Data, Result, Element, Metric, Values, Pair, Notes, Skip };
    struct Frame {
        Where where{Where::Skip};
        std::string key{};
    };
    bool push(bool object);
    Where child(bool object) const;
    Where where() const { return m_frames.empty() ? Where::Skip : m_frames.back().where; }
    bool number(double value);
    bool sampleValue(const std::string& text);
    bool giveUp(std::string problem);

    const PrometheusLimits m_limits;
    std::vector<Frame> m_frames{};
    PrometheusAnswer m_answer{};
    std::string m_status{};
    std::string m_errorType{};
    std::string m_error{};
    std::string m_problem{};
    std::vector<std::string> m_labels{}; ///< seen in the present metric object
    analysis::RawSample m_sample{};
    int m_inPair{0}; ///< values seen in the present [time, "value"]
    size_t m_samples{0};
};

} // namespace sluice::adapters
