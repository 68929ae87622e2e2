// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/model/connections.h"
#include "core/ports/clock.h"
#include "core/ports/metric_source.h"
#include "core/ports/port_message.h"
#include "core/ports/traffic_router.h"
#include "core/ports/workload_controller.h"

namespace sluice::app {

/// The adapters that a connections file names. They post into the sink until they are gone, so they end before
/// whatever the sink writes to. Nothing is asked or ordered yet.
struct RealPorts {
    std::unique_ptr<ports::TrafficRouter> router{};
    std::map<std::string, std::unique_ptr<ports::MetricSource>> sources{};
    std::map<std::string, std::unique_ptr<ports::WorkloadController>> deployers{};
    std::unique_ptr<ports::HealthProbe> health{};
};

RealPorts makeRealPorts(const Connections& connections, const ports::Sink& sink, const ports::Clock& clock);

} // namespace sluice::app
