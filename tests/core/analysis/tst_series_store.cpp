// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <limits>

#include "core/analysis/metric_window.h"
#include "tests/core/analysis/source.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

RawSeries series(const std::string& code, const std::vector<std::pair<double, double>>& samples,
                 const std::string& instance = "a", const std::string& name = "requests")
{
    RawSeries out{.name = name, .labels = {{"code", code}, {"instance", instance}, {"job", "j"}, {"track", "canary"}}};
    for (const auto& [second, value] : samples)
        out.samples.push_back({kStart * 1000 + static_cast<int64_t>(second * 1000), value});
    return out;
}

/// Growth of everything that a selector sees, as counted by second `upTo`.
int64_t grown(const SeriesStore& store, int64_t upTo, const std::vector<LabelMatch>& labels = {})
{
    MetricWindow window(SelectorMatcher(selector("requests", labels), {}, Track::Canary), MetricWindow::Kind::Counter,
                        Aggregate::Sum, 4096);
    window.match(store.impl());
    for (int64_t s = 0; s <= upTo; ++s)
        window.read(store.impl(), kStart + s, nullptr);
    return window.sum(kStart - 1, kStart + upTo);
}

int64_t failures(const SeriesStore& store, int64_t upTo)
{
    return grown(store, upTo, {{.label = "code", .kind = LabelMatch::Kind::Matches, .value = "5.."}});
}

} // namespace

class TestSeriesStore : public QObject {
    Q_OBJECT
private slots:
    void growthOfACounter_data();
    void growthOfACounter();
    void overlappingAnswersCountNothingTwice();
    void theFirstBurstOfErrorsOnAKnownInstanceCountsFromZero();
    void theFirstSightOfAnInstanceIsOnlyTheBase();
    void aNameThatIsAskedForTheFirstTimeIsOnlyTheBase();
    void whetherASeriesIsNewDoesNotDependOnTheOrderInAnAnswer();
    void anAnswerWithAWarningMayBePartialAndIsNotTaken();
    void olderSamplesOfALaterAnswerComeBeforeTheFirst();
    void replicasAreAddedUp();
    void seriesThatVanishedAreForgotten();
    void growthOverALongSilenceIsNotCounted();
    void aLabelFullOfUserIdsDoesNotEatTheMemory();
};

void TestSeriesStore::growthOfACounter_data()
{
    using Samples = std::vector<std::pair<double, double>>;
    QTest::addColumn<Samples>("samples");
    QTest::addColumn<qint64>("millionths");
    QTest::newRow("rises") << Samples{{0, 100}, {1, 103}, {2, 110}} << qint64{10'000'000};
    QTest::newRow("stands still") << Samples{{0, 100}, {1, 100}} << qint64{0};
    QTest::newRow("fraction") << Samples{{0, 0.25}, {1, 0.75}} << qint64{500'000};
    QTest::newRow("reset: the new value is the growth") << Samples{{0, 100}, {1, 3}, {2, 5}} << qint64{5'000'000};
    QTest::newRow("reset to zero") << Samples{{0, 100}, {1, 0}, {2, 2}} << qint64{2'000'000};
    QTest::newRow("NaN is skipped, the next value counts from the last")
        << Samples{{0, 100}, {1, kNan}, {2, 104}} << qint64{4'000'000};
    QTest::newRow("infinity") << Samples{{0, 1}, {1, HUGE_VAL}, {2, 2}} << qint64{1'000'000};
    QTest::newRow("negative is no counter") << Samples{{0, 1}, {1, -5}, {2, 3}} << qint64{2'000'000};
    QTest::newRow("a missed scrape loses nothing") << Samples{{0, 100}, {7, 120}} << qint64{20'000'000};
    QTest::newRow("large counters stay exact") << Samples{{0, 9e15}, {1, 9e15 + 2}} << qint64{2'000'000};
}

void TestSeriesStore::growthOfACounter()
{
    using Samples = std::vector<std::pair<double, double>>;
    QFETCH(Samples, samples);
    QFETCH(qint64, millionths);
    SeriesStore store;
    store.add({.series = {series("200", samples)}});
    QCOMPARE(grown(store, 20), int64_t{millionths});
}

void TestSeriesStore::overlappingAnswersCountNothingTwice()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}, {2, 15}})}});
    store.add({.series = {series("200", {{1, 12}, {2, 15}, {3, 16}})}});
    store.add({.series = {series("200", {{1, 12}, {2, 15}, {3, 16}})}});
    QCOMPARE(grown(store, 10), int64_t{6'000'000});
}

void TestSeriesStore::theFirstBurstOfErrorsOnAKnownInstanceCountsFromZero()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}})}});
    store.add({.series = {series("200", {{0, 10}, {1, 12}, {2, 13}}), series("500", {{2, 7}})}});
    QCOMPARE(failures(store, 2), int64_t{7'000'000});
}

void TestSeriesStore::theFirstSightOfAnInstanceIsOnlyTheBase()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}})}});
    store.add({.series = {series("200", {{2, 5000}}, "b"), series("500", {{2, 300}}, "b")}});
    QCOMPARE(failures(store, 2), int64_t{0});
    QCOMPARE(grown(store, 2), int64_t{2'000'000});
}

void TestSeriesStore::aNameThatIsAskedForTheFirstTimeIsOnlyTheBase()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}}, "a", "others")}});
    store.add({.series = {series("200", {{1, 12}, {2, 13}, {3, 14}}, "a", "others"),
                          series("500", {{1, 4000}, {2, 4000}, {3, 4001}})}});
    QCOMPARE(failures(store, 5), int64_t{1'000'000});
}

void TestSeriesStore::whetherASeriesIsNewDoesNotDependOnTheOrderInAnAnswer()
{
    for (const bool newFirst : {true, false}) {
        std::vector<RawSeries> both{series("500", {{2, 7}}), series("200", {{0, 10}, {1, 12}, {2, 13}})};
        if (!newFirst) std::swap(both[0], both[1]);
        SeriesStore store;
        store.add({.series = both});
        QCOMPARE(failures(store, 2), int64_t{7'000'000});
    }
}

void TestSeriesStore::anAnswerWithAWarningMayBePartialAndIsNotTaken()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}})}, .warnings = {"one store did not answer"}});
    QCOMPARE(store.newest(), WallTime{});
}

void TestSeriesStore::olderSamplesOfALaterAnswerComeBeforeTheFirst()
{
    SeriesStore store;
    store.add({.series = {series("200", {{8, 30}, {9, 31}})}});
    store.add({.series = {series("200", {{0, 10}, {4, 20}, {8, 30}, {9, 31}, {10, 33}})}});
    QCOMPARE(grown(store, 20), int64_t{23'000'000});
}

void TestSeriesStore::replicasAreAddedUp()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}}, "a"), series("200", {{0.4, 100}, {1.4, 105}}, "b")}});
    QCOMPARE(grown(store, 2), int64_t{7'000'000});
    QCOMPARE(store.newest(), at(1) + std::chrono::milliseconds(400));
}

void TestSeriesStore::seriesThatVanishedAreForgotten()
{
    SeriesStore store(std::chrono::seconds(100));
    store.add({.series = {series("200", {{0, 10}}), series("404", {{0, 1}})}});
    for (int s = 1; s <= 300; ++s)
        store.add({.series = {series("200", {{static_cast<double>(s), 10.0 + s}})}});
    QCOMPARE(store.impl().names.at("requests").ids.size(), size_t{1});
    QVERIFY(store.impl().find(0)->samples.size() <= 102);
    QCOMPARE(store.impl().find(1), nullptr);
}

void TestSeriesStore::growthOverALongSilenceIsNotCounted()
{
    SeriesStore store;
    store.add({.series = {series("200", {{0, 10}, {1, 12}})}});
    store.add({.series = {series("200", {{7200, 90'000}, {7201, 90'003}}), series("500", {{7200, 50}, {7201, 51}})}});
    MetricWindow window(SelectorMatcher(selector("requests"), {}, Track::Canary), MetricWindow::Kind::Counter,
                        Aggregate::Sum, 64);
    window.match(store.impl());
    window.read(store.impl(), kStart + 7201, nullptr);
    QCOMPARE(window.sum(kStart + 7190, kStart + 7201), int64_t{4'000'000});
}

void TestSeriesStore::aLabelFullOfUserIdsDoesNotEatTheMemory()
{
    SeriesStore store;
    RawBatch batch;
    for (size_t i = 0; i < SeriesStore::Impl::kSeriesLimit + 10; ++i)
        batch.series.push_back({.name = "n", .labels = {{"user", std::to_string(i)}}, .samples = {{kStart * 1000, 1}}});
    store.add(batch);
    QCOMPARE(store.impl().refused, int64_t{10});
}

QTEST_GUILESS_MAIN(TestSeriesStore)
#include "tst_series_store.moc"
