// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/rollout/decide.h"
#include "core/rollout/gates.h"

// How decide() is cut into files. Each part answers for its phases and knows nothing of the others.

namespace sluice::rollout {

using Events = std::vector<Event>;

// Phases (decide_stage.cpp, decide_judge.cpp, decide_end.cpp, decide_rollback.cpp).
Events prepare(const Moment& moment);
Events applyWeight(const Moment& moment);
Events bake(const Moment& moment);
Events judge(const Moment& moment);
Events enterNext(const Moment& moment);
Events watch(const Moment& moment);
Events finalise(const Moment& moment);
Events rollBackFurther(const Moment& moment);

// What can happen in every phase with exposure, in this order (decide_guard.cpp, decide_warning.cpp).
Events noteData(const Moment& moment);
Events noteDrift(const Moment& moment);
Events guardTriggers(const Moment& moment);
Events guardScore(const Moment& moment);
Events guardTime(const Moment& moment);
Events noteWarnings(const Moment& moment);

/// Carries out a failure action where the rollout stands: pause, previous stage, rollback or nothing at all.
Events act(const Moment& moment, FailureAction action, RollbackProgress why);

/// The way back, or a cancellation when nobody has been exposed.
Events startRollback(const Moment& moment, RollbackProgress why);
Event stepBackTo(const Rollout& rollout, const Playbook& playbook, int stage, std::string because);
/// StagePassed, and WatchStarted after the last stage.
Events passStage(const Moment& moment, bool forced, const std::string& reason, const PersonId& second);
/// The failure action of the stage for a requirement that fails now, once per stage and metric.
Events failRequirements(const Moment& moment);
/// FinaliseStarted with its steps.
Events startFinalising(const Moment& moment);

/// Credit for observed time: nothing until a step (min(60 s, length / 10)) has come together or the end is reached.
Duration creditNow(Duration done, Duration length, Duration sinceCredit);

// Commands of people (decide_command.cpp, decide_beyond.cpp).
Result<Events> decideCommand(const Rollout& rollout, const Playbook& playbook, const Asked& asked, Now now);
Result<Events> decidePromote(const Moment& moment, const Promote& command, const Asked& asked);
Result<Events> decideRamp(const Moment& moment, const Ramp& command, const Asked& asked);
Result<Events> decideApprove(const Moment& moment, const Approve& command, const Asked& asked);

} // namespace sluice::rollout
