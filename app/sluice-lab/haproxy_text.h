// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/sluice-lab/layout.h"

namespace sluice::app::lab {

struct ProxyPlan {
    int number{1}; ///< "edge-N"
    int port{0};
    int metricsPort{0};
    int proxies{1}; ///< how many share the replicas
};

inline std::string proxyName(int number)
{
    return "edge-" + std::to_string(number);
}

/// Ports of the slots: index 0 is s1 or c1.
struct BackendPlan {
    std::vector<int> stable{};
    std::vector<int> canary{};
};

/// HAProxy 2.6 configuration of one proxy. As it stands (and so after every reload) it sends everything to stable.
/// The split itself lies in four maps that are changed at run time; README.md says how.
std::string haproxyText(const Layout& layout, const ProxyPlan& proxy, const BackendPlan& backends);

/// Name and content of the map files in the safe state.
std::vector<std::pair<std::string, std::string>> safeMaps();

} // namespace sluice::app::lab
