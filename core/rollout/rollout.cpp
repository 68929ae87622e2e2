// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/rollout.h"

#include "core/rollout/ask_target.h"
#include "core/rollout/decide.h"

namespace sluice::rollout {

bool isEnd(Phase phase)
{
    return phase == Phase::RolledBack || phase == Phase::Stable || phase == Phase::Cancelled;
}

} // namespace sluice::rollout
