// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/analysis/series.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/model/playbook.h"
#include "core/rollout/input.h"

// Ports never call back into the engine: they are told what is wanted (which returns at once) and post what they
// saw. The engine drains the messages on its own thread; the simulated world posts them at virtual times.

namespace sluice::ports {

/// Answer to MetricSource::poll or ::backfill.
struct MetricAnswer {
    std::string source{};
    bool backfill{false};
    Result<analysis::RawBatch> batch{Error{Fault::Unknown, "not asked"}};
    Duration took{0};
};

/// A proxy was written to, read back, or could not be reached.
struct ProxyAnswer {
    TargetId target{};
    rollout::ProxyFact fact{};
    BootTime at{};
};

struct WorkloadAnswer {
    TargetId target{};
    Track track{Track::Canary};
    rollout::WorkloadFact fact{};
};

struct HealthAnswer {
    TargetId target{};
    bool ok{false};
    std::string version{};
    std::string problem{};
};

using PortMessage = std::variant<MetricAnswer, ProxyAnswer, WorkloadAnswer, HealthAnswer>;

/// Any thread; must not block and must not call a port. False = the engine's queue is full (message dropped; every
/// message is level-triggered and will come again).
using Sink = std::function<bool(PortMessage)>;

} // namespace sluice::ports
