// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ports/clock.h"
#include "core/ports/journal.h"

namespace sluice::sim {

/// What lies on the simulated disk: survives every engine, as a file does.
struct MemoryStore {
    std::vector<ports::StoredEvent> events{};
    std::map<RolloutId, ports::RolloutRow> rollouts{};
    std::map<RolloutId, ports::StateRow> states{};
    std::map<TargetId, ports::LeaseRow> leases{};
    std::map<std::string, int64_t> renewals{}; ///< engine -> renew number
    std::set<std::string> deadEngines{};       ///< their lock file is free
    std::map<std::string, ports::InboxRow> inbox{};
    std::vector<std::string> inboxOrder{};
    std::vector<ports::ClearedStop> clearedStops{};
    bool full{false};        ///< the disk: nothing is stored but towards the safe state
    int unknownAppends{0};   ///< so many coming appends are stored, but the answer is lost
    int lostAppends{0};      ///< so many coming appends are not stored, and the answer is lost
    bool unreachable{false}; ///< reads and writes fail
};

/// ports::Journal over a MemoryStore, with the same rules as the file: fence, versions, chain, lease, inbox.
class MemoryJournal final : public ports::Journal {
public:
    MemoryJournal(MemoryStore& store, const ports::Clock& clock)
        : m_store(&store)
        , m_clock(&clock)
    {
    }

    Result<ports::Appended> append(const ports::Append& append) override;
    Result<std::vector<ports::StoredEvent>> events(const RolloutId& rollout, int64_t afterVersion, int limit) override;
    Result<std::vector<ports::StoredEvent>> eventsSince(int64_t gseq, int limit) override;
    Result<std::vector<ports::RolloutRow>> rollouts(bool unfinishedOnly, int limit) override;
    Result<std::vector<ports::RolloutRow>> rolloutsAfter(const ports::RolloutRow& row, int limit) override;
    Result<Done> putRollout(const ports::RolloutRow& row, int64_t epoch) override;
    Result<Done> recordCleared(const ports::ClearedStop& stop, int64_t epoch) override;
    Result<std::vector<ports::ClearedStop>> clearedStops(int limit) override;
    Result<ports::ChainVerdict> verify() override;
    Result<Done> putState(const ports::StateRow& row) override;
    Result<std::optional<ports::StateRow>> state(const RolloutId& rollout) override;
    Result<Done> reopen() override;
    Result<Done> freeSpaceOk() const override;

    Result<Done> announce(const std::string& engine, const PersonId& person) override;
    Result<Done> renew(const std::string& engine) override;
    std::optional<BootTime> lastRenewed() const override { return m_lastRenewed; }
    Result<ports::LeaseRow> acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                    int64_t epochAbove, bool force, const std::string& reason) override;
    Result<std::optional<ports::LeaseRow>> lease(const TargetId& target) override;
    Result<Done> release(const TargetId& target, const std::string& engine) override;

    Result<Done> ask(const ports::InboxRow& row) override;
    Result<std::vector<ports::InboxRow>> unanswered(int limit) override;
    Result<Done> answer(const std::string& id, const std::string& answer) override;
    Result<std::optional<ports::InboxRow>> inboxRow(const std::string& id) override;

private:
    struct Seen {
        int64_t epoch{0};
        int64_t renewNo{0};
        BootTime since{};
    };
    bool isFenced(const TargetId& target, int64_t epoch) const;
    bool silentHolder(const ports::LeaseRow& row);

    MemoryStore* m_store;
    const ports::Clock* m_clock;
    std::string m_engine{};
    bool m_broken{false}; ///< after Unknown nothing is written until reopen()
    std::optional<BootTime> m_lastRenewed{};
    std::map<TargetId, Seen> m_seen{};
};

/// The hash that a stored event must have.
std::string memoryHash(const ports::StoredEvent& stored);

} // namespace sluice::sim
