// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sluicectl/commands.h"

namespace sluice::app::ctl {

void addStartCommand(Registry& registry);

/// Text of a playbook: a built-in's name or a file. BadInput when there is neither.
Result<std::string> playbookText(const std::string& nameOrFile);
/// The plan as it would run, for people.
void printPlan(const Playbook& playbook);

} // namespace sluice::app::ctl
