// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/snapshot.h"

#include <algorithm>

#include "core/engine/engine.h"

namespace sluice::engine {

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
