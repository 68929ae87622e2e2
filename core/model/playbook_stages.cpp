// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/model/playbook_parts.h"
#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

constexpr int64_t kMaxApprovals = 9;
constexpr int64_t kMaxInstances = 10'000;
constexpr int64_t kPpmPerWeight = 100; ///< a weight is in 1/10,000

class StageReader {
public:
    StageReader(PlaybookDraft& draft, const YamlNode& node, const std::string& path)
        : m_draft(draft)
        , m_map(draft.report, node, path,
                {"name", "weight", "replicas", "bake", "require", "min_requests", "approve", "on_failure",
                 "no_critical_alerts", "longest"})
    {
    }

    Stage read()
    {
        readWeight();
        m_stage.name = "Canary " + percentUnitText(m_stage.weight.ppm());
        m_map.text("name", m_stage.name);
        readReplicas();
        m_map.duration("bake", m_stage.bake, kLongestBake);
        m_map.require("bake", "bake: 15m");
        if (const YamlNode* node = m_map.find("require")) {
            readRequirements(m_draft, *node, m_map.pathOf("require"), m_stage.require);
        }
        m_map.count("min_requests", m_stage.minRequests, 0, 1'000'000'000);
        if (const YamlNode* node = m_map.find("approve")) readApproval(*node);
        m_map.choice("on_failure", m_stage.onFailure, failureActions());
        m_map.flag("no_critical_alerts", m_stage.noCriticalAlerts);
        readLongest();
        return std::move(m_stage);
    }

private:
    void readWeight()
    {
        int64_t ppm = 0;
        m_map.require("weight", "weight: 10%");
        if (!m_map.percent("weight", ppm)) return;
        const std::string text = percentUnitText(ppm);
        if (ppm > kMillion) return m_map.error("weight", text + " is above 100%");
        if (ppm == 0) return m_map.error("weight", "0% reaches nobody; a stage has at least 0.01%");
        if (ppm % kPpmPerWeight != 0) return m_map.error("weight", text + " is finer than 0.01%");
        m_stage.weight = *Weight::parse(ppm / kPpmPerWeight);
    }

    /// `2` or `25%`
    void readReplicas()
    {
        const std::string* text = m_map.scalar("replicas");
        if (text == nullptr) return;
        Replicas& replicas = m_stage.replicas;
        if (*text == "unchanged") return;
        if (text->ends_with('%')) {
            replicas.kind = Replicas::Kind::PercentOfStable;
            if (m_map.percent("replicas", replicas.amount) && replicas.amount == 0) {
                m_map.error("replicas", "0% is no instance; leave the key out to keep the count");
            }
            return;
        }
        replicas.kind = Replicas::Kind::Count;
        m_map.count("replicas", replicas.amount, 1, kMaxInstances);
    }

    void readApproval(const YamlNode& node)
    {
        static const Choices<ApproveWhen> kWhen{
            {"never", ApproveWhen::Never}, {"always", ApproveWhen::Always}, {"warnings", ApproveWhen::Warnings}};
        if (node.kind == YamlNode::Kind::Scalar) {
            m_map.choice("approve", m_stage.approve.when, kWhen);
            return;
        }
        const MapReader map(m_draft.report, node, m_map.pathOf("approve"),
                            {"when", "roles", "count", "four_eyes", "expires"});
        ApprovalRule& rule = m_stage.approve;
        rule.when = ApproveWhen::Always;
        map.choice("when", rule.when, kWhen);
        map.names("roles", rule.roles);
        int64_t count = rule.count;
        map.count("count", count, 1, kMaxApprovals);
        rule.count = static_cast<int>(count);
        map.flag("four_eyes", rule.fourEyes);
        if (map.duration("expires", rule.expires, kLongestBake) && rule.expires < std::chrono::seconds(10)) {
            map.error("expires", "nobody can approve in less than 10s");
        }
    }

    void readLongest()
    {
        const YamlNode* node = m_map.find("longest");
        if (node == nullptr) return;
        readOverrun(m_draft, *node, m_map.pathOf("longest"), m_stage.overrun);
        const Duration longest = m_stage.overrun.longest;
        if (longest == Duration(0) || longest > m_stage.bake) return;
        m_map.error("longest", fmt::format("{} is not longer than the bake of {}", durationUnitText(longest),
                                           durationUnitText(m_stage.bake)));
    }

    PlaybookDraft& m_draft;
    MapReader m_map;
    Stage m_stage{};
};

void checkLadder(PlaybookDraft& draft, const std::vector<YamlNode>& nodes)
{
    const std::vector<Stage>& stages = draft.playbook.stages;
    const auto weightNode = [&](size_t i) -> const YamlNode& {
        const YamlNode* weight = nodes[i].find("weight");
        return weight == nullptr ? nodes[i] : *weight;
    };
    for (size_t i = 1; i < stages.size(); ++i) {
        if (stages[i].weight == Weight::none() || stages[i].weight > stages[i - 1].weight) continue;
        draft.report.error(weightNode(i), fmt::format("stages[{}].weight", i),
                           fmt::format("{} is not above the stage before ({})", percentUnitText(stages[i].weight.ppm()),
                                       percentUnitText(stages[i - 1].weight.ppm())));
    }
    if (stages.empty() || stages.back().weight == Weight::none()) return;
    const size_t last = stages.size() - 1;
    if (stages.back().weight != Weight::full()) {
        draft.report.error(
            weightNode(last), fmt::format("stages[{}].weight", last),
            fmt::format("the last stage must be 100%, not {}", percentUnitText(stages.back().weight.ppm())));
    }
    const bool oneStep = draft.playbook.strategy == Strategy::Direct || draft.playbook.strategy == Strategy::BlueGreen;
    if (oneStep && stages.size() > 1) {
        draft.report.error(nodes[1], "stages[1]", "this strategy has one stage of 100%; write canary for a ladder");
    }
}

} // namespace

void readStages(PlaybookDraft& draft, const YamlNode& node)
{
    const auto& items = listItems(draft.report, node, "stages", kMaxStages);
    std::vector<Stage>& stages = draft.playbook.stages;
    for (size_t i = 0; i < items.size(); ++i) {
        const std::string path = fmt::format("stages[{}]", i);
        stages.push_back(StageReader(draft, items[i], path).read());
        const auto twin = std::ranges::find(stages, stages.back().name, &Stage::name);
        if (items[i].find("name") == nullptr || twin == stages.end() - 1) continue;
        draft.report.error(*items[i].find("name"), path + ".name",
                           fmt::format("a stage before is already called '{}'", quotedForPeople(stages.back().name)));
    }
    if (stages.size() == items.size()) checkLadder(draft, items);
}

void readRequirements(PlaybookDraft& draft, const YamlNode& node, const std::string& path,
                      std::vector<Requirement>& out)
{
    std::vector<std::string> keys = conditionKeys(ConditionUse::Requirement);
    keys.emplace_back("warn_at");
    const auto& items = listItems(draft.report, node, path, kMaxRequirements);
    for (size_t i = 0; i < items.size(); ++i) {
        const MapReader map(draft.report, items[i], fmt::format("{}[{}]", path, i), keys);
        Requirement requirement;
        const bool readable = readCondition(draft, map, ConditionUse::Requirement, requirement.good);
        const Metric* metric = draft.playbook.metric(requirement.good.metric);
        if (readable && map.has("warn_at")) {
            const bool below = requirement.good.kind == Condition::Kind::Below;
            const bool absolute = below || requirement.good.kind == Condition::Kind::Above;
            int64_t warnAt = 0;
            if (!absolute) {
                map.error("warn_at", "a warning belongs to 'below' or 'above'");
            } else if (map.amount("warn_at", metric->unit, warnAt)) {
                const bool inside = below ? warnAt < requirement.good.limit : warnAt > requirement.good.limit;
                if (!inside) map.error("warn_at", "a warning comes before the limit, not at or behind it");
                requirement.warnAt = warnAt;
            }
        }
        out.push_back(std::move(requirement));
    }
}

void readOverrun(PlaybookDraft& draft, const YamlNode& node, const std::string& path, Overrun& out)
{
    const MapReader map(draft.report, node, path, {"after", "then"});
    map.require("after", "after: 2h");
    if (map.duration("after", out.longest, kLongestDuration) && out.longest == Duration(0)) {
        map.error("after", "0s would end everything at once; leave 'longest' out for no limit");
    }
    map.choice("then", out.action, failureActions());
}

const Choices<FailureAction>& failureActions()
{
    static const Choices<FailureAction> kActions{{"rollback", FailureAction::Rollback},
                                                 {"pause", FailureAction::Pause},
                                                 {"abort", FailureAction::Abort},
                                                 {"previous-stage", FailureAction::PreviousStage},
                                                 {"alert", FailureAction::AlertOnly}};
    return kActions;
}

} // namespace sluice
