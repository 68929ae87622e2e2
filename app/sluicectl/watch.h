// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/sluicectl/context.h"

namespace sluice::app::ctl {

/// Prints log lines and what it waits for until the rollout ends: 0 stable (or cancelled), 1 rolled back.
int watchRollout(Context& context, const std::string& rollout);
/// Prints warnings, fired triggers and lost data for a while: 0 healthy, 1 something fired or it was rolled back.
int monitorRollout(const Globals& globals, const std::string& rollout, const std::string& period);

/// "90s", "10m", "2h".
Result<Duration> parsePeriod(const std::string& text);

} // namespace sluice::app::ctl
