// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/model/connections.h"
#include "core/ports/clock.h"

namespace sluice::adapters {

/// Whether a proxy has what its line of the connections file names: the pair of maps with an entry for the service
/// (map split), the canary's servers, and the stable backend (weights: with servers). Only asks, over a connection of
/// its own, and blocks at most `limit`; any thread.
///
/// Fault::Refused says what is missing and what the proxy has instead; Unreachable or BadInput when it cannot be asked.
Outcome checkProxySetup(const RouterConfig& config, const ports::Clock& clock, Duration limit);

} // namespace sluice::adapters
