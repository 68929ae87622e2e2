// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/journal/file_tools.h"
#include "core/journal/sqlite_sample_store.h"

// The sample file as a whole: opening, tables, and a new beginning when it is damaged.

namespace sluice::journal {

namespace {

constexpr int64_t kApplicationId = 0x534c5350; // "SLSP"
constexpr int64_t kFormat = 1;
constexpr int kDamagedKept = 3; // then the oldest name is used again

constexpr const char* kTables = R"sql(
CREATE TABLE series(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE tail(shard INTEGER NOT NULL, t INTEGER NOT NULL, counts BLOB NOT NULL,
                  PRIMARY KEY(shard, t)) STRICT, WITHOUT ROWID;
CREATE TABLE chunk(series INTEGER NOT NULL, level INTEGER NOT NULL, t0 INTEGER NOT NULL, n INTEGER NOT NULL,
                   codec INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(series, level, t0)) STRICT, WITHOUT ROWID;
CREATE TABLE live(only_row INTEGER PRIMARY KEY CHECK(only_row = 1), at INTEGER NOT NULL,
                  snapshot TEXT NOT NULL) STRICT;
)sql";

} // namespace

Result<std::unique_ptr<SqliteSampleStore>> SqliteSampleStore::open(const std::string& path, const ports::Clock& clock,
                                                                   OpenMode mode)
{
    std::unique_ptr<SqliteSampleStore> store(new SqliteSampleStore(path, clock, mode));
    if (const auto local = refuseNetworkFolder(folderOf(path)); !local) return local.error();
    const auto opened = store->openFile();
    if (opened) return store;
    if (!store->isDamaged() || mode == OpenMode::Observe) return opened.error();
    if (const auto anew = store->startAnew(opened.error().detail); !anew) return anew.error();
    return store;
}

Result<Done> SqliteSampleStore::openFile()
{
    const bool writable = m_mode != OpenMode::Observe;
    m_numbers.clear();
    m_fault = DbFault::None;
    auto database = SqliteDatabase::open(m_path,
                                         {.create = m_mode == OpenMode::Create,
                                          .writable = writable,
                                          .durable = false,
                                          .busy = writable ? kSamplesBusy : kJournalBusy},
                                         &m_fault);
    m_fileId = fileId();
    if (!database) return database.error();
    m_database = std::move(database).value();
    return prepareTables();
}

Result<Done> SqliteSampleStore::prepareTables()
{
    const auto tables = m_database->number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (tables.value() == 0 && m_mode != OpenMode::Observe) {
        // Takes effect only before the first table; pages of dropped chunks go back to the disk.
        if (const auto vacuum = m_database->script("PRAGMA auto_vacuum=INCREMENTAL"); !vacuum) return vacuum;
        Transaction transaction(*m_database);
        if (const auto begun = transaction.begin(Transaction::Kind::Write); !begun) return begun;
        const auto still = m_database->number("SELECT count(*) FROM sqlite_schema");
        if (!still) return still.error();
        if (still.value() == 0) {
            const auto made = m_database->script(
                fmt::format("PRAGMA application_id={};PRAGMA user_version={};{}", kApplicationId, kFormat, kTables));
            if (!made) return made;
        }
        if (transaction.commit() != Transaction::Ended::Committed) return transaction.error();
    }
    const auto id = m_database->number("PRAGMA application_id");
    if (!id) return id.error();
    if (id.value() != kApplicationId) {
        return Error{Fault::BadInput, fmt::format("{} is not a sample file of Sluice.", m_path)};
    }
    const auto format = m_database->number("PRAGMA user_version");
    if (!format) return format.error();
    if (format.value() == kFormat) return Done{};
    return Error{Fault::Refused,
                 fmt::format("{} has sample format {}, this program knows {}; move it away to begin a new one.", m_path,
                             format.value(), kFormat)};
}

Result<Done> SqliteSampleStore::startAnew(const std::string& why)
{
    if (m_database) m_database->close();
    if (fileId() == m_fileId) {
        std::string aside;
        for (int i = 1; i <= kDamagedKept; ++i) {
            aside = fmt::format("{}.damaged-{}", m_path, i);
            struct stat info {};
            if (::stat(aside.c_str(), &info) != 0) break;
        }
        if (std::rename(m_path.c_str(), aside.c_str()) != 0) {
            return Error{Fault::Unreachable, fmt::format("{} is damaged and cannot be moved aside.", m_path)};
        }
        ::unlink((m_path + "-journal").c_str());
        m_warning = fmt::format("The charts of the past were lost: {} It was moved to {} and begun anew.", why, aside);
    }
    const OpenMode asked = std::exchange(m_mode, OpenMode::Create);
    const auto opened = openFile();
    m_mode = asked;
    return opened;
}

SqliteSampleStore::FileId SqliteSampleStore::fileId() const
{
    struct stat info {};
    if (::stat(m_path.c_str(), &info) != 0) return {};
    return {.device = info.st_dev, .inode = info.st_ino};
}

Result<Done> SqliteSampleStore::followFile()
{
    if (m_database && fileId() == m_fileId) return Done{};
    if (m_database) m_database->close();
    return openFile();
}

Result<Done> SqliteSampleStore::guarded(const std::function<Result<Done>()>& work)
{
    if (m_mode == OpenMode::Observe) return Error{Fault::Refused, fmt::format("{} was opened to observe.", m_path)};
    const auto again = [&]() -> Result<Done> {
        if (const auto followed = followFile(); !followed) return followed;
        Transaction transaction(*m_database);
        if (const auto begun = transaction.begin(Transaction::Kind::Write); !begun) return begun;
        if (auto worked = work(); !worked) return worked;
        if (transaction.commit() != Transaction::Ended::Committed) return transaction.error();
        return Done{};
    };
    auto done = again();
    if (!done) m_numbers.clear(); // numbers given inside the transaction are gone with it
    if (done || !isDamaged()) return done;
    if (const auto anew = startAnew(done.error().detail); !anew) return anew;
    return again();
}

} // namespace sluice::journal
