// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "app/sluice-lab/fault.h"
#include "app/sluice-lab/layout.h"
#include "core/base/time.h"

namespace sluice::app::lab {

/// What one replica tells Prometheus. Any thread may call.
class ServiceMetrics {
public:
    ServiceMetrics(Track track, const std::string& version);
    ~ServiceMetrics();

    void requestBegins();
    void requestEnds(bool error, Duration took);
    void payment(bool fails);
    /// A user was here; `now` is a monotonic time. Counts as active for kActiveFor.
    void userSeen(uint64_t hash, Duration now);
    int inFlight() const;

    /// The exposition text. CPU and memory are measured here, or what the fault says.
    std::string text(const InjectedFault& fault, Duration now);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace sluice::app::lab
