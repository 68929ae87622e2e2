// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/sqlite_journal.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/journal/audit_chain.h"
#include "core/journal/ballast.h"
#include "core/journal/file_tools.h"
#include "core/journal/schema.h"

namespace sluice::journal {

using ports::Append;
using ports::Appended;
using ports::StoredEvent;

SqliteJournal::SqliteJournal(std::string path, const ports::Clock& clock, OpenMode mode, Duration busy)
    : m_path(std::move(path))
    , m_folder(folderOf(m_path))
    , m_clock(clock)
    , m_mode(mode)
    , m_busy(busy)
{
}

SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::string& path, const ports::Clock& clock,
                                                           OpenMode mode, Duration busy)
{
    std::unique_ptr<SqliteJournal> journal(new SqliteJournal(path, clock, mode, busy));
    if (const auto local = refuseNetworkFolder(journal->m_folder); !local) return local.error();
    struct stat info {};
    const bool there = ::stat(path.c_str(), &info) == 0;
    if (there && S_ISDIR(info.st_mode))
        return Error{Fault::BadInput, path + " is a folder; name a file in it, e.g. " + path + "/journal.db."};
    if (there && (info.st_mode & S_IWOTH) != 0) {
        return Error{Fault::Refused,
                     fmt::format("Everybody on this machine may write {}; run: chmod o-rwx {}", path, path)};
    }
    if (const auto opened = journal->openFile(); !opened) return opened.error();
    return journal;
}

Result<Done> SqliteJournal::openFile()
{
    const bool writable = m_mode != OpenMode::Observe;
    auto database =
        SqliteDatabase::open(m_path, {.create = m_mode == OpenMode::Create, .writable = writable, .busy = m_busy});
    if (!database) return database.error();
    if (const auto fit = migrate(*database.value(), writable, m_clock.now().wall); !fit) return fit;
    m_database = std::move(database).value();
    m_distrusted.clear();
    if (writable) layBallast(m_path, kBallastBytes);
    return Done{};
}

Result<Done> SqliteJournal::reopen()
{
    m_database->close();
    const auto opened = openFile();
    if (!opened) m_distrusted = opened.error().detail;
    return opened;
}

Result<Done> SqliteJournal::freeSpaceOk(const std::string& folder)
{
    const auto free = freeBytes(folder);
    if (free && *free >= kFreeSpaceFloor) return Done{};
    if (!free) return Error{Fault::Unreachable, fmt::format("The free space of {} cannot be told.", folder)};
    return Error{Fault::Refused,
                 fmt::format("Only {} MiB are free in {}; nothing starts or rises before there are {} MiB.",
                             *free >> 20, folder, kFreeSpaceFloor >> 20)};
}

Result<Done> SqliteJournal::mayWrite() const
{
    if (m_mode == OpenMode::Observe) return Error{Fault::Refused, fmt::format("{} was opened to observe.", m_path)};
    if (m_distrusted.empty()) return Done{};
    return Error{Fault::Unreachable,
                 fmt::format("{} is not written any more before it is opened again: {}", m_path, m_distrusted)};
}

void SqliteJournal::distrust(const Error& error)
{
    m_distrusted = error.detail;
}

Result<Done> SqliteJournal::beginWrite(Transaction& transaction)
{
    if (const auto allowed = mayWrite(); !allowed) return allowed;
    if (const auto begun = transaction.begin(Transaction::Kind::Write); !begun) return begun;
    // A newer program may have changed the file while we held it open.
    const auto minWriter = m_database->number("SELECT min_writer FROM meta");
    if (!minWriter) return minWriter.error();
    if (minWriter.value() <= kSchemaVersion) return Done{};
    return Error{Fault::Refused, fmt::format("{} now belongs to a newer Sluice; this program only observes.", m_path)};
}

Result<Done> SqliteJournal::inTransaction(const std::function<Result<Done>()>& work)
{
    if (const auto allowed = mayWrite(); !allowed) return allowed;
    Transaction transaction(*m_database);
    if (const auto begun = beginWrite(transaction); !begun) return begun;
    if (auto worked = work(); !worked) {
        if (m_database->fault() == DbFault::Io || !transaction.rollBack()) distrust(worked.error());
        return worked;
    }
    switch (transaction.commit()) {
    case Transaction::Ended::Committed: return Done{};
    case Transaction::Ended::NotCommitted: return transaction.error();
    case Transaction::Ended::Unknown: break;
    }
    distrust(transaction.error());
    return Error{Fault::Unknown, transaction.error().detail};
}

Result<Done> SqliteJournal::checkAppend(const Append& append) const
{
    if (append.rollout.empty() || append.target.empty() || append.events.empty() || append.afterVersion < 0) {
        return Error{Fault::BadInput, "An append needs a target, a rollout and at least one event."};
    }
    if (append.events.size() > kEventsPerAppend) {
        return Error{Fault::BadInput, fmt::format("{} events at once are too many; the limit is {}.",
                                                  append.events.size(), kEventsPerAppend)};
    }
    for (const auto& event : append.events) {
        if (event.body.size() > kBodyBytes || event.actor.size() > kBodyBytes) {
            return Error{Fault::BadInput, fmt::format("An event of {} has {} bytes; the limit is {}.",
                                                      append.rollout.value, event.body.size(), kBodyBytes)};
        }
    }
    if (append.summary && (append.summary->id != append.rollout || append.summary->target != append.target)) {
        return Error{Fault::BadInput, "The summary of an append is of another rollout."};
    }
    if (m_engine.empty()) return Error{Fault::Refused, "An engine must announce itself before it appends."};
    return mayWrite();
}

Result<Appended> SqliteJournal::append(const Append& append)
{
    if (const auto fine = checkAppend(append); !fine) return fine.error();
    const auto stored = appendOnce(append);
    const bool full = !stored && m_database->fault() == DbFault::Full && m_distrusted.empty();
    if (full && append.safeDirection && dropBallast(m_path)) return appendOnce(append);
    return stored;
}

Result<Appended> SqliteJournal::appendOnce(const Append& append)
{
    Transaction transaction(*m_database);
    if (const auto begun = beginWrite(transaction); !begun) return begun.error();
    auto inserted = insertEvents(append);
    if (!inserted || inserted.value() != Appended::Stored) {
        const DbFault fault = m_database->fault();
        const bool undone = transaction.rollBack();
        if (!inserted && (fault == DbFault::Io || !undone)) distrust(inserted.error());
        return inserted;
    }
    switch (transaction.commit()) {
    case Transaction::Ended::Committed: return Appended::Stored;
    case Transaction::Ended::NotCommitted: return transaction.error();
    case Transaction::Ended::Unknown: break;
    }
    distrust(transaction.error());
    return Appended::Unknown;
}

Result<Appended> SqliteJournal::insertEvents(const Append& append)
{
    // First: after an unknown commit the same append asks whether it is there, also when the lease is gone by now.
    const auto there = holdsAlready(append);
    if (!there) return there.error();
    if (there.value()) return Appended::Stored;
    const auto fenced = isFenced(append.target, append.epoch);
    if (!fenced) return fenced.error();
    if (fenced.value()) return Appended::Fenced;
    const auto last = lastVersion(append.rollout);
    if (!last) return last.error();
    if (last.value() != append.afterVersion) return Appended::Conflict;

    auto end = head();
    if (!end) return end.error();
    StoredEvent record{.rollout = append.rollout, .version = append.afterVersion, .epoch = append.epoch};
    for (const auto& event : append.events) {
        ++record.version;
        record.event = event;
        if (const auto done = insertAfter(end.value(), record); !done) return done.error();
        if (event.inboxId.empty()) continue;
        if (const auto accepted = acceptRequest(append, event.inboxId); !accepted) return accepted.error();
    }
    if (const auto kept = setHead(end.value()); !kept) return kept.error();
    if (const auto row = keepRow(append); !row) return row.error();
    return Appended::Stored;
}

Result<bool> SqliteJournal::isFenced(const TargetId& target, int64_t epoch)
{
    const auto lease = readLease(target);
    if (!lease) return lease.error();
    return !lease.value() || lease.value()->epoch != epoch || lease.value()->holder != m_engine;
}

Result<bool> SqliteJournal::holdsAlready(const Append& append)
{
    auto statement = m_database->prepare("SELECT gseq, prev_hash, hash FROM event WHERE rollout = ? AND ver = ?");
    if (!statement) return statement.error();
    statement.value().bind(append.rollout.value).bind(append.afterVersion + 1);
    const auto first = statement.value().step();
    if (!first) return first.error();
    if (!first.value()) return false;
    StoredEvent record{.gseq = statement.value().integer(0),
                       .rollout = append.rollout,
                       .version = append.afterVersion,
                       .epoch = append.epoch,
                       .previousHash = statement.value().text(1)};
    int64_t found = 0;
    for (const auto& event : append.events) {
        auto one = m_database->prepare("SELECT hash FROM event WHERE gseq = ? AND rollout = ? AND ver = ?");
        if (!one) return one.error();
        ++record.version;
        record.event = event;
        one.value().bind(record.gseq).bind(append.rollout.value).bind(record.version);
        const auto row = one.value().step();
        if (!row) return row.error();
        const auto hash = chainHash(record);
        if (!hash) return hash.error();
        if (!row.value() || one.value().text(0) != hash.value()) return false;
        record.previousHash = hash.value();
        ++record.gseq;
        ++found;
    }
    return found == static_cast<int64_t>(append.events.size());
}

Result<SqliteJournal::Head> SqliteJournal::head()
{
    auto statement = m_database->prepare("SELECT gseq, head FROM chain");
    if (!statement) return statement.error();
    const auto row = statement.value().step();
    if (!row) return row.error();
    if (!row.value()) return Error{Fault::Internal, fmt::format("{} has lost the head of its chain.", m_path)};
    return Head{.gseq = statement.value().integer(0), .hash = statement.value().text(1)};
}

Result<Done> SqliteJournal::setHead(const Head& head)
{
    auto statement = m_database->prepare("UPDATE chain SET gseq = ?, head = ?");
    if (!statement) return statement.error();
    return statement.value().bind(head.gseq).bind(head.hash).run();
}

Result<Done> SqliteJournal::insertAfter(Head& head, StoredEvent record)
{
    record.gseq = head.gseq + 1;
    record.previousHash = head.hash;
    const auto hash = chainHash(record);
    if (!hash) return hash.error();
    auto statement = m_database->prepare("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement) return statement.error();
    const auto inserted = statement.value()
                              .bind(record.gseq)
                              .bind(record.rollout.value)
                              .bind(record.version)
                              .bind(record.epoch)
                              .bind(record.event.type)
                              .bind(record.event.schema)
                              .bind(record.event.body)
                              .bind(record.event.actor)
                              .bind(micros(record.event.at))
                              .bind(record.event.inboxId)
                              .bind(record.previousHash)
                              .bind(hash.value())
                              .run();
    if (!inserted) return inserted;
    head = {.gseq = record.gseq, .hash = hash.value()};
    return Done{};
}

Result<Done> SqliteJournal::insertOwn(std::string_view type, std::string body, int64_t epoch)
{
    auto end = head();
    if (!end) return end.error();
    StoredEvent record{.version = end.value().gseq + 1, .epoch = epoch};
    record.event = {.type = std::string(type), .body = std::move(body), .actor = "", .at = m_clock.now().wall};
    if (const auto done = insertAfter(end.value(), std::move(record)); !done) return done;
    return setHead(end.value());
}

} // namespace sluice::journal
