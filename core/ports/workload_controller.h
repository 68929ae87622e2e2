// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/ports/port_message.h"

namespace sluice::ports {

struct WorkloadOrder {
    TargetId target{};
    Track track{Track::Canary};
    std::string version{};
    int instances{0}; ///< 0 = stop them; -1 = leave the count as it is, change only the version
    friend bool operator==(const WorkloadOrder&, const WorkloadOrder&) = default;
};

/// Starts and stops instances of a version. Called from the engine thread, returns at once; facts are posted after
/// each change and at least every two seconds while an order stands. Absolute and repeatable.
class WorkloadController {
public:
    virtual ~WorkloadController() = default;
    virtual void order(const WorkloadOrder& order) = 0;
    /// Post the facts of both tracks, change nothing.
    virtual void observe(const TargetId& target) = 0;
};

/// Asks the canary itself. Called from the engine thread, returns at once, posts a HealthAnswer.
class HealthProbe {
public:
    virtual ~HealthProbe() = default;
    virtual void probe(const TargetId& target, const std::string& url, const std::string& expectedVersion) = 0;
};

} // namespace sluice::ports
