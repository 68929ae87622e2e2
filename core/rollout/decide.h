// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/connections.h"
#include "core/model/playbook.h"
#include "core/rollout/event.h"
#include "core/rollout/input.h"
#include "core/rollout/rollout.h"
#include "core/rollout/wait_reason.h"

namespace sluice::rollout {

/// What should happen now. Pure: no clock, no I/O, no randomness, no log.
///
/// For a Tick the result is a (possibly empty) list of events. For a command it is at least one event, or an
/// Error (Fault::Refused with the reason and the legal moves, Fault::BadInput). Events are in fold order; the
/// caller appends them in one transaction, folds them and asks again, with askAgain(tick), until a Tick yields none.
Result<std::vector<Event>> decide(const Rollout& rollout, const Playbook& playbook, const Input& input, Now now);

/// The same tick for a further ask within one engine tick: what may count only once (observed time, corrected drift)
/// is taken out, so that asking again always comes to an end.
Tick askAgain(Tick tick);

/// True when the engine's running sum behind Tick::observedSinceCredit starts again from zero: the clock was
/// credited, or the phase or stage changed. Compare the state before and after one group of events.
bool observationRestarts(const Rollout& before, const Rollout& after);

/// The first event of a rollout, or why it cannot start. `busy` = an unfinished rollout owns the target.
Result<std::vector<Event>> decideStart(const StartRollout& command, const Playbook& playbook, const Actor& actor,
                                       const std::string& stableVersion, bool busy);

/// (state, event) -> state. Pure; replay is fold over the journal. Total: accepts every event in every state.
Rollout fold(Rollout rollout, const Decided& decided);
/// The same in place: a replay of a million events moves no state.
void foldInto(Rollout& rollout, const Decided& decided);

/// What the world should look like.
struct Desired {
    bool safe{true}; ///< limit 0 and canary in maintenance
    Weight weight{};
    bool admit{false}; ///< canary servers may serve (taken out of maintenance once, at stage 1)
    uint64_t generation{0};
    int canaryInstances{0}; ///< 0 = stop them
    std::string canaryVersion{};
    std::string stableVersion{}; ///< what the stable pool should run
    friend bool operator==(const Desired&, const Desired&) = default;
};
/// `stableInstances`: how many the stable pool has (PercentOfStable is of that): stableInstances(world).
Desired desired(const Rollout& rollout, const Playbook& playbook, int stableInstances);
/// Size of the stable pool as the heart counts it: what its deployer wants there, 0 while unknown.
int stableInstances(const World& world);
/// Canary instances that a stage needs before its weight rises; never fewer than an earlier stage. Where no stage up
/// to here says `replicas`, as many as the share of the stable pool needs (rounded up, at least one).
int canaryInstancesFor(const Playbook& playbook, int stage, int stableInstances);

/// Every gate of the current state, open ones first in the order a person would clear them, then those that hold.
std::vector<WaitReason> waitReasons(const Rollout& rollout, const Playbook& playbook, const Tick& latest, Now now);

/// One row of the move table for the state as it is.
struct MoveState {
    Move move{Move::Comment};
    bool legal{false};
    std::string because{}; ///< why not, one sentence; empty when legal
    friend bool operator==(const MoveState&, const MoveState&) = default;
};
std::vector<MoveState> legalMoves(const Rollout& rollout, const Playbook& playbook, const Tick& latest);
std::string_view moveName(Move move);

/// The rollback plan as it would run now: traffic, quiet, then the playbook's steps.
std::vector<StepProgress> rollbackPlan(const Playbook& playbook);

} // namespace sluice::rollout
