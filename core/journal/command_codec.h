// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/rollout/command.h"

namespace sluice::journal {

/// A request as it stands in the inbox: {"command": rollout::commandName, "fields": {…}, "schema": 1}, canonical.
std::string encodeCommand(const rollout::Command& command);

/// Strict as decodeEvent(); a text that cannot be read is Fault::BadInput: it came from somebody else.
Result<rollout::Command> decodeCommand(std::string_view text);

} // namespace sluice::journal
