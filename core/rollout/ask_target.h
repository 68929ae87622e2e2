// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/rollout/command.h"

namespace sluice::rollout {

/// The rollout a command is about; empty for StartRollout, EmergencyStop and ClearStop.
RolloutId rolloutOf(const Command& command);
/// Name on the wire and in messages, e.g. "step-back".
std::string_view commandName(const Command& command);

} // namespace sluice::rollout
