// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/decide.h"

#include <algorithm>

#include "core/base/overloaded.h"
#include "core/rollout/decide_parts.h"

// Pure: no clock, no I/O, no randomness, no log; `now` is an argument.

namespace sluice::rollout {

namespace {

Events inPhase(const Moment& m)
{
    switch (m.rollout.phase) {
    case Phase::Preparing: return prepare(m);
    case Phase::Applying:
    case Phase::SteppingBack: return applyWeight(m);
    case Phase::Baking: return bake(m);
    case Phase::Judging:
    case Phase::AwaitingApproval: return judge(m);
    case Phase::Promoting: return enterNext(m);
    case Phase::Watching: return watch(m);
    case Phase::Finalising: return finalise(m);
    case Phase::RollingBack: return rollBackFurther(m);
    case Phase::Paused:
    case Phase::RolledBack:
    case Phase::Stable:
    case Phase::Cancelled: return {};
    }
    return {};
}

void append(Events& to, Events more)
{
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// One step, the most urgent first. What only notes something lets the next one speak in the same group; what moves
/// the rollout ends it, so that the next decision sees the folded state.
Events onTick(const Moment& m)
{
    if (isEnd(m.rollout.phase)) return {};
    Events events;
    if (hasExposure(m.rollout)) append(events, noteDrift(m));
    if (m.rollout.phase == Phase::RollingBack) {
        append(events, rollBackFurther(m));
        return events;
    }
    if (hasExposure(m.rollout)) {
        append(events, noteData(m));
        for (const auto guard : {guardTriggers, guardScore}) {
            Events acted = guard(m);
            if (acted.empty()) continue;
            append(events, std::move(acted));
            return events;
        }
    }
    if (Events late = guardTime(m); !late.empty()) {
        append(events, std::move(late));
        return events;
    }
    // A warning changes what approval a stage needs, so it is folded before the phase decides.
    if (Events warnings = noteWarnings(m); !warnings.empty()) {
        append(events, std::move(warnings));
        return events;
    }
    append(events, inPhase(m));
    return events;
}

} // namespace

Result<std::vector<Event>> decide(const Rollout& rollout, const Playbook& playbook, const Input& input, Now now)
{
    return std::visit(overloaded{
                          [&](const Asked& asked) { return decideCommand(rollout, playbook, asked, now); },
                          [&](const Tick& tick) {
                              return Result<Events>(onTick({rollout, playbook, tick, now}));
                          },
                      },
                      input);
}

Tick askAgain(Tick tick)
{
    tick.observed = Duration(0);
    tick.observedSinceCredit = Duration(0);
    for (ProxyFact& proxy : tick.world.proxies)
        proxy.corrected = false;
    return tick;
}

} // namespace sluice::rollout
