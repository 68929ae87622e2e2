// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/yaml_tree.h"

#include <algorithm>
#include <istream>
#include <iterator>
#include <optional>
#include <set>
#include <streambuf>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "core/model/text_check.h"

namespace sluice {

namespace {

constexpr size_t kMaxYamlProblems = 50;
constexpr std::string_view kRunsOn = "this text goes on in the next line; put it in quotes";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Thrown by the builder to leave yaml-cpp's parser; never leaves this file.
struct Stop {};

/// Turns byte offsets and yaml-cpp's byte columns into lines and columns that people count.
class Places {
public:
    explicit Places(std::string_view text)
        : m_text(text)
    {
        for (size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '\n') m_starts.push_back(at + 1);
        }
    }
    void place(YamlNode& node, const YAML::Mark& mark) const
    {
        const auto line =
            std::clamp<size_t>(mark.line < 0 ? 0 : static_cast<size_t>(mark.line), 0, m_starts.size() - 1);
        const size_t column = mark.column < 0 ? 0 : static_cast<size_t>(mark.column);
        placeOffset(node, std::min(m_starts[line] + column, m_text.size()), line);
    }
    void placeOffset(YamlNode& node, size_t offset) const
    {
        const auto after = std::ranges::upper_bound(m_starts, offset);
        placeOffset(node, offset, static_cast<size_t>(after - m_starts.begin()) - 1);
    }

private:
    void placeOffset(YamlNode& node, size_t offset, size_t line) const
    {
        node.line = static_cast<int>(line) + 1;
        node.offset = offset;
        const std::string_view before = m_text.substr(m_starts[line], offset - m_starts[line]);
        node.column = 1 + static_cast<int>(std::ranges::count_if(
                              before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    }

    std::string_view m_text;
    std::vector<size_t> m_starts{0};
};

/// yaml-cpp's short words for the mistakes that people make most, said with the cure.
std::string syntaxText(const std::string& message)
{
    using namespace std::string_view_literals;
    constexpr std::pair<std::string_view, std::string_view> kWords[] = {
        {"end of map not found"sv, "this line does not belong to the map above; check its indentation"sv},
        {"end of sequence not found"sv, "this line does not belong to the list above; check its indentation"sv},
        {"illegal flow end"sv, "this bracket closes nothing that is open; its '[' or '{' is missing or another kind"sv},
        {"illegal tab when looking for indentation"sv, "a tab cannot indent; use spaces"sv},
        {"illegal map value"sv, "a second ': ' on one line; put the value in quotes"sv},
        {"the referenced anchor is not defined"sv, "aliases (*name) are not allowed; write the value out"sv},
        {"illegal EOF in scalar"sv, "a quote is not closed"sv},
    };
    for (const auto& [theirs, ours] : kWords) {
        if (message.starts_with(theirs)) return std::string(ours);
    }
    return "not valid YAML: " + quotedForPeople(message, 120);
}

/// Collects events into a tree. Every rule that yaml-cpp does not enforce is enforced here.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(std::string_view text, std::string_view file)
        : m_text(text)
        , m_file(file)
        , m_places(text)
    {
    }

    YamlNode root{};
    std::vector<Problem> problems{};

    void note(const YamlNode& at, std::string message)
    {
        problems.push_back({Problem::Level::Error, m_file, at.line, at.column, path(), std::move(message)});
    }
    /// The parser found no end of the innermost bracket before `at`; the place to look at is the bracket. Lines behind
    /// it were read as part of it, so that they run on is no mistake of theirs.
    void noteOpenBracket(const YamlNode& at)
    {
        const auto found = std::find_if(m_open.rbegin(), m_open.rend(), [](const Frame& f) { return f.open != '\0'; });
        if (found == m_open.rend()) return note(at, "a bracket is not closed, or a ',' is missing before this");
        const Frame bracket = *found;
        m_open.erase(std::prev(found.base()), m_open.end());
        std::erase_if(problems, [&](const Problem& p) {
            return p.message == kRunsOn &&
                   std::pair(p.line, p.column) > std::pair(bracket.node.line, bracket.node.column);
        });
        note(bracket.node, fmt::format("this '{}' is not closed, or a ',' is missing after it", bracket.open));
    }
    const Places& places() const { return m_places; }

    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (++m_documents == 1) return;
        fatal(nodeAt(mark), "the document has ended before this; a file holds one, check the indentation");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(nodeAt(mark), "?", anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override
    {
        YamlNode node = nodeAt(mark);
        problemAt(node, "aliases (*name) are not allowed; write the value out");
        leaf(std::move(node), "?", 0);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        YamlNode node = nodeAt(mark);
        node.kind = YamlNode::Kind::Scalar;
        node.text = value;
        // "!" means "quoted" to yaml-cpp; only the text tells an explicit "!" from a quote.
        const bool explicitTag = node.offset < m_text.size() && m_text[node.offset] == '!';
        if (const auto fault = findTextFault(value)) problemAt(node, fault->message);
        if (explicitTag) return leaf(std::move(node), "!", anchor);
        checkEnd(node);
        leaf(std::move(node), tag == "!" ? "?" : tag, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override
    {
        open(mark, YamlNode::Kind::Sequence, tag, anchor, style == YAML::EmitterStyle::Flow ? '[' : '\0');
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override
    {
        open(mark, YamlNode::Kind::Map, tag, anchor, style == YAML::EmitterStyle::Flow ? '{' : '\0');
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        YamlNode node{};
        char open{'\0'};              ///< the bracket it began with; none: it stands by its indentation
        std::set<std::string> seen{}; ///< keys of a map
    };

    void problemAt(const YamlNode& at, std::string message)
    {
        note(at, std::move(message));
        if (problems.size() >= kMaxYamlProblems) throw Stop{};
    }

    YamlNode nodeAt(const YAML::Mark& mark)
    {
        YamlNode node;
        m_places.place(node, mark);
        if (++m_nodes > kMaxYamlNodes) fatal(node, fmt::format("more than {} values", kMaxYamlNodes));
        return node;
    }

    /// yaml-cpp ends an open quote with the file and glues lines together; both hide a mistake.
    void checkEnd(const YamlNode& node)
    {
        const std::string_view rest = m_text.substr(node.offset);
        const char first = rest.empty() ? ' ' : rest.front();
        if (first == '\'' || first == '"') {
            size_t at = 1;
            while (at < rest.size() && rest[at] != first)
                at += rest[at] == '\\' && first == '"' ? 2 : 1;
            if (at >= rest.size()) problemAt(node, "this quote is not closed");
        } else if (first != '|' && first != '>' && first != '&' && first != '!' && !rest.starts_with(node.text)) {
            problemAt(node, std::string(kRunsOn));
        }
    }

    [[noreturn]] void fatal(const YamlNode& at, std::string message)
    {
        problemAt(at, std::move(message));
        throw Stop{};
    }

    void refuseExtras(const YamlNode& node, const std::string& tag, YAML::anchor_t anchor)
    {
        if (anchor != 0) problemAt(node, "anchors (&name) are not allowed; write the value out");
        if (!tag.empty() && tag != "?") problemAt(node, "tags (!type) are not allowed; write the plain value");
    }

    bool wantsKey() const
    {
        if (m_open.empty()) return false;
        const YamlNode& node = m_open.back().node;
        return node.kind == YamlNode::Kind::Map && node.keys.size() == node.items.size();
    }

    void leaf(YamlNode node, const std::string& tag, YAML::anchor_t anchor)
    {
        refuseExtras(node, tag, anchor);
        if (wantsKey()) {
            takeKey(std::move(node));
        } else {
            // yaml-cpp places a missing value at whatever comes next; the key is where people look.
            const bool missing = node.kind == YamlNode::Kind::Null && !m_open.empty();
            if (missing && m_open.back().node.kind == YamlNode::Kind::Map) {
                const YamlNode& key = m_open.back().node.keys.back();
                node.line = key.line;
                node.column = key.column;
                node.offset = key.offset;
            }
            attach(std::move(node));
        }
    }

    void takeKey(YamlNode key)
    {
        if (key.kind == YamlNode::Kind::Null) problemAt(key, "a key is missing before ':'");
        if (key.text == "<<") problemAt(key, "merge keys (<<) are not allowed; write the values out");
        Frame& frame = m_open.back();
        if (!frame.seen.insert(key.text).second && key.kind == YamlNode::Kind::Scalar) {
            const auto first = std::ranges::find(frame.node.keys, key.text, &YamlNode::text);
            noteTwice(key, first->line);
        }
        frame.node.keys.push_back(std::move(key));
    }

    /// At the path of the value, so that it stands for no other problem of the map.
    void noteTwice(const YamlNode& key, int firstLine)
    {
        problemAt(key, fmt::format("'{}' was already given in line {}", quotedForPeople(key.text), firstLine));
        std::string& at = problems.back().path;
        at += (at.empty() ? "" : ".") + quotedForPeople(key.text);
    }

    void open(const YAML::Mark& mark, YamlNode::Kind kind, const std::string& tag, YAML::anchor_t anchor, char bracket)
    {
        YamlNode node = nodeAt(mark);
        node.kind = kind;
        refuseExtras(node, tag, anchor);
        // A bracket that is never closed looks to yaml-cpp like the beginning of a key.
        if (wantsKey() && bracket != '\0')
            fatal(node, fmt::format("this '{}' is not closed, or it is a key, which must be plain text", bracket));
        if (wantsKey()) fatal(node, "a key must be plain text");
        if (m_open.size() >= kMaxYamlDepth) fatal(node, fmt::format("nested deeper than {} levels", kMaxYamlDepth));
        m_open.push_back({std::move(node), bracket, {}});
    }

    void close()
    {
        YamlNode node = std::move(m_open.back().node);
        m_open.pop_back();
        attach(std::move(node));
    }

    void attach(YamlNode node)
    {
        if (m_open.empty()) {
            root = std::move(node);
        } else {
            m_open.back().node.items.push_back(std::move(node));
        }
    }

    /// "stages[1].weight" of the value that is being read.
    std::string path() const
    {
        std::string path;
        for (const Frame& frame : m_open) {
            if (frame.node.kind == YamlNode::Kind::Sequence) {
                path += fmt::format("[{}]", frame.node.items.size());
            } else if (frame.node.keys.size() > frame.node.items.size()) {
                if (!path.empty()) path += '.';
                path += quotedForPeople(frame.node.keys.back().text);
            }
        }
        return path;
    }

    std::string_view m_text;
    std::string m_file;
    Places m_places;
    std::vector<Frame> m_open{};
    size_t m_nodes{0};
    int m_documents{0};
};

std::optional<TextFault> tooManyMarks(std::string_view text)
{
    size_t marks = 0;
    for (size_t at = text.find_first_of("[{,"); at != std::string_view::npos; at = text.find_first_of("[{,", at + 1)) {
        if (++marks > kMaxYamlMarks)
            return TextFault{at, fmt::format("more than {} brackets and commas", kMaxYamlMarks)};
    }
    return std::nullopt;
}

/// Lets yaml-cpp read the bytes where they are.
class ViewBuffer final : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text)
    {
        // setg wants char*; the buffer is only ever read.
        char* begin = const_cast<char*>(text.data()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
        setg(begin, begin, begin + text.size());
    }
};

/// True when the text was read to its end.
bool parse(std::string_view text, TreeBuilder& builder)
{
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
        return true;
    } catch (const Stop&) {
        return false;
    } catch (const YAML::Exception& problem) {
        YamlNode at;
        builder.places().place(at, problem.mark);
        if (problem.msg.starts_with("end of map flow not found") ||
            problem.msg.starts_with("end of sequence flow not found"))
            builder.noteOpenBracket(at);
        else
            builder.note(at, syntaxText(problem.msg));
    } catch (const std::exception& problem) {
        builder.note(YamlNode{}, syntaxText(problem.what()));
    }
    return false;
}

} // namespace

const YamlNode* YamlNode::find(std::string_view key) const
{
    const auto found = std::ranges::find(keys, key, &YamlNode::text);
    if (kind != Kind::Map || found == keys.end()) return nullptr;
    return &items[static_cast<size_t>(found - keys.begin())];
}

YamlRead readYaml(std::string_view text, std::string_view file)
{
    const auto refused = [&](const YamlNode& at, std::string message) {
        return YamlRead{
            .problems = {{Problem::Level::Error, std::string(file), at.line, at.column, {}, std::move(message)}}};
    };
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    YamlNode at{.line = 0, .column = 0};
    if (text.size() > kMaxYamlBytes) {
        return refused(at, fmt::format("{} bytes; a file has at most {} (1 MiB)", text.size(), kMaxYamlBytes));
    }
    TreeBuilder builder(text, file);
    std::optional<TextFault> fault = findTextFault(text);
    if (!fault) fault = tooManyMarks(text);
    if (fault) {
        builder.places().placeOffset(at, fault->offset);
        return refused(at, fault->message);
    }
    const bool whole = parse(text, builder);
    return {.root = std::move(builder.root), .problems = std::move(builder.problems), .whole = whole};
}

} // namespace sluice
