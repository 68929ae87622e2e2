// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/overloaded.h"
#include "core/rollout/decide.h"
#include "core/rollout/warning_code.h"

// Replay is this function over the journal, so it accepts every event in every state and never looks outside.

namespace sluice::rollout {

namespace {

/// More stages than any playbook has (its reader stops far below); a damaged count must not eat the memory.
constexpr int kMostStages = 1000;

void enter(Rollout& rollout, Phase phase, WallTime at)
{
    if (rollout.phase == phase) return;
    rollout.phase = phase;
    rollout.phaseSince = at;
    if (isEnd(phase)) rollout.endedAt = at;
}

StageRecord* recordOf(Rollout& rollout, int stage)
{
    const bool known = stage >= 0 && static_cast<size_t>(stage) < rollout.stages.size();
    return known ? &rollout.stages[static_cast<size_t>(stage)] : nullptr;
}

std::vector<StepProgress>* runningSteps(Rollout& rollout)
{
    if (rollout.phase == Phase::Finalising) return &rollout.finalise;
    return rollout.rollback ? &rollout.rollback->steps : nullptr;
}

void endPromotion(Rollout& rollout)
{
    rollout.promotionForced = false;
    rollout.promotionEvidence.clear();
}

/// The stage is to be judged again: what was decided to promote it no longer stands.
void judgeAgain(Rollout& rollout)
{
    rollout.approval.reset();
    endPromotion(rollout);
    if (auto* record = recordOf(rollout, rollout.stage)) record->passedAt.reset();
}

/// The stage's clock and its warnings begin anew.
void beginStage(Rollout& rollout, int stage, Weight weight, WallTime at)
{
    rollout.stage = stage;
    rollout.weight = weight;
    ++rollout.generation;
    rollout.approval.reset();
    endPromotion(rollout);
    rollout.warnings.clear();
    if (auto* record = recordOf(rollout, stage)) *record = StageRecord{.enteredAt = at};
}

struct Folder {
    Rollout& r;
    const Decided& d;

    void operator()(const RolloutStarted& e)
    {
        r.target = e.target;
        r.fromVersion = e.fromVersion;
        r.toVersion = e.toVersion;
        r.playbookName = e.playbookName;
        r.playbookHash = e.playbookHash;
        r.startedBy = d.actor.person;
        r.owner = d.actor.person;
        r.startedAt = d.at;
        r.phaseSince = d.at;
        r.phase = Phase::Preparing;
        r.stages.assign(static_cast<size_t>(std::clamp(e.stageCount, 0, kMostStages)), StageRecord{});
    }
    void operator()(const CanaryReady&) { r.canaryReady = true; }
    void operator()(const BaselineRecorded&) { r.baselineRecorded = true; }
    void operator()(const StageEntered& e)
    {
        beginStage(r, e.stage, e.weight, d.at);
        r.cap = std::max(r.cap, e.weight);
        r.admitted = true;
        enter(r, Phase::Applying, d.at);
    }
    void operator()(const StageApplied& e)
    {
        // A ramp inside the stage is applied too; the stage's own time goes on from its first weight.
        if (auto* record = recordOf(r, e.stage); record && !record->appliedAt) record->appliedAt = d.at;
        enter(r, Phase::Baking, d.at);
    }
    void operator()(const BakeCredited& e)
    {
        if (auto* record = recordOf(r, e.stage)) record->baked += e.credit;
    }
    void operator()(const BakeDone&) { enter(r, Phase::Judging, d.at); }
    void operator()(const WarningRaised& e)
    {
        if (e.code == kOverrunTotal) r.overrunSeen = true;
        if (std::ranges::find(r.warnings, e.code) != r.warnings.end()) return;
        r.warnings.push_back(e.code);
        if (auto* record = recordOf(r, e.stage)) ++record->warnings;
    }
    void operator()(const ApprovalRequested& e)
    {
        r.approval = ApprovalRound{
            .digest = e.digest, .evidence = e.evidence, .askedAt = d.at, .expiresAt = e.expiresAt, .given = {}};
        enter(r, Phase::AwaitingApproval, d.at);
    }
    void operator()(const ApprovalGiven& e)
    {
        if (r.approval) r.approval->given.push_back(e.approval);
    }
    void operator()(const ApprovalVoided&)
    {
        const bool decided = r.phase == Phase::AwaitingApproval || r.phase == Phase::Promoting;
        judgeAgain(r);
        if (decided) enter(r, Phase::Judging, d.at);
    }
    void operator()(const StagePassed& e)
    {
        if (auto* record = recordOf(r, e.stage)) {
            record->passedAt = d.at;
            record->scoreMilli = e.scoreMilli;
        }
        r.approval.reset();
        r.promotionForced = e.forced;
        r.promotionEvidence = e.evidence;
        enter(r, Phase::Promoting, d.at);
    }
    void operator()(const RolloutPaused& e) { pause(e); }
    void operator()(const RolloutResumed&)
    {
        r.resumedAt = d.at;
        r.pausedBecause.clear();
        if (r.phase == Phase::Paused) enter(r, r.phaseBeforePause, d.at);
    }
    void operator()(const SteppedBack& e)
    {
        beginStage(r, e.to, e.weight, d.at);
        r.cap = e.weight;
        r.watched = Duration(0);
        // Stepping back lowers exposure; it does not lift a pause.
        if (r.phase == Phase::Paused)
            r.phaseBeforePause = Phase::SteppingBack;
        else
            enter(r, Phase::SteppingBack, d.at);
    }
    void operator()(const WeightRamped& e) { ramp(e); }
    void operator()(const TriggerFired& e) { r.cooldownUntil[e.trigger] = e.cooldownUntil; }
    void operator()(const RollbackStarted& e)
    {
        r.rollback = e.plan;
        r.weight = Weight::none();
        r.cap = Weight::none();
        ++r.generation;
        r.approval.reset();
        endPromotion(r);
        enter(r, Phase::RollingBack, d.at);
    }
    void operator()(const TrafficVerified& e)
    {
        if (!r.rollback) return;
        r.rollback->verifiedAfter = e.took;
        r.rollback->unreachable = e.unreachable;
    }
    void operator()(const TrafficQuiet& e)
    {
        if (r.rollback) r.rollback->quietAfter = e.took;
    }
    void operator()(const StepChanged& e) { changeStep(e); }
    void operator()(const RolledBack&) { enter(r, Phase::RolledBack, d.at); }
    void operator()(const WatchStarted&)
    {
        r.watched = Duration(0);
        endPromotion(r);
        enter(r, Phase::Watching, d.at);
    }
    void operator()(const WatchCredited& e) { r.watched += e.credit; }
    void operator()(const FinaliseStarted& e)
    {
        r.finalise = e.steps;
        enter(r, Phase::Finalising, d.at);
    }
    void operator()(const MarkedStable&) { enter(r, Phase::Stable, d.at); }
    void operator()(const RolloutCancelled&) { enter(r, Phase::Cancelled, d.at); }
    void operator()(const ItemTicked& e)
    {
        if (e.ticked)
            r.ticked[e.item] = TickedItem{.by = d.actor.person, .at = d.at, .note = e.note};
        else
            r.ticked.erase(e.item);
    }
    void operator()(const HandedOver& e) { r.owner = e.to; }
    void operator()(const Commented&) {}
    void operator()(const DriftCorrected&) {}
    void operator()(const DataLost&)
    {
        r.dataMissing = true;
        r.dataMissingSince = d.at;
    }
    void operator()(const DataRestored&) { r.dataMissing = false; }
    void operator()(const DriverChanged&) {}

    void pause(const RolloutPaused& e)
    {
        r.pausedBecause = e.because;
        r.pausedByPerson = e.byPerson;
        r.pausedCause = e.cause;
        if (r.phase == Phase::Paused) return;
        // A decision to promote and approvals belong to their moment: after a pause the stage is judged anew.
        const bool wasDecided = r.phase == Phase::Promoting || r.phase == Phase::AwaitingApproval;
        r.phaseBeforePause = wasDecided ? Phase::Judging : r.phase;
        if (wasDecided) judgeAgain(r);
        enter(r, Phase::Paused, d.at);
    }

    void ramp(const WeightRamped& e)
    {
        r.weight = e.weight;
        if (e.forced) r.cap = std::max(r.cap, e.weight);
        ++r.generation;
        r.approval.reset();
        const bool inStage =
            r.phase == Phase::Baking || r.phase == Phase::Judging || r.phase == Phase::AwaitingApproval;
        if (inStage) enter(r, Phase::Applying, d.at);
        const bool pausedInStage = r.phaseBeforePause == Phase::Baking || r.phaseBeforePause == Phase::Judging;
        if (r.phase == Phase::Paused && pausedInStage) r.phaseBeforePause = Phase::Applying;
    }

    void changeStep(const StepChanged& e)
    {
        auto* steps = runningSteps(r);
        if (steps == nullptr || e.step < 0 || static_cast<size_t>(e.step) >= steps->size()) return;
        StepProgress& step = (*steps)[static_cast<size_t>(e.step)];
        if (e.state == StepState::Running) step.startedAt = d.at;
        step.state = e.state;
        step.took = e.took;
        step.note = e.note;
        // The stable pool serves the new version: from here on the route's safe state is the wanted one.
        const bool stablePoolTaken = r.phase == Phase::Finalising && e.step == 0 && e.state == StepState::Done;
        if (!stablePoolTaken) return;
        r.weight = Weight::none();
        ++r.generation;
    }
};

} // namespace

Rollout fold(Rollout rollout, const Decided& decided)
{
    foldInto(rollout, decided);
    return rollout;
}

void foldInto(Rollout& rollout, const Decided& decided)
{
    ++rollout.version;
    std::visit(Folder{rollout, decided}, decided.event);
}

bool observationRestarts(const Rollout& before, const Rollout& after)
{
    if (before.phase != after.phase || before.stage != after.stage || before.watched != after.watched) return true;
    return !std::ranges::equal(before.stages, after.stages, {}, &StageRecord::baked, &StageRecord::baked);
}

} // namespace sluice::rollout
