// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/journal/read_budget.h"
#include "core/journal/sqlite_sample_store.h"

// Reading samples: tail first, then chunks. A second that is packed in between is seen twice, never missed.

namespace sluice::journal {

using ports::Rollup;
using ports::RollupRow;
using ports::SampleRow;

namespace {

void keepSpan(std::vector<RollupRow>& rows, int64_t fromUs, int64_t toUs)
{
    std::erase_if(rows, [&](const RollupRow& row) { return row.atUs < fromUs || row.atUs > toUs; });
}

} // namespace

Result<std::vector<SampleRow>> SqliteSampleStore::read(const std::string& series, int64_t fromUs, int64_t toUs)
{
    if (const auto followed = followFile(); !followed) return followed.error();
    const auto number = numberOf(series);
    if (!number) return number.error();
    if (!number.value() || fromUs > toUs) return Samples{};
    return readRaw(*number.value(), fromUs, toUs);
}

Result<std::vector<SampleRow>> SqliteSampleStore::readRaw(int64_t series, int64_t fromUs, int64_t toUs)
{
    const auto tail = readTail(series, fromUs, toUs);
    if (!tail) return tail;
    Samples packed;
    const auto each = eachChunk(series, Level::Samples, fromUs, toUs, [&](int64_t, std::string_view bytes) {
        const auto samples = unpackSamples(bytes);
        if (!samples) return; // a gap in the chart: the row is damaged
        const auto first = std::ranges::lower_bound(*samples, fromUs, {}, &SampleRow::atUs);
        const auto last = std::ranges::upper_bound(*samples, toUs, {}, &SampleRow::atUs);
        if (first < last) packed.insert(packed.end(), first, last);
    });
    if (!each) return each.error();
    return merged(packed, tail.value());
}

Result<std::vector<SampleRow>> SqliteSampleStore::readTail(int64_t series, int64_t fromUs, int64_t toUs)
{
    Samples samples;
    int64_t next = fromUs;
    for (bool more = true; more;) {
        auto statement =
            m_database->prepare("SELECT t, counts FROM tail WHERE shard = ? AND t >= ? AND t <= ? ORDER BY t LIMIT ?");
        if (!statement) return statement.error();
        ReadBudget budget(m_clock, kRowsPerRead);
        statement.value().bind(series / kSeriesPerShard).bind(next).bind(toUs).bind(budget.rows());
        for (bool room = true; room;) {
            const auto row = statement.value().step();
            if (!row) return row.error();
            more = row.value();
            if (!more) break;
            const int64_t atUs = statement.value().integer(0);
            const std::string_view bytes = statement.value().bytes(1);
            if (const auto value = findInSecond(bytes, series)) samples.push_back({.atUs = atUs, .value = *value});
            next = atUs + 1;
            room = budget.spend(bytes.size());
        }
    }
    return samples;
}

Result<Done> SqliteSampleStore::eachChunk(int64_t series, Level level, int64_t fromUs, int64_t toUs,
                                          const std::function<void(int64_t, std::string_view)>& use)
{
    int64_t next = beginOf(fromUs, kChunkUs);
    for (bool more = true; more;) {
        auto statement = m_database->prepare("SELECT t0, data FROM chunk WHERE series = ? AND level = ? AND t0 >= ? "
                                             "AND t0 <= ? AND codec = ? ORDER BY t0 LIMIT ?");
        if (!statement) return statement.error();
        ReadBudget budget(m_clock, kRowsPerRead);
        statement.value().bind(series).bind(static_cast<int64_t>(level)).bind(next).bind(toUs).bind(kSampleCodec);
        statement.value().bind(budget.rows());
        for (bool room = true; room;) {
            const auto row = statement.value().step();
            if (!row) return row.error();
            more = row.value();
            if (!more) break;
            const int64_t beginUs = statement.value().integer(0);
            const std::string_view bytes = statement.value().bytes(1);
            use(beginUs, bytes);
            next = beginUs + 1;
            room = budget.spend(bytes.size());
        }
    }
    return Done{};
}

Result<std::optional<SqliteSampleStore::Samples>> SqliteSampleStore::chunkAt(int64_t series, int64_t beginUs)
{
    std::optional<Samples> samples;
    const auto each = eachChunk(series, Level::Samples, beginUs, beginUs,
                                [&](int64_t, std::string_view bytes) { samples = unpackSamples(bytes); });
    if (!each) return each.error();
    return samples;
}

Result<std::vector<RollupRow>> SqliteSampleStore::readRollup(const std::string& series, Rollup rollup, int64_t fromUs,
                                                             int64_t toUs)
{
    if (const auto followed = followFile(); !followed) return followed.error();
    const auto number = numberOf(series);
    if (!number) return number.error();
    if (!number.value() || fromUs > toUs) return std::vector<RollupRow>{};
    const bool tens = rollup == Rollup::TenSeconds;
    const int64_t length = tens ? kTenSecondsUs : kMinuteUs;
    // Windows that still have seconds in the tail are rolled up here, from all their samples.
    const auto tail = readTail(*number.value(), beginOf(fromUs, kChunkUs), beginOf(toUs, kChunkUs) + kChunkUs - 1);
    if (!tail) return tail.error();
    const int64_t openUs = tail.value().empty() ? toUs + 1 : beginOf(tail.value().front().atUs, kChunkUs);

    std::vector<RollupRow> rows;
    const auto each = eachChunk(*number.value(), tens ? Level::TenSeconds : Level::Minute, fromUs,
                                std::min(toUs, openUs - 1), [&](int64_t, std::string_view bytes) {
                                    if (const auto stored = unpackRollups(bytes)) {
                                        rows.insert(rows.end(), stored->begin(), stored->end());
                                    }
                                });
    if (!each) return each.error();
    if (openUs <= toUs) {
        const auto open = readRaw(*number.value(), openUs, beginOf(toUs, kChunkUs) + kChunkUs - 1);
        if (!open) return open.error();
        const auto fresh = rollUp(open.value(), length);
        rows.insert(rows.end(), fresh.begin(), fresh.end());
    }
    keepSpan(rows, fromUs, toUs);
    return rows;
}

Result<std::optional<SqliteSampleStore::Live>> SqliteSampleStore::live()
{
    if (const auto followed = followFile(); !followed) return followed.error();
    auto statement = m_database->prepare("SELECT at, snapshot FROM live");
    if (!statement) return statement.error();
    const auto row = statement.value().step();
    if (!row) return row.error();
    if (!row.value()) return std::optional<Live>{};
    return std::optional(Live{.snapshot = statement.value().text(1), .at = wallTime(statement.value().integer(0))});
}

} // namespace sluice::journal
