// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

constexpr size_t kSlugLength = 48;
constexpr Duration kLongestPromise = std::chrono::hours(24);

ChecklistItem readItem(PlaybookDraft& draft, const YamlNode& node, const std::string& path)
{
    ChecklistItem item;
    if (node.kind != YamlNode::Kind::Map) {
        const std::string* text = textOf(draft.report, node, path);
        if (text == nullptr) return item;
        item = {slugOf(*text), *text};
        if (item.id.empty()) draft.report.error(node, path, "no id can be made of this text; write {id: …, text: …}");
        return item;
    }
    const MapReader map(draft.report, node, path, {"id", "text"});
    map.require("text", "text: Rollback plan documented");
    map.text("text", item.text);
    item.id = slugOf(item.text);
    map.name("id", item.id);
    return item;
}

void readItems(PlaybookDraft& draft, const MapReader& map, std::string_view key, std::set<std::string>& ids,
               std::vector<ChecklistItem>& out)
{
    const YamlNode* node = map.find(key);
    if (node == nullptr) return;
    const auto& items = listItems(draft.report, *node, map.pathOf(key), kMaxItems);
    for (size_t i = 0; i < items.size(); ++i) {
        const std::string path = fmt::format("{}[{}]", map.pathOf(key), i);
        ChecklistItem item = readItem(draft, items[i], path);
        if (!item.id.empty() && !ids.insert(item.id).second) {
            draft.report.error(
                items[i], path,
                fmt::format("another item has the id '{}'; give this one its own: {{id: …, text: …}}", item.id));
        }
        out.push_back(std::move(item));
    }
}

RollbackStep readStep(PlaybookDraft& draft, const YamlNode& node, const std::string& path)
{
    const MapReader map(draft.report, node, path, {"kind", "title", "usually", "reversible", "risk"});
    RollbackStep step;
    map.require("kind", "kind: application");
    map.choice<RollbackStep::Kind>(
        "kind", step.kind,
        {{"application", RollbackStep::Kind::Application}, {"validation", RollbackStep::Kind::Validation}});
    step.title = step.kind == RollbackStep::Kind::Application ? "Stop the new version" : "Check the old version";
    map.text("title", step.title);
    map.duration("usually", step.usually, kLongestPromise);
    map.flag("reversible", step.reversible);
    map.text("risk", step.risk);
    return step;
}

} // namespace

void readChecklists(PlaybookDraft& draft, const YamlNode& node)
{
    const MapReader map(draft.report, node, "checklist", {"pre", "during", "post"});
    std::set<std::string> ids; // one namespace: a person ticks an item by its id alone
    Checklists& lists = draft.playbook.checklists;
    readItems(draft, map, "pre", ids, lists.pre);
    readItems(draft, map, "during", ids, lists.during);
    readItems(draft, map, "post", ids, lists.post);
}

void readWatch(PlaybookDraft& draft, const YamlNode& node)
{
    const MapReader map(draft.report, node, "watch", {"for", "require"});
    map.require("for", "for: 24h");
    map.duration("for", draft.playbook.watch.length, kLongestBake);
    if (const YamlNode* require = map.find("require")) {
        readRequirements(draft, *require, map.pathOf("require"), draft.playbook.watch.require);
    }
}

void readRollbackSteps(PlaybookDraft& draft, const YamlNode& node)
{
    const auto& items = listItems(draft.report, node, "rollback", kMaxRollbackSteps);
    for (size_t i = 0; i < items.size(); ++i) {
        draft.playbook.rollbackSteps.push_back(readStep(draft, items[i], fmt::format("rollback[{}]", i)));
    }
}

void readPromises(PlaybookDraft& draft, const YamlNode& node)
{
    const MapReader map(draft.report, node, "promises", {"automatic", "manual", "emergency"});
    const auto read = [&](std::string_view key, Duration& out) {
        if (map.duration(key, out, kLongestPromise) && out == Duration(0)) map.error(key, "nothing happens in 0s");
    };
    read("automatic", draft.playbook.promiseAutomatic);
    read("manual", draft.playbook.promiseManual);
    read("emergency", draft.playbook.promiseEmergency);
}

std::string slugOf(std::string_view text)
{
    std::string slug;
    for (const char c : text) {
        const bool upper = c >= 'A' && c <= 'Z';
        const char lower = upper ? static_cast<char>(c - 'A' + 'a') : c;
        const bool keep = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (keep)
            slug += lower;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    if (slug.size() > kSlugLength)
        slug.resize(slug.rfind('-', kSlugLength) == std::string::npos ? kSlugLength : slug.rfind('-', kSlugLength));
    while (slug.ends_with('-'))
        slug.pop_back();
    return slug;
}

} // namespace sluice
