// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/analysis/judge.h"
#include "core/model/playbook.h"

namespace sluice::analysis {

using Labels = std::vector<std::pair<std::string, std::string>>; ///< sorted by name

/// An anchored pattern over a label's value: `5..|4..` and the like without a regex engine, the rest with
/// std::regex, compiled once. A pattern that does not compile matches nothing.
class Pattern {
public:
    explicit Pattern(const std::string& text);
    bool valid() const { return m_valid; }
    bool matches(const std::string& value) const;

private:
    std::vector<std::string> m_simple{}; ///< alternatives of literals and dots
    std::optional<std::regex> m_regex{};
    bool m_valid{true};
};

/// One selector of a playbook, bound to a service, an environment and a track. A label that a series lacks is empty,
/// as in Prometheus.
class SelectorMatcher {
public:
    SelectorMatcher(const Selector& selector, const TargetLabels& target, Track track);

    const std::string& name() const { return m_name; }
    /// False: a pattern does not compile, so nothing ever matches.
    bool valid() const { return m_valid; }
    bool matches(const Labels& labels) const;

private:
    struct Condition {
        std::string label{};
        LabelMatch::Kind kind{LabelMatch::Kind::Equal};
        std::string value{};
        std::optional<Pattern> pattern{};
    };
    static bool holds(const Condition& condition, const std::string& value);

    std::string m_name;
    std::vector<Condition> m_conditions{};
    bool m_valid{true};
};

/// Value of a label, empty when absent.
const std::string& labelValue(const Labels& labels, std::string_view name);

} // namespace sluice::analysis
