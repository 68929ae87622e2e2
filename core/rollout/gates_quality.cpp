// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/rollout/gates.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/story.h"

namespace sluice::rollout {

using analysis::Band;
using analysis::Freshness;
using analysis::TriggerState;
using analysis::Verdict;

namespace {

Unit unitOf(const Playbook& playbook, const std::string& metric)
{
    const Metric* known = playbook.metric(metric);
    return known == nullptr ? Unit::Plain : known->unit;
}

void addRequirements(const Moment& m, std::vector<WaitReason>& gates)
{
    const auto& wanted =
        m.rollout.phase == Phase::Watching ? m.playbook.watch.require : stageOf(m.rollout, m.playbook).require;
    for (const Requirement& requirement : wanted) {
        const std::string& metric = requirement.good.metric;
        const auto& results = m.tick.assessment.requirements;
        const auto index = static_cast<size_t>(&requirement - wanted.data());
        const bool matches = index < results.size() && results[index].metric == metric;
        const Verdict verdict = matches ? results[index].verdict : Verdict::NoData;
        WaitReason gate{.code = verdict == Verdict::NoData ? WaitCode::RequirementNoData : WaitCode::RequirementFailing,
                        .holds = verdict == Verdict::Pass,
                        .subject = metric,
                        .since = m.rollout.phaseSince,
                        .title = metricTitle(m.playbook, metric),
                        .unit = unitOf(m.playbook, metric)};
        if (matches) {
            gate.observed = results[index].observed;
            gate.required = results[index].limit;
            gate.wantBelow = results[index].wantBelow;
        }
        gates.push_back(gate);
    }
}

void addTriggers(const Moment& m, std::vector<WaitReason>& gates)
{
    for (const auto& trigger : m.tick.assessment.triggers) {
        const bool beyond = trigger.state == TriggerState::Pending || trigger.state == TriggerState::Firing;
        if (!beyond) continue;
        WaitReason gate{.code = WaitCode::TriggerPending,
                        .subject = trigger.id,
                        .observed = trigger.observed,
                        .required = trigger.limit,
                        .since = m.now.wall - trigger.heldFor,
                        .title = metricTitle(m.playbook, trigger.metric),
                        .unit = unitOf(m.playbook, trigger.metric)};
        if (trigger.state == TriggerState::Pending) gate.expectedEnd = m.now.wall + trigger.firesIn;
        gates.push_back(gate);
    }
}

void addScore(const Moment& m, std::vector<WaitReason>& gates)
{
    if (m.playbook.score.parts.empty()) return;
    const auto& score = m.tick.assessment.score;
    WaitReason gate{.code = WaitCode::ScoreBelowProceed,
                    .holds = gateBand(score) == Band::Proceed,
                    .observed = score.milli,
                    .required = m.playbook.score.proceedMilli,
                    .since = m.now.wall - score.bandFor};
    const bool approvable = score.heldBand == Band::Watch && m.rollout.phase != Phase::Watching;
    if (approvable) gate.unblockedBy = {"approve"};
    gates.push_back(gate);
}

} // namespace

WaitReason dataGate(const Moment& m)
{
    const auto& assessment = m.tick.assessment;
    // A sample from before the stage was applied says nothing about the stage (S4).
    const auto applied = recordOf(m.rollout).appliedAt;
    const bool ofStage = !applied || assessment.sampleTime >= *applied;
    WaitReason gate{.code = assessment.freshness == Freshness::NoData ? WaitCode::DataMissing : WaitCode::DataLate,
                    .holds = assessment.freshness == Freshness::Fresh && ofStage,
                    .observed = micros(assessment.age),
                    .since = m.rollout.phaseSince};
    if (m.rollout.dataMissing)
        gate.since = m.rollout.dataMissingSince;
    else if (!gate.holds)
        gate.since = m.now.wall - assessment.age;
    return gate;
}

WaitReason healthGate(const Moment& m, bool healthy)
{
    return {.code = WaitCode::RequirementFailing,
            .holds = healthy,
            .subject = "health",
            .since = m.rollout.phaseSince,
            .title = "The canary's health answer"};
}

Band gateBand(const analysis::ScoreResult& score)
{
    if (score.band == Band::Unknown || score.heldBand == Band::Unknown) return Band::Unknown;
    return std::max(score.band, score.heldBand); // the enum runs from good to bad
}

std::vector<WaitReason> qualityGates(const Moment& m)
{
    std::vector<WaitReason> gates{dataGate(m)};
    addRequirements(m, gates);
    if (m.tick.world.healthOk) gates.push_back(healthGate(m, *m.tick.world.healthOk));
    addTriggers(m, gates);
    const bool alerts = stageOf(m.rollout, m.playbook).noCriticalAlerts;
    if (alerts) {
        gates.push_back(
            {.code = WaitCode::CriticalAlert, .holds = !m.tick.world.criticalAlert, .since = m.rollout.phaseSince});
    }
    addScore(m, gates);
    return gates;
}

policy::ApprovalNeed approvalNeedNow(const Moment& m)
{
    const bool warned = recordOf(m.rollout).warnings > 0;
    const bool below = !m.playbook.score.parts.empty() && m.tick.assessment.score.heldBand == Band::Watch;
    return policy::approvalNeed(stageOf(m.rollout, m.playbook).approve, warned, below);
}

std::vector<WaitReason> peopleGates(const Moment& m)
{
    std::vector<WaitReason> gates;
    const policy::ApprovalNeed need = approvalNeedNow(m);
    if (need.needed) {
        const int given = m.rollout.approval ? static_cast<int>(m.rollout.approval->given.size()) : 0;
        WaitReason gate{.code = WaitCode::ApprovalMissing,
                        .holds = given >= need.count,
                        .subject = policy::rolesText(need.roles),
                        .observed = given,
                        .required = need.count,
                        .since = m.rollout.approval ? m.rollout.approval->askedAt : m.rollout.phaseSince,
                        .unblockedBy = need.roles};
        gates.push_back(gate);
    }
    if (m.playbook.advanceManually) {
        gates.push_back({.code = WaitCode::ManualAdvance,
                         .holds = false,
                         .since = m.rollout.phaseSince,
                         .unblockedBy = {"promote"}});
    }
    return gates;
}

} // namespace sluice::rollout
