// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "core/rollout/event.h"
#include "core/sim/memory_journal.h"

namespace sluice::simulation {

/// One stored event, with the state before and after it as folded here and not by the engine.
struct Step {
    const ports::StoredEvent& stored;
    const rollout::Decided& decided;
    const rollout::Rollout& before;
    const rollout::Rollout& after;
};

/// fold(J): what the journal says, read independently of every engine.
class Record {
public:
    using Seen = std::function<void(const Step&)>;
    Record(const sim::MemoryStore& store, Seen seen)
        : m_store(&store)
        , m_seen(std::move(seen))
    {
    }

    /// Folds what was stored since the last call.
    void sync();
    const std::map<RolloutId, rollout::Rollout>& rollouts() const { return m_rollouts; }
    const rollout::Rollout* rollout(const RolloutId& id) const;
    /// The last one started on a target, or null.
    const rollout::Rollout* newestOn(const TargetId& target) const;
    /// The last stored events as text, for a failure.
    std::string lastEvents() const;
    size_t events() const { return m_read; }

private:
    const sim::MemoryStore* m_store;
    Seen m_seen;
    size_t m_read{0};
    std::map<RolloutId, rollout::Rollout> m_rollouts{};
    std::map<TargetId, RolloutId> m_newest{};
    std::deque<std::string> m_lines{};
};

} // namespace sluice::simulation
