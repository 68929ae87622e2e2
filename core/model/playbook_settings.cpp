// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"

namespace sluice {

namespace {

constexpr size_t kMaxExpanded = 2000; ///< bytes of a value after `${name}` has been replaced

/// Bytes that the scalar takes in the file, or nothing when it runs over several lines.
std::optional<size_t> lengthInText(const YamlNode& node, std::string_view text)
{
    const std::string_view rest = text.substr(node.offset);
    const char quote = rest.empty() ? '\0' : rest.front();
    if (quote != '"' && quote != '\'') {
        return rest.starts_with(node.text) ? std::optional(node.text.size()) : std::nullopt;
    }
    for (size_t at = 1; at < rest.size() && rest[at] != '\n'; ++at) {
        if (quote == '"' && rest[at] == '\\')
            ++at;
        else if (rest[at] == quote && quote == '\'' && rest.substr(at + 1).starts_with('\''))
            ++at;
        else if (rest[at] == quote)
            return at + 1;
    }
    return std::nullopt;
}

std::string inQuotes(std::string_view value)
{
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

std::optional<std::string> settingFault(std::string_view value)
{
    if (value.empty()) return "the value is missing";
    if (value.size() > kMaxSettingLength) return fmt::format("a setting has at most {} bytes", kMaxSettingLength);
    if (const auto fault = findTextFault(value)) return fault->message;
    if (value.find_first_of("\n\t") != std::string_view::npos) return "a setting is one line";
    if (value.find("${") != std::string_view::npos) return "a setting cannot refer to another one";
    return std::nullopt;
}

std::vector<std::string> namesOf(const YamlNode* settings)
{
    std::vector<std::string> names;
    if (settings == nullptr) return names;
    for (const YamlNode& key : settings->keys)
        names.push_back(key.text);
    return names;
}

std::string unknownSettingText(const std::string& name, const std::vector<std::string>& known)
{
    const std::string hint = didYouMean(name, known);
    if (known.empty()) return fmt::format("no setting '{}': this playbook has no settings", quotedForPeople(name));
    return fmt::format("no setting '{}'{}", quotedForPeople(name),
                       hint.empty() ? "; there are " + listed(known) : hint);
}

/// Replaces `${name}` in every value below `node`.
class Expander {
public:
    Expander(Report& report, const std::map<std::string, std::string>& settings)
        : m_report(report)
        , m_settings(settings)
    {
    }

    void expand(YamlNode& node, const std::string& path)
    {
        if (node.kind == YamlNode::Kind::Scalar) node.text = expanded(node, path);
        for (size_t i = 0; i < node.items.size(); ++i) {
            const bool map = node.kind == YamlNode::Kind::Map;
            const std::string step = map ? (path.empty() ? "" : ".") + node.keys[i].text : fmt::format("[{}]", i);
            expand(node.items[i], path + step);
        }
    }

private:
    std::string expanded(const YamlNode& node, const std::string& path)
    {
        std::string text;
        size_t at = 0;
        for (size_t open = node.text.find("${"); open != std::string::npos; open = node.text.find("${", at)) {
            const size_t close = node.text.find('}', open);
            if (close == std::string::npos) {
                m_report.error(node, path, "a '${' is not closed");
                return node.text;
            }
            const std::string name = node.text.substr(open + 2, close - open - 2);
            const auto found = m_settings.find(name);
            if (found == m_settings.end()) {
                std::vector<std::string> known;
                for (const auto& setting : m_settings)
                    known.push_back(setting.first);
                m_report.error(node, path, unknownSettingText(name, known));
                return node.text;
            }
            text += node.text.substr(at, open - at) + found->second;
            at = close + 1;
            if (text.size() > kMaxExpanded) {
                m_report.error(node, path, "too long with its settings replaced");
                return node.text;
            }
        }
        return text + node.text.substr(at);
    }

    Report& m_report;
    const std::map<std::string, std::string>& m_settings;
};

} // namespace

std::string withSettings(Report& report, const YamlNode& tree, std::string_view text,
                         const std::map<std::string, std::string>& settings)
{
    const YamlNode* block = tree.find("settings");
    std::map<size_t, std::pair<size_t, std::string>> edits; // offset -> length, new text
    for (const auto& [name, value] : settings) {
        const YamlNode* node = block == nullptr ? nullptr : block->find(name);
        const YamlNode& at = node != nullptr ? *node : block != nullptr ? *block : tree;
        const std::string path = node == nullptr ? "settings" : "settings." + name;
        if (node == nullptr) {
            report.error(at, path, unknownSettingText(name, namesOf(block)));
        } else if (const auto fault = settingFault(value)) {
            report.error(at, path, *fault);
        } else if (node->kind == YamlNode::Kind::Scalar && node->text != value) {
            const auto length = lengthInText(*node, text);
            if (length)
                edits[node->offset] = {*length, inQuotes(value)};
            else
                report.error(at, path, "a setting is one line");
        }
    }
    std::string result(text);
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
        result.replace(edit->first, edit->second.first, edit->second.second);
    }
    return result;
}

void expandSettings(PlaybookDraft& draft, YamlNode& tree)
{
    std::map<std::string, std::string>& settings = draft.playbook.settings;
    if (const YamlNode* block = tree.find("settings")) {
        const MapReader map(draft.report, *block, "settings", {}, MapReader::Extra::Allow);
        if (block->items.size() > kMaxSettings) draft.report.error(*block, "settings", "more than 64 settings");
        for (size_t i = 0; map.isMap() && i < block->items.size() && i < kMaxSettings; ++i) {
            const YamlNode& key = block->keys[i];
            std::string value;
            if (const auto fault = nameFault(key.text))
                draft.report.error(key, "settings", *fault);
            else if (!map.text(key.text, value))
                continue;
            else if (const auto wrong = settingFault(value))
                map.error(key.text, *wrong);
            else
                settings[key.text] = value;
        }
    }
    Expander expander(draft.report, settings);
    for (size_t i = 0; i < tree.items.size(); ++i) {
        if (tree.kind != YamlNode::Kind::Map || tree.keys[i].text != "settings") {
            expander.expand(tree.items[i], i < tree.keys.size() ? tree.keys[i].text : std::string());
        }
    }
}

} // namespace sluice
