// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/rollout/rollout.h"

namespace sluice::journal {

/// Schema of encodeRollout(); a snapshot of another one is thrown away and folded anew.
inline constexpr int kRolloutSchema = 1;

/// The folded state of a rollout as canonical JSON, for state snapshots and for observers. Equal states give equal
/// bytes, so it also serves the comparison of live and replayed state (S5).
std::string encodeRollout(const rollout::Rollout& state);
/// Strict as decodeEvent().
Result<rollout::Rollout> decodeRollout(std::string_view text);

} // namespace sluice::journal
