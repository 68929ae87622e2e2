// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <sys/stat.h>

#include "core/journal/audit_chain.h"
#include "core/journal/file_tools.h"
#include "core/journal/read_budget.h"
#include "core/journal/schema.h"
#include "core/journal/sqlite_journal.h"

// Reading events, and checking all of them.

namespace sluice::journal {

using ports::ChainVerdict;
using ports::StoredEvent;

namespace {

/// The index says only where; what is there comes from the row, so that a damaged index cannot mix two events.
constexpr std::string_view kOfRollout =
    "SELECT e.gseq, e.rollout, e.ver, e.epoch, e.type, e.schema, e.body, e.actor, e.at, e.inbox, e.prev_hash, e.hash "
    "FROM (SELECT gseq AS place FROM event INDEXED BY event_version WHERE rollout = ? AND ver > ? ORDER BY ver LIMIT "
    "?) "
    "CROSS JOIN event AS e NOT INDEXED ON e.gseq = place";
constexpr std::string_view kOfAll =
    "SELECT gseq, rollout, ver, epoch, type, schema, body, actor, at, inbox, prev_hash, "
    "hash FROM event NOT INDEXED WHERE gseq > ? ORDER BY gseq LIMIT ?";
constexpr std::string_view kOfRollouts = "SELECT gseq, rollout, ver, epoch, type, schema, body, actor, at, inbox, "
                                         "prev_hash, hash FROM event NOT INDEXED WHERE gseq > ? AND rollout <> '' "
                                         "ORDER BY gseq LIMIT ?";

/// Rollouts compared in one look: each is counted through the index besides.
constexpr int kRowsPerLook = 50;

StoredEvent eventOf(const Statement& row)
{
    StoredEvent record{.gseq = row.integer(0),
                       .rollout = RolloutId(row.text(1)),
                       .version = row.integer(2),
                       .epoch = row.integer(3),
                       .previousHash = row.text(10),
                       .hash = row.text(11)};
    record.event = {.type = row.text(4),
                    .schema = static_cast<int>(row.integer(5)),
                    .body = row.text(6),
                    .actor = row.text(7),
                    .at = wallTime(row.integer(8)),
                    .inboxId = row.text(9)};
    return record;
}

Result<std::vector<StoredEvent>> collect(Statement& statement, ReadBudget budget)
{
    std::vector<StoredEvent> page;
    page.reserve(static_cast<size_t>(budget.rows()));
    while (true) {
        const auto row = statement.step();
        if (!row) return row.error();
        if (!row.value()) return page;
        page.push_back(eventOf(statement));
        if (!budget.spend(page.back().event.body.size() + page.back().event.actor.size())) return page;
    }
}

} // namespace

Result<std::vector<StoredEvent>> SqliteJournal::events(const RolloutId& rollout, int64_t afterVersion, int limit)
{
    Transaction look(*m_database);
    if (const auto begun = look.begin(Transaction::Kind::Read); !begun) return begun.error();
    auto statement = m_database->prepare(kOfRollout);
    if (!statement) return statement.error();
    const ReadBudget budget(m_clock, limit);
    statement.value().bind(rollout.value).bind(afterVersion).bind(budget.rows());
    auto page = collect(statement.value(), budget);
    if (!page || limit <= 0) return page;
    // A damaged index may skip events without a word; a fold with a hole in it would be a wrong rollout.
    int64_t expected = afterVersion;
    for (const auto& record : page.value()) {
        if (record.rollout != rollout || record.version != ++expected) return missing(rollout, expected);
    }
    if (!page.value().empty()) return page;
    const auto row = rolloutRow(rollout);
    if (!row) return row.error();
    if (row.value() && row.value()->lastVersion > afterVersion) return missing(rollout, afterVersion + 1);
    return page;
}

Error SqliteJournal::missing(const RolloutId& rollout, int64_t version) const
{
    return {Fault::Internal,
            fmt::format("{} is damaged: version {} of {} cannot be found.", m_path, version, rollout.value)};
}

Result<std::vector<StoredEvent>> SqliteJournal::eventsSince(int64_t gseq, int limit)
{
    return since(gseq, limit, Whose::Rollouts);
}

Result<std::vector<StoredEvent>> SqliteJournal::since(int64_t gseq, int limit, Whose whose)
{
    auto statement = m_database->prepare(whose == Whose::All ? kOfAll : kOfRollouts);
    if (!statement) return statement.error();
    const ReadBudget budget(m_clock, limit);
    statement.value().bind(gseq).bind(budget.rows());
    return collect(statement.value(), budget);
}

Result<ChainVerdict> SqliteJournal::verify()
{
    ChainCheck check;
    RolloutId row;
    int pageRows = kRowsPerRead;
    while (check.verdict().intact) {
        Transaction look(*m_database);
        if (const auto begun = look.begin(Transaction::Kind::Read); !begun) return begun.error();
        const auto events = checkEvents(check, pageRows);
        if (!events && m_database->fault() != DbFault::Damaged) return events.error();
        if (!events && pageRows > 1) {
            pageRows = 1; // the page holds what cannot be read: find the event
            continue;
        }
        if (!events) check.unreadable(events.error().detail);
        if (!events || events.value()) continue;
        // All events are taken: what stands beside them can be compared in the same look.
        const auto rows = checkRows(check, row);
        if (!rows && m_database->fault() != DbFault::Damaged) return rows.error();
        if (!rows) check.unreadableBeside(rows.error().detail);
        if (rows && !rows.value()) break;
    }
    return check.verdict();
}

Result<bool> SqliteJournal::checkEvents(ChainCheck& check, int pageRows)
{
    const int64_t before = check.last();
    const auto page = since(before, pageRows, Whose::All);
    if (!page) return page.error();
    for (const auto& record : page.value()) {
        if (!check.take(record)) return true;
    }
    if (page.value().empty()) return false;
    const auto fits = indexFits(before, check.last());
    if (!fits) return fits.error();
    if (!fits.value()) check.unreadableBeside("the index of versions does not lead to every event");
    return true;
}

Result<bool> SqliteJournal::checkRows(ChainCheck& check, RolloutId& row)
{
    const auto end = head();
    if (!end) return end.error();
    check.finish(end.value().gseq, end.value().hash);
    const auto rows = rowsAfter(row, kRowsPerLook);
    if (!rows) return rows.error();
    for (const auto& one : rows.value()) {
        check.takeRow(one);
        const auto walks = indexWalks(one.id, one.lastVersion);
        if (!walks) return walks.error();
        if (!walks.value()) check.unreadableBeside("the index of versions has lost events of " + one.id.value);
    }
    if (!rows.value().empty()) {
        row = rows.value().back().id;
        return true;
    }
    if (const auto last = checkLast(check); !last) return last.error();
    return false;
}

Result<Done> SqliteJournal::checkLast(ChainCheck& check)
{
    for (const auto& missing : check.rowsNotSeen()) {
        const auto row = rolloutRow(missing);
        if (!row) return row.error();
        if (row.value()) check.takeRow(*row.value());
    }
    check.missingRows();
    auto leases = m_database->prepare("SELECT target, epoch FROM lease");
    if (!leases) return leases.error();
    while (true) {
        const auto lease = leases.value().step();
        if (!lease) return lease.error();
        if (!lease.value()) return Done{};
        check.takeLease(leases.value().text(0), leases.value().integer(1));
    }
}

Result<bool> SqliteJournal::indexFits(int64_t afterGseq, int64_t upTo)
{
    auto statement = m_database->prepare(
        "SELECT count(*) FROM event AS e NOT INDEXED WHERE e.gseq > ? AND e.gseq <= ? AND NOT EXISTS "
        "(SELECT 1 FROM event AS i INDEXED BY event_version WHERE i.rollout = e.rollout AND i.ver = e.ver "
        "AND i.gseq = e.gseq)");
    if (!statement) return statement.error();
    statement.value().bind(afterGseq).bind(upTo);
    const auto row = statement.value().step();
    if (!row) return row.error();
    return row.value() && statement.value().integer(0) == 0;
}

Result<bool> SqliteJournal::indexWalks(const RolloutId& rollout, int64_t versions)
{
    auto statement = m_database->prepare(
        "SELECT count(*), coalesce(min(e.ver), 0), coalesce(max(e.ver), 0) FROM (SELECT gseq AS place, ver AS v FROM "
        "event INDEXED BY event_version WHERE rollout = ? AND ver > 0 ORDER BY ver) "
        "CROSS JOIN event AS e NOT INDEXED ON e.gseq = place WHERE e.rollout = ? AND e.ver = v");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(rollout.value).bind(rollout.value).step();
    if (!row) return row.error();
    const Statement& found = statement.value();
    return found.integer(0) == versions && found.integer(2) == versions && found.integer(1) == (versions > 0 ? 1 : 0);
}

Result<std::string> SqliteJournal::journalId()
{
    const auto meta = readMeta(*m_database);
    if (!meta) return meta.error();
    return meta.value().journalId;
}

Result<Done> SqliteJournal::backup(const std::string& path)
{
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) {
        return Error{Fault::BadInput, fmt::format("{} is there already; a backup never replaces a file.", path)};
    }
    const std::string partial = path + ".partial";
    for (const char* ending : {"", "-journal"}) {
        if (const auto removed = removeFile(partial + ending); !removed) return removed.error();
    }
    if (const auto copied = m_database->copyTo(partial); !copied) return copied;
    // Sqlite leaves its rollback journal, emptied, under the name that the copy gives up now.
    if (const auto removed = removeFile(partial + "-journal"); !removed) return removed.error();
    return renameFree(partial, path);
}

} // namespace sluice::journal
