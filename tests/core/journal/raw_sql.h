// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QtGlobal>
#include <sqlite3.h>

// What somebody with an SQL shell does to the file behind Sluice's back.

namespace sluice::journal_test {

class RawSql {
public:
    explicit RawSql(const std::string& path)
    {
        if (sqlite3_open_v2(path.c_str(), &m_handle, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
            qFatal("cannot open %s", path.c_str());
        }
    }
    RawSql(const RawSql&) = delete;
    RawSql& operator=(const RawSql&) = delete;
    ~RawSql() { sqlite3_close(m_handle); }

    void run(const std::string& sql)
    {
        if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            qFatal("%s: %s", sql.c_str(), sqlite3_errmsg(m_handle));
        }
    }
    std::string text(const std::string& sql)
    {
        std::string found;
        const auto first = [](void* out, int, char** values, char**) {
            if (values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
            return 0;
        };
        if (sqlite3_exec(m_handle, sql.c_str(), first, &found, nullptr) != SQLITE_OK) {
            qFatal("%s: %s", sql.c_str(), sqlite3_errmsg(m_handle));
        }
        return found;
    }

private:
    sqlite3* m_handle{nullptr};
};

} // namespace sluice::journal_test
