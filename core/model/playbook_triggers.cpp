// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/units.h"

namespace sluice {

namespace {

constexpr int64_t kMaxChecks = 1000;

Trigger readTrigger(PlaybookDraft& draft, const YamlNode& node, const std::string& path)
{
    std::vector<std::string> keys = conditionKeys(ConditionUse::Trigger);
    keys.insert(keys.end(), {"for", "checks", "cooldown", "severity", "action"});
    const MapReader map(draft.report, node, path, keys);
    Trigger trigger;
    readCondition(draft, map, ConditionUse::Trigger, trigger.when);
    map.duration("for", trigger.hold, kLongestWindow);
    int64_t checks = 0;
    map.count("checks", checks, 1, kMaxChecks);
    trigger.checks = static_cast<int>(checks);
    if (map.has("for") && map.has("checks")) {
        map.error("checks", "'for' and 'checks' are both given; a trigger has one of them");
    }
    map.duration("cooldown", trigger.cooldown, kLongestDuration);
    map.choice<Severity>("severity", trigger.severity,
                         {{"info", Severity::Info}, {"warning", Severity::Warning}, {"critical", Severity::Critical}});
    map.choice("action", trigger.action, failureActions());
    return trigger;
}

} // namespace

void readTriggers(PlaybookDraft& draft, const YamlNode& node)
{
    const auto& items = listItems(draft.report, node, "triggers", kMaxTriggers);
    std::map<std::string, int> perMetric;
    for (size_t i = 0; i < items.size(); ++i) {
        Trigger trigger = readTrigger(draft, items[i], fmt::format("triggers[{}]", i));
        // Counted per metric, so a trigger on another metric does not rename it.
        trigger.id = fmt::format("{}-{}", trigger.when.metric, ++perMetric[trigger.when.metric]);
        draft.playbook.triggers.push_back(std::move(trigger));
    }
}

} // namespace sluice
