// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/connections.h"
#include "core/ports/clock.h"

namespace sluice::app::ctl {

/// What does not answer right now, a line each: "router edge-1 (unix:/run/h.sock): no such file". Asks everything of
/// the file and waits for it, at most 2 s and then some for the health addresses.
std::vector<std::string> outOfReach(const Connections& connections, const ports::Clock& clock);
/// The same for the proxies and the metric source of one target alone.
std::vector<std::string> outOfReach(const Connections& connections, const TargetConfig& target,
                                    const ports::Clock& clock);

} // namespace sluice::app::ctl
