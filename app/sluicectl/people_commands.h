// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sluicectl/commands.h"

namespace sluice::app::ctl {

void addPeopleCommands(Registry& registry); // approve, hand-over

/// Asks whoever drives in the name of whoever sits here, prints the answer, and returns the exit code.
int askDriver(Context& context, const rollout::Command& command, const TargetId& target);

} // namespace sluice::app::ctl
