// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/rollout/command.h"
#include "core/rollout/rollout.h"

// The one table of legal moves, inside the heart.

namespace sluice::rollout {

/// The table's answer with its conditions: empty = legal, else why not, one sentence without the list of moves.
std::string whyNot(const Rollout& rollout, Move move);

/// Refusal for an illegal move: the reason and what is possible now.
Error refuseMove(const Rollout& rollout, Move move);

/// "pause, step-back, rollback": what the table allows now besides `refused`.
std::string possibleNow(const Rollout& rollout, Move refused);

/// Every move once, in the order they are named to people.
std::span<const Move> allMoves();

/// A step of the rollback or of the finalising that failed, or -1.
int failedStep(const Rollout& rollout);

} // namespace sluice::rollout
