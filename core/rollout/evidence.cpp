// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/evidence.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/rollout/stage_facts.h"

namespace sluice::rollout {

using analysis::Band;
using analysis::Verdict;
using nlohmann::json;

std::string_view bandName(Band band)
{
    switch (band) {
    case Band::Unknown: return "unknown";
    case Band::Proceed: return "proceed";
    case Band::Watch: return "watch";
    case Band::Pause: return "pause";
    case Band::Rollback: return "rollback";
    }
    return {};
}

namespace {

json optional(const std::optional<int64_t>& value)
{
    return value ? json(*value) : json(nullptr);
}

std::string_view verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass: return "pass";
    case Verdict::Fail: return "fail";
    case Verdict::NoData: return "no-data";
    }
    return {};
}

std::string_view triggerStateName(analysis::TriggerState state)
{
    switch (state) {
    case analysis::TriggerState::Idle: return "idle";
    case analysis::TriggerState::Pending: return "pending";
    case analysis::TriggerState::Firing: return "firing";
    case analysis::TriggerState::Cooldown: return "cooldown";
    case analysis::TriggerState::NoData: return "no-data";
    }
    return {};
}

std::string_view kindName(Condition::Kind kind)
{
    switch (kind) {
    case Condition::Kind::Above: return "above";
    case Condition::Kind::Below: return "below";
    case Condition::Kind::AboveBaseline: return "above-baseline";
    case Condition::Kind::Drops: return "drops";
    }
    return {};
}

/// Limits as the playbook writes them: the effective limit of a relative condition moves with its baseline.
json limitsOf(const Stage& stage)
{
    json list = json::array();
    for (const Requirement& requirement : stage.require) {
        list.push_back({{"kind", kindName(requirement.good.kind)},
                        {"limit", requirement.good.limit},
                        {"metric", requirement.good.metric}});
    }
    return list;
}

json verdictsOf(const Moment& m)
{
    json list = json::array();
    for (const auto& result : m.tick.assessment.requirements) {
        list.push_back({{"metric", result.metric}, {"verdict", verdictName(result.verdict)}});
    }
    return list;
}

/// Gates that are open, by name and subject; without those of people, of proxies and of late data, which come and
/// go without saying anything about the canary.
json openGates(const Moment& m)
{
    json list = json::array();
    for (const WaitReason& gate : stageGates(m)) {
        const bool counts = gate.code == WaitCode::RequestsMissing || gate.code == WaitCode::CriticalAlert ||
                            gate.code == WaitCode::TriggerPending || gate.code == WaitCode::ChecklistOpen ||
                            gate.code == WaitCode::DataMissing ||
                            (gate.code == WaitCode::RequirementFailing && gate.subject == "health");
        if (counts && !gate.holds) list.push_back(fmt::format("{} {}", waitCodeName(gate.code), gate.subject));
    }
    std::sort(list.begin(), list.end());
    return list;
}

json classOf(const Moment& m)
{
    std::vector<std::string> warnings = m.rollout.warnings;
    std::ranges::sort(warnings);
    const Stage& stage = stageOf(m.rollout, m.playbook);
    return {{"band", bandName(m.tick.assessment.score.heldBand)},
            {"limits", limitsOf(stage)},
            {"open", openGates(m)},
            {"playbook", m.rollout.playbookHash},
            {"rollout", m.rollout.id.value},
            {"stage", m.rollout.stage},
            {"verdicts", verdictsOf(m)},
            {"version", m.rollout.toVersion},
            {"warnings", warnings},
            {"weight", m.rollout.weight.perTenThousand()}};
}

json shownRequirements(const Moment& m)
{
    json list = json::array();
    for (const auto& result : m.tick.assessment.requirements) {
        const auto* reading = m.tick.assessment.reading(result.metric);
        list.push_back({{"limit", optional(result.limit)},
                        {"metric", result.metric},
                        {"observed", optional(result.observed)},
                        {"baseline", reading ? optional(reading->baseline) : json(nullptr)},
                        {"requests", reading ? reading->canaryRequests : 0},
                        {"stable", reading ? optional(reading->stable) : json(nullptr)},
                        {"warning", result.warning}});
    }
    return list;
}

json shownScore(const Moment& m)
{
    json parts = json::array();
    for (const auto& part : m.tick.assessment.score.parts) {
        parts.push_back({{"because", part.because},
                         {"id", part.id},
                         {"milli", optional(part.milliPoints)},
                         {"weight_ppm", part.weightPpm}});
    }
    return {{"milli", optional(m.tick.assessment.score.milli)}, {"parts", parts}};
}

json shownTriggers(const Moment& m)
{
    json list = json::array();
    for (const auto& trigger : m.tick.assessment.triggers) {
        list.push_back({{"id", trigger.id},
                        {"limit", optional(trigger.limit)},
                        {"observed", optional(trigger.observed)},
                        {"state", triggerStateName(trigger.state)}});
    }
    return list;
}

json shown(const Moment& m)
{
    return {{"age_us", micros(m.tick.assessment.age)},
            {"baked_us", micros(recordOf(m.rollout).baked)},
            {"requests", m.tick.assessment.canaryRequestsInStage},
            {"requirements", shownRequirements(m)},
            {"sample_time_us", micros(m.tick.assessment.sampleTime)},
            {"score", shownScore(m)},
            {"share_ppm", optional(m.tick.world.observedSharePpm)},
            {"stage_name", stageOf(m.rollout, m.playbook).name},
            {"triggers", shownTriggers(m)}};
}

/// Texts inside came from outside (names of metrics, explanations): bytes that are no UTF-8 are replaced.
std::string canonical(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string changedPart(const std::string& part)
{
    if (part == "band") return "the band of the health score changed";
    if (part == "verdicts") return "the verdict on a requirement changed";
    if (part == "open") return "a gate opened or closed";
    if (part == "warnings") return "a new warning was seen";
    if (part == "weight" || part == "stage") return "the stage or its weight changed";
    if (part == "version") return "the version changed";
    return "the playbook changed";
}

} // namespace

std::string evidenceOf(const Moment& m)
{
    return canonical({{"class", classOf(m)}, {"shown", shown(m)}});
}

std::string changeSince(std::string_view evidence, const Moment& m)
{
    const json stored = json::parse(evidence, nullptr, false);
    if (!stored.is_object() || !stored.contains("class")) return "its evidence cannot be read";
    const json current = json::parse(canonical(classOf(m)));
    for (const auto& [key, value] : current.items()) {
        if (!stored["class"].is_object() || stored["class"].value(key, json()) != value) return changedPart(key);
    }
    return {};
}

} // namespace sluice::rollout
