// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/rollout/command.h"

namespace sluice::rollout {

/// The row of the move table that a command asks for; none for what is not an act on one rollout.
std::optional<Move> moveOf(const Command& command);

/// Why a text of the command may not stand in the journal (no UTF-8, too long), or nothing.
std::optional<Error> checkTexts(const Command& command);

} // namespace sluice::rollout
