// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/snapshot.h"

#include <algorithm>

#include "core/base/overloaded.h"
#include "core/engine/engine.h"
#include "core/rollout/event.h"

namespace sluice::engine {

namespace {

int stageOf(const rollout::Event& event)
{
    return std::visit(overloaded{[](const rollout::StageEntered& e) { return e.stage; },
                                 [](const rollout::StageApplied& e) { return e.stage; },
                                 [](const rollout::SteppedBack& e) { return e.to; }, [](const auto&) { return -1; }},
                      event);
}

} // namespace

LogLine logLine(const rollout::Decided& decided, int64_t version, const rollout::Rollout& after)
{
    return {.at = decided.at,
            .version = version,
            .name = std::string(rollout::eventName(decided.event)),
            .text = rollout::eventText(decided.event, after),
            .by = decided.actor.person,
            .event = std::make_shared<const rollout::Event>(decided.event),
            .stage = stageOf(decided.event)};
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
