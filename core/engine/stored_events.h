// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/playbook.h"
#include "core/ports/journal.h"
#include "core/rollout/event.h"

namespace sluice::engine {

/// A decision as the journal stores it, and back.
ports::NewEvent toStored(const rollout::Decided& decided);
Result<rollout::Decided> fromStored(const ports::NewEvent& stored);

/// The same for many events one after another: an actor who decided the event before, too, is not read again.
class EventReader {
public:
    Result<rollout::Decided> read(const ports::NewEvent& stored);

private:
    std::optional<std::string> m_actorText{};
    rollout::Actor m_actor{};
};

/// What a driver needs to go on with a rollout.
struct Past {
    rollout::RolloutStarted started{};
    std::string baseline{};                      ///< as it was recorded before the exposure; empty = not yet
    rollout::Rollout state{};                    ///< kept by the journal, or empty: `since` then begins with the start
    std::vector<rollout::Decided> shownBefore{}; ///< the last decisions that are in `state`, for the log
    std::vector<rollout::Decided> since{};       ///< what is to be folded into `state`, oldest first
};
/// Blocks for the reads; from a kept state it reads the first page and what came after it, else everything.
/// Internal when the rollout does not begin with its start.
Result<Past> readPast(ports::Journal& journal, const RolloutId& id, const TargetId& target);

/// The playbook that the rollout's first event carries.
Result<std::shared_ptr<const Playbook>> pinnedPlaybook(const rollout::RolloutStarted& started);

} // namespace sluice::engine
