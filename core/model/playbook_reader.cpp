// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/playbook_reader.h"

#include <fmt/format.h>

#include "core/base/sha256.h"
#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"
#include "core/model/yaml_tree.h"

namespace sluice {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Name, text and settings, each with its length, so that no two playbooks give the same bytes.
std::string hashOf(const Playbook& playbook)
{
    std::string bytes = "sluice-playbook-1\n";
    const auto add = [&](const std::string& part) { bytes += fmt::format("{}:{}\n", part.size(), part); };
    add(playbook.name);
    add(playbook.text);
    for (const auto& [name, value] : playbook.settings) {
        add(name);
        add(value);
    }
    return sha256Hex(bytes);
}

void readHead(PlaybookDraft& draft, const MapReader& map)
{
    Playbook& playbook = draft.playbook;
    map.require("playbook", "playbook: checkout-canary");
    map.name("playbook", playbook.name);
    playbook.title = titleOf(playbook.name);
    map.text("title", playbook.title);
    map.choice<Strategy>("strategy", playbook.strategy,
                         {{"canary", Strategy::Canary},
                          {"blue-green", Strategy::BlueGreen},
                          {"blue-green-with-canary", Strategy::BlueGreenWithCanary},
                          {"direct", Strategy::Direct}});
    map.flag("lab", playbook.labOnly);
    map.choice<bool>("advance", playbook.advanceManually, {{"auto", false}, {"manual", true}});
    map.duration("before", playbook.before, kLongestWindow);
}

using BlockReader = void (*)(PlaybookDraft&, const YamlNode&);

void readBlock(PlaybookDraft& draft, const MapReader& map, std::string_view key, BlockReader read)
{
    if (const YamlNode* node = map.find(key)) read(draft, *node);
}

void readAll(PlaybookDraft& draft, const YamlNode& tree)
{
    const MapReader map(draft.report, tree, {},
                        {"playbook", "title", "strategy", "lab", "advance", "before", "settings", "metrics", "charts",
                         "stages", "triggers", "score", "checklist", "watch", "longest", "rollback", "promises",
                         "smoke"});
    if (!map.isMap()) return;
    readHead(draft, map);
    map.require("metrics", "metrics: {error_rate: {kind: ratio, …}}");
    map.require("stages", "stages: [{weight: 100%, bake: 15m}]");
    readBlock(draft, map, "metrics", readMetrics);
    readCharts(draft, map.find("charts"));
    readBlock(draft, map, "stages", readStages);
    readBlock(draft, map, "triggers", readTriggers);
    readBlock(draft, map, "score", readScore);
    readBlock(draft, map, "checklist", readChecklists);
    readBlock(draft, map, "watch", readWatch);
    readBlock(draft, map, "rollback", readRollbackSteps);
    readBlock(draft, map, "promises", readPromises);
    readBlock(draft, map, "smoke", readSmoke);
    if (const YamlNode* longest = map.find("longest")) {
        readOverrun(draft, *longest, "longest", draft.playbook.overrun);
    }
}

} // namespace

std::variant<Playbook, std::vector<Problem>> readPlaybook(std::string_view text, std::string_view file,
                                                          const std::map<std::string, std::string>& settings)
{
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    YamlRead read = readYaml(text, file);
    if (!read.whole) return std::move(read.problems);
    Report report(file, std::move(read.problems));
    std::string applied = withSettings(report, read.root, text, settings);
    if (applied != text) {
        read = readYaml(applied, file);
        if (!read.whole) return std::move(read.problems);
    }
    YamlNode tree = std::move(read.root);
    PlaybookDraft draft{.report = report};
    expandSettings(draft, tree);
    readAll(draft, tree);
    if (!report.clean()) return report.take();
    draft.playbook.text = std::move(applied);
    draft.playbook.hash = hashOf(draft.playbook);
    return std::move(draft.playbook);
}

} // namespace sluice
