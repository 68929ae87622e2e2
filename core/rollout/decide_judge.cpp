// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/sha256.h"
#include "core/policy/failure.h"
#include "core/rollout/decide_parts.h"
#include "core/rollout/evidence.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/story.h"
#include "core/rollout/warning_code.h"

namespace sluice::rollout {

namespace {

bool wasActedOn(const Moment& m, const std::string& code)
{
    return std::ranges::find(m.rollout.warnings, code) != m.rollout.warnings.end();
}

Event requestApproval(const Moment& m, const policy::ApprovalNeed& need)
{
    std::string evidence = evidenceOf(m);
    std::string digest = sha256Hex(evidence);
    return ApprovalRequested{.stage = m.rollout.stage,
                             .digest = std::move(digest),
                             .evidence = std::move(evidence),
                             .expiresAt = m.now.wall + need.expires};
}

/// Why the open round is over without a decision; empty = it stands.
std::string roundEnd(const Moment& m, const policy::ApprovalNeed& need)
{
    if (!m.rollout.approval) return {};
    if (m.now.wall >= m.rollout.approval->expiresAt) return "it expired";
    if (!need.needed) return "no approval is needed any more";
    return changeSince(m.rollout.approval->evidence, m);
}

} // namespace

Events failRequirements(const Moment& m)
{
    const auto gates = qualityGates(m);
    const bool dataHolds = std::ranges::none_of(gates, [](const WaitReason& gate) {
        return !gate.holds && (gate.code == WaitCode::DataLate || gate.code == WaitCode::DataMissing);
    });
    if (!dataHolds) return {};
    const FailureAction action = stageOf(m.rollout, m.playbook).onFailure;
    for (const auto& result : m.tick.assessment.requirements) {
        const std::string code = failureWarning(result.metric);
        if (result.verdict != analysis::Verdict::Fail || wasActedOn(m, code)) continue;
        const std::string text = requirementStory(m.playbook, result);
        Events events;
        // Recorded, so that a person who resumes is not paused again by the same failure.
        if (!policy::endsRollout(action)) events.push_back(WarningRaised{m.rollout.stage, code, text});
        RollbackProgress why{
            .cause = RollbackCause::Requirement, .because = text, .badSince = m.tick.assessment.sampleTime};
        for (Event& event : act(m, action, std::move(why)))
            events.push_back(std::move(event));
        return events;
    }
    return {};
}

Events judge(const Moment& m)
{
    if (Events failed = failRequirements(m); !failed.empty()) return failed;

    const policy::ApprovalNeed need = approvalNeedNow(m);
    if (const std::string end = roundEnd(m, need); !end.empty()) return {ApprovalVoided{m.rollout.stage, end}};
    if (!onlyScoreForPeople(m, stageGates(m))) return {};
    if (need.needed && !m.rollout.approval) return {requestApproval(m, need)};
    if (!allHold(peopleGates(m))) return {};
    return passStage(m, false, {}, {});
}

Events passStage(const Moment& m, bool forced, const std::string& reason, const PersonId& second)
{
    Events events{StagePassed{.stage = m.rollout.stage,
                              .scoreMilli = m.tick.assessment.score.milli,
                              .evidence = evidenceOf(m),
                              .forced = forced,
                              .forcedReason = reason,
                              .second = second}};
    if (isLastStage(m.rollout, m.playbook)) events.push_back(WatchStarted{m.playbook.watch.length});
    return events;
}

} // namespace sluice::rollout
