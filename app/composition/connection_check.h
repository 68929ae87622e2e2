// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/connections.h"
#include "core/ports/clock.h"

namespace sluice::app {

/// One endpoint of a connections file, asked once.
struct EndpointCheck {
    enum class State {
        Good,
        Idle, ///< nothing is wrong, and there is nothing to see yet (no canary runs)
        Wrong,
    };
    std::string kind{}; ///< "router", "metrics", "deployer", "health"
    std::string name{};
    std::string address{}; ///< as the connections file has it
    State state{State::Wrong};
    std::string detail{};      ///< what was seen, or what is wrong
    bool configuration{false}; ///< it answers, but is not configured as Sluice needs it
};

/// "router edge-1 (unix:/run/haproxy/edge-1.sock)"
std::string endpointText(const EndpointCheck& check);

/// Whether the deployers are asked as well: that runs a program of somebody else.
enum class Deployers { Asked, LeftOut };

/// Asks every router, metric source, deployer and health address of the file; changes nothing. `series`: what the
/// playbooks read from each source. Blocks until all have answered, at most `limit`, then 6 s for the health addresses
/// (if there are any), and then 2 s for the configuration of the proxies that answer, all at once.
std::vector<EndpointCheck> checkEndpoints(const Connections& connections,
                                          const std::map<std::string, std::vector<std::string>>& series,
                                          const ports::Clock& clock, Duration limit,
                                          Deployers deployers = Deployers::Asked);

} // namespace sluice::app
