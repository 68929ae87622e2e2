// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>

namespace sluice::app::lab {

/// Who is scraped: name of the slot or proxy, and its port.
struct ScrapePlan {
    std::map<std::string, int> services{};
    std::map<std::string, int> proxies{};
};

/// Prometheus configuration: everything every second. Slots that do not run are simply down.
std::string prometheusText(const ScrapePlan& plan);

/// Slots of which Prometheus really has a sample now; empty while it does not answer. Blocks at most half a second.
std::set<std::string> sampledSlots(int port);

} // namespace sluice::app::lab
