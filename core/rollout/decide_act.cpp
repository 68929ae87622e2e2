// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/text.h"
#include "core/policy/failure.h"
#include "core/rollout/decide_parts.h"
#include "core/rollout/evidence.h"
#include "core/rollout/sentence.h"
#include "core/rollout/stage_facts.h"

namespace sluice::rollout {

namespace {

/// Where "pause" and "one stage back" mean something: a stage is being run, or stands still.
bool canPause(Phase phase)
{
    switch (phase) {
    case Phase::Preparing:
    case Phase::Applying:
    case Phase::Baking:
    case Phase::Judging:
    case Phase::AwaitingApproval:
    case Phase::Promoting:
    case Phase::Watching: return true;
    case Phase::Paused:
    case Phase::SteppingBack:
    case Phase::RollingBack:
    case Phase::RolledBack:
    case Phase::Finalising:
    case Phase::Stable:
    case Phase::Cancelled: return false;
    }
    return false;
}

Events oneStageBack(const Moment& m, RollbackProgress why)
{
    // The step that is under way has not reached the proxies everywhere; a second one would judge its leftovers.
    if (effectivePhase(m.rollout) == Phase::SteppingBack) return {};
    const bool possible = inStage(m.rollout) && m.rollout.stage > 0;
    if (!possible) return startRollback(m, std::move(why));
    return {stepBackTo(m.rollout, m.playbook, m.rollout.stage - 1, why.because)};
}

StepProgress stepFrom(const RollbackStep& step)
{
    return {.title = step.title,
            .kind = step.kind,
            .reversible = step.reversible,
            .risk = step.risk,
            .usually = step.usually};
}

/// A playbook without steps still has to end with the canary stopped and the old version seen well.
std::vector<StepProgress> playbookSteps(const Playbook& playbook)
{
    std::vector<StepProgress> steps;
    std::ranges::transform(playbook.rollbackSteps, std::back_inserter(steps), stepFrom);
    if (!steps.empty()) return steps;
    return {{.title = SLUICE_TEXT("step", "Stop the canary"), .kind = RollbackStep::Kind::Application},
            {.title = SLUICE_TEXT("step", "Check the old version"), .kind = RollbackStep::Kind::Validation}};
}

} // namespace

std::vector<StepProgress> rollbackPlan(const Playbook& playbook)
{
    std::vector<StepProgress> plan{
        {.title = SLUICE_TEXT("step", "All traffic to the old version"), .usually = std::chrono::milliseconds(50)},
        {.title = SLUICE_TEXT("step", "No request reaches the canary any more"), .usually = kQuiet}};
    std::ranges::move(playbookSteps(playbook), std::back_inserter(plan));
    return plan;
}

Events startRollback(const Moment& m, RollbackProgress why)
{
    if (m.rollout.phase == Phase::RollingBack || isEnd(m.rollout.phase)) return {};
    if (!hasExposure(m.rollout)) return {RolloutCancelled{why.because}};
    why.stage = m.rollout.stage;
    why.evidence = evidenceOf(m);
    why.toVersion = m.rollout.fromVersion;
    if (why.decidedAt == WallTime{} || why.decidedAt > m.now.wall) why.decidedAt = m.now.wall;
    if (why.by.empty()) why.by = PersonId("engine");
    why.steps = playbookSteps(m.playbook);
    return {RollbackStarted{std::move(why)}};
}

Event stepBackTo(const Rollout& rollout, const Playbook& playbook, int stage, std::string because)
{
    SLUICE_CHECK(stage >= 0 && static_cast<size_t>(stage) < playbook.stages.size());
    return SteppedBack{.from = rollout.stage,
                       .to = stage,
                       .weight = playbook.stages[static_cast<size_t>(stage)].weight,
                       .because = std::move(because)};
}

Events act(const Moment& m, FailureAction action, RollbackProgress why)
{
    switch (action) {
    case FailureAction::AlertOnly: return {};
    case FailureAction::Pause:
        if (!canPause(m.rollout.phase)) return {};
        return {RolloutPaused{.because = why.because, .byPerson = false, .cause = why.cause}};
    case FailureAction::PreviousStage: return oneStageBack(m, std::move(why));
    case FailureAction::Abort:
    case FailureAction::Rollback: return startRollback(m, std::move(why));
    }
    return {};
}

} // namespace sluice::rollout
