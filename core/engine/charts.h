// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/analysis/judge.h"
#include "core/engine/snapshot.h"
#include "core/ports/journal.h"

namespace sluice::engine {

/// The playbook's live charts from a judge's history.
std::vector<std::shared_ptr<const Chart>> liveCharts(const Playbook& playbook, const rollout::Rollout& state,
                                                     const analysis::Judge& judge);
/// The same from stored samples, between two instants.
std::vector<std::shared_ptr<const Chart>> storedCharts(const Playbook& playbook, const rollout::Rollout& state,
                                                       ports::SampleStore& samples, int64_t fromUs, int64_t toUs);
/// Name of a stored series.
std::string sampleSeries(const TargetId& target, const std::string& metric, Track track);

} // namespace sluice::engine
