// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/selector.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <vector>

#include <fmt/format.h>

#include "core/model/text_check.h"

namespace sluice {

namespace {

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Walks over the text once; the first fault ends the reading.
class SelectorParser {
public:
    explicit SelectorParser(std::string_view text)
        : m_all(text)
        , m_rest(text)
    {
    }

    Result<Selector> parse()
    {
        Selector selector;
        skipSpace();
        selector.name = takeName(true);
        if (selector.name.empty()) fail("a series name comes first, like http_requests_total");
        skipSpace();
        if (m_fault.empty() && take('{')) parseLabels(selector);
        skipSpace();
        if (m_fault.empty() && !m_rest.empty()) fail(afterSelector());
        if (!m_fault.empty()) return Error{Fault::BadInput, m_fault};
        return selector;
    }

private:
    void fail(std::string message)
    {
        if (m_fault.empty()) m_fault = std::move(message);
    }

    std::string place() const { return fmt::format("at character {}", m_all.size() - m_rest.size() + 1); }

    std::string afterSelector() const
    {
        const std::string_view found = m_rest.substr(0, 1);
        if (found == "[") return "no range here: the metric's window says how long";
        if (found == "(") return "no functions here: name the series, the metric's kind says what to do with it";
        return fmt::format("'{}' {} is not part of a selector", quotedForPeople(m_rest, 10), place());
    }

    void skipSpace()
    {
        while (m_rest.starts_with(' '))
            m_rest.remove_prefix(1);
    }

    bool take(char c)
    {
        if (!m_rest.starts_with(c)) return false;
        m_rest.remove_prefix(1);
        return true;
    }

    std::string takeName(bool colons)
    {
        size_t length = 0;
        const auto fits = [&](char c) { return isNameStart(c) || (colons && c == ':') || (length > 0 && isDigit(c)); };
        while (length < m_rest.size() && fits(m_rest[length]))
            ++length;
        std::string name(m_rest.substr(0, length));
        m_rest.remove_prefix(length);
        return name;
    }

    void parseLabels(Selector& selector)
    {
        while (m_fault.empty()) {
            skipSpace();
            if (take('}')) return;
            if (selector.labels.size() == kMaxSelectorLabels) return fail("more than 16 label conditions");
            parseLabel(selector);
            skipSpace();
            if (m_fault.empty() && !take(',') && !m_rest.starts_with('}')) {
                fail(m_rest.empty() ? "the '{' is not closed" : "a ',' or '}' is missing " + place());
            }
        }
    }

    void parseLabel(Selector& selector)
    {
        LabelMatch match;
        match.label = takeName(false);
        if (match.label.empty()) {
            return fail(m_rest.empty() ? "the '{' is not closed" : "a label name is missing " + place());
        }
        skipSpace();
        if (!takeOperator(match)) return fail(fmt::format("write =, !=, =~ or !~ after {}", match.label));
        skipSpace();
        auto value = takeQuoted();
        if (!value) return fail(fmt::format("the value of {} needs quotes: {}=\"…\"", match.label, match.label));
        match.value = std::move(*value);
        checkValue(match);
        selector.labels.push_back(std::move(match));
    }

    bool takeOperator(LabelMatch& match)
    {
        constexpr std::pair<std::string_view, LabelMatch::Kind> kOperators[] = {{"=~", LabelMatch::Kind::Matches},
                                                                                {"!~", LabelMatch::Kind::NotMatches},
                                                                                {"!=", LabelMatch::Kind::NotEqual},
                                                                                {"=", LabelMatch::Kind::Equal}};
        for (const auto& [sign, kind] : kOperators) {
            if (!m_rest.starts_with(sign)) continue;
            m_rest.remove_prefix(sign.size());
            match.kind = kind;
            return true;
        }
        return false;
    }

    std::optional<std::string> takeQuoted()
    {
        if (!m_rest.starts_with('"') && !m_rest.starts_with('\'')) return std::nullopt;
        const char quote = m_rest.front();
        std::string value;
        for (size_t at = 1; at < m_rest.size(); ++at) {
            char c = m_rest[at];
            if (c == quote) {
                m_rest.remove_prefix(at + 1);
                return value;
            }
            if (c == '\\' && at + 1 < m_rest.size()) {
                c = m_rest[++at];
                if (c == 'n')
                    c = '\n';
                else if (c != '\\' && c != '"' && c != '\'')
                    value += '\\'; // an expression's own escape, as in \d
            }
            value += c;
        }
        return std::nullopt;
    }

    void checkValue(const LabelMatch& match)
    {
        checkVariables(match);
        const bool expression = match.kind == LabelMatch::Kind::Matches || match.kind == LabelMatch::Kind::NotMatches;
        if (expression) checkExpression(match);
    }

    /// "$word" must be one we replace; a lone '$' is the end anchor of an expression.
    void checkVariables(const LabelMatch& match)
    {
        static const std::vector<std::string> kVariables{"$track", "$service", "$environment"};
        for (size_t at = match.value.find('$'); at != std::string::npos; at = match.value.find('$', at + 1)) {
            size_t end = at + 1;
            while (end < match.value.size() && isNameStart(match.value[end]))
                ++end;
            if (end == at + 1) continue;
            const std::string name = match.value.substr(at, end - at);
            if (std::ranges::find(kVariables, name) != kVariables.end()) continue;
            const auto meant = nearest(name, kVariables);
            return fail(fmt::format("unknown variable '{}'{}", quotedForPeople(name),
                                    meant ? "; did you mean '" + *meant + "'?"
                                          : "; there are $track, $service and $environment"));
        }
    }

    void checkExpression(const LabelMatch& match)
    {
        const std::string& text = match.value;
        if (text.size() > kMaxExpressionLength) return fail("an expression has at most 256 characters");
        for (size_t at = 0; at + 1 < text.size(); ++at) {
            if (text[at] == '\\' && isDigit(text[at + 1]))
                return fail("back references are not allowed in an expression");
            if (text[at] == '\\') ++at;
        }
        if (text.find("(?=") != std::string::npos || text.find("(?!") != std::string::npos) {
            return fail("look-ahead is not allowed in an expression");
        }
        try {
            const std::regex compiled(text, std::regex::ECMAScript | std::regex::nosubs);
        } catch (const std::regex_error&) {
            fail(fmt::format("'{}' is not an expression that can be read", quotedForPeople(text)));
        }
    }

    std::string_view m_all;
    std::string_view m_rest;
    std::string m_fault{};
};

std::string_view operatorText(LabelMatch::Kind kind)
{
    switch (kind) {
    case LabelMatch::Kind::Equal: return "=";
    case LabelMatch::Kind::NotEqual: return "!=";
    case LabelMatch::Kind::Matches: return "=~";
    case LabelMatch::Kind::NotMatches: return "!~";
    }
    return {};
}

std::string escaped(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') text += '\\';
        text += c;
    }
    return text;
}

} // namespace

Result<Selector> parseSelector(std::string_view text)
{
    if (text.size() > kMaxSelectorLength) return Error{Fault::BadInput, "a selector has at most 1024 characters"};
    return SelectorParser(text).parse();
}

std::string selectorText(const Selector& selector)
{
    if (selector.labels.empty()) return selector.name;
    std::string text = selector.name + "{";
    for (const LabelMatch& match : selector.labels) {
        if (text.back() != '{') text += ',';
        text += fmt::format("{}{}\"{}\"", match.label, operatorText(match.kind), escaped(match.value));
    }
    return text + "}";
}

} // namespace sluice
