// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/base/sha256.h"
#include "core/journal/audit_chain.h"
#include "core/journal/read_budget.h"
#include "core/journal/sqlite_journal.h"

// What stands beside the events: one row per rollout, and its folded state.

namespace sluice::journal {

using ports::Append;
using ports::RolloutRow;
using ports::StateRow;

namespace {

RolloutRow rowOf(const Statement& row)
{
    RolloutRow rollout{.id = RolloutId(row.text(0)),
                       .target = TargetId(row.text(1)),
                       .fromVersion = row.text(2),
                       .toVersion = row.text(3),
                       .playbook = row.text(4),
                       .outcome = row.text(5),
                       .startedBy = PersonId(row.text(6)),
                       .startedAt = wallTime(row.integer(7)),
                       .lastVersion = row.integer(9)};
    if (!row.isNull(8)) rollout.endedAt = wallTime(row.integer(8));
    return rollout;
}

Result<std::vector<RolloutRow>> collect(Statement& statement, ReadBudget budget)
{
    std::vector<RolloutRow> rows;
    while (true) {
        const auto row = statement.step();
        if (!row) return row.error();
        if (!row.value()) return rows;
        rows.push_back(rowOf(statement));
        if (!budget.spend(sizeof(RolloutRow))) return rows;
    }
}

std::string stateDigest(const std::string& eventHash, int format, const std::string& body)
{
    return sha256Hex(fmt::format("sluice-state-1{}{} {}", eventHash, format, body));
}

} // namespace

Result<std::vector<RolloutRow>> SqliteJournal::rollouts(bool unfinishedOnly, int limit)
{
    auto statement = m_database->prepare(
        unfinishedOnly ? "SELECT * FROM rollout WHERE outcome = '' ORDER BY started_at DESC, rollout DESC LIMIT ?"
                       : "SELECT * FROM rollout ORDER BY started_at DESC, rollout DESC LIMIT ?");
    if (!statement) return statement.error();
    const ReadBudget budget(m_clock, limit);
    statement.value().bind(budget.rows());
    return collect(statement.value(), budget);
}

Result<std::vector<RolloutRow>> SqliteJournal::rolloutsAfter(const RolloutRow& row, int limit)
{
    auto statement = m_database->prepare("SELECT * FROM rollout WHERE (started_at, rollout) < (?, ?) "
                                         "ORDER BY started_at DESC, rollout DESC LIMIT ?");
    if (!statement) return statement.error();
    const ReadBudget budget(m_clock, limit);
    statement.value().bind(micros(row.startedAt)).bind(row.id.value).bind(budget.rows());
    return collect(statement.value(), budget);
}

Result<std::vector<RolloutRow>> SqliteJournal::rowsAfter(const RolloutId& rollout, int limit)
{
    auto statement = m_database->prepare("SELECT * FROM rollout WHERE rollout > ? ORDER BY rollout LIMIT ?");
    if (!statement) return statement.error();
    const ReadBudget budget(m_clock, limit);
    statement.value().bind(rollout.value).bind(budget.rows());
    return collect(statement.value(), budget);
}

Result<std::optional<RolloutRow>> SqliteJournal::rolloutRow(const RolloutId& rollout)
{
    auto statement = m_database->prepare("SELECT * FROM rollout WHERE rollout = ?");
    if (!statement) return statement.error();
    statement.value().bind(rollout.value);
    const auto row = statement.value().step();
    if (!row) return row.error();
    return row.value() ? std::optional(rowOf(statement.value())) : std::nullopt;
}

Result<Done> SqliteJournal::putRollout(const RolloutRow& row, int64_t epoch)
{
    if (row.id.empty() || row.target.empty())
        return Error{Fault::BadInput, "A rollout's row needs an id and a target."};
    return inTransaction([&]() -> Result<Done> {
        const auto fenced = isFenced(row.target, epoch);
        if (!fenced) return fenced.error();
        if (fenced.value()) {
            return Error{Fault::Refused, fmt::format("Fenced: {} is driven by another engine now.", row.target.value)};
        }
        return writeRow(row, epoch);
    });
}

Result<Done> SqliteJournal::keepRow(const Append& append)
{
    if (append.summary) return writeRow(*append.summary, append.epoch);
    if (append.afterVersion == 0) {
        return writeRow({.id = append.rollout, .target = append.target, .startedAt = append.events.front().at},
                        append.epoch);
    }
    const auto last = lastVersion(append.rollout);
    if (!last) return last.error();
    auto statement = m_database->prepare("UPDATE rollout SET last_version = ? WHERE rollout = ?");
    if (!statement) return statement.error();
    return statement.value().bind(last.value()).bind(append.rollout.value).run();
}

Result<Done> SqliteJournal::writeRow(const RolloutRow& row, int64_t epoch)
{
    const auto body = summaryBody(row);
    if (!body) return body.error();
    if (const auto free = targetIsFree(row); !free) return free;
    const auto last = lastVersion(row.id);
    if (!last) return last.error();
    auto statement = m_database->prepare("INSERT OR REPLACE INTO rollout VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement) return statement.error();
    statement.value()
        .bind(row.id.value)
        .bind(row.target.value)
        .bind(row.fromVersion)
        .bind(row.toVersion)
        .bind(row.playbook)
        .bind(row.outcome)
        .bind(row.startedBy.value)
        .bind(micros(row.startedAt));
    if (row.endedAt) {
        statement.value().bind(micros(*row.endedAt));
    } else {
        statement.value().bindNull();
    }
    if (const auto written = statement.value().bind(last.value()).run(); !written) return written;
    return insertOwn(kSummaryRecord, body.value(), epoch);
}

Result<Done> SqliteJournal::targetIsFree(const RolloutRow& row)
{
    if (!row.outcome.empty()) return Done{};
    auto statement =
        m_database->prepare("SELECT rollout FROM rollout WHERE target = ? AND outcome = '' AND rollout <> ?");
    if (!statement) return statement.error();
    statement.value().bind(row.target.value).bind(row.id.value);
    const auto other = statement.value().step();
    if (!other) return other.error();
    if (!other.value()) return Done{};
    return Error{Fault::Refused,
                 fmt::format("{} has an unfinished rollout already: {}.", row.target.value, statement.value().text(0))};
}

Result<int64_t> SqliteJournal::lastVersion(const RolloutId& rollout)
{
    auto statement = m_database->prepare("SELECT coalesce(max(ver), 0) FROM event WHERE rollout = ?");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(rollout.value).step();
    if (!row) return row.error();
    return statement.value().integer(0);
}

Result<Done> SqliteJournal::putState(const StateRow& row)
{
    if (row.body.size() > kBodyBytes) {
        return Error{Fault::BadInput,
                     fmt::format("A state of {} bytes is too large; the limit is {}.", row.body.size(), kBodyBytes)};
    }
    return inTransaction([&]() -> Result<Done> {
        auto event = m_database->prepare("SELECT gseq, hash FROM event WHERE rollout = ? AND ver = ?");
        if (!event) return event.error();
        const auto there = event.value().bind(row.rollout.value).bind(row.version).step();
        if (!there) return there.error();
        if (!there.value()) {
            return Error{Fault::BadInput,
                         fmt::format("{} has no version {} to keep a state of.", row.rollout.value, row.version)};
        }
        auto statement = m_database->prepare(
            "INSERT INTO state VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(rollout) DO UPDATE SET ver = excluded.ver, "
            "gseq = excluded.gseq, format = excluded.format, body = excluded.body, digest = excluded.digest "
            "WHERE excluded.ver >= ver");
        if (!statement) return statement.error();
        return statement.value()
            .bind(row.rollout.value)
            .bind(row.version)
            .bind(event.value().integer(0))
            .bind(row.format)
            .bind(row.body)
            .bind(stateDigest(event.value().text(1), row.format, row.body))
            .run();
    });
}

Result<std::optional<StateRow>> SqliteJournal::state(const RolloutId& rollout)
{
    auto statement =
        m_database->prepare("SELECT s.ver, s.gseq, s.format, s.body, s.digest, e.hash FROM state AS s JOIN event AS e "
                            "ON e.rollout = s.rollout AND e.ver = s.ver AND e.gseq = s.gseq WHERE s.rollout = ?");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(rollout.value).step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<StateRow>{};
    StateRow state{.rollout = rollout,
                   .version = statement.value().integer(0),
                   .gseq = statement.value().integer(1),
                   .format = static_cast<int>(statement.value().integer(2)),
                   .body = statement.value().text(3)};
    const bool fits = stateDigest(statement.value().text(5), state.format, state.body) == statement.value().text(4);
    return fits ? std::optional(std::move(state)) : std::nullopt;
}

} // namespace sluice::journal
