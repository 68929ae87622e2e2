// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/composition/connection_check.h"
#include "core/model/connections.h"
#include "core/ports/clock.h"

namespace sluice::app::ctl {

/// What does not answer right now, or answers and is not configured as the file says. Asks everything of the file and
/// blocks until it has answered: at most 2 s, then 6 s for the health addresses, then 2 s for the configuration of the
/// proxies that answer.
std::vector<EndpointCheck> amiss(const Connections& connections, const ports::Clock& clock);
/// The same for the proxies and the metric source of one target alone, which neither runs a deployer nor asks a health
/// address: at most 2 s, and 2 s for the configuration.
std::vector<EndpointCheck> amissFor(const Connections& connections, const TargetConfig& target,
                                    const ports::Clock& clock);

/// A line each on stderr, "OUT OF REACH: router edge-1 (unix:/run/h.sock): no such file", or "CONFIGURATION: …" of a
/// proxy that answers. Returns the lines without these words.
std::vector<std::string> printAmiss(const std::vector<EndpointCheck>& checks);

} // namespace sluice::app::ctl
