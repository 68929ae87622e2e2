// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/base/time.h"

// What every ladder of a seed promises of its stages; with Qt Test's checks, for a test function to call.

namespace sluice::seeds {

/// The canary has `percent` of the users in `stage` (from 0) and bakes there for `hold`: not a second less.
void itIsLeftAfterItsHoldAndNotBefore(const std::string& playbook, int stage, int64_t percent, Duration hold);

/// Fails in the last minute of a stage: it goes back from there, all the way.
void aFaultInItsLastMinuteEndsIt(const std::string& playbook, int stage, Duration hold);

} // namespace sluice::seeds
