// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/snapshot.h"

#include <algorithm>

#include "core/base/overloaded.h"
#include "core/engine/engine.h"
#include "core/rollout/event.h"

namespace sluice::engine {

namespace {

/// The steps that were under way at this instant: a rollback may begin while a rollout is finalised.
const std::vector<rollout::StepProgress>& stepsAt(const rollout::Rollout& after, WallTime at)
{
    const bool back = after.rollback && (after.finalise.empty() || at >= after.rollback->decidedAt);
    return back ? after.rollback->steps : after.finalise;
}

/// The picture is written every second: what only History shows, and what may be large, stays in the journal.
rollout::Event withoutEvidence(rollout::Event event)
{
    std::visit(overloaded{[](rollout::RolloutStarted& e) { e.playbookText.clear(); },
                          [](rollout::BaselineRecorded& e) { e.baseline.clear(); },
                          [](rollout::RollbackStarted& e) { e.plan.evidence.clear(); },
                          []<class E>(E& e) {
                              if constexpr (requires { e.evidence; }) e.evidence.clear();
                          }},
               event);
    return event;
}

} // namespace

LogLine logLine(const rollout::Decided& decided, int64_t version, const rollout::Rollout& after)
{
    LogLine line{.at = decided.at,
                 .version = version,
                 .name = std::string(rollout::eventName(decided.event)),
                 .by = decided.actor.person,
                 .event = std::make_shared<const rollout::Event>(withoutEvidence(decided.event))};
    const auto* change = std::get_if<rollout::StepChanged>(&decided.event);
    if (change == nullptr) {
        line.text = rollout::eventText(decided.event, after);
        return line;
    }
    rollout::Rollout then;
    then.finalise = stepsAt(after, decided.at);
    line.text = rollout::eventText(decided.event, then);
    if (change->step >= 0 && static_cast<size_t>(change->step) < then.finalise.size())
        line.step = then.finalise[static_cast<size_t>(change->step)].title;
    return line;
}

const RolloutView* Snapshot::rollout(const RolloutId& id) const
{
    for (const auto& view : rollouts)
        if (view->state.id == id) return view.get();
    return nullptr;
}

const TargetView* Snapshot::target(const TargetId& id) const
{
    const auto found = std::ranges::find(targets, id, &TargetView::id);
    return found == targets.end() ? nullptr : &*found;
}

const RolloutView* Snapshot::liveOn(const TargetId& target) const
{
    for (const auto& view : rollouts)
        if (view->state.target == target && !rollout::isEnd(view->state.phase)) return view.get();
    return nullptr;
}

} // namespace sluice::engine
