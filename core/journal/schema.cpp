// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/schema.h"

#include <array>

#include <fmt/format.h>

namespace sluice::journal {

namespace {

constexpr int64_t kApplicationId = 0x534c4345; // "SLCE", so that `file` and a wrong path are told apart

/// 1: events and their chain, leases, requests, summaries.
constexpr const char* kStep1 = R"sql(
CREATE TABLE meta(journal_id TEXT NOT NULL, schema INTEGER NOT NULL, min_reader INTEGER NOT NULL,
                  min_writer INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE chain(only_row INTEGER PRIMARY KEY CHECK(only_row = 1), gseq INTEGER NOT NULL, head TEXT NOT NULL) STRICT;
CREATE TABLE event(gseq INTEGER PRIMARY KEY, rollout TEXT NOT NULL, ver INTEGER NOT NULL, epoch INTEGER NOT NULL,
                   type TEXT NOT NULL, schema INTEGER NOT NULL, body TEXT NOT NULL, actor TEXT NOT NULL,
                   at INTEGER NOT NULL, inbox TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX event_version ON event(rollout, ver);
CREATE TABLE engine(engine TEXT PRIMARY KEY, person TEXT NOT NULL, renew_no INTEGER NOT NULL,
                    renewed_at INTEGER NOT NULL) STRICT;
CREATE TABLE lease(target TEXT PRIMARY KEY, epoch INTEGER NOT NULL, holder TEXT NOT NULL, person TEXT NOT NULL,
                   granted_at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE inbox(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, proof TEXT NOT NULL,
                   command TEXT NOT NULL, asked_at INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;
CREATE INDEX inbox_open ON inbox(seq) WHERE answer = '';
CREATE TABLE rollout(rollout TEXT PRIMARY KEY, target TEXT NOT NULL, from_version TEXT NOT NULL,
                     to_version TEXT NOT NULL, playbook TEXT NOT NULL, outcome TEXT NOT NULL, started_by TEXT NOT NULL,
                     started_at INTEGER NOT NULL, ended_at INTEGER, last_version INTEGER NOT NULL) STRICT;
CREATE INDEX rollout_started ON rollout(started_at);
CREATE INDEX rollout_open ON rollout(target) WHERE outcome = '';
)sql";

/// 2: folded states (a start need not fold everything) and the outbox of notifications.
constexpr const char* kStep2 = R"sql(
CREATE TABLE state(rollout TEXT PRIMARY KEY, ver INTEGER NOT NULL, gseq INTEGER NOT NULL, format INTEGER NOT NULL,
                   body TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
CREATE TABLE outbox(id INTEGER PRIMARY KEY, channel TEXT NOT NULL, dedup_key TEXT NOT NULL UNIQUE,
                    body TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL,
                    created_at INTEGER NOT NULL) STRICT;
CREATE INDEX outbox_due ON outbox(next_at) WHERE state = 'waiting';
)sql";

struct Step {
    int version;
    const char* sql;
    int minReader; ///< the oldest program schema that may read the result
    int minWriter; ///< … and write it
};
constexpr std::array<Step, 2> kSteps{Step{1, kStep1, 1, 1}, Step{2, kStep2, 1, 2}};

Result<bool> isEmpty(SqliteDatabase& database)
{
    const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    return tables.value() == 0;
}

Result<Done> isOurs(SqliteDatabase& database)
{
    const auto id = database.number("PRAGMA application_id");
    if (!id) return id.error();
    if (id.value() == kApplicationId) return Done{};
    return Error{Fault::BadInput,
                 fmt::format("{} is a database of another program, not a journal of Sluice.", database.path())};
}

Result<Done> isForUs(const SqliteDatabase& database, const Meta& meta, bool writable)
{
    const int needed = writable ? meta.minWriter : meta.minReader;
    if (needed <= kSchemaVersion) return Done{};
    return Error{Fault::Refused,
                 fmt::format("{} was written by a newer Sluice: {} it needs journal format {} or newer, this program "
                             "knows {}. Nothing was changed; use the newer program.",
                             database.path(), writable ? "writing" : "reading", needed, kSchemaVersion)};
}

Result<Done> create(SqliteDatabase& database, WallTime now)
{
    if (const auto id = database.script(fmt::format("PRAGMA application_id={}", kApplicationId)); !id) return id;
    if (const auto step = database.script(kStep1); !step) return step;
    auto chain = database.prepare("INSERT INTO chain VALUES (1, 0, ?)");
    if (!chain) return chain.error();
    if (const auto done = chain.value().bind(std::string(64, '0')).run(); !done) return done;
    auto meta = database.prepare("INSERT INTO meta VALUES (lower(hex(randomblob(16))), 1, 1, 1, ?)");
    if (!meta) return meta.error();
    return meta.value().bind(micros(now)).run();
}

Result<Done> takeStep(SqliteDatabase& database, const Step& step)
{
    if (const auto done = database.script(step.sql); !done) return done;
    auto meta = database.prepare("UPDATE meta SET schema = ?, min_reader = ?, min_writer = ?");
    if (!meta) return meta.error();
    return meta.value().bind(step.version).bind(step.minReader).bind(step.minWriter).run();
}

Result<Done> takeSteps(SqliteDatabase& database, bool writable, WallTime now, int upTo)
{
    const auto empty = isEmpty(database);
    if (!empty) return empty.error();
    if (empty.value()) {
        if (const auto created = create(database, now); !created) return created;
    }
    if (const auto ours = isOurs(database); !ours) return ours;
    const auto meta = readMeta(database);
    if (!meta) return meta.error();
    if (const auto fit = isForUs(database, meta.value(), writable); !fit) return fit;
    for (const Step& step : kSteps) {
        if (step.version <= meta.value().schema || step.version > upTo) continue;
        if (const auto taken = takeStep(database, step); !taken) return taken;
    }
    return Done{};
}

} // namespace

Result<Done> migrate(SqliteDatabase& database, bool writable, WallTime now, int upTo)
{
    // Without a write lock first: opening must not wait for a writer when there is nothing to do.
    const auto empty = isEmpty(database);
    if (!empty) return empty.error();
    if (!empty.value() || !writable) {
        if (const auto ours = isOurs(database); !ours) return ours;
        const auto meta = readMeta(database);
        if (!meta) return meta.error();
        if (const auto fit = isForUs(database, meta.value(), writable); !fit) return fit;
        if (!writable || meta.value().schema >= upTo) return Done{};
    }
    Transaction transaction(database);
    if (const auto begun = transaction.begin(Transaction::Kind::Write); !begun) return begun;
    if (const auto steps = takeSteps(database, writable, now, upTo); !steps) return steps;
    if (transaction.commit() != Transaction::Ended::Committed) return transaction.error();
    return Done{};
}

Result<Meta> readMeta(SqliteDatabase& database)
{
    auto statement = database.prepare("SELECT journal_id, schema, min_reader, min_writer FROM meta");
    if (!statement) return statement.error();
    const auto row = statement.value().step();
    if (!row) return row.error();
    if (!row.value()) return Error{Fault::Internal, fmt::format("{} has lost its first row.", database.path())};
    return Meta{.journalId = statement.value().text(0),
                .schema = static_cast<int>(statement.value().integer(1)),
                .minReader = static_cast<int>(statement.value().integer(2)),
                .minWriter = static_cast<int>(statement.value().integer(3))};
}

} // namespace sluice::journal
