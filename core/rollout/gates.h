// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/analysis/assessment.h"
#include "core/policy/approval.h"
#include "core/rollout/input.h"
#include "core/rollout/rollout.h"
#include "core/rollout/wait_reason.h"

// What must hold to leave a state, as the same values that people are shown. decide() promotes exactly when the list
// it would show has nothing open.

namespace sluice::rollout {

/// One moment of one rollout, as the parts of the heart pass it on.
struct Moment {
    const Rollout& rollout;
    const Playbook& playbook;
    const Tick& tick;
    Now now;
};

/// Gates of the current stage without those that only people open (approval, manual advance).
std::vector<WaitReason> stageGates(const Moment& moment);
/// Gates of the watch.
std::vector<WaitReason> watchGates(const Moment& moment);
/// What must be there before `stage` is entered: instances, and for the first stage baseline and pre list.
std::vector<WaitReason> entryGates(const Moment& moment, int stage);
/// Data, requirements, score, triggers and alerts: what says that the canary is good.
std::vector<WaitReason> qualityGates(const Moment& moment);
/// One per proxy that is not at the newest generation, or one that holds.
std::vector<WaitReason> proxyGates(const Moment& moment);
/// Fresh data, of the current stage once its weight was applied.
WaitReason dataGate(const Moment& moment);
/// The canary's own health answer.
WaitReason healthGate(const Moment& moment, bool healthy);
WaitReason checklistGate(const Moment& moment, const std::vector<ChecklistItem>& items);

/// The worse of the band now and the band that held: promotion needs both to be good.
analysis::Band gateBand(const analysis::ScoreResult& score);

/// What people must say before this stage may be left.
policy::ApprovalNeed approvalNeedNow(const Moment& moment);
/// Approval and manual advance; empty when neither is asked for.
std::vector<WaitReason> peopleGates(const Moment& moment);

bool allHold(const std::vector<WaitReason>& gates);
/// Nothing is open, or only a score that a person may overrule.
bool onlyScoreForPeople(const Moment& moment, const std::vector<WaitReason>& gates);
/// "12:54 of bake time left; 62 of 100 requests seen": the open ones, for a refusal.
std::string openText(const std::vector<WaitReason>& gates);

} // namespace sluice::rollout
