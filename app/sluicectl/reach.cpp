// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/reach.h"

#include <map>

#include <fmt/format.h>

namespace sluice::app::ctl {

namespace {

constexpr Duration kReachLimit = std::chrono::seconds(2);

std::vector<EndpointCheck> wrongOf(const Connections& connections, const ports::Clock& clock, Deployers deployers)
{
    std::map<std::string, std::vector<std::string>> series;
    for (const auto& [name, source] : connections.sources)
        series[name] = {"up"}; // Prometheus writes it for each of its own targets
    auto checks = checkEndpoints(connections, series, clock, kReachLimit, deployers);
    std::erase_if(checks, [](const EndpointCheck& check) { return check.state != EndpointCheck::State::Wrong; });
    return checks;
}

} // namespace

std::vector<EndpointCheck> amiss(const Connections& connections, const ports::Clock& clock)
{
    return wrongOf(connections, clock, Deployers::Asked);
}

std::vector<EndpointCheck> amissFor(const Connections& connections, const TargetConfig& target,
                                    const ports::Clock& clock)
{
    Connections alone = connections;
    alone.targets = {target};
    alone.targets.front().health.clear(); // only a canary answers there
    std::erase_if(alone.sources, [&](const auto& source) { return source.first != target.metrics; });
    return wrongOf(alone, clock, Deployers::LeftOut);
}

std::vector<std::string> printAmiss(const std::vector<EndpointCheck>& checks)
{
    std::vector<std::string> lines;
    for (const EndpointCheck& check : checks) {
        lines.push_back(endpointText(check) + ": " + check.detail);
        fmt::print(stderr, "{}: {}\n", check.configuration ? "CONFIGURATION" : "OUT OF REACH", lines.back());
    }
    return lines;
}

} // namespace sluice::app::ctl
