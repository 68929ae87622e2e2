// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <rapidcheck.h>

#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;
using Some = std::optional<int64_t>;

namespace {

const std::vector<double> kBounds{0.1, 0.2, 0.4, 0.8};

Playbook comparing(std::vector<Metric> metrics, Baseline baseline, int64_t fixed = 0)
{
    const std::string first = metrics.front().id;
    return watching(std::move(metrics), {.metric = first,
                                         .kind = Condition::Kind::AboveBaseline,
                                         .limit = 500'000,
                                         .baseline = baseline,
                                         .fixedBaseline = fixed});
}

} // namespace

class TestBaseline : public QObject {
    Q_OBJECT
private slots:
    void stableIsTheBaselineWhileItHasEnoughRequests();
    void beforeStepsInWhenStableHasTooFewRequests();
    void atFullWeightEverythingIsComparedWithBefore_data();
    void atFullWeightEverythingIsComparedWithBefore();
    void withoutEitherThereIsNoBaseline();
    void aFixedBaselineIsUsedAsWritten();
    void aPerfectCanaryMeetsTheBaselineAtAnyShare();
    void samplesOfAnEarlierShareAreComparedUnderThatShare();
    void beforeIsTheNewestPartOfALongPreparation();
    void nothingIsRecordedOnceThereWasExposure();
    void aKeptBaselineServesAfterARestart();
    void aDamagedBaselineIsRefused_data();
    void aDamagedBaselineIsRefused();
};

void TestBaseline::stableIsTheBaselineWhileItHasEnoughRequests()
{
    Scene scene(comparing({errorRate()}, Baseline::Stable));
    scene.load = [](Scene& s) {
        s.traffic(90, 10);
        s.stable.count("requests", "code=500", 10);
    };
    scene.run(40);
    scene.expose(0, percent(10));
    scene.run(30);
    QCOMPARE(scene.reading("error_rate").baseline, Some(100'000));
    QVERIFY(!scene.reading("error_rate").baselineIsBefore);
    QCOMPARE(scene.trigger().limit, Some(150'000));
}

void TestBaseline::beforeStepsInWhenStableHasTooFewRequests()
{
    Scene scene(comparing({errorRate()}, Baseline::Stable));
    scene.load = [](Scene& s) {
        s.traffic(90, 0);
        s.stable.count("requests", "code=500", 10);
    };
    scene.run(40);
    scene.expose(0, Weight::full());
    scene.load = [](Scene& s) { s.traffic(1, 99); }; // health probes only
    scene.run(30);
    QCOMPARE(scene.reading("error_rate").baseline, Some(100'000));
    QVERIFY(scene.reading("error_rate").baselineIsBefore);
}

void TestBaseline::atFullWeightEverythingIsComparedWithBefore_data()
{
    QTest::addColumn<QString>("metric");
    QTest::addColumn<qint64>("baseline");
    QTest::newRow("rate") << "throughput" << qint64{100'000'000};
    QTest::newRow("gauge") << "users" << qint64{500'000'000};
    QTest::newRow("gauge that does not scale") << "cpu" << qint64{300'000};
    QTest::newRow("count") << "logins" << qint64{60'000'000};
    QTest::newRow("quantile") << "p50" << qint64{150'000};
}

void TestBaseline::atFullWeightEverythingIsComparedWithBefore()
{
    QFETCH(QString, metric);
    QFETCH(qint64, baseline);
    Metric logins = counted("logins", "logins", 60s);
    logins.scalesWithShare = true;
    Scene scene(comparing({requestRate(), gauge("users", Aggregate::Sum, true), gauge("cpu", Aggregate::Max, false),
                           logins, latency("p50", 500'000)},
                          Baseline::Stable));
    scene.load = [](Scene& s) {
        s.traffic(100, 0);
        s.stable.set("users", "", 500);
        s.stable.set("cpu", "", 0.3);
        s.stable.count("logins", "", 1);
        s.stable.observe("duration_bucket", kBounds, 0.15, 100);
    };
    scene.run(60);
    scene.expose(0, Weight::full());
    scene.load = [](Scene& s) {
        s.traffic(0, 100);
        s.stable.set("users", "", 0);
        s.canary.set("users", "", 500);
        s.stable.set("cpu", "", 0.01);
        s.canary.set("cpu", "", 0.3);
        s.canary.count("logins", "", 1);
        s.canary.observe("duration_bucket", kBounds, 0.15, 100);
    };
    scene.run(90);
    QCOMPARE(scene.reading(metric.toStdString()).baseline, Some(baseline));
    QVERIFY(scene.reading(metric.toStdString()).baselineIsBefore);
}

void TestBaseline::withoutEitherThereIsNoBaseline()
{
    Scene scene(comparing({requestRate()}, Baseline::Stable));
    scene.expose(0, Weight::full());
    scene.run(30);
    QCOMPARE(scene.reading("throughput").baseline, Some());
    QCOMPARE(scene.trigger().state, TriggerState::NoData);
    QCOMPARE(scene.trigger().noData, NoDataReason::NoBaseline);
}

void TestBaseline::aFixedBaselineIsUsedAsWritten()
{
    Scene ratio(comparing({errorRate()}, Baseline::Fixed, 20'000));
    ratio.expose(0, percent(10));
    ratio.run(30);
    QCOMPARE(ratio.trigger().limit, Some(30'000));

    Scene rate(comparing({requestRate()}, Baseline::Fixed, 100'000'000)); // of everybody, so a tenth for the canary
    rate.expose(0, percent(10));
    rate.run(30);
    QCOMPARE(rate.trigger().limit, Some(15'000'000));
}

void TestBaseline::aPerfectCanaryMeetsTheBaselineAtAnyShare()
{
    const bool held = rc::check("share correction of a perfect canary gives the baseline", [] {
        const auto share = *rc::gen::inRange<int64_t>(1, 100);
        const auto hundredths = *rc::gen::inRange<int64_t>(1, 500);
        Metric logins = counted("logins", "logins", 30s);
        logins.scalesWithShare = true;
        Scene scene(comparing({requestRate(), logins, gauge("users", Aggregate::Sum, true)}, Baseline::Stable));
        scene.load = [&](Scene& s) {
            const auto toCanary = static_cast<double>(s.context.stage < 0 ? 0 : share * hundredths);
            const auto all = static_cast<double>(100 * hundredths);
            s.traffic(all - toCanary, toCanary);
            s.stable.count("logins", "", all - toCanary);
            s.canary.count("logins", "", toCanary);
            s.stable.set("users", "", all - toCanary);
            s.canary.set("users", "", toCanary);
        };
        scene.run(5);
        scene.expose(0, percent(share));
        scene.run(70);
        for (const char* metric : {"throughput", "logins", "users"}) {
            const Reading& reading = scene.reading(metric);
            RC_ASSERT(reading.canary && reading.baseline);
            RC_ASSERT(std::abs(*reading.canary - *reading.baseline) <= 30); // rounded once a second, in millionths
        }
    });
    QVERIFY(held);
}

void TestBaseline::samplesOfAnEarlierShareAreComparedUnderThatShare()
{
    Scene scene(comparing({requestRate()}, Baseline::Stable));
    scene.load = [](Scene& s) {
        const double share = s.context.stage < 0 ? 0 : s.context.stage == 0 ? 1 : 50;
        s.traffic(1000 - share * 10, share * 10);
    };
    scene.run(5);
    scene.expose(0, percent(1));
    scene.run(100);
    scene.expose(1, percent(50));
    for (int i = 0; i < 70; ++i) {
        scene.run(1);
        const Reading& reading = scene.reading("throughput");
        QVERIFY(std::abs(*reading.canary - *reading.baseline) < 100); // of up to 500'000'000
    }
}

void TestBaseline::beforeIsTheNewestPartOfALongPreparation()
{
    Scene scene(comparing({requestRate()}, Baseline::Before)); // before: 30 s
    scene.load = [](Scene& s) { s.traffic(s.second < 100 ? 500 : 100, 0); };
    scene.run(160);
    scene.expose(0, percent(50));
    scene.load = [](Scene& s) { s.traffic(50, 50); };
    scene.run(20);
    QCOMPARE(scene.reading("throughput").baseline, Some(50'000'000)); // shown: stable now

    QCOMPARE(scene.trigger().limit, Some(75'000'000)); // judged: 100 before, half of it asked
    QCOMPARE(scene.judge.baselineRecorded(), Duration(30s));
}

void TestBaseline::nothingIsRecordedOnceThereWasExposure()
{
    Scene scene(comparing({requestRate()}, Baseline::Before));
    scene.load = [](Scene& s) { s.traffic(100, 0); };
    scene.run(40);
    scene.expose(0, percent(50));
    scene.run(20);
    scene.unexpose();
    scene.load = [](Scene& s) { s.traffic(7, 0); };
    scene.run(60);
    scene.expose(0, percent(50));
    scene.run(70);
    QCOMPARE(scene.trigger().limit, Some(75'000'000));
}

void TestBaseline::aKeptBaselineServesAfterARestart()
{
    const Playbook book =
        comparing({errorRate(), latency("p50", 500'000), gauge("users", Aggregate::Sum, true)}, Baseline::Before);
    Scene scene(book);
    scene.load = [](Scene& s) {
        s.traffic(80, 20);
        s.stable.count("requests", "code=500", 20);
        s.stable.observe("duration_bucket", kBounds, 0.15, 100);
        s.stable.set("users", "", 500);
    };
    scene.run(60);
    const std::string kept = scene.judge.baselineText();

    Scene later(book);
    later.load = [](Scene& s) {
        s.traffic(0, 100);
        s.canary.observe("duration_bucket", kBounds, 0.15, 100);
        s.canary.set("users", "", 500);
    };
    QVERIFY(later.judge.restoreBaseline(kept));
    QCOMPARE(later.judge.baselineRecorded(), Duration(30s));
    later.context = {.stage = 0, .weight = Weight::full()}; // exposed since long ago
    later.run(70);
    QCOMPARE(later.reading("error_rate").baseline, Some(200'000));
    QCOMPARE(later.reading("p50").baseline, Some(150'000));
    QCOMPARE(later.reading("users").baseline, Some(500'000'000));
    QCOMPARE(later.judge.baselineText(), kept);
}

void TestBaseline::aDamagedBaselineIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "before-2;30;error_rate=1,2,3", "before-1", "before-1;x;error_rate=1,2,3", "before-1;30",
          "before-1;30;other=1,2,3", "before-1;30;error_rate=1,2", "before-1;30;error_rate=1,2,3,4",
          "before-1;30;error_rate=1,2,3,4:-5", "before-1;30;error_rate=1,2,3,4:5,4:6",
          "before-1;30;error_rate=1,2,3;error_rate=1,2,3", "before-1;30;error_rate=1,2,3;",
          "before-1;-1;error_rate=1,2,3", "before-1;30;error_rate=1,2,99999999999999999999"})
        QTest::newRow(text) << text;
}

void TestBaseline::aDamagedBaselineIsRefused()
{
    QFETCH(QString, text);
    Judge judge(comparing({errorRate()}, Baseline::Before), {});
    const std::string before = judge.baselineText();
    const Outcome outcome = judge.restoreBaseline(text.toStdString());
    QVERIFY(!outcome.ok());
    QCOMPARE(outcome.error().fault, Fault::BadInput);
    QCOMPARE(judge.baselineText(), before);
}

QTEST_GUILESS_MAIN(TestBaseline)
#include "tst_baseline.moc"
