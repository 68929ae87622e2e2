// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/result.h"
#include "core/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

// Owners for sqlite3. One thread per database object. No sqlite3 type or code leaves these classes, except what went
// wrong as DbFault.

namespace sluice::journal {

/// How long an operation waits for another process in all, from BEGIN to COMMIT.
constexpr Duration kJournalBusy = std::chrono::seconds(2);
/// A read copies at most this many rows …
constexpr int kRowsPerRead = 1000;
/// … for at most this long, then lets go of the file: an open SELECT makes the driver's commit fail.
constexpr Duration kReadTime = std::chrono::milliseconds(50);

enum class DbFault { None, Busy, Full, Io, Damaged, ReadOnly, Constraint, Other };

class SqliteDatabase;

/// A prepared statement for one use. Resets on destruction, so nothing stays open. Lives shorter than its database.
class Statement {
public:
    Statement(SqliteDatabase& database, sqlite3_stmt* statement)
        : m_database(&database)
        , m_statement(statement)
    {
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// Binds the next parameter. The text is copied.
    Statement& bind(int64_t number);
    Statement& bind(std::string_view text);
    Statement& bindBlob(std::string_view bytes);
    Statement& bindNull();

    /// True = a row is there; false = done.
    Result<bool> step();
    /// For statements without rows.
    Result<Done> run();

    int64_t integer(int column) const;
    std::string text(int column) const;
    /// Valid until the next step.
    std::string_view bytes(int column) const;
    bool isNull(int column) const;

private:
    SqliteDatabase* m_database;
    sqlite3_stmt* m_statement;
    int m_next{1};
};

class SqliteDatabase {
public:
    struct Options {
        bool create{true};
        bool writable{true};
        bool durable{true}; ///< synchronous=FULL; else OFF (samples only)
        Duration busy{kJournalBusy};
    };

    /// Opens the file with journal_mode=TRUNCATE and foreign keys. A new file belongs to its owner only (0600).
    /// `fault` tells what an error was about.
    static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, const Options& options,
                                                        DbFault* fault = nullptr);
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;
    ~SqliteDatabase();

    /// `sql` is a literal: each text is prepared once and kept.
    Result<Statement> prepare(std::string_view sql);
    /// One statement without parameters and rows.
    Result<Done> run(std::string_view sql);
    /// Several statements separated by semicolons (schema).
    Result<Done> script(const std::string& sql);
    /// The first column of the only row of a statement without parameters.
    Result<int64_t> number(std::string_view sql);

    /// Everything after it fails with a sentence.
    void close();

    /// What the last failed call was about.
    DbFault fault() const { return m_fault; }
    const std::string& path() const { return m_path; }
    bool inTransaction() const;
    int64_t changes() const;
    /// A whole, consistent copy into a new file; other processes may write meanwhile.
    Result<Done> copyTo(const std::string& path);

private:
    friend class Statement;
    friend class Transaction;
    SqliteDatabase(std::string path, Duration busy)
        : m_path(std::move(path))
        , m_busy(busy)
    {
    }
    Result<Done> configure(const Options& options);
    Error closed() const;
    /// Remembers the fault and makes the sentence for it.
    Error failure(int code);
    static int onBusy(void* self, int calls);

    std::string m_path;
    Duration m_busy;
    Duration m_waited{0}; ///< of m_busy, since the last success
    DbFault m_fault{DbFault::None};
    sqlite3* m_handle{nullptr};
    std::unordered_map<std::string_view, sqlite3_stmt*> m_statements{};
};

/// BEGIN IMMEDIATE … COMMIT; rolls back unless committed.
class Transaction {
public:
    enum class Kind { Write, Read };
    enum class Ended { Committed, NotCommitted, Unknown };

    explicit Transaction(SqliteDatabase& database)
        : m_database(database)
    {
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    Result<Done> begin(Kind kind);
    /// NotCommitted only when the roll-back was seen to work; after an I/O error at COMMIT nobody can know.
    Ended commit();
    /// False when even that failed.
    bool rollBack();
    /// Of the commit that did not go through.
    const Error& error() const { return m_error; }

private:
    SqliteDatabase& m_database;
    bool m_open{false};
    Error m_error{};
};

} // namespace sluice::journal
