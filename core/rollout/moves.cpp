// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/moves.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/rollout/decide.h"

namespace sluice::rollout {

namespace {

using enum Move;

constexpr std::array kAllMoves{Approve,           Reject, Pause,    Resume,   Promote, StepBack,  Cancel,  RollBack,
                               EmergencyRollback, Ramp,   TickItem, HandOver, Comment, RetryStep, SkipStep};

struct Row {
    Phase phase{Phase::Preparing};
    std::vector<Move> moves{};
};

/// THE table. Conditions that depend on more than the phase stand in condition() below.
const std::vector<Row>& table()
{
    static const std::vector<Row> rows{
        {Phase::Preparing, {Pause, Cancel, EmergencyRollback, TickItem, HandOver, Comment}},
        {Phase::Applying, {Pause, StepBack, RollBack, EmergencyRollback, Ramp, TickItem, HandOver, Comment}},
        {Phase::Baking, {Pause, Promote, StepBack, RollBack, EmergencyRollback, Ramp, TickItem, HandOver, Comment}},
        {Phase::Judging, {Pause, Promote, StepBack, RollBack, EmergencyRollback, Ramp, TickItem, HandOver, Comment}},
        {Phase::AwaitingApproval,
         {Approve, Reject, Pause, Promote, StepBack, RollBack, EmergencyRollback, Ramp, TickItem, HandOver, Comment}},
        {Phase::Promoting, {Pause, StepBack, RollBack, EmergencyRollback, TickItem, HandOver, Comment}},
        {Phase::Paused, {Resume, StepBack, Cancel, RollBack, EmergencyRollback, Ramp, TickItem, HandOver, Comment}},
        {Phase::SteppingBack, {StepBack, RollBack, EmergencyRollback, TickItem, HandOver, Comment}},
        {Phase::RollingBack, {EmergencyRollback, RetryStep, SkipStep, TickItem, HandOver, Comment}},
        {Phase::RolledBack, {Comment}},
        {Phase::Watching, {Pause, Promote, StepBack, RollBack, EmergencyRollback, Ramp, TickItem, HandOver, Comment}},
        {Phase::Finalising, {RollBack, EmergencyRollback, RetryStep, SkipStep, TickItem, HandOver, Comment}},
        {Phase::Stable, {Comment}},
        {Phase::Cancelled, {Comment}},
    };
    return rows;
}

bool inTable(Phase phase, Move move)
{
    const auto& rows = table();
    const auto row = std::ranges::find(rows, phase, &Row::phase);
    return row != rows.end() && std::ranges::find(row->moves, move) != row->moves.end();
}

std::string noStepFailed(const Rollout& rollout)
{
    return failedStep(rollout) >= 0 ? std::string() : std::string("No step has failed");
}

bool waitsForTraffic(const Rollout& rollout)
{
    return rollout.phase == Phase::RollingBack && rollout.rollback && !rollout.rollback->quietAfter;
}

/// What the phase alone does not say; empty = holds.
std::string condition(const Rollout& rollout, Move move)
{
    switch (move) {
    case StepBack: return rollout.admitted && rollout.stage > 0 ? "" : "There is no earlier stage";
    case Cancel: return rollout.admitted ? "Users have already been sent to the new version" : "";
    case RollBack: return hasExposure(rollout) ? "" : "Nobody has been sent to the new version yet";
    case Ramp: return rollout.admitted ? "" : "Nobody has been sent to the new version yet";
    case RetryStep: return noStepFailed(rollout);
    case SkipStep: return waitsForTraffic(rollout) ? std::string() : noStepFailed(rollout);
    case Approve:
    case Reject:
    case Pause:
    case Resume:
    case Promote:
    case EmergencyRollback:
    case TickItem:
    case HandOver:
    case Comment: return {};
    }
    return {};
}

} // namespace

std::span<const Move> allMoves()
{
    return kAllMoves;
}

std::string_view moveName(Move move)
{
    switch (move) {
    case Move::Approve: return "approve";
    case Move::Reject: return "reject";
    case Move::Pause: return "pause";
    case Move::Resume: return "resume";
    case Move::Promote: return "promote";
    case Move::StepBack: return "step-back";
    case Move::Cancel: return "cancel";
    case Move::RollBack: return "rollback";
    case Move::EmergencyRollback: return "emergency-rollback";
    case Move::Ramp: return "ramp";
    case Move::TickItem: return "tick";
    case Move::HandOver: return "hand-over";
    case Move::Comment: return "comment";
    case Move::RetryStep: return "retry-step";
    case Move::SkipStep: return "skip-step";
    }
    return {};
}

int failedStep(const Rollout& rollout)
{
    const auto* steps = rollout.phase == Phase::Finalising                        ? &rollout.finalise
                        : rollout.phase == Phase::RollingBack && rollout.rollback ? &rollout.rollback->steps
                                                                                  : nullptr;
    if (steps == nullptr) return -1;
    const auto found = std::ranges::find(*steps, StepState::Failed, &StepProgress::state);
    return found == steps->end() ? -1 : static_cast<int>(found - steps->begin());
}

std::string whyNot(const Rollout& rollout, Move move)
{
    if (!inTable(rollout.phase, move)) {
        return fmt::format(SLUICE_TEXT("moves", "{} is not possible while {}"), moveName(move),
                           phaseWords(rollout.phase));
    }
    return condition(rollout, move);
}

std::string possibleNow(const Rollout& rollout, Move refused)
{
    std::string text;
    for (const Move move : kAllMoves) {
        if (move == refused || !whyNot(rollout, move).empty()) continue;
        if (!text.empty()) text += ", ";
        text += moveName(move);
    }
    return text;
}

Error refuseMove(const Rollout& rollout, Move move)
{
    return Error{Fault::Refused,
                 fmt::format("{}. Possible now: {}.", whyNot(rollout, move), possibleNow(rollout, move))};
}

} // namespace sluice::rollout
