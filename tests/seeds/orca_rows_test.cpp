// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/seeds/seed_ladder.h"
#include "tests/seeds/seed_release.h"

using namespace std::chrono_literals;

namespace sluice::seeds {

using rollout::Phase;

namespace {

constexpr Duration kBaseline = 12min; ///< ten minutes are recorded before the first stage

} // namespace

class OrcaRowsTest : public QObject {
    Q_OBJECT

private slots:
    void O_1_09_aboveFivePercentErrorsTheCanaryFails_data()
    {
        QTest::addColumn<double>("errors");
        QTest::addColumn<bool>("passes");
        QTest::newRow("4.9 %") << 0.049 << true;
        QTest::newRow("5.1 %") << 0.051 << false;
    }
    void O_1_09_aboveFivePercentErrorsTheCanaryFails()
    {
        QFETCH(double, errors);
        QFETCH(bool, passes);
        SeedRelease release("orca-ramp");
        release.canaryFails(errors);
        QCOMPARE(release.reachStage(1, kBaseline + 16min), passes);
        if (!passes) QVERIFY2(release.because().starts_with("Error rate was 5.1"), release.because().c_str());
    }

    void O_1_10_aboveAThousandMillisecondsTheCanaryFails_data()
    {
        QTest::addColumn<double>("p95");
        QTest::addColumn<bool>("passes");
        QTest::newRow("999 ms") << 999.0 << true;
        QTest::newRow("1001 ms") << 1001.0 << false;
    }
    void O_1_10_aboveAThousandMillisecondsTheCanaryFails()
    {
        QFETCH(double, p95);
        QFETCH(bool, passes);
        SeedRelease release("orca-ramp");
        release.stableP95(600); // so that twice the baseline is not what decides
        release.canaryP95(p95);
        QCOMPARE(release.reachStage(1, kBaseline + 16min), passes);
        if (!passes) QVERIFY2(release.because().find("Latency p95") != std::string::npos, release.because().c_str());
    }

    void O_1_19_anAbortTakesTheTrafficBackAndKeepsItsReason()
    {
        SeedRelease release("orca-ramp");
        QVERIFY(release.reachStage(1, 1h));
        QVERIFY(release.ask(rollout::RollBack{.rollout = release.id(), .reason = "customers call"}).ok());
        QVERIFY(release.reachEnd(10min));
        QCOMPARE(release.state().phase, Phase::RolledBack);
        QCOMPARE(release.shareSeen(), Weight::none());
        QVERIFY(release.state().rollback->verifiedAfter.has_value());
        QVERIFY(release.because().find("customers call") != std::string::npos);
    }

    void O_1_20_onePercentForFifteenMinutes() { itIsLeftAfterItsHoldAndNotBefore("orca-ramp", 0, 1, 15min); }
    void O_1_20_aFaultEndsIt() { aFaultInItsLastMinuteEndsIt("orca-ramp", 0, 15min); }
    void O_1_21_fivePercentForThirtyMinutes() { itIsLeftAfterItsHoldAndNotBefore("orca-ramp", 1, 5, 30min); }
    void O_1_21_aFaultEndsIt() { aFaultInItsLastMinuteEndsIt("orca-ramp", 1, 30min); }
    void O_1_23_twentyFivePercentForTwoHours() { itIsLeftAfterItsHoldAndNotBefore("orca-ramp", 3, 25, 2h); }
    void O_1_23_aFaultRunsTheWholeRollback() { aFaultInItsLastMinuteEndsIt("orca-ramp", 3, 2h); }
    void O_1_24_fiftyPercentForFourHours() { itIsLeftAfterItsHoldAndNotBefore("orca-ramp", 4, 50, 4h); }
    void O_1_24_aFaultRunsTheWholeRollback() { aFaultInItsLastMinuteEndsIt("orca-ramp", 4, 4h); }

    void O_1_25_whenStableTheCanaryIsTheStableVersion()
    {
        SeedRelease release("orca-ramp");
        QVERIFY(release.reachStage(5, 10h));
        QCOMPARE(release.service().stable.version(), std::string("v2.3.0"));
        QVERIFY(release.reachEnd(26h));
        QCOMPARE(release.state().phase, Phase::Stable);
        QCOMPARE(release.service().stable.version(), std::string("v2.4.0"));
    }

    void O_5_03_onePercentForFifteenMinutes() { itIsLeftAfterItsHoldAndNotBefore("orca-high-risk", 0, 1, 15min); }
    void O_5_03_fivePercentForThirtyMinutes() { itIsLeftAfterItsHoldAndNotBefore("orca-high-risk", 1, 5, 30min); }
    void O_5_03_twentyFivePercentForTwoHours() { itIsLeftAfterItsHoldAndNotBefore("orca-high-risk", 2, 25, 2h); }
    void O_5_04_theFirstSignOfTroubleEndsIt_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("minutes");
        QTest::newRow("1 %") << 0 << 15;
        QTest::newRow("5 %") << 1 << 30;
        QTest::newRow("25 %") << 2 << 120;
    }
    void O_5_04_theFirstSignOfTroubleEndsIt()
    {
        QFETCH(int, stage);
        QFETCH(int, minutes);
        aFaultInItsLastMinuteEndsIt("orca-high-risk", stage, std::chrono::minutes(minutes));
    }

    void O_3_01_aboveFivePercentErrorsItRollsBackByItself_data() { O_1_09_aboveFivePercentErrorsTheCanaryFails_data(); }
    void O_3_01_aboveFivePercentErrorsItRollsBackByItself()
    {
        QFETCH(double, errors);
        QFETCH(bool, passes);
        SeedRelease release("orca-ramp");
        QVERIFY(release.reachStage(1, 1h));
        release.canaryFails(errors);
        release.run(10min);
        QCOMPARE(release.state().rollback.has_value(), !passes);
    }

    void O_3_02_aboveTwiceTheBaselineItRollsBackByItself_data()
    {
        QTest::addColumn<double>("p95");
        QTest::addColumn<bool>("fires");
        QTest::newRow("399 ms against 200 ms") << 399.0 << false;
        QTest::newRow("401 ms against 200 ms") << 401.0 << true;
    }
    void O_3_02_aboveTwiceTheBaselineItRollsBackByItself()
    {
        QFETCH(double, p95);
        QFETCH(bool, fires);
        SeedRelease release("orca-ramp");
        release.stableP95(200);
        release.canaryP95(p95);
        QCOMPARE(release.reachStage(1, kBaseline + 16min), !fires);
        QCOMPARE(release.state().rollback.has_value(), fires);
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::OrcaRowsTest)
#include "orca_rows_test.moc"
