// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace sluice::bench {

/// SQLite with nothing around it: what everything of ours is compared with. A failure is the end of the program.
class PlainDatabase {
public:
    /// `durable`: one commit is on the disk when it returns, as in the journal.
    PlainDatabase(const std::string& path, bool durable);
    PlainDatabase(const PlainDatabase&) = delete;
    PlainDatabase& operator=(const PlainDatabase&) = delete;
    ~PlainDatabase();

    void run(const std::string& sql);
    int64_t number(const std::string& sql);
    /// Each row of a query, first column as an integer.
    void each(const std::string& sql, const std::function<void(sqlite3_stmt*)>& row);
    /// One transaction of `rows` inserts, bound by `bind`.
    void insert(const std::string& sql, int64_t rows, const std::function<void(sqlite3_stmt*, int64_t)>& bind);

private:
    sqlite3_stmt* prepare(const std::string& sql);
    sqlite3* m_handle{nullptr};
};

} // namespace sluice::bench
