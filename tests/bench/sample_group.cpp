// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>
#include <random>

#include <QTemporaryDir>
#include <fmt/format.h>
#include <sqlite3.h>

#include "core/adapters/system_clock.h"
#include "core/base/check.h"
#include "core/journal/sqlite_sample_store.h"
#include "tests/bench/groups.h"
#include "tests/bench/measure.h"
#include "tests/bench/plain_database.h"

namespace sluice::bench {

namespace {

constexpr int kSeries = 20;
constexpr int64_t kSeconds = 86'400;
constexpr int64_t kBegin = 1'795'200'000; // a multiple of a chunk
constexpr int kRounds = 5;

std::string seriesName(int series)
{
    return "checkout/production|metric-" + std::to_string(series / 2) + (series % 2 == 0 ? "|stable" : "|canary");
}

/// A day as the engine stores it: counts a second, ratios in millionths that move little, latencies in whole ms.
int64_t valueOf(int series, std::mt19937_64& random)
{
    switch (series % 4) {
    case 0: return 180 + static_cast<int64_t>(random() % 40); // requests
    case 1: return static_cast<int64_t>(random() % 4);        // errors
    case 2: return 40 + static_cast<int64_t>(random() % 15);  // latency, ms
    case 3: return 300 + static_cast<int64_t>(random() % 20); // load, per mille
    }
    return 0;
}

void fill(journal::SqliteSampleStore& store, PlainDatabase& rows)
{
    std::vector<std::mt19937_64> random;
    std::vector<std::string> names;
    for (int series = 0; series < kSeries; ++series) {
        random.emplace_back(static_cast<uint64_t>(series));
        names.push_back(seriesName(series));
    }
    rows.run("CREATE TABLE sample(series INTEGER, t INTEGER, value INTEGER, PRIMARY KEY(series, t)) WITHOUT ROWID");
    std::vector<std::vector<int64_t>> all(kSeries);
    for (int64_t second = 0; second < kSeconds; ++second) {
        std::vector<ports::SampleColumn> columns;
        for (size_t series = 0; series < kSeries; ++series) {
            all[series].push_back(valueOf(static_cast<int>(series), random[series]));
            columns.push_back({names[series], all[series].back()});
        }
        SLUICE_CHECK(store.put((kBegin + second) * 1'000'000, columns).ok());
    }
    // Past the seal of the last window, so that everything is packed.
    for (int64_t after = 0; after < 30; ++after)
        SLUICE_CHECK(store.put((kBegin + kSeconds + 600 + after) * 1'000'000, {{names[0], 1}}).ok());
    rows.insert("INSERT INTO sample VALUES(?, ?, ?)", kSeries * kSeconds, [&](sqlite3_stmt* statement, int64_t row) {
        sqlite3_bind_int64(statement, 1, row / kSeconds);
        sqlite3_bind_int64(statement, 2, (kBegin + row % kSeconds) * 1'000'000);
        sqlite3_bind_int64(statement, 3, all[static_cast<size_t>(row / kSeconds)][static_cast<size_t>(row % kSeconds)]);
    });
}

/// The buckets that the product keeps for charts of many hours, as rows beside the rows.
void addBuckets(PlainDatabase& rows)
{
    for (const int64_t bucket : {10'000'000, 60'000'000}) {
        rows.run(
            fmt::format("CREATE TABLE bucket_{0}(series INTEGER, t INTEGER, low INTEGER, high INTEGER, sum INTEGER, "
                        "n INTEGER, PRIMARY KEY(series, t)) WITHOUT ROWID;"
                        "INSERT INTO bucket_{0} SELECT series, t - t % {0}, min(value), max(value), sum(value), "
                        "count(*) FROM sample GROUP BY 1, 2 ORDER BY 1, 2",
                        bucket));
    }
}

void measure(Sheet& sheet)
{
    const QTemporaryDir folder;
    const auto path = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)).toStdString(); };
    const adapters::SystemClock clock;
    auto opened = journal::SqliteSampleStore::open(path("samples.db"), clock, journal::OpenMode::Create);
    SLUICE_CHECK(opened.ok());
    journal::SqliteSampleStore& store = *opened.value();
    PlainDatabase rows(path("rows.db"), false);
    fill(store, rows);
    addBuckets(rows);

    // The same day of the same series with the same buckets in two files, both whole with all their pages.
    const auto ours = static_cast<double>(std::filesystem::file_size(path("samples.db")));
    const auto plain = static_cast<double>(std::filesystem::file_size(path("rows.db")));
    constexpr double kSamples = double{kSeries} * kSeconds;
    sheet.put(
        "sample-bytes", ours / plain,
        fmt::format("{:.2f} bytes a sample and {:.1f} as rows (series, t, value), both with buckets of 10 s and 60 s",
                    ours / kSamples, plain / kSamples));

    // Every series of the day as values in memory, one after the other.
    const int64_t from = kBegin * 1'000'000;
    const int64_t to = from + (kSeconds - 1) * 1'000'000;
    int64_t sum = 0;
    int64_t otherSum = 0;
    const Pair both = inTurns(
        kRounds,
        [&] {
            sum = 0;
            for (int series = 0; series < kSeries; ++series) {
                const auto read = store.read(seriesName(series), from, to);
                SLUICE_CHECK(read.ok() && read.value().size() == kSeconds);
                for (const ports::SampleRow& row : read.value())
                    sum += row.value;
            }
        },
        [&] {
            otherSum = 0;
            for (int series = 0; series < kSeries; ++series) {
                std::vector<ports::SampleRow> out;
                rows.each(
                    fmt::format("SELECT t, value FROM sample WHERE series = {} AND t BETWEEN {} AND {} ORDER BY t",
                                series, from, to),
                    [&](sqlite3_stmt* row) {
                        out.push_back({sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)});
                    });
                for (const ports::SampleRow& row : out)
                    otherSum += row.value;
            }
        });
    SLUICE_CHECK(sum == otherSum);
    sheet.put(
        "sample-read", 1 / both.ratio(),
        fmt::format("20 series x 24 h in {:.1f} ms, SQL over rows {:.0f} ms", both.ours * 1e3, both.theirs * 1e3));
}

} // namespace

Group sampleGroup()
{
    return {.name = "samples",
            .bars = {{"sample-bytes", "samples on disk against plain rows", Sense::AtMost, 0.1, "x"},
                     {"sample-read", "reading 24 h x 20 series against SQL over rows", Sense::AtLeast, 10, "x faster"}},
            .measure = measure};
}

} // namespace sluice::bench
