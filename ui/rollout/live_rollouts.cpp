// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/live_rollouts.h"

#include <algorithm>

#include "ui/rollout/phase_words.h"

namespace sluice::ui {

namespace {

int rank(const engine::RolloutView& view)
{
    const auto phase = view.state.phase;
    if (rollout::isEnd(phase)) return 4;
    // Going back needs less of a person than what still exposes users.
    if (phase == rollout::Phase::RollingBack) return 2;
    switch (phaseWords(view).tone) {
    case Tone::Critical: return 0;
    case Tone::Warning: return 1;
    case Tone::Text:
    case Tone::Second:
    case Tone::Third:
    case Tone::Stable:
    case Tone::Canary:
    case Tone::Ok: return 3;
    }
    return 3;
}

} // namespace

std::vector<const engine::RolloutView*> byUrgency(const engine::Snapshot& snapshot)
{
    std::vector<const engine::RolloutView*> out;
    for (const auto& view : snapshot.rollouts)
        out.push_back(view.get());
    std::ranges::stable_sort(out, {}, [](const engine::RolloutView* view) { return rank(*view); });
    return out;
}

} // namespace sluice::ui
