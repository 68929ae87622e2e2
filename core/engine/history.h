// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/model/connections.h"
#include "core/ports/journal.h"

namespace sluice::engine {

/// One rollout as it was: folded state, log, events, and charts from the stored samples (`samples` may be null).
/// Blocks for the reads; at most 100,000 events.
Result<RolloutHistory> readHistory(ports::Journal& journal, ports::SampleStore* samples, const Connections& connections,
                                   const RolloutId& id);

/// What a line of a list says of a rollout. Reads all its events and decodes those that a line tells.
Result<RolloutSummary> readSummary(ports::Journal& journal, const RolloutId& id);
/// The same of decisions that are there.
RolloutSummary summaryOf(const std::vector<rollout::Decided>& decided);

} // namespace sluice::engine
