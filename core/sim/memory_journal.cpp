// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/memory_journal.h"

#include <algorithm>

#include "core/base/sha256.h"

namespace sluice::sim {

namespace {

constexpr Duration kLease = std::chrono::seconds(15);
const Error kUnreachable{Fault::Unreachable, "The journal cannot be reached."};

} // namespace

std::string memoryHash(const ports::StoredEvent& stored)
{
    const std::string envelope = std::to_string(stored.gseq) + "|" + stored.rollout.value + "|" +
                                 std::to_string(stored.version) + "|" + std::to_string(stored.epoch) + "|" +
                                 stored.event.type + "|" + std::to_string(stored.event.schema) + "|" +
                                 stored.event.actor + "|" + std::to_string(micros(stored.event.at)) + "|" +
                                 stored.event.inboxId + "|" + stored.event.body;
    return sha256Hex("sluice-event-1" + stored.previousHash + envelope);
}

bool MemoryJournal::isFenced(const TargetId& target, int64_t epoch) const
{
    const auto lease = m_store->leases.find(target);
    return lease == m_store->leases.end() || lease->second.epoch != epoch || lease->second.holder != m_engine;
}

Result<ports::Appended> MemoryJournal::append(const ports::Append& append)
{
    if (m_store->unreachable || m_broken) return ports::Appended::Unknown;
    if (isFenced(append.target, append.epoch)) return ports::Appended::Fenced;
    const auto known = m_store->rollouts.find(append.rollout);
    const int64_t version = known == m_store->rollouts.end() ? 0 : known->second.lastVersion;
    if (version != append.afterVersion) return ports::Appended::Conflict;
    if (m_store->full && !append.safeDirection) {
        m_broken = true;
        return ports::Appended::Unknown;
    }
    if (m_store->lostAppends > 0) {
        --m_store->lostAppends;
        m_broken = true;
        return ports::Appended::Unknown;
    }
    int64_t next = version;
    for (const ports::NewEvent& event : append.events) {
        ports::StoredEvent stored{.gseq = static_cast<int64_t>(m_store->events.size()) + 1,
                                  .rollout = append.rollout,
                                  .version = ++next,
                                  .epoch = append.epoch,
                                  .event = event,
                                  .previousHash = m_store->events.empty() ? std::string() : m_store->events.back().hash,
                                  .hash = {}};
        stored.hash = memoryHash(stored);
        m_store->events.push_back(stored);
        const auto row = m_store->inbox.find(event.inboxId);
        if (row != m_store->inbox.end() && row->second.answer.empty()) row->second.answer = "accepted";
    }
    if (append.summary) m_store->rollouts[append.rollout] = *append.summary;
    m_store->rollouts[append.rollout].lastVersion = next;
    if (m_store->unknownAppends > 0) {
        --m_store->unknownAppends;
        m_broken = true;
        return ports::Appended::Unknown;
    }
    return ports::Appended::Stored;
}

Result<std::vector<ports::StoredEvent>> MemoryJournal::events(const RolloutId& rollout, int64_t afterVersion, int limit)
{
    if (m_store->unreachable) return kUnreachable;
    std::vector<ports::StoredEvent> found;
    for (const ports::StoredEvent& event : m_store->events)
        if (event.rollout == rollout && event.version > afterVersion && static_cast<int>(found.size()) < limit)
            found.push_back(event);
    return found;
}

Result<std::vector<ports::StoredEvent>> MemoryJournal::eventsSince(int64_t gseq, int limit)
{
    if (m_store->unreachable) return kUnreachable;
    std::vector<ports::StoredEvent> found;
    for (const ports::StoredEvent& event : m_store->events)
        if (event.gseq > gseq && static_cast<int>(found.size()) < limit) found.push_back(event);
    return found;
}

Result<std::vector<ports::RolloutRow>> MemoryJournal::rollouts(bool unfinishedOnly, int limit)
{
    if (m_store->unreachable) return kUnreachable;
    std::vector<ports::RolloutRow> found;
    for (auto row = m_store->rollouts.rbegin(); row != m_store->rollouts.rend(); ++row)
        if ((!unfinishedOnly || row->second.outcome.empty()) && static_cast<int>(found.size()) < limit)
            found.push_back(row->second);
    return found;
}

Result<std::vector<ports::RolloutRow>> MemoryJournal::rolloutsAfter(const ports::RolloutRow& row, int limit)
{
    if (m_store->unreachable) return kUnreachable;
    std::vector<ports::RolloutRow> found;
    auto next = std::make_reverse_iterator(m_store->rollouts.lower_bound(row.id));
    for (; next != m_store->rollouts.rend() && static_cast<int>(found.size()) < limit; ++next)
        found.push_back(next->second);
    return found;
}

Result<Done> MemoryJournal::putRollout(const ports::RolloutRow& row, int64_t)
{
    if (m_store->unreachable || m_broken) return kUnreachable;
    m_store->rollouts[row.id] = row;
    return Done{};
}

Result<ports::ChainVerdict> MemoryJournal::verify()
{
    if (m_store->unreachable) return kUnreachable;
    ports::ChainVerdict verdict;
    std::string previous;
    for (const ports::StoredEvent& event : m_store->events) {
        if (event.previousHash != previous || event.hash != memoryHash(event)) {
            verdict.intact = false;
            verdict.firstDamaged = event.gseq;
            verdict.what = "the hash does not fit";
            return verdict;
        }
        previous = event.hash;
        ++verdict.events;
    }
    verdict.head = previous;
    return verdict;
}

Result<Done> MemoryJournal::putState(const ports::StateRow& row)
{
    if (m_store->unreachable || m_store->full || m_broken) return kUnreachable;
    ports::StateRow& kept = m_store->states[row.rollout];
    if (row.version >= kept.version) kept = row;
    return Done{};
}

Result<std::optional<ports::StateRow>> MemoryJournal::state(const RolloutId& rollout)
{
    if (m_store->unreachable) return kUnreachable;
    const auto kept = m_store->states.find(rollout);
    return kept == m_store->states.end() ? std::nullopt : std::optional(kept->second);
}

Result<Done> MemoryJournal::reopen()
{
    if (m_store->unreachable) return kUnreachable;
    m_broken = false;
    return Done{};
}

Result<Done> MemoryJournal::freeSpaceOk() const
{
    if (m_store->full) return Error{Fault::Refused, "The disk is full."};
    return Done{};
}

Result<Done> MemoryJournal::announce(const std::string& engine, const PersonId&)
{
    m_engine = engine;
    return renew(engine);
}

Result<Done> MemoryJournal::renew(const std::string& engine)
{
    if (m_store->unreachable) return kUnreachable;
    m_lastRenewed = m_clock->now().boot;
    ++m_store->renewals[engine];
    return Done{};
}

bool MemoryJournal::silentHolder(const ports::LeaseRow& row)
{
    if (m_store->deadEngines.contains(row.holder)) return true;
    Seen& seen = m_seen[row.target];
    const int64_t renewNo = m_store->renewals[row.holder];
    const BootTime now = m_clock->now().boot;
    if (seen.epoch != row.epoch || seen.renewNo != renewNo) seen = {row.epoch, renewNo, now};
    return now - seen.since >= kLease;
}

Result<ports::LeaseRow> MemoryJournal::acquire(const TargetId& target, const std::string& engine,
                                               const PersonId& person, int64_t epochAbove, bool force,
                                               const std::string&)
{
    if (m_store->unreachable) return kUnreachable;
    ports::LeaseRow& row = m_store->leases[target];
    row.target = target;
    const bool free = row.holder.empty() || row.holder == engine;
    if (!free && !force && !silentHolder(row)) return Error{Fault::Refused, "Driven by " + row.holder + "."};
    row.epoch = std::max(row.epoch, epochAbove) + 1;
    row.holder = engine;
    row.person = person;
    row.renewedAt = m_clock->now().wall;
    return row;
}

Result<std::optional<ports::LeaseRow>> MemoryJournal::lease(const TargetId& target)
{
    if (m_store->unreachable) return kUnreachable;
    const auto found = m_store->leases.find(target);
    if (found == m_store->leases.end()) return std::optional<ports::LeaseRow>{};
    (void)silentHolder(found->second);
    return std::optional(found->second);
}

Result<Done> MemoryJournal::release(const TargetId& target, const std::string& engine)
{
    const auto found = m_store->leases.find(target);
    if (found != m_store->leases.end() && found->second.holder == engine) found->second.holder.clear();
    return Done{};
}

Result<Done> MemoryJournal::recordCleared(const ports::ClearedStop& stop, int64_t epoch)
{
    if (m_store->unreachable || m_broken) return kUnreachable;
    if (isFenced(stop.fired.target, epoch))
        return Error{Fault::Refused, "Another engine drives " + stop.fired.target.value + " now."};
    m_store->clearedStops.push_back(stop);
    return Done{};
}

Result<std::vector<ports::ClearedStop>> MemoryJournal::clearedStops(int limit)
{
    if (m_store->unreachable) return kUnreachable;
    std::vector<ports::ClearedStop> found(m_store->clearedStops.rbegin(), m_store->clearedStops.rend());
    if (found.size() > static_cast<size_t>(std::max(limit, 0))) found.resize(static_cast<size_t>(std::max(limit, 0)));
    return found;
}

Result<Done> MemoryJournal::ask(const ports::InboxRow& row)
{
    if (m_store->unreachable) return kUnreachable;
    if (m_store->inbox.emplace(row.id, row).second) m_store->inboxOrder.push_back(row.id);
    return Done{};
}

Result<std::vector<ports::InboxRow>> MemoryJournal::unanswered(int limit)
{
    if (m_store->unreachable) return kUnreachable;
    std::vector<ports::InboxRow> found;
    for (const std::string& id : m_store->inboxOrder)
        if (m_store->inbox[id].answer.empty() && static_cast<int>(found.size()) < limit)
            found.push_back(m_store->inbox[id]);
    return found;
}

Result<Done> MemoryJournal::answer(const std::string& id, const std::string& answer)
{
    if (m_store->unreachable) return kUnreachable;
    ports::InboxRow& row = m_store->inbox[id];
    const bool adds = row.answer == "accepted" && answer.starts_with("accepted");
    if (!row.answer.empty() && !adds) return Error{Fault::Refused, "That request is answered already."};
    row.answer = answer;
    return Done{};
}

Result<std::optional<ports::InboxRow>> MemoryJournal::inboxRow(const std::string& id)
{
    if (m_store->unreachable) return kUnreachable;
    const auto found = m_store->inbox.find(id);
    return found == m_store->inbox.end() ? std::optional<ports::InboxRow>{} : std::optional(found->second);
}

} // namespace sluice::sim
