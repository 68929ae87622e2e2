// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/journal/audit_chain.h"
#include "core/journal/sqlite_journal.h"

// One engine per target: announce, renew, acquire, lose.

namespace sluice::journal {

using ports::LeaseRow;

Result<Done> SqliteJournal::announce(const std::string& engine, const PersonId& person)
{
    if (engine.empty()) return Error{Fault::BadInput, "An engine needs a name."};
    if (const auto allowed = mayWrite(); !allowed) return allowed;
    if (!m_lock || engine != m_engine) {
        auto lock = EngineLock::hold(m_folder, engine);
        if (!lock) return lock.error();
        m_lock = std::move(lock).value();
        m_engine = engine;
    }
    const Now now = m_clock.now();
    const auto announced = inTransaction([&]() -> Result<Done> {
        auto statement = m_database->prepare(
            "INSERT INTO engine VALUES (?, ?, 1, ?) ON CONFLICT(engine) DO UPDATE SET person = excluded.person, "
            "renew_no = renew_no + 1, renewed_at = excluded.renewed_at");
        if (!statement) return statement.error();
        return statement.value().bind(engine).bind(person.value).bind(micros(now.wall)).run();
    });
    if (!announced) return announced;
    m_lastRenewed = now.boot;
    tidyDeadEngines();
    return Done{};
}

Result<Done> SqliteJournal::renew(const std::string& engine)
{
    if (engine != m_engine || !m_lock) {
        return Error{Fault::Refused, fmt::format("{} has not announced itself here.", engine)};
    }
    const Now now = m_clock.now(); // before it is sent: the deadline counts from here
    const auto renewed = inTransaction([&]() -> Result<Done> {
        auto statement =
            m_database->prepare("UPDATE engine SET renew_no = renew_no + 1, renewed_at = ? WHERE engine = ?");
        if (!statement) return statement.error();
        if (const auto ran = statement.value().bind(micros(now.wall)).bind(engine).run(); !ran) return ran;
        if (m_database->changes() == 1) return Done{};
        return Error{Fault::Refused, fmt::format("The row of engine {} is gone; announce it again.", engine)};
    });
    if (renewed) m_lastRenewed = now.boot;
    return renewed;
}

Result<std::optional<LeaseRow>> SqliteJournal::readLease(const TargetId& target)
{
    auto statement = m_database->prepare(
        "SELECT l.epoch, l.holder, l.person, coalesce(e.renew_no, 0), coalesce(e.renewed_at, l.granted_at) "
        "FROM lease AS l LEFT JOIN engine AS e ON e.engine = l.holder WHERE l.target = ?");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(target.value).step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<LeaseRow>{};
    return std::optional(LeaseRow{.target = target,
                                  .epoch = statement.value().integer(0),
                                  .holder = statement.value().text(1),
                                  .person = PersonId(statement.value().text(2)),
                                  .renewNo = statement.value().integer(3),
                                  .renewedAt = wallTime(statement.value().integer(4))});
}

Result<std::optional<LeaseRow>> SqliteJournal::lease(const TargetId& target)
{
    auto row = readLease(target);
    if (!row || !row.value()) return row;
    LeaseRow& lease = *row.value();
    lease.holderProvenDead = !lease.holder.empty() && EngineLock::provenDead(m_folder, lease.holder);
    unchangedFor(lease);
    return row;
}

Duration SqliteJournal::unchangedFor(const LeaseRow& lease)
{
    const BootTime now = m_clock.now().boot;
    Watch& watch = m_watched[lease.target];
    const bool same = watch.epoch == lease.epoch && watch.renewNo == lease.renewNo && watch.holder == lease.holder;
    if (!same || now - watch.seen > kWatchGap) {
        watch = {.epoch = lease.epoch, .renewNo = lease.renewNo, .holder = lease.holder, .since = now};
    }
    watch.seen = now;
    return now - watch.since;
}

bool SqliteJournal::mayTake(const LeaseRow& lease, const std::string& engine)
{
    if (lease.holder.empty() || lease.holder == engine) return true;
    const Duration silent = unchangedFor(lease);
    return EngineLock::provenDead(m_folder, lease.holder) || silent >= kLeaseTime;
}

Error SqliteJournal::heldBy(const LeaseRow& lease) const
{
    const int64_t ago = std::max<int64_t>(0, micros(m_clock.now().wall - lease.renewedAt) / 1'000'000);
    return {Fault::Refused, fmt::format("{} is driven by {} ({}), last heard of {} s ago.", lease.target.value,
                                        lease.holder, lease.person.value, ago)};
}

Result<LeaseRow> SqliteJournal::acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                        int64_t epochAbove, bool force, const std::string& reason)
{
    if (engine != m_engine || !m_lock) {
        return Error{Fault::Refused, fmt::format("{} has not announced itself here.", engine)};
    }
    if (force && reason.empty()) return Error{Fault::BadInput, "Taking a lease by force needs a reason."};
    std::optional<LeaseRow> granted;
    const auto taken = inTransaction([&]() -> Result<Done> {
        const auto old = readLease(target);
        if (!old) return old.error();
        const bool free = !old.value() || mayTake(*old.value(), engine);
        if (!free && !force) return heldBy(*old.value());
        const int64_t above = std::max(epochAbove, old.value() ? old.value()->epoch : 0);
        auto lease = grant({.target = target, .epoch = above + 1, .holder = engine, .person = person}, !free, reason);
        if (!lease) return lease.error();
        granted = std::move(lease).value();
        return Done{};
    });
    if (!taken) return taken.error();
    m_watched.erase(target);
    return *granted;
}

Result<LeaseRow> SqliteJournal::grant(LeaseRow lease, bool forced, const std::string& reason)
{
    const WallTime now = m_clock.now().wall;
    auto statement = m_database->prepare("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?)");
    if (!statement) return statement.error();
    const auto written = statement.value()
                             .bind(lease.target.value)
                             .bind(lease.epoch)
                             .bind(lease.holder)
                             .bind(lease.person.value)
                             .bind(micros(now))
                             .bind(reason)
                             .run();
    if (!written) return written.error();
    const auto body = leaseBody(lease, forced, reason);
    if (!body) return body.error();
    if (const auto chained = insertOwn(kLeaseRecord, body.value(), lease.epoch); !chained) return chained.error();
    const auto stored = readLease(lease.target);
    if (!stored) return stored.error();
    return *stored.value();
}

Result<Done> SqliteJournal::release(const TargetId& target, const std::string& engine)
{
    return inTransaction([&]() -> Result<Done> {
        auto statement = m_database->prepare("UPDATE lease SET holder = '' WHERE target = ? AND holder = ?");
        if (!statement) return statement.error();
        return statement.value().bind(target.value).bind(engine).run();
    });
}

void SqliteJournal::tidyDeadEngines()
{
    constexpr int kAtOnce = 100;
    // Best effort: what stays is looked at again by the next engine that starts.
    const auto tidied = inTransaction([&]() -> Result<Done> {
        auto statement = m_database->prepare(
            "SELECT engine FROM engine WHERE engine NOT IN (SELECT holder FROM lease) ORDER BY renewed_at LIMIT ?");
        if (!statement) return statement.error();
        statement.value().bind(kAtOnce);
        std::vector<std::string> dead;
        while (true) {
            const auto row = statement.value().step();
            if (!row) return row.error();
            if (!row.value()) break;
            if (EngineLock::provenDead(m_folder, statement.value().text(0))) dead.push_back(statement.value().text(0));
        }
        for (const auto& engine : dead) {
            auto gone = m_database->prepare("DELETE FROM engine WHERE engine = ?");
            if (!gone) return gone.error();
            if (const auto ran = gone.value().bind(engine).run(); !ran) return ran;
            EngineLock::tidy(m_folder, engine);
        }
        return Done{};
    });
    static_cast<void>(tidied);
}

} // namespace sluice::journal
