// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/real_ports.h"

#include <vector>

#include "core/adapters/command_deployer.h"
#include "core/adapters/haproxy_router.h"
#include "core/adapters/health_probe.h"
#include "core/adapters/lab_deployer.h"
#include "core/adapters/prometheus_source.h"
#include "core/base/check.h"

namespace sluice::app {

namespace {

std::vector<adapters::RouterBinding> bindings(const Connections& connections)
{
    std::vector<adapters::RouterBinding> all;
    for (const TargetConfig& target : connections.targets)
        for (const std::string& name : target.routers)
            all.push_back({target.id, name, connections.routers.at(name)});
    return all;
}

std::unique_ptr<ports::WorkloadController> makeDeployer(const DeployerConfig& config, const ports::Sink& sink,
                                                        const ports::Clock& clock)
{
    switch (config.kind) {
    case DeployerConfig::Kind::Lab: return adapters::makeLabDeployer(config.socket, sink, clock);
    case DeployerConfig::Kind::Command: return adapters::makeCommandDeployer(config, sink, clock);
    case DeployerConfig::Kind::None: break;
    }
    SLUICE_CHECK(!"a connections file names a kind for every deployer");
    return nullptr;
}

} // namespace

RealPorts makeRealPorts(const Connections& connections, const ports::Sink& sink, const ports::Clock& clock)
{
    RealPorts made;
    made.router = std::make_unique<adapters::HaproxyRouter>(bindings(connections), sink, clock);
    for (const auto& [name, config] : connections.sources)
        made.sources[name] = std::make_unique<adapters::PrometheusSource>(name, config, sink, clock);
    for (const auto& [name, config] : connections.deployers)
        made.deployers[name] = makeDeployer(config, sink, clock);
    made.health = std::make_unique<adapters::HttpHealthProbe>(sink);
    return made;
}

} // namespace sluice::app
