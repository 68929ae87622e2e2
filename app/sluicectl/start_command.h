// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sluicectl/commands.h"

namespace sluice::app::ctl {

void addStartCommand(Registry& registry);

/// The plan as it would run, for people.
void printPlan(const Playbook& playbook);

} // namespace sluice::app::ctl
