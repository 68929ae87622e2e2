// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plain_database.h"

#include <sqlite3.h>

#include "core/base/check.h"

namespace sluice::bench {

PlainDatabase::PlainDatabase(const std::string& path, bool durable)
{
    SLUICE_CHECK(sqlite3_open(path.c_str(), &m_handle) == SQLITE_OK);
    run(durable ? "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;"
                : "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF;");
}

PlainDatabase::~PlainDatabase()
{
    sqlite3_close(m_handle);
}

void PlainDatabase::run(const std::string& sql)
{
    SLUICE_CHECK(sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

sqlite3_stmt* PlainDatabase::prepare(const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    SLUICE_CHECK(sqlite3_prepare_v2(m_handle, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    return statement;
}

int64_t PlainDatabase::number(const std::string& sql)
{
    int64_t value = 0;
    each(sql, [&](sqlite3_stmt* row) { value = sqlite3_column_int64(row, 0); });
    return value;
}

void PlainDatabase::each(const std::string& sql, const std::function<void(sqlite3_stmt*)>& row)
{
    sqlite3_stmt* statement = prepare(sql);
    while (sqlite3_step(statement) == SQLITE_ROW)
        row(statement);
    SLUICE_CHECK(sqlite3_finalize(statement) == SQLITE_OK);
}

void PlainDatabase::insert(const std::string& sql, int64_t rows,
                           const std::function<void(sqlite3_stmt*, int64_t)>& bind)
{
    run("BEGIN");
    sqlite3_stmt* statement = prepare(sql);
    for (int64_t row = 0; row < rows; ++row) {
        bind(statement, row);
        SLUICE_CHECK(sqlite3_step(statement) == SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    run("COMMIT");
}

} // namespace sluice::bench
