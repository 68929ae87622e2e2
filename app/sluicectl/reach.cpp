// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/reach.h"

#include <map>

#include "app/composition/connection_check.h"

namespace sluice::app::ctl {

namespace {
constexpr Duration kReachLimit = std::chrono::seconds(2);
} // namespace

std::vector<std::string> outOfReach(const Connections& connections, const ports::Clock& clock)
{
    std::map<std::string, std::vector<std::string>> series;
    for (const auto& [name, source] : connections.sources)
        series[name] = {"up"}; // Prometheus writes it for each of its own targets
    std::vector<std::string> lines;
    for (const EndpointCheck& check : checkEndpoints(connections, series, clock, kReachLimit))
        if (check.state == EndpointCheck::State::Wrong) lines.push_back(endpointText(check) + ": " + check.detail);
    return lines;
}

std::vector<std::string> outOfReach(const Connections& connections, const TargetConfig& target,
                                    const ports::Clock& clock)
{
    Connections alone = connections;
    alone.targets = {target};
    alone.targets.front().health.clear(); // only a canary answers there
    std::erase_if(alone.sources, [&](const auto& source) { return source.first != target.metrics; });
    std::vector<std::string> lines = outOfReach(alone, clock);
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("deployer "); });
    return lines;
}

} // namespace sluice::app::ctl
