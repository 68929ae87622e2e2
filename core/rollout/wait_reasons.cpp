// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>

#include "core/rollout/decide.h"
#include "core/rollout/gates.h"
#include "core/rollout/moves.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/steps.h"

namespace sluice::rollout {

namespace {

using Reasons = std::vector<WaitReason>;

void append(Reasons& to, Reasons more)
{
    std::ranges::move(more, std::back_inserter(to));
}

/// Users who stay away explain why the canary's own numbers are missing; what to do about it is not ours to decide: a
/// share of few users may well be nobody. Hence it is said beside the gates that wait for those numbers, and is none.
Reasons shareHint(const Moment& m, const Reasons& gates)
{
    const bool asksForRequests = std::ranges::any_of(gates, [](const WaitReason& gate) {
        return !gate.holds && (gate.code == WaitCode::RequestsMissing || gate.code == WaitCode::RequirementNoData ||
                               gate.code == WaitCode::DataMissing || gate.code == WaitCode::DataLate);
    });
    const World& world = m.tick.world;
    const int64_t asked = m.rollout.weight.ppm();
    const auto applied = recordOf(m.rollout).appliedAt;
    const bool counted = applied && m.now.wall - std::max(*applied, m.rollout.phaseSince) > kShareWindow;
    if (!asksForRequests || !counted || asked <= 0 || world.observedSharePpm != 0) return {};
    if (world.observedRequests < kShareExpected * kMillion / asked) return {};
    return {{.code = WaitCode::ShareMissing,
             .holds = false,
             .observed = world.observedRequests,
             .required = asked,
             .since = *applied,
             .unit = Unit::Ratio}};
}

/// The score that a person has overruled by approving is no longer what the stage waits for.
Reasons stageReasons(const Moment& m)
{
    Reasons reasons = stageGates(m);
    const bool past = onlyScoreForPeople(m, reasons);
    Reasons people = peopleGates(m);
    const bool approved = std::ranges::any_of(
        people, [](const WaitReason& gate) { return gate.code == WaitCode::ApprovalMissing && gate.holds; });
    if (past && approved) {
        for (WaitReason& gate : reasons)
            gate.holds = true;
    }
    append(reasons, std::move(people));
    append(reasons, shareHint(m, reasons));
    return reasons;
}

WaitReason pauseReason(const Rollout& rollout)
{
    WaitCode code = WaitCode::PausedByTrigger;
    if (rollout.pausedByPerson)
        code = WaitCode::PausedByPerson;
    else if (rollout.pausedCause == RollbackCause::Score)
        code = WaitCode::PausedByScore;
    return {.code = code,
            .holds = false,
            .subject = rollout.pausedBecause,
            .since = rollout.phaseSince,
            .unblockedBy = {"resume"}};
}

Reasons stepReasons(const Moment& m, const std::vector<StepProgress>& steps)
{
    const StepProgress* open = openStep(steps);
    if (open == nullptr) return {};
    const bool failed = open->state == StepState::Failed;
    WaitReason reason{.code = failed ? WaitCode::StepFailed : WaitCode::StepRunning,
                      .holds = false,
                      .subject = open->title,
                      .since = open->state == StepState::Waiting ? m.rollout.phaseSince : open->startedAt};
    if (failed) {
        if (!open->note.empty()) reason.title = open->title + " (" + open->note + ")";
        reason.unblockedBy = {"retry-step", "skip-step"};
    } else if (open->usually > Duration(0)) {
        reason.expectedEnd = std::max(reason.since + open->usually, m.now.wall);
    }
    return {reason};
}

Reasons rollbackReasons(const Moment& m)
{
    if (!m.rollout.rollback) return {};
    const RollbackProgress& way = *m.rollout.rollback;
    Reasons reasons;
    if (!way.verifiedAfter || !way.quietAfter) append(reasons, proxyGates(m));
    if (!way.quietAfter) {
        reasons.push_back({.code = WaitCode::QuietMissing,
                           .holds = false,
                           .observed = micros(m.tick.world.canaryQuietFor),
                           .required = micros(kQuiet),
                           .since = way.decidedAt,
                           .unblockedBy = {"skip-step"}});
        return reasons;
    }
    append(reasons, stepReasons(m, way.steps));
    return reasons;
}

Reasons finalReasons(const Moment& m)
{
    Reasons reasons = stepReasons(m, m.rollout.finalise);
    const auto& post = m.playbook.checklists.post;
    if (!post.empty()) reasons.push_back(checklistGate(m, post));
    return reasons;
}

Reasons enteringReasons(const Moment& m)
{
    Reasons reasons = entryGates(m, m.rollout.stage + 1);
    if (!m.rollout.promotionForced) append(reasons, qualityGates(m));
    return reasons;
}

Reasons ofPhase(const Moment& m, Phase phase)
{
    switch (phase) {
    case Phase::Preparing: return entryGates(m, 0);
    case Phase::Applying:
    case Phase::SteppingBack: return proxyGates(m);
    case Phase::Baking:
    case Phase::Judging:
    case Phase::AwaitingApproval: return stageReasons(m);
    case Phase::Promoting: return enteringReasons(m);
    case Phase::Watching: return watchGates(m);
    case Phase::Finalising: return finalReasons(m);
    case Phase::RollingBack: return rollbackReasons(m);
    case Phase::Paused:
    case Phase::RolledBack:
    case Phase::Stable:
    case Phase::Cancelled: return {};
    }
    return {};
}

/// The moment between two decisions: everything holds, and the next tick moves on.
WaitReason nextTick(const Moment& m)
{
    return {.code = WaitCode::WeightApplying,
            .holds = false,
            .subject = "next",
            .since = m.rollout.phaseSince,
            .expectedEnd = m.now.wall};
}

} // namespace

std::vector<WaitReason> waitReasons(const Rollout& rollout, const Playbook& playbook, const Tick& latest, Now now)
{
    if (isEnd(rollout.phase)) return {};
    const Moment moment{rollout, playbook, latest, now};
    Reasons reasons;
    if (rollout.phase == Phase::Paused) reasons.push_back(pauseReason(rollout));
    append(reasons, ofPhase(moment, effectivePhase(rollout)));
    if (allHold(reasons)) reasons.push_back(nextTick(moment));
    std::ranges::stable_partition(reasons, [](const WaitReason& reason) { return !reason.holds; });
    return reasons;
}

} // namespace sluice::rollout
