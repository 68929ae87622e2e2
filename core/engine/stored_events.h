// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/model/playbook.h"
#include "core/ports/journal.h"
#include "core/rollout/event.h"

namespace sluice::engine {

/// A decision as the journal stores it, and back.
ports::NewEvent toStored(const rollout::Decided& decided);
Result<rollout::Decided> fromStored(const ports::NewEvent& stored);

/// Every decision of a rollout, oldest first. Blocks for the reads.
Result<std::vector<rollout::Decided>> readDecided(ports::Journal& journal, const RolloutId& id);

/// The playbook that the rollout's first event carries.
Result<std::shared_ptr<const Playbook>> pinnedPlaybook(const rollout::RolloutStarted& started);

} // namespace sluice::engine
