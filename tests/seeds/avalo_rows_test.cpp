// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>

#include <QTest>

#include "tests/seeds/seed_ladder.h"
#include "tests/seeds/seed_release.h"

using namespace std::chrono_literals;

namespace sluice::seeds {

using rollout::Phase;

namespace {

using Harm = std::function<void(SeedRelease&)>;

constexpr Duration kToTheLastStage = 3h;
constexpr Duration kOneWindow = 2min; ///< longer than what the metrics look back

/// Both versions so slow, so that only the requirement on p95 says something.
void p95(SeedRelease& release, double ms)
{
    release.stableP95(ms);
    release.canaryP95(ms);
}

/// Bad in the last minutes of a stage only: too short for a trigger, long enough for what the stage requires. The
/// score is left out, which would pause on some of it.
void isRequiredIn(int stage, Duration hold, const Harm& harm, bool passes)
{
    SeedRelease release("avalo-production", "score");
    QVERIFY(release.reachStage(stage, kToTheLastStage));
    release.run(hold - kOneWindow);
    harm(release);
    release.run(kOneWindow + 5s);
    QVERIFY2(release.state().rollback.has_value() != passes, release.because().c_str());
    if (!passes) QCOMPARE(release.state().rollback->cause, rollout::RollbackCause::Requirement);
}

/// `share` of what a series of the canary grows by when all is well, which is `perRequest`.
Harm only(const std::string& series, double perRequest, double share)
{
    return
        [=](SeedRelease& release) { release.canary().growing[series] = release.canaryRequests() * perRequest * share; };
}

/// How many of the instances are ready when the weight of each stage is first there.
std::vector<int> readyPerStage(SeedRelease& release)
{
    std::vector<int> ready;
    for (int stage = 0; stage < 5 && release.reachStage(stage, kToTheLastStage); ++stage)
        ready.push_back(release.service().canary.ready());
    return ready;
}

} // namespace

class AvaloRowsTest : public QObject {
    Q_OBJECT

private slots:
    void A_2_01_onePercentForFifteenMinutes() { itIsLeftAfterItsHoldAndNotBefore("avalo-production", 0, 1, 15min); }

    void A_2_02_theFirstStageRequires_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<double>("value");
        QTest::addColumn<bool>("passes");
        QTest::newRow("errors under 2 %") << "errors" << 0.019 << true;
        QTest::newRow("errors over 2 %") << "errors" << 0.021 << false;
        QTest::newRow("p95 under 1200 ms") << "p95" << 1199.0 << true;
        QTest::newRow("p95 over 1200 ms") << "p95" << 1205.0 << false;
    }
    void A_2_02_theFirstStageRequires()
    {
        QFETCH(QString, what);
        QFETCH(double, value);
        QFETCH(bool, passes);
        const Harm harm = [&](SeedRelease& release) {
            what == "errors" ? release.canaryClientErrors(value) : p95(release, value);
        };
        isRequiredIn(0, 15min, harm, passes);
    }

    void A_2_04_newInstancesBeforeTheShareRises()
    {
        SeedRelease release("avalo-production");
        // Of four: 1, 10 and 25 % rounded up, at least one.
        QCOMPARE(readyPerStage(release), (std::vector<int>{1, 1, 1, 2, 4}));
    }

    void A_2_05_theFirstStageRollsBackByItself()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(0, 1h));
        release.canaryFails(0.05);
        QVERIFY(release.reachEnd(5min));
        QCOMPARE(release.state().phase, Phase::RolledBack);
        QCOMPARE(release.shareSeen(), Weight::none());
        QCOMPARE(release.state().rollback->by, PersonId("engine"));
    }

    void A_2_06_tenPercentForThirtyMinutes() { itIsLeftAfterItsHoldAndNotBefore("avalo-production", 1, 10, 30min); }
    void A_2_06_theLimitsOfTheStageBeforeStillAct()
    {
        isRequiredIn(
            1, 30min, [](SeedRelease& release) { p95(release, 1205); }, false);
    }

    void A_2_07_eachOfItsMetricsAloneEndsTheSecondStage_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("database queries") << 0;
        QTest::newRow("AI answers") << 1;
        QTest::newRow("payments") << 2;
    }
    void A_2_07_eachOfItsMetricsAloneEndsTheSecondStage()
    {
        QFETCH(int, which);
        const Harm harms[] = {[](SeedRelease& release) { release.canary().databaseMs = 20; },
                              [](SeedRelease& release) { release.canary().aiMs = 400; },
                              only("payments_succeeded_total", 0.1, 0.5)};
        isRequiredIn(1, 30min, harms[which], false);
    }

    void A_2_08_withoutAWarningNobodyIsAsked()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(1, 1h));
        release.run(30min + 10s); // nobody agrees to anything here
        QCOMPARE(release.state().stage, 2);
    }
    void A_2_08_afterAWarningAPersonIsAsked()
    {
        SeedRelease release("avalo-production", "score");
        QVERIFY(release.reachStage(1, 1h));
        release.canaryClientErrors(0.03);
        QVERIFY(release.runUntilBeyond("error_rate-1", kOneWindow));
        release.canaryClientErrors(0); // the warning goes away
        release.run(31min);
        QCOMPARE(release.state().phase, Phase::AwaitingApproval);
        QVERIFY(release.reachStage(2, 1min)); // as soon as somebody agrees
    }

    void A_2_09_twentyFivePercentForThirtyMinutes()
    {
        itIsLeftAfterItsHoldAndNotBefore("avalo-production", 2, 25, 30min);
    }
    void A_2_09_theLimitsOfTheStagesBeforeStillAct()
    {
        isRequiredIn(
            2, 30min, [](SeedRelease& release) { release.canary().aiMs = 400; }, false);
    }

    void A_2_10_eachOfItsMetricsAloneEndsTheThirdStage_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("engagement") << 0;
        QTest::newRow("revenue") << 1;
        QTest::newRow("chat delivery") << 2;
    }
    void A_2_10_eachOfItsMetricsAloneEndsTheThirdStage()
    {
        QFETCH(int, which);
        const Harm harms[] = {only("engagement_events_total", 1.8, 0.2), only("revenue_total", 2.9, 0.1),
                              [](SeedRelease& release) { release.canary().chatMs = 90; }};
        isRequiredIn(2, 30min, harms[which], false);
    }

    void A_2_13_fiftyPercentForThirtyMinutes()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(3, kToTheLastStage));
        QCOMPARE(release.shareSeen(), *Weight::parse(5000));
        release.run(30min - 2s);
        QCOMPARE(release.state().phase, Phase::Baking);
        QVERIFY(release.reachStage(4, 1min)); // the list of the deployment is ticked on the way
    }

    void A_2_19_atAHundredPercentEveryMetricIsLive()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(4, kToTheLastStage));
        release.run(10min);
        for (const analysis::Reading& reading : release.assessment().readings)
            QVERIFY2(reading.canary.has_value(), reading.metric.c_str());
    }

    void A_3_18_aPersonSendsEverybodyBackAtOnce()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(2, kToTheLastStage));
        QVERIFY(release.ask(rollout::RollBack{.rollout = release.id(), .reason = "customers call"}).ok());
        release.run(1s);
        QCOMPARE(release.shareSeen(), Weight::none());
        QVERIFY(release.state().rollback->verifiedAfter.has_value());
    }

    void A_3_20_oneStageBackBakesAnew()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(2, kToTheLastStage));
        QVERIFY(release.ask(rollout::StepBack{.rollout = release.id(), .reason = "slow"}).ok());
        QVERIFY(release.reachStage(1, 10s));
        QCOMPARE(release.shareSeen(), *Weight::parse(1000));
        release.run(30min - 2s);
        QCOMPARE(release.state().phase, Phase::Baking);
        QVERIFY(release.reachStage(2, 10s));
    }

    void A_5_01_eightItemsGateTheStart()
    {
        SeedRelease release("avalo-production");
        release.run(1h); // nobody ticks here
        QCOMPARE(release.playbook().checklists.pre.size(), size_t{8});
        QCOMPARE(release.state().phase, Phase::Preparing);
        QCOMPARE(release.shareSeen(), Weight::none());
        QVERIFY(release.reachStage(0, 1min));
    }

    void A_6_02_stagingTakesThreeStagesOfFifteenMinutesAndThreeApprovals_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("percent");
        QTest::newRow("first") << 0 << 10;
        QTest::newRow("second") << 1 << 50;
        QTest::newRow("third") << 2 << 100;
    }
    void A_6_02_stagingTakesThreeStagesOfFifteenMinutesAndThreeApprovals()
    {
        QFETCH(int, stage);
        QFETCH(int, percent);
        SeedRelease release("avalo-staging");
        QVERIFY(release.reachStage(stage, 1h + 30min));
        QCOMPARE(release.shareSeen(), *Weight::parse(percent * 100));
        release.run(15min - 2s);
        QCOMPARE(release.state().phase, Phase::Baking);
        release.run(1h);
        QCOMPARE(release.state().phase, Phase::AwaitingApproval);
        QCOMPARE(release.state().stage, stage);
    }

    void A_6_03_aPersonMayOverrideAnAutomaticRelease()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(1, 1h));
        QVERIFY(release.ask(rollout::Pause{.rollout = release.id(), .reason = "lunch"}).ok());
        release.run(2h);
        QCOMPARE(release.state().phase, Phase::Paused);
        QVERIFY(release.ask(rollout::Resume{.rollout = release.id(), .reason = "back"}).ok());
        QVERIFY(release
                    .ask(rollout::Promote{
                        .rollout = release.id(), .force = true, .reason = "hotfix", .second = PersonId("colleague")})
                    .ok());
        QVERIFY(release.reachStage(2, 1min));
        QVERIFY(release.ask(rollout::StepBack{.rollout = release.id(), .reason = "slow"}).ok());
        QVERIFY(release.reachStage(1, 1min));
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::AvaloRowsTest)
#include "avalo_rows_test.moc"
