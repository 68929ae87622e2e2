// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/engine/engine.h"
#include "tests/support/fake_engine.h"

namespace sluice::support {

/// recommend 11.1.9 → 11.2.0: approved at 10 %, taken back by its p95 trigger at 25 %.
engine::RolloutHistory sampleRollback();
/// A row as the journal keeps it; times of 21 November 2026 minus `daysAgo`.
ports::RolloutRow sampleRow(const std::string& target, const std::string& from, const std::string& to,
                            const std::string& outcome, int daysAgo, const std::string& by);
/// The rollouts of the sample fleet's journal, newest first; one of them can be opened.
void addSampleHistory(FakeEngine& engine);

} // namespace sluice::support
