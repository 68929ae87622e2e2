// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/map_reader.h"

#include <algorithm>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

/// Problems are thrown away beyond this while reading, long before they are sorted and cut.
constexpr size_t kMaxCollected = 2000;

std::string kindText(YamlNode::Kind kind)
{
    switch (kind) {
    case YamlNode::Kind::Null: return "nothing";
    case YamlNode::Kind::Scalar: return "a single value";
    case YamlNode::Kind::Sequence: return "a list";
    case YamlNode::Kind::Map: return "a map";
    }
    return {};
}

/// "unknown key 'wieght'; did you mean 'weight'?"
std::string unknownKeyText(const std::string& key, const std::vector<std::string>& keys)
{
    std::string text = fmt::format("unknown key '{}'", quotedForPeople(key));
    const auto colon = key.find(':');
    if (colon != std::string::npos && std::ranges::find(keys, key.substr(0, colon)) != keys.end()) {
        return text + "; put a space after the ':'";
    }
    const std::string hint = didYouMean(key, keys);
    return text + (hint.empty() ? "; known here: " + listed(keys) : hint);
}

template <class T, class Out>
bool take(const MapReader& map, std::string_view key, const Result<T>& value, Out& out)
{
    if (!value) {
        map.error(key, value.error().detail);
        return false;
    }
    out = value.value();
    return true;
}

} // namespace

void Report::error(const YamlNode& at, std::string path, std::string message)
{
    if (m_problems.size() >= kMaxCollected) return;
    const auto ofText = std::span(m_problems).first(m_ofText);
    if (!path.empty() && std::ranges::find(ofText, path, &Problem::path) != ofText.end()) return;
    m_problems.push_back({Problem::Level::Error, m_file, at.line, at.column, std::move(path), std::move(message)});
}

std::vector<Problem> Report::take()
{
    std::ranges::stable_sort(m_problems, {}, [](const Problem& p) { return std::tie(p.line, p.column); });
    if (m_problems.size() > kMaxProblems) m_problems.resize(kMaxProblems);
    return std::move(m_problems);
}

std::string listed(const std::vector<std::string>& words)
{
    std::string text;
    for (size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

MapReader::MapReader(Report& report, const YamlNode& node, std::string path, std::vector<std::string> keys, Extra extra)
    : m_report(report)
    , m_node(node)
    , m_path(std::move(path))
{
    if (!isMap()) {
        report.error(node, m_path, "expected a map, found " + kindText(node.kind));
        return;
    }
    if (extra == Extra::Allow) return;
    for (const YamlNode& key : node.keys) {
        if (std::ranges::find(keys, key.text) == keys.end()) report.error(key, m_path, unknownKeyText(key.text, keys));
    }
}

std::string MapReader::pathOf(std::string_view key) const
{
    return m_path.empty() ? std::string(key) : m_path + "." + std::string(key);
}

const YamlNode* MapReader::require(std::string_view key, std::string_view example) const
{
    const YamlNode* value = find(key);
    if (value == nullptr && isMap()) {
        m_report.error(m_node, m_path, fmt::format("'{}' is missing; write it like {}", key, example));
    }
    return value;
}

void MapReader::error(std::string_view key, std::string message) const
{
    const YamlNode* value = find(key);
    m_report.error(value == nullptr ? m_node : *value, pathOf(key), std::move(message));
}

const std::string* MapReader::scalar(std::string_view key) const
{
    const YamlNode* value = find(key);
    if (value == nullptr) return nullptr;
    if (value->kind == YamlNode::Kind::Scalar) return &value->text;
    error(key, value->kind == YamlNode::Kind::Null ? "the value is missing"
                                                   : "expected a single value, found " + kindText(value->kind));
    return nullptr;
}

bool MapReader::text(std::string_view key, std::string& out) const
{
    const YamlNode* value = find(key);
    const std::string* found = value == nullptr ? nullptr : textOf(m_report, *value, pathOf(key));
    if (found == nullptr) return false;
    out = *found;
    return true;
}

bool MapReader::name(std::string_view key, std::string& out) const
{
    const YamlNode* value = find(key);
    const std::string* found = value == nullptr ? nullptr : nameOf(m_report, *value, pathOf(key));
    if (found == nullptr) return false;
    out = *found;
    return true;
}

bool MapReader::flag(std::string_view key, bool& out) const
{
    return choice<bool>(key, out, {{"true", true}, {"false", false}});
}

bool MapReader::duration(std::string_view key, Duration& out, Duration longest) const
{
    const std::string* found = scalar(key);
    Duration value{};
    if (found == nullptr || !take(*this, key, parseDuration(*found), value)) return false;
    if (value > longest) {
        error(key, fmt::format("{} is longer than {}", quotedForPeople(*found), durationUnitText(longest)));
        return false;
    }
    out = value;
    return true;
}

bool MapReader::percent(std::string_view key, int64_t& outPpm) const
{
    const std::string* found = scalar(key);
    return found != nullptr && take(*this, key, parsePercent(*found), outPpm);
}

bool MapReader::count(std::string_view key, int64_t& out, int64_t least, int64_t most) const
{
    const std::string* found = scalar(key);
    int64_t value = 0;
    if (found == nullptr || !take(*this, key, parseCount(*found), value)) return false;
    if (value < least || value > most) {
        const bool low = value < least;
        error(key, fmt::format("{} is {} {}", value, low ? "below" : "above", low ? least : most));
        return false;
    }
    out = value;
    return true;
}

bool MapReader::number(std::string_view key, int64_t& outMillionths) const
{
    const std::string* found = scalar(key);
    return found != nullptr && take(*this, key, parseNumber(*found), outMillionths);
}

bool MapReader::amount(std::string_view key, Unit unit, int64_t& out) const
{
    const std::string* found = scalar(key);
    return found != nullptr && take(*this, key, parseAmount(*found, unit), out);
}

bool MapReader::names(std::string_view key, std::vector<std::string>& out) const
{
    const YamlNode* value = find(key);
    if (value == nullptr) return false;
    std::vector<std::string> found;
    if (value->kind == YamlNode::Kind::Scalar) {
        const std::string* one = nameOf(m_report, *value, pathOf(key));
        if (one == nullptr) return false;
        found.push_back(*one);
    } else {
        const auto& items = listItems(m_report, *value, pathOf(key), kMaxNameLength);
        for (size_t i = 0; i < items.size(); ++i) {
            const std::string path = fmt::format("{}[{}]", pathOf(key), i);
            const std::string* one = nameOf(m_report, items[i], path);
            if (one == nullptr) continue;
            if (std::ranges::find(found, *one) == found.end())
                found.push_back(*one);
            else
                m_report.error(items[i], path, fmt::format("'{}' is named twice", *one));
        }
        if (items.empty() || found.size() != items.size()) return false;
    }
    out = std::move(found);
    return true;
}

size_t MapReader::chosen(std::string_view key, const std::vector<std::string>& words) const
{
    const std::string* found = scalar(key);
    if (found == nullptr) return words.size();
    const auto at = std::ranges::find(words, *found);
    if (at != words.end()) return static_cast<size_t>(at - words.begin());
    const std::string hint = didYouMean(*found, words);
    error(key, fmt::format("'{}' is not known{}", quotedForPeople(*found),
                           hint.empty() ? "; write " + listed(words) : hint));
    return words.size();
}

const std::vector<YamlNode>& listItems(Report& report, const YamlNode& node, const std::string& path, size_t most)
{
    static const std::vector<YamlNode> kNone{};
    if (node.kind != YamlNode::Kind::Sequence) {
        report.error(node, path, "expected a list, found " + kindText(node.kind));
        return kNone;
    }
    if (node.items.empty()) report.error(node, path, "the list is empty; name at least one or leave the key out");
    if (node.items.size() > most) {
        report.error(node, path, fmt::format("{} entries; at most {}", node.items.size(), most));
        return kNone;
    }
    return node.items;
}

const std::string* textOf(Report& report, const YamlNode& node, const std::string& path)
{
    if (node.kind == YamlNode::Kind::Null || (node.kind == YamlNode::Kind::Scalar && node.text.empty())) {
        report.error(node, path, "the value is missing");
        return nullptr;
    }
    if (node.kind != YamlNode::Kind::Scalar) {
        report.error(node, path, "expected a single value, found " + kindText(node.kind));
        return nullptr;
    }
    if (node.text.size() > kMaxTextLength) {
        report.error(node, path, fmt::format("{} bytes; a text has at most {}", node.text.size(), kMaxTextLength));
        return nullptr;
    }
    return &node.text;
}

const std::string* nameOf(Report& report, const YamlNode& node, const std::string& path)
{
    const std::string* text = textOf(report, node, path);
    if (text == nullptr) return nullptr;
    const auto fault = nameFault(*text);
    if (!fault) return text;
    report.error(node, path, *fault);
    return nullptr;
}

} // namespace sluice
