// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace sluice::app::lab {

struct ShareProbe {
    int users{0};
    int canary{0}; ///< answered by a canary replica, as the replica itself says
    int stable{0};
    int failed{0};                 ///< no answer, or an answer of no replica
    std::map<int, int> failures{}; ///< of these by HTTP status; 0: no answer
    int disagreed{0};              ///< the proxy's X-Canary contradicts the replica
    std::map<std::string, int> versions{};
    Duration took{0};
    /// Canary share of the answered users, in 1/10'000.
    double weight() const { return users == failed ? 0.0 : 10'000.0 * canary / (users - failed); }
};

/// "; 4 not answered (503: 4)", or nothing; "no answer" where there is no status.
std::string failuresText(const ShareProbe& probe);

/// One request for each of `users` different users through the proxies; blocks until all are answered or
/// `timeout` has passed (the rest counts as failed). No metric and no user count of the replicas sees them.
ShareProbe probeShare(const std::vector<int>& proxyPorts, int users, Duration timeout);

/// Does the canary answer who asks each of the proxies for it? A proxy sends nobody there before its first check of a
/// replica has passed. Blocks as long as that takes, at most 5 s.
bool canaryAnswers(const std::vector<int>& proxyPorts);

} // namespace sluice::app::lab
