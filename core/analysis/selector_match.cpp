// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/selector_match.h"

#include <algorithm>

namespace sluice::analysis {

namespace {

constexpr size_t kPatternLimit = 256;      // std::regex recurses over its pattern
constexpr size_t kMatchedValueLimit = 512; // and over the text it matches

void replaceAll(std::string& text, std::string_view what, const std::string& with)
{
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view(R"(\^$.|?*+()[]{})").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string bound(const LabelMatch& match, const TargetLabels& target, Track track)
{
    const bool pattern = match.kind == LabelMatch::Kind::Matches || match.kind == LabelMatch::Kind::NotMatches;
    std::string value = match.value;
    replaceAll(value, "$track", track == Track::Canary ? "canary" : "stable");
    replaceAll(value, "$service", pattern ? escaped(target.service) : target.service);
    replaceAll(value, "$environment", pattern ? escaped(target.environment) : target.environment);
    return value;
}

bool fits(const std::string& simple, const std::string& value)
{
    return std::ranges::equal(simple, value, [](char p, char c) { return p == '.' || p == c; });
}

std::vector<std::string> alternatives(const std::string& text)
{
    std::vector<std::string> out(1);
    for (const char c : text) {
        if (c == '|') {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

} // namespace

Pattern::Pattern(const std::string& text)
{
    if (text.find_first_of(R"(\^$?*+()[]{})") == std::string::npos) {
        m_simple = alternatives(text);
        return;
    }
    m_valid = text.size() <= kPatternLimit;
    if (!m_valid) return;
    try {
        m_regex.emplace(text, std::regex::ECMAScript | std::regex::optimize);
    } catch (const std::regex_error&) {
        m_valid = false;
    }
}

bool Pattern::matches(const std::string& value) const
{
    if (!m_simple.empty())
        return std::ranges::any_of(m_simple, [&](const auto& simple) { return fits(simple, value); });
    if (!m_regex || value.size() > kMatchedValueLimit) return false;
    try {
        return std::regex_match(value, *m_regex);
    } catch (const std::regex_error&) {
        return false;
    }
}

SelectorMatcher::SelectorMatcher(const Selector& selector, const TargetLabels& target, Track track)
    : m_name(selector.name)
{
    for (const LabelMatch& match : selector.labels) {
        Condition condition{.label = match.label, .kind = match.kind, .value = bound(match, target, track)};
        if (match.kind == LabelMatch::Kind::Matches || match.kind == LabelMatch::Kind::NotMatches) {
            condition.pattern.emplace(condition.value);
            m_valid = m_valid && condition.pattern->valid();
        }
        m_conditions.push_back(std::move(condition));
    }
    // What costs least and rules out most comes first; every new series of a source is asked about by every rollout.
    std::ranges::stable_partition(m_conditions, [](const Condition& one) { return !one.pattern.has_value(); });
}

bool SelectorMatcher::holds(const Condition& condition, const std::string& value)
{
    switch (condition.kind) {
    case LabelMatch::Kind::Equal: return value == condition.value;
    case LabelMatch::Kind::NotEqual: return value != condition.value;
    case LabelMatch::Kind::Matches: return condition.pattern->matches(value);
    case LabelMatch::Kind::NotMatches: return !condition.pattern->matches(value);
    }
    return false;
}

bool SelectorMatcher::matches(const Labels& labels) const
{
    if (!m_valid) return false;
    return std::ranges::all_of(m_conditions, [&](const Condition& condition) {
        return holds(condition, labelValue(labels, condition.label));
    });
}

const std::string& labelValue(const Labels& labels, std::string_view name)
{
    static const std::string none;
    const auto found =
        std::ranges::lower_bound(labels, name, {}, [](const auto& label) { return std::string_view(label.first); });
    return found != labels.end() && found->first == name ? found->second : none;
}

} // namespace sluice::analysis
