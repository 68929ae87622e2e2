// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/model/problem.h"
#include "core/model/value.h"
#include "core/model/yaml_tree.h"

// Used by the readers of playbooks and connections: typed looks into a YAML map that say what is wrong and go on.

namespace sluice {

constexpr size_t kMaxProblems = 50;
constexpr size_t kMaxTextLength = 500; ///< of a title, a note, a checklist item

/// Collects problems; hands them out in file order, at most kMaxProblems.
class Report {
public:
    /// `problems`: what was wrong with the text already; the same value is not reported twice.
    explicit Report(std::string_view file, std::vector<Problem> problems = {})
        : m_file(file)
        , m_problems(std::move(problems))
        , m_ofText(m_problems.size())
    {
    }

    void error(const YamlNode& at, std::string path, std::string message);
    bool clean() const { return m_problems.empty(); }
    std::vector<Problem> take();

private:
    std::string m_file;
    std::vector<Problem> m_problems{};
    size_t m_ofText{0};
};

/// What a file calls things, in the file's words: for choice(), and for naming what is allowed.
template <class E>
using Choices = std::vector<std::pair<std::string, E>>;

/// "a, b or c"
std::string listed(const std::vector<std::string>& words);

/// A map whose keys are known beforehand. Construction reports unknown keys; each read leaves `out` alone and reports
/// when the value is not what it should be, and does nothing when the key is absent. True means `out` was set.
class MapReader {
public:
    /// `others`: keys that are not in `keys` are the caller's own names (`metrics`, `parts`), not mistakes.
    enum class Extra { Refuse, Allow };
    MapReader(Report& report, const YamlNode& node, std::string path, std::vector<std::string> keys,
              Extra extra = Extra::Refuse);

    bool isMap() const { return m_node.kind == YamlNode::Kind::Map; }
    const YamlNode& node() const { return m_node; }
    const std::string& path() const { return m_path; }
    std::string pathOf(std::string_view key) const;
    Report& report() const { return m_report; }

    /// The value, or nullptr when the key is absent.
    const YamlNode* find(std::string_view key) const { return m_node.find(key); }
    bool has(std::string_view key) const { return find(key) != nullptr; }
    /// Reports the absence.
    const YamlNode* require(std::string_view key, std::string_view example) const;
    void error(std::string_view key, std::string message) const;

    bool text(std::string_view key, std::string& out) const;
    bool name(std::string_view key, std::string& out) const;
    bool flag(std::string_view key, bool& out) const;
    bool duration(std::string_view key, Duration& out, Duration longest) const;
    bool percent(std::string_view key, int64_t& outPpm) const;
    bool count(std::string_view key, int64_t& out, int64_t least, int64_t most) const;
    bool number(std::string_view key, int64_t& outMillionths) const;
    bool amount(std::string_view key, Unit unit, int64_t& out) const;
    /// A list of names; one name alone is a list of one.
    bool names(std::string_view key, std::vector<std::string>& out) const;

    template <class E>
    bool choice(std::string_view key, E& out, const Choices<E>& choices) const
    {
        std::vector<std::string> words;
        for (const auto& choice : choices)
            words.push_back(choice.first);
        const size_t at = chosen(key, words);
        if (at == words.size()) return false;
        out = choices[at].second;
        return true;
    }

    /// A scalar's text, or a problem; nullptr when absent or wrong.
    const std::string* scalar(std::string_view key) const;

private:
    size_t chosen(std::string_view key, const std::vector<std::string>& words) const;

    Report& m_report;
    const YamlNode& m_node;
    std::string m_path;
};

/// The items of a list, or a problem when the node is something else.
const std::vector<YamlNode>& listItems(Report& report, const YamlNode& node, const std::string& path, size_t most);

/// Text of a scalar that is not empty and not too long, or a problem and nullptr.
const std::string* textOf(Report& report, const YamlNode& node, const std::string& path);
/// As textOf(), and a name (see nameFault()).
const std::string* nameOf(Report& report, const YamlNode& node, const std::string& path);

} // namespace sluice
