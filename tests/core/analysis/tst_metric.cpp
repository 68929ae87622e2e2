// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <cmath>
#include <limits>

#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;
using Some = std::optional<int64_t>;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kBounds{0.1, 0.5, 1, 10};

Playbook showing(std::vector<Metric> metrics)
{
    Playbook book;
    book.metrics = std::move(metrics);
    book.before = 30s;
    return book;
}

Scene exposed(std::vector<Metric> metrics)
{
    Scene scene(showing(std::move(metrics)));
    scene.run(5);
    scene.expose(0, percent(10));
    return scene;
}

} // namespace

class TestMetric : public QObject {
    Q_OBJECT
private slots:
    void aCanaryThatNeverFailedHasZeroErrorsOnceItHasEnoughRequests();
    void aMisspeltDenominatorIsNoData();
    void noTrafficIsNoDataNotZero();
    void aRestartedExporterLosesNothing();
    void aSilentCanaryIsTooOldWhileStableGoesOn();
    void aSilentSourceIsDown();
    void nanIsNoData();
    void aQuantileAboveTheTopBucketHasNoValue();
    void aRateIsPerObservedSecond();
    void aRateWaitsForReplicasThatAreScrapedLaterInTheSecond();
    void aRateAfterASilenceIsNoPeak();
    void aCountIsTheSumInTheWindow();
    void replicasOfAGauge_data();
    void replicasOfAGauge();
    void aReplicaThatStoppedIsNotCountedForEver();
    void aSlowSourceIsJudgedOnWholeScrapes();
    void failuresCountOnlyWithTheRequestsOfTheirScrape();
    void failuresOnInstancesWithoutRequestsAreNotHidden();
    void aPatternInTheNumeratorLeavesTheDenominatorWhole();
};

void TestMetric::aCanaryThatNeverFailedHasZeroErrorsOnceItHasEnoughRequests()
{
    Scene scene = exposed({errorRate()});
    scene.run(9);
    QCOMPARE(scene.reading("error_rate").canary, Some());
    QCOMPARE(scene.reading("error_rate").canaryNoData, NoDataReason::TooFewRequests);
    QCOMPARE(scene.reading("error_rate").canaryRequests, int64_t{90}); // the first second's ten are counted, too
    scene.run(1);
    QCOMPARE(scene.reading("error_rate").canary, Some(0));
    QCOMPARE(scene.reading("error_rate").canaryRequests, int64_t{100});
}

void TestMetric::aMisspeltDenominatorIsNoData()
{
    Metric wrong = errorRate();
    wrong.over->name = "reqests";
    Scene scene = exposed({wrong});
    scene.run(60);
    QCOMPARE(scene.reading("error_rate").canary, Some());
    QCOMPARE(scene.reading("error_rate").canaryNoData, NoDataReason::NeverSeen);
}

void TestMetric::noTrafficIsNoDataNotZero()
{
    Metric rule = errorRate();
    rule.minRequests = 0;
    Scene scene = exposed({rule});
    scene.load = [](Scene& s) { s.traffic(90, 0); };
    scene.run(60);
    QCOMPARE(scene.reading("error_rate").canary, Some());
    QCOMPARE(scene.reading("error_rate").canaryNoData, NoDataReason::TooFewRequests);
    QCOMPARE(scene.reading("error_rate").stable, Some(0));
}

void TestMetric::aRestartedExporterLosesNothing()
{
    Scene scene = exposed({errorRate()});
    scene.load = [](Scene& s) { s.traffic(90, 10, 1); };
    scene.run(30);
    scene.canary.restart();
    scene.run(30);
    QCOMPARE(scene.reading("error_rate").canaryRequests, int64_t{600});
    QCOMPARE(scene.reading("error_rate").canary, Some(100'000));
}

void TestMetric::aSilentCanaryIsTooOldWhileStableGoesOn()
{
    Scene scene = exposed({errorRate()});
    scene.run(30);
    scene.canary.scraped(false);
    scene.run(4);
    QCOMPARE(scene.reading("error_rate").canary, Some(0));
    QCOMPARE(scene.seen().freshness, Freshness::Late);
    scene.run(2);
    QCOMPARE(scene.reading("error_rate").canaryNoData, NoDataReason::TooOld);
    QCOMPARE(scene.reading("error_rate").stable, Some(0));
    QCOMPARE(scene.seen().freshness, Freshness::NoData);
}

void TestMetric::aSilentSourceIsDown()
{
    Scene scene = exposed({errorRate()});
    scene.run(30);
    scene.silence(6);
    QCOMPARE(scene.reading("error_rate").canaryNoData, NoDataReason::SourceDown);
    QCOMPARE(scene.reading("error_rate").stableNoData, NoDataReason::SourceDown);
    QCOMPARE(scene.seen().age, Duration(6200ms));
}

void TestMetric::nanIsNoData()
{
    Scene scene = exposed({errorRate(), gauge("cpu", Aggregate::Max, false)});
    scene.load = [](Scene& s) {
        s.traffic(90, 10);
        s.canary.set("cpu", "", 0.5);
    };
    scene.run(30);
    QCOMPARE(scene.reading("cpu").canary, Some(500'000));
    scene.load = [](Scene& s) {
        s.traffic(90, 10);
        s.canary.set("cpu", "", kNan);
        s.canary.set("requests", "code=200", kNan);
    };
    scene.run(1);
    QCOMPARE(scene.reading("cpu").canaryNoData, NoDataReason::NotFinite);
    QCOMPARE(scene.reading("error_rate").canaryNoData, NoDataReason::NotFinite);
}

void TestMetric::aQuantileAboveTheTopBucketHasNoValue()
{
    Scene scene = exposed({latency("p95", 950'000)});
    scene.load = [](Scene& s) { s.canary.observe("duration_bucket", kBounds, 0.3, 10); };
    scene.run(30);
    QCOMPARE(scene.reading("p95").canary, Some(480'000)); // 95 % of the way from 100 to 500 ms
    scene.load = [](Scene& s) { s.canary.observe("duration_bucket", kBounds, 15, 10); };
    scene.run(30);
    QCOMPARE(scene.reading("p95").canary, Some());
    QCOMPARE(scene.reading("p95").canaryNoData, NoDataReason::NotFinite);
}

void TestMetric::aRateIsPerObservedSecond()
{
    Scene scene = exposed({requestRate()});
    scene.run(7); // far from a whole window
    QCOMPARE(scene.reading("throughput").canary, Some(10'000'000));
    QCOMPARE(scene.reading("throughput").stable, Some(90'000'000));
    scene.run(80);
    QCOMPARE(scene.reading("throughput").canary, Some(10'000'000));
}

void TestMetric::aRateWaitsForReplicasThatAreScrapedLaterInTheSecond()
{
    Scene scene = exposed({requestRate()});
    Instance later("s2", Track::Stable, 900); // its sample of a second is there when the next one is judged
    for (int64_t i = 0; i < 90; ++i, ++scene.second) {
        scene.traffic(90, 10);
        later.count("requests", "code=200", 90);
        for (Instance* one : {&scene.stable, &scene.canary, &later})
            one->scrape(scene.second);
        const int64_t nowMs = (kStart + scene.second) * 1000 + 300;
        scene.store.add(batchOf({&scene.stable, &scene.canary, &later}, nowMs - 3000, nowMs));
        scene.judge.advance(scene.store, scene.context, {.wall = at(scene.second) + 300ms});
    }
    QCOMPARE(scene.reading("throughput").stable, Some(180'000'000));
}

void TestMetric::aRateAfterASilenceIsNoPeak()
{
    Scene scene = exposed({requestRate()});
    scene.run(30);
    for (Instance* one : {&scene.stable, &scene.canary})
        one->scraped(false);
    scene.run(12);
    for (Instance* one : {&scene.stable, &scene.canary})
        one->scraped(true);
    for (int second = 0; second < 90; ++second) {
        scene.run(1);
        QCOMPARE(scene.reading("throughput").stable, Some(90'000'000));
    }
}

void TestMetric::aCountIsTheSumInTheWindow()
{
    Scene scene = exposed({counted("payments", "payments_failed", 20s)});
    scene.load = [](Scene& s) {
        s.traffic(90, 10);
        s.canary.count("payments_failed", "", s.second % 10 == 0 ? 2 : 0);
    };
    scene.run(60);
    QCOMPARE(scene.reading("payments").canary, Some(4'000'000));
}

void TestMetric::replicasOfAGauge_data()
{
    QTest::addColumn<int>("aggregate");
    QTest::addColumn<qint64>("value");
    QTest::newRow("users and connections add up") << int(Aggregate::Sum) << qint64{900'000};
    QTest::newRow("CPU, memory, disk take the highest") << int(Aggregate::Max) << qint64{700'000};
    QTest::newRow("mean") << int(Aggregate::Mean) << qint64{450'000};
}

void TestMetric::replicasOfAGauge()
{
    QFETCH(int, aggregate);
    QFETCH(qint64, value);
    Scene scene = exposed({gauge("cpu", static_cast<Aggregate>(aggregate), false)});
    Instance second("c2", Track::Canary, 700);
    scene.load = [&](Scene& s) {
        s.canary.set("cpu", "", 0.7);
        second.set("cpu", "", 0.2);
        second.scrape(s.second);
        s.store.add(batchOf({&second}, 0, (kStart + s.second + 1) * 1000));
    };
    scene.run(5);
    QCOMPARE(scene.reading("cpu").canary, Some(value));
}

void TestMetric::aReplicaThatStoppedIsNotCountedForEver()
{
    Scene scene = exposed({gauge("users", Aggregate::Sum, true)});
    Instance second("c2", Track::Canary);
    second.set("users", "", 30);
    scene.load = [&](Scene& s) {
        s.canary.set("users", "", 70);
        s.stable.set("users", "", 900);
        second.scrape(s.second);
        s.store.add(batchOf({&second}, 0, (kStart + s.second + 1) * 1000));
    };
    scene.run(5);
    QCOMPARE(scene.reading("users").canary, Some(100'000'000));
    second.scraped(false);
    scene.run(4);
    QCOMPARE(scene.reading("users").canary, Some(70'000'000));
}

void TestMetric::aSlowSourceIsJudgedOnWholeScrapes()
{
    Scene scene(showing({requestRate(), errorRate()}), 15s);
    scene.run(60);
    scene.expose(0, percent(10));
    scene.run(300);
    for (int i = 0; i < 30; ++i) {
        scene.run(1);
        QCOMPARE(scene.reading("throughput").canary, Some(10'000'000));
        QCOMPARE(scene.reading("error_rate").canaryRequests, int64_t{600});
        QCOMPARE(scene.seen().freshness, Freshness::Fresh);
    }
}

void TestMetric::failuresCountOnlyWithTheRequestsOfTheirScrape()
{
    Metric payments = errorRate();
    payments.of = selector("failed");
    payments.over = selector("payments");
    payments.minRequests = 1;
    const auto made = [](const std::string& name, const std::string& instance, int64_t second, double value) {
        return RawSeries{.name = name,
                         .labels = {{"instance", instance}, {"track", "canary"}},
                         .samples = {{(kStart + second) * 1000, value}}};
    };
    SeriesStore store;
    Judge judge(showing({payments}), {});
    JudgeContext context{.stage = 0, .weight = percent(10)};
    const auto after = [&](const RawBatch& batch, int64_t second) {
        store.add(batch);
        return judge.advance(store, context, {.wall = at(second)}).reading("error_rate")->canary;
    };
    after({.series = {made("failed", "a", 0, 0), made("payments", "a", 0, 0), made("payments", "b", 0, 0)}}, 0);
    QCOMPARE(
        after({.series = {made("failed", "a", 1, 5), made("payments", "a", 1, 10), made("payments", "b", 1, 10)}}, 1),
        Some(250'000));
    // The next answer lost the denominator of one instance.
    QCOMPARE(after({.series = {made("failed", "a", 2, 10), made("payments", "b", 2, 20)}}, 2), Some(166'667));
    QCOMPARE(after({.series = {made("payments", "a", 2, 30)}}, 2), Some(200'000));
}

void TestMetric::failuresOnInstancesWithoutRequestsAreNotHidden()
{
    Metric mixed = errorRate();
    mixed.of = selector("failed");
    Scene scene = exposed({mixed});
    Instance sidecar("c1-sidecar", Track::Canary);
    sidecar.count("failed", "", 0);
    scene.load = [&](Scene& s) {
        s.traffic(90, 10);
        sidecar.count("failed", "", 1);
        sidecar.scrape(s.second);
        s.store.add(batchOf({&sidecar}, 0, (kStart + s.second + 1) * 1000));
    };
    scene.run(70);
    QCOMPARE(scene.reading("error_rate").canary, Some(100'000));
}

void TestMetric::aPatternInTheNumeratorLeavesTheDenominatorWhole()
{
    // M8: dividing code by code returns 100 % at a true error rate of 1 %.
    Scene scene = exposed({errorRate()});
    scene.load = [](Scene& s) { s.traffic(900, 100, 1); };
    scene.run(60);
    QCOMPARE(scene.reading("error_rate").canary, Some(10'000));
}

QTEST_GUILESS_MAIN(TestMetric)
#include "tst_metric.moc"
