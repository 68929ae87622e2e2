// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/journal/sqlite_database.h"

// Tables of journal.db, in numbered steps (FORMAT.md describes them).

namespace sluice::journal {

/// What this program writes.
constexpr int kSchemaVersion = 2;

/// Brings the file to `upTo`, step by step in one transaction; an empty file gets everything. Refused with a sentence
/// when a newer program has made it unfit for this one: `writable` decides whether min_writer or min_reader counts.
Result<Done> migrate(SqliteDatabase& database, bool writable, WallTime now, int upTo = kSchemaVersion);

struct Meta {
    std::string journalId{};
    int schema{0};
    int minReader{0};
    int minWriter{0};
};
Result<Meta> readMeta(SqliteDatabase& database);

} // namespace sluice::journal
