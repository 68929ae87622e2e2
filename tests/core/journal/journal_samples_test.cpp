// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "core/journal/sqlite_sample_store.h"
#include "tests/core/journal/journal_support.h"
#include "tests/core/journal/raw_sql.h"

using namespace sluice;
using namespace sluice::journal_test;
using journal::OpenMode;
using journal::SqliteSampleStore;
using ports::Rollup;
using ports::SampleRow;

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kStart = 1'700'000'400 * kSecond; // a multiple of 600 s
constexpr const char* kSeries = "checkout/production|error_rate|canary|of";

struct Samples {
    QTemporaryDir folder{};
    FakeClock clock{};
    std::string path() const { return folder.filePath("samples.db").toStdString(); }
    std::unique_ptr<SqliteSampleStore> open(OpenMode mode = OpenMode::Create) const
    {
        auto opened = SqliteSampleStore::open(path(), clock, mode);
        if (!opened) qFatal("%s", opened.error().detail.c_str());
        return std::move(opened).value();
    }
};

int64_t valueAt(int64_t second)
{
    return 100 + second % 7;
}

void put(SqliteSampleStore& store, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; ++i) {
        const auto stored = store.put(kStart + i * kSecond, {{kSeries, valueAt(i)}, {"other", i}});
        if (!stored) qFatal("%s", stored.error().detail.c_str());
    }
}

bool isWhole(const std::vector<SampleRow>& rows, int64_t from, int64_t to)
{
    if (rows.size() != static_cast<size_t>(to - from)) return false;
    for (int64_t i = from; i < to; ++i) {
        const SampleRow expected{.atUs = kStart + i * kSecond, .value = valueAt(i)};
        if (rows[static_cast<size_t>(i - from)] != expected) return false;
    }
    return true;
}

} // namespace

class JournalSamplesTest : public QObject {
    Q_OBJECT

private slots:
    void tailAndChunksReadAsOneSeries();
    void aSpanIncludesBothEnds();
    void lateSecondsFindTheirPlaceInAPackedWindow();
    void columnsOfOneSecondComeTogether();
    void manySeriesArePackedAFewAtATime();
    void rollupsAgreeWithTheSamples();
    void observersSeeTheLivePicture();
    void aDamagedFileIsMovedAsideAndTheEngineGoesOn_data();
    void aDamagedFileIsMovedAsideAndTheEngineGoesOn();
    void anObserverFollowsToTheNewFile();
    void oldSamplesArePruned();
    void samplesAreATenthOfPlainRows();
    void aReaderInTheWayCostsASecondOfSamplesAtMost();
};

void JournalSamplesTest::tailAndChunksReadAsOneSeries()
{
    const Samples place;
    put(*place.open(), 0, 1500);
    QCOMPARE(RawSql(place.path()).text("SELECT count(*) FROM chunk WHERE level = 0"), std::string("4"));
    auto reader = place.open(OpenMode::Observe);
    QVERIFY(isWhole(reader->read(kSeries, kStart, kStart + 1499 * kSecond).value(), 0, 1500));
    QVERIFY(reader->read("unknown", 0, kStart * 2).value().empty());
    QVERIFY(reader->read(kSeries, kStart + 5, kStart).value().empty());
}

void JournalSamplesTest::aSpanIncludesBothEnds()
{
    const Samples place;
    auto store = place.open();
    put(*store, 0, 1500);
    QVERIFY(isWhole(store->read(kSeries, kStart + 10 * kSecond, kStart + 20 * kSecond).value(), 10, 21));
    QVERIFY(isWhole(store->read(kSeries, kStart + 590 * kSecond, kStart + 610 * kSecond).value(), 590, 611));
    QVERIFY(isWhole(store->read(kSeries, kStart + 1300 * kSecond, kStart + 1310 * kSecond).value(), 1300, 1311));
}

void JournalSamplesTest::lateSecondsFindTheirPlaceInAPackedWindow()
{
    const Samples place;
    auto store = place.open();
    put(*store, 0, 100);
    put(*store, 200, 700); // packs the first window, with a hole
    QCOMPARE(RawSql(place.path()).text("SELECT count(*) FROM chunk WHERE level = 0"), std::string("2"));
    put(*store, 100, 200); // a range query after a restart fills it
    QVERIFY(isWhole(store->read(kSeries, kStart, kStart + 699 * kSecond).value(), 0, 700));
    put(*store, 700, 720); // packed again
    QVERIFY(isWhole(store->read(kSeries, kStart, kStart + 719 * kSecond).value(), 0, 720));
    QCOMPARE(RawSql(place.path()).text("SELECT n FROM chunk WHERE level = 0 AND series = 1"), std::string("600"));
}

void JournalSamplesTest::columnsOfOneSecondComeTogether()
{
    const Samples place;
    auto store = place.open();
    QVERIFY(store->put(kStart, {{"a", 1}, {"b", 2}}).ok());
    QVERIFY(place.open()->put(kStart, {{"b", 3}, {"c", 4}}).ok());
    const auto only = [&](const char* series) { return store->read(series, kStart, kStart).value().at(0).value; };
    QCOMPARE(only("a"), 1);
    QCOMPARE(only("b"), 3);
    QCOMPARE(only("c"), 4);
}

void JournalSamplesTest::manySeriesArePackedAFewAtATime()
{
    const Samples place;
    auto store = place.open();
    std::vector<ports::SampleColumn> columns;
    for (int i = 0; i < 600; ++i)
        columns.push_back({"s" + std::to_string(i), i});
    for (int64_t i = 0; i < 615; i += 5) {
        columns.front().value = i;
        QVERIFY(store->put(kStart + i * kSecond, columns).ok());
    }
    const auto packed = [&] {
        return std::stoi(RawSql(place.path()).text("SELECT count(*) FROM chunk WHERE level = 0"));
    };
    int before = 0;
    for (int64_t i = 615; i < 617; ++i) { // three shards, one at a time
        QVERIFY(packed() - before <= journal::kSeriesPerShard);
        before = packed();
        QVERIFY(store->put(kStart + i * kSecond, columns).ok());
    }
    QVERIFY(before > 0 && before < 600);
    QCOMPARE(packed(), 600);
    QCOMPARE(store->read("s0", kStart, kStart + 610 * kSecond).value().size(), 123U);
    QCOMPARE(store->read("s599", kStart, kStart + 617 * kSecond).value().back().value, 599);
}

void JournalSamplesTest::rollupsAgreeWithTheSamples()
{
    const Samples place;
    auto store = place.open();
    put(*store, 0, 1500);
    for (const auto rollup : {Rollup::TenSeconds, Rollup::Minute}) {
        const int64_t length = rollup == Rollup::Minute ? journal::kMinuteUs : journal::kTenSecondsUs;
        const auto raw = store->read(kSeries, kStart, kStart + 1499 * kSecond).value();
        const auto rows = store->readRollup(kSeries, rollup, kStart, kStart + 1499 * kSecond).value();
        QCOMPARE(rows, journal::rollUp(raw, length));
        const auto some = store->readRollup(kSeries, rollup, kStart + 540 * kSecond, kStart + 660 * kSecond).value();
        QCOMPARE(some.front().atUs, kStart + 540 * kSecond);
        QCOMPARE(some.back().atUs, kStart + 660 * kSecond);
        QCOMPARE(some.size(), static_cast<size_t>(120 * kSecond / length + 1));
    }
    QVERIFY(store->readRollup("unknown", Rollup::Minute, 0, kStart * 2).value().empty());
}

void JournalSamplesTest::observersSeeTheLivePicture()
{
    const Samples place;
    auto store = place.open();
    auto observer = place.open(OpenMode::Observe);
    QVERIFY(!observer->live().value().has_value());
    QVERIFY(store->putLive(R"({"number":1})", wallTime(5)).ok());
    QVERIFY(store->putLive(R"({"number":2})", wallTime(6)).ok());
    const auto live = observer->live().value();
    QVERIFY(live.has_value());
    QCOMPARE(live->snapshot, std::string(R"({"number":2})"));
    QCOMPARE(live->at, wallTime(6));
    QCOMPARE(observer->put(kStart, {{"a", 1}}).error().fault, Fault::Refused);
}

void JournalSamplesTest::aDamagedFileIsMovedAsideAndTheEngineGoesOn_data()
{
    QTest::addColumn<bool>("whileOpen");
    QTest::newRow("found when opening") << false;
    QTest::newRow("found while writing") << true;
}

void JournalSamplesTest::aDamagedFileIsMovedAsideAndTheEngineGoesOn()
{
    QFETCH(bool, whileOpen);
    const Samples place;
    auto store = place.open();
    put(*store, 0, 50);
    if (!whileOpen) store.reset();
    QFile file(QString::fromStdString(place.path()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const qint64 size = file.size();
    file.write(QByteArray(size, '\x5a'));
    file.close();
    if (!whileOpen) store = place.open();
    put(*store, 50, 60);
    const std::string warning = store->takeWarning();
    QVERIFY2(warning.find("samples.db.damaged-1") != std::string::npos, warning.c_str());
    QVERIFY(store->takeWarning().empty());
    QVERIFY(QFile::exists(QString::fromStdString(place.path() + ".damaged-1")));
    QVERIFY(isWhole(store->read(kSeries, kStart, kStart + 100 * kSecond).value(), 50, 60));
}

void JournalSamplesTest::anObserverFollowsToTheNewFile()
{
    const Samples place;
    auto store = place.open();
    put(*store, 0, 10);
    auto observer = place.open(OpenMode::Observe);
    QCOMPARE(observer->read(kSeries, kStart, kStart + 100 * kSecond).value().size(), 10U);
    QVERIFY(QFile::rename(QString::fromStdString(place.path()), QString::fromStdString(place.path() + ".old")));
    put(*place.open(), 10, 20);
    QVERIFY(isWhole(observer->read(kSeries, kStart, kStart + 100 * kSecond).value(), 10, 20));
    put(*store, 20, 30); // another writer follows too
    QVERIFY(isWhole(observer->read(kSeries, kStart, kStart + 100 * kSecond).value(), 10, 30));
}

void JournalSamplesTest::oldSamplesArePruned()
{
    const Samples place;
    auto store = place.open();
    put(*store, 0, 1500);
    const WallTime written = wallTime(kStart);
    const auto levels = [&] { return RawSql(place.path()).text("SELECT group_concat(DISTINCT level) FROM chunk"); };
    QCOMPARE(store->prune(written + std::chrono::days(29)).value(), 0);
    QCOMPARE(levels(), std::string("0,1,2"));
    QCOMPARE(store->prune(written + std::chrono::days(32)).value(), 8);
    QCOMPARE(levels(), std::string("2"));
    QVERIFY(!store->readRollup(kSeries, Rollup::Minute, kStart, kStart + 600 * kSecond).value().empty());
    QCOMPARE(store->prune(written + std::chrono::days(367)).value(), 4);
    QCOMPARE(levels(), std::string(""));
}

void JournalSamplesTest::samplesAreATenthOfPlainRows()
{
    const Samples place;
    auto store = place.open();
    const auto writeHours = [&](int64_t first, int64_t hours) {
        std::vector<ports::SampleColumn> columns;
        for (int i = 0; i < 20; ++i)
            columns.push_back({"series " + std::to_string(i), 0});
        for (int64_t second = first * 3600; second < (first + hours) * 3600; ++second) {
            for (size_t i = 0; i < columns.size(); ++i)
                columns[i].value = 200 + (second * 7919 + 31 * i) % 41;
            if (!store->put(kStart + second * kSecond, columns)) return false;
        }
        return true;
    };
    QVERIFY(writeHours(0, 2));
    RawSql(place.path()).run("VACUUM");
    const double each = static_cast<double>(QFile(QString::fromStdString(place.path())).size()) / (20 * 7200);
    QVERIFY2(each < 3.7, qPrintable(QString::number(each))); // rowid table with index: 37.8 bytes
}

void JournalSamplesTest::aReaderInTheWayCostsASecondOfSamplesAtMost()
{
    const Samples place;
    auto store = place.open();
    put(*store, 0, 5);
    {
        RawSql reader(place.path());
        reader.run("BEGIN; SELECT * FROM tail");
        const auto lost = store->put(kStart + 5 * kSecond, {{kSeries, 1}});
        QVERIFY(!lost.ok());
        QCOMPARE(lost.error().fault, Fault::Unreachable);
    }
    QVERIFY(store->put(kStart + 6 * kSecond, {{kSeries, 1}}).ok());
    QVERIFY(store->takeWarning().empty());
}

QTEST_GUILESS_MAIN(JournalSamplesTest)
#include "journal_samples_test.moc"
