// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/snapshot.h"
#include "core/ports/journal.h"
#include "core/rollout/command.h"
#include "core/rollout/event.h"

namespace sluice::engine {

/// What came of a command: accepted (with a short text, e.g. the new rollout's id) or an Error whose detail is one
/// sentence for people and names the legal moves.
using Reply = std::function<void(Result<std::string>)>;

/// Unsubscribes when dropped.
class Subscription {
public:
    virtual ~Subscription() = default;
};

/// One past rollout with everything that was decided, for History. Charts are read from samples.db.
struct RolloutHistory {
    RolloutView view{};
    std::vector<ports::StoredEvent> events{};
    std::vector<rollout::Decided> decided{}; ///< what `events` say, one for one
};

/// How a past rollout ended and who agreed to it, for a line of a list.
struct RolloutSummary {
    std::optional<rollout::RollbackProgress> rollback{}; ///< as it was decided
    Weight share{};                                      ///< asked for last, before a rollback
    std::string cancelledBecause{};
    PersonId cancelledBy{};             ///< empty: it was not cancelled
    std::vector<PersonId> approvedBy{}; ///< each once, in the order of their first yes
};

/// All that screens and programs see of the engine. Thread-safe.
class Engine {
public:
    virtual ~Engine() = default;

    /// Returns at once; `reply` is called once, from a thread of the engine. A full queue replies Refused at once.
    virtual void submit(rollout::Command command, rollout::Actor actor, Reply reply) = 0;

    /// The newest picture; never null after construction.
    virtual std::shared_ptr<const Snapshot> latest() const = 0;

    /// Called from the engine thread for every new picture; must return at once.
    virtual std::unique_ptr<Subscription> subscribe(std::function<void(std::shared_ptr<const Snapshot>)> callback) = 0;

    // Blocking reads on the caller's thread with its own database connection; never call from a GUI thread.
    /// Newest first, at most 1,000 a call; `after` = the last row of the page before. An empty page is the end.
    virtual Result<std::vector<ports::RolloutRow>> history(int limit,
                                                           const std::optional<ports::RolloutRow>& after) const = 0;
    virtual Result<RolloutHistory> rolloutHistory(const RolloutId& id) const = 0;
    /// In the order of `ids`, which are at most some hundred; what cannot be read is empty.
    virtual Result<std::vector<RolloutSummary>> rolloutSummaries(const std::vector<RolloutId>& ids) const = 0;
    virtual Result<ports::ChainVerdict> verifyJournal() const = 0;
};

} // namespace sluice::engine
