// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/decide_parts.h"
#include "core/rollout/moves.h"

namespace sluice::rollout {

namespace {

/// Promote is in the table while gates are open, for a forced act; without force it is not possible then.
std::string whyNotPromote(const Rollout& rollout, const Playbook& playbook, const Tick& latest)
{
    const Moment moment{rollout, playbook, latest, Now{}};
    const Asked asked{.command = Promote{}, .latest = latest};
    const Result<Events> answer = decidePromote(moment, Promote{}, asked);
    return answer ? std::string() : answer.error().detail;
}

} // namespace

std::vector<MoveState> legalMoves(const Rollout& rollout, const Playbook& playbook, const Tick& latest)
{
    std::vector<MoveState> states;
    for (const Move move : allMoves()) {
        std::string because = whyNot(rollout, move);
        if (!because.empty())
            because += ".";
        else if (move == Move::Promote)
            because = whyNotPromote(rollout, playbook, latest);
        const bool legal = because.empty();
        states.push_back({.move = move, .legal = legal, .because = std::move(because)});
    }
    return states;
}

} // namespace sluice::rollout
