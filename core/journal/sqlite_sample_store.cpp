// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/sqlite_sample_store.h"

#include <fmt/format.h>

// Writing samples: seconds into the tail, whole windows into chunks.

namespace sluice::journal {

using ports::SampleColumn;
using ports::SampleRow;

namespace {

/// More rows of one window than this are not packed at once (a second has one).
constexpr int kTailRows = 10'000;

} // namespace

Result<Done> SqliteSampleStore::put(int64_t atUs, const std::vector<SampleColumn>& columns)
{
    return guarded([&]() -> Result<Done> {
        if (const auto stored = putSecond(atUs, columns); !stored) return stored;
        return sealOne(atUs);
    });
}

Result<Done> SqliteSampleStore::putSecond(int64_t atUs, const std::vector<SampleColumn>& columns)
{
    std::map<int64_t, Second> shards;
    for (const auto& column : columns) {
        const auto number = numberFor(column.series);
        if (!number) return number.error();
        shards[number.value() / kSeriesPerShard][number.value()] = column.value;
    }
    for (auto& [shard, second] : shards) {
        if (const auto stored = mergeIntoTail(shard, atUs, std::move(second)); !stored) return stored;
    }
    return Done{};
}

Result<std::optional<int64_t>> SqliteSampleStore::numberOf(const std::string& series)
{
    if (const auto known = m_numbers.find(series); known != m_numbers.end()) return std::optional(known->second);
    auto statement = m_database->prepare("SELECT id FROM series WHERE name = ?");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(series).step();
    if (!row) return row.error();
    return row.value() ? std::optional(statement.value().integer(0)) : std::nullopt;
}

Result<int64_t> SqliteSampleStore::numberFor(const std::string& series)
{
    auto known = numberOf(series);
    if (!known) return known.error();
    if (!known.value()) {
        const auto count = m_database->number("SELECT count(*) FROM series");
        if (!count) return count.error();
        if (count.value() >= kMostSeries) {
            return Error{Fault::Refused,
                         fmt::format("{} holds {} series already; no new ones are taken.", m_path, count.value())};
        }
        auto statement = m_database->prepare("INSERT INTO series(name) VALUES (?) RETURNING id");
        if (!statement) return statement.error();
        const auto row = statement.value().bind(series).step();
        if (!row) return row.error();
        known = std::optional(statement.value().integer(0));
        return *known.value(); // remembered when it is read back: this transaction may still fail
    }
    m_numbers.emplace(series, *known.value());
    return *known.value();
}

Result<Done> SqliteSampleStore::mergeIntoTail(int64_t shard, int64_t atUs, Second second)
{
    auto old = m_database->prepare("SELECT counts FROM tail WHERE shard = ? AND t = ?");
    if (!old) return old.error();
    const auto row = old.value().bind(shard).bind(atUs).step();
    if (!row) return row.error();
    if (row.value()) {
        if (auto before = unpackSecond(old.value().bytes(0))) second.merge(*before); // what is new wins
    }
    auto statement = m_database->prepare("INSERT OR REPLACE INTO tail VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    return statement.value().bind(shard).bind(atUs).bindBlob(packSecond(second)).run();
}

Result<Done> SqliteSampleStore::sealOne(int64_t nowUs)
{
    const auto highest = m_database->number("SELECT coalesce(max(id), 0) FROM series");
    if (!highest) return highest.error();
    const int64_t shard = m_nextShard;
    m_nextShard = shard >= highest.value() / kSeriesPerShard ? 0 : shard + 1;
    auto statement = m_database->prepare("SELECT t FROM tail WHERE shard = ? ORDER BY t LIMIT 1");
    if (!statement) return statement.error();
    const auto row = statement.value().bind(shard).step();
    if (!row) return row.error();
    if (!row.value()) return Done{};
    const int64_t begin = beginOf(statement.value().integer(0), kChunkUs);
    if (begin + kChunkUs + kSealAfterUs > nowUs) return Done{};
    return sealWindow(shard, begin);
}

Result<Done> SqliteSampleStore::sealWindow(int64_t shard, int64_t beginUs)
{
    auto window = windowOf(shard, beginUs);
    if (!window) return window.error();
    for (auto& [number, samples] : window.value().series) {
        if (const auto packed = mergeIntoChunks(number, beginUs, std::move(samples)); !packed) return packed;
    }
    auto statement = m_database->prepare("DELETE FROM tail WHERE shard = ? AND t >= ? AND t <= ?");
    if (!statement) return statement.error();
    return statement.value().bind(shard).bind(beginUs).bind(window.value().lastUs).run();
}

Result<SqliteSampleStore::Window> SqliteSampleStore::windowOf(int64_t shard, int64_t beginUs)
{
    auto statement =
        m_database->prepare("SELECT t, counts FROM tail WHERE shard = ? AND t >= ? AND t < ? ORDER BY t LIMIT ?");
    if (!statement) return statement.error();
    statement.value().bind(shard).bind(beginUs).bind(beginUs + kChunkUs).bind(kTailRows);
    Window window;
    while (true) {
        const auto row = statement.value().step();
        if (!row) return row.error();
        if (!row.value()) return window;
        const int64_t atUs = window.lastUs = statement.value().integer(0);
        const auto second = unpackSecond(statement.value().bytes(1));
        if (!second) continue;
        for (const auto& [number, value] : *second)
            window.series[number].push_back({.atUs = atUs, .value = value});
    }
}

Result<Done> SqliteSampleStore::mergeIntoChunks(int64_t series, int64_t beginUs, Samples samples)
{
    const auto old = chunkAt(series, beginUs);
    if (!old) return old.error();
    if (old.value()) samples = merged(*old.value(), samples);
    const auto tens = rollUp(samples, kTenSecondsUs);
    const auto minutes = rollUp(samples, kMinuteUs);
    if (const auto done = writeChunk(series, Level::Samples, beginUs, samples.size(), packSamples(samples)); !done) {
        return done;
    }
    if (const auto done = writeChunk(series, Level::TenSeconds, beginUs, tens.size(), packRollups(tens)); !done) {
        return done;
    }
    return writeChunk(series, Level::Minute, beginUs, minutes.size(), packRollups(minutes));
}

Result<Done> SqliteSampleStore::writeChunk(int64_t series, Level level, int64_t beginUs, size_t rows,
                                           const std::string& bytes)
{
    auto statement = m_database->prepare("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?, ?)");
    if (!statement) return statement.error();
    return statement.value()
        .bind(series)
        .bind(static_cast<int64_t>(level))
        .bind(beginUs)
        .bind(static_cast<int64_t>(rows))
        .bind(kSampleCodec)
        .bindBlob(bytes)
        .run();
}

Result<Done> SqliteSampleStore::putLive(const std::string& snapshot, WallTime at)
{
    return guarded([&]() -> Result<Done> {
        auto statement = m_database->prepare("INSERT OR REPLACE INTO live VALUES (1, ?, ?)");
        if (!statement) return statement.error();
        return statement.value().bind(micros(at)).bind(snapshot).run();
    });
}

Result<int64_t> SqliteSampleStore::prune(WallTime now)
{
    const auto highest = m_database->number("SELECT coalesce(max(id), 0) FROM series");
    if (!highest) return highest.error();
    int64_t dropped = 0;
    // Series by series, each its own commit: the driver gets between.
    for (int64_t series = 1; series <= highest.value(); ++series) {
        const auto pruned = guarded([&]() -> Result<Done> {
            for (const Level level : {Level::Samples, Level::TenSeconds, Level::Minute}) {
                const int64_t keep = level == Level::Minute ? kKeepMinutesUs : kKeepSecondsUs;
                auto statement = m_database->prepare("DELETE FROM chunk WHERE series = ? AND level = ? AND t0 < ?");
                if (!statement) return statement.error();
                statement.value().bind(series).bind(static_cast<int64_t>(level)).bind(micros(now) - keep - kChunkUs);
                if (const auto ran = statement.value().run(); !ran) return ran;
                dropped += m_database->changes();
            }
            return Done{};
        });
        if (!pruned) return pruned.error();
    }
    if (const auto freed = m_database->script("PRAGMA incremental_vacuum(10000)"); !freed) return freed.error();
    return dropped;
}

} // namespace sluice::journal
