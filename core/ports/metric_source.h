// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/ports/port_message.h"

namespace sluice::ports {

/// Reads raw counters. Called from the engine thread, returns at once; the answer is posted to the sink given at
/// construction. At most one request is under way: a poll that comes too early is dropped (the next one is due).
class MetricSource {
public:
    virtual ~MetricSource() = default;
    virtual const std::string& name() const = 0;
    /// One range-selector query over all names: the last three scrape intervals.
    virtual void poll(const std::vector<std::string>& names) = 0;
    /// After a start or a silence: the same series over the last `range`, one answer with `backfill` set.
    virtual void backfill(const std::vector<std::string>& names, Duration range) = 0;
    /// Requests sent so far (the bench counts them).
    virtual int64_t requests() const = 0;
};

} // namespace sluice::ports
