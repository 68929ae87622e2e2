// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/model/playbook.h"

namespace sluice::policy {

/// When several conditions act in one tick, the one that lowers exposure most wins.
FailureAction stronger(FailureAction a, FailureAction b);

/// Rollback and abort end the rollout at its start; on a canary both are the same way.
bool endsRollout(FailureAction action);

/// The limit is reached; a limit of zero is none.
bool isOverrun(const Overrun& overrun, Duration since);

} // namespace sluice::policy
