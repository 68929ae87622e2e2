// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/sqlite_database.h"

#include <array>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fmt/format.h>

namespace sluice::journal {

namespace {

/// A commit of another process takes about a millisecond, and the gap before its next one may be much shorter: long
/// sleeps would miss it again and again.
constexpr std::array<int, 4> kBusyStepsMs{1, 1, 2, 3};

DbFault faultOf(int code)
{
    const int primary = code & 0xff;
    if (primary == SQLITE_OK || primary == SQLITE_ROW || primary == SQLITE_DONE) return DbFault::None;
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) return DbFault::Busy;
    if (primary == SQLITE_FULL) return DbFault::Full;
    if (primary == SQLITE_IOERR) return DbFault::Io;
    if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) return DbFault::Damaged;
    if (primary == SQLITE_READONLY || primary == SQLITE_PERM || primary == SQLITE_AUTH) return DbFault::ReadOnly;
    if (primary == SQLITE_CONSTRAINT) return DbFault::Constraint;
    return DbFault::Other;
}

Error sentence(DbFault fault, const std::string& path, Duration busy, int code, const std::string& text)
{
    switch (fault) {
    case DbFault::Busy:
        return {Fault::Unreachable,
                fmt::format("{} is held by another process since {} ms (is one stopped in the middle of a write?).",
                            path, busy.count() / 1000)};
    case DbFault::Full:
        return {Fault::Unreachable, fmt::format("The disk that holds {} is full; nothing was stored.", path)};
    case DbFault::Io:
        return {Fault::Unreachable, fmt::format("Reading or writing {} failed ({}, code {}).", path, text, code)};
    case DbFault::Damaged:
        return {Fault::Internal, fmt::format("{} is damaged or is not a database ({}).", path, text)};
    case DbFault::ReadOnly:
        return {Fault::Unreachable, fmt::format("{} or its folder may not be written by this user ({}).", path, text)};
    case DbFault::None:
    case DbFault::Constraint:
    case DbFault::Other: break;
    }
    return {Fault::Internal, fmt::format("{}: {} (code {}).", path, text, code)};
}

} // namespace

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database)
    , m_statement(other.m_statement)
    , m_next(other.m_next)
{
    other.m_statement = nullptr;
}

Statement::~Statement()
{
    if (m_statement == nullptr) return;
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
}

Statement& Statement::bind(int64_t number)
{
    SLUICE_CHECK(sqlite3_bind_int64(m_statement, m_next++, number) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(std::string_view text)
{
    SLUICE_CHECK(sqlite3_bind_text64(m_statement, m_next++, text.empty() ? "" : text.data(), text.size(),
                                     SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
    return *this;
}

Statement& Statement::bindBlob(std::string_view bytes)
{
    SLUICE_CHECK(sqlite3_bind_blob64(m_statement, m_next++, bytes.empty() ? "" : bytes.data(), bytes.size(),
                                     SQLITE_TRANSIENT) == SQLITE_OK);
    return *this;
}

Statement& Statement::bindNull()
{
    SLUICE_CHECK(sqlite3_bind_null(m_statement, m_next++) == SQLITE_OK);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return m_database->failure(code);
}

Result<Done> Statement::run()
{
    const auto stepped = step();
    if (!stepped) return stepped.error();
    sqlite3_reset(m_statement);
    return Done{};
}

int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string Statement::text(int column) const
{
    return std::string(bytes(column));
}

std::string_view Statement::bytes(int column) const
{
    const void* data = sqlite3_column_blob(m_statement, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<size_t>(sqlite3_column_bytes(m_statement, column))};
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path, const Options& options,
                                                             DbFault* fault)
{
    std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(path, options.busy));
    struct stat before {};
    const bool fresh = ::stat(path.c_str(), &before) != 0;
    if (fresh && !options.create) {
        return Error{Fault::Unreachable, fmt::format("There is no file {} to open.", path)};
    }
    const int flags = SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &database->m_handle, flags, nullptr);
    if (code != SQLITE_OK) {
        database->failure(code);
        return Error{Fault::Unreachable, fmt::format("{} cannot be opened ({}); its folder must exist and be writable.",
                                                     path, sqlite3_errstr(code))};
    }
    // By name and not by a descriptor: closing a descriptor of its own would drop sqlite's locks in this process.
    if (fresh && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
        return Error{Fault::Unreachable, fmt::format("{} cannot be made private to its owner.", path)};
    }
    const auto configured = database->configure(options);
    if (fault != nullptr) *fault = database->fault();
    if (!configured) return configured.error();
    return database;
}

Result<Done> SqliteDatabase::configure(const Options& options)
{
    sqlite3_extended_result_codes(m_handle, 1);
    sqlite3_busy_handler(m_handle, &SqliteDatabase::onBusy, this);
    if (const auto mode = script("PRAGMA journal_mode=TRUNCATE"); !mode) return mode;
    if (const auto sync = script(options.durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF"); !sync) {
        return sync;
    }
    if (const auto keys = script("PRAGMA foreign_keys=ON"); !keys) return keys;
    return options.writable ? Result<Done>(Done{}) : script("PRAGMA query_only=ON");
}

SqliteDatabase::~SqliteDatabase()
{
    close();
}

void SqliteDatabase::close()
{
    for (const auto& [sql, statement] : m_statements)
        sqlite3_finalize(statement);
    m_statements.clear();
    sqlite3_close(m_handle);
    m_handle = nullptr;
}

Result<Statement> SqliteDatabase::prepare(std::string_view sql)
{
    if (m_handle == nullptr) return closed();
    if (!inTransaction()) m_waited = Duration{0};
    if (const auto known = m_statements.find(sql); known != m_statements.end()) return Statement(*this, known->second);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) return failure(code);
    m_statements.emplace(sql, statement);
    return Statement(*this, statement);
}

Result<Done> SqliteDatabase::run(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    return statement.value().run();
}

Result<Done> SqliteDatabase::script(const std::string& sql)
{
    if (m_handle == nullptr) return closed();
    if (!inTransaction()) m_waited = Duration{0};
    const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code);
    return Done{};
}

Result<int64_t> SqliteDatabase::number(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    const auto row = statement.value().step();
    if (!row) return row.error();
    if (!row.value()) return Error{Fault::Internal, fmt::format("{}: a row is missing ({}).", m_path, sql)};
    return statement.value().integer(0);
}

Error SqliteDatabase::closed() const
{
    return {Fault::Unreachable, fmt::format("{} is not open.", m_path)};
}

bool SqliteDatabase::inTransaction() const
{
    return m_handle != nullptr && sqlite3_get_autocommit(m_handle) == 0;
}

int64_t SqliteDatabase::changes() const
{
    return sqlite3_changes64(m_handle);
}

Error SqliteDatabase::failure(int code)
{
    const int extended = m_handle != nullptr ? sqlite3_extended_errcode(m_handle) : code;
    const int precise = (extended & 0xff) == (code & 0xff) ? extended : code;
    m_fault = faultOf(precise);
    return sentence(m_fault, m_path, m_busy, precise,
                    m_handle != nullptr ? sqlite3_errmsg(m_handle) : sqlite3_errstr(code));
}

int SqliteDatabase::onBusy(void* self, int calls)
{
    auto* database = static_cast<SqliteDatabase*>(self);
    if (database->m_waited >= database->m_busy) return 0;
    const auto index =
        static_cast<size_t>(calls) < kBusyStepsMs.size() ? static_cast<size_t>(calls) : kBusyStepsMs.size() - 1;
    const int slept = sqlite3_sleep(kBusyStepsMs.at(index));
    database->m_waited += std::chrono::milliseconds(slept);
    return 1;
}

Result<Done> SqliteDatabase::copyTo(const std::string& path)
{
    constexpr int kPagesPerStep = 1024;
    constexpr int kSmallSteps = 10'000; // then in one step: a writer that starts the copy anew cannot do so for ever
    if (m_handle == nullptr) return closed();
    auto target = open(path, {.durable = true});
    if (!target) return target.error();
    sqlite3_backup* backup = sqlite3_backup_init(target.value()->m_handle, "main", m_handle, "main");
    if (backup == nullptr) return target.value()->failure(sqlite3_errcode(target.value()->m_handle));
    m_waited = Duration{0};
    int code = SQLITE_OK;
    int mostLeft = 0;
    int restarts = 0;
    for (int steps = 0; code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED; ++steps) {
        const bool patient = restarts < 3 && steps < kSmallSteps;
        code = sqlite3_backup_step(backup, patient ? kPagesPerStep : -1);
        if ((code == SQLITE_BUSY || code == SQLITE_LOCKED) && onBusy(this, steps) == 0) break;
        const int left = sqlite3_backup_remaining(backup);
        if (left > mostLeft && steps > 0) ++restarts;
        mostLeft = left;
    }
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) return target.value()->failure(code);
    return Done{};
}

Transaction::~Transaction()
{
    if (m_open) rollBack();
}

Result<Done> Transaction::begin(Kind kind)
{
    m_database.m_fault = DbFault::None; // what is asked afterwards is about this transaction
    auto begun = m_database.run(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
    m_open = begun.ok();
    return begun;
}

Transaction::Ended Transaction::commit()
{
    const auto committed = m_database.run("COMMIT");
    if (committed) {
        m_open = false;
        return Ended::Committed;
    }
    m_error = committed.error();
    const DbFault fault = m_database.fault();
    // Busy: the file was never touched. Full: the writing stopped before the journal was truncated, which is the
    // moment of the commit. Anything else may have hit that moment.
    const bool beforeTheMoment = fault == DbFault::Busy || fault == DbFault::Full;
    const bool undone = rollBack();
    return beforeTheMoment && undone ? Ended::NotCommitted : Ended::Unknown;
}

bool Transaction::rollBack()
{
    m_open = false;
    if (!m_database.inTransaction()) return true; // sqlite has done it by itself
    return m_database.run("ROLLBACK").ok();
}

} // namespace sluice::journal
