// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

/// Names of the events in order, without the credits.
QStringList story(const Stand& stand)
{
    QStringList names;
    for (const Decided& one : stand.log()) {
        const QString name = QString::fromUtf8(eventName(one.event).data());
        if (!name.endsWith("_credited")) names << name;
    }
    return names;
}

} // namespace

class LifeTest : public QObject {
    Q_OBJECT

private slots:
    void aGoodReleaseGoesFromPreparingToStable()
    {
        Stand stand;
        QVERIFY(stand.reach(Phase::Stable));
        const QStringList stage{"stage_entered", "stage_applied", "bake_done", "stage_passed"};
        const QStringList step{"step_changed", "step_changed"};
        QCOMPARE(story(stand), QStringList({"rollout_started", "canary_ready"}) + stage + stage + stage +
                                   QStringList({"watch_started", "finalise_started"}) + step + step + step +
                                   QStringList({"marked_stable"}));
        QVERIFY(stand.state().endedAt.has_value());
        QCOMPARE(stand.state().version, static_cast<int64_t>(stand.log().size()));
    }

    void noStageIsShorterThanItsBake()
    {
        Stand stand;
        QVERIFY(stand.reach(Phase::Stable));
        for (const StageRecord& stage : stand.state().stages) {
            QCOMPARE(stage.baked, Duration(60s));
            QVERIFY(*stage.passedAt - *stage.appliedAt >= 60s);
        }
    }

    void nothingIsExposedBeforeCanaryBaselineAndPreListAreThere()
    {
        Playbook book = plainPlaybook();
        book.before = 60s;
        book.checklists.pre = {{"tests", "Tests passed"}, {"on-call", "On-call is told"}};
        Stand stand(book);
        stand.canaryFollows = false;
        stand.baselineReady = false;
        stand.run(10s);
        QCOMPARE(stand.phase(), Phase::Preparing);
        QVERIFY(stand.waitsFor(WaitCode::CanaryStarting) && stand.waitsFor(WaitCode::BaselineRecording));

        stand.canaryFollows = true;
        stand.run(5s);
        QVERIFY(!stand.waitsFor(WaitCode::CanaryStarting));
        stand.baselineReady = true;
        stand.run(5s);
        QCOMPARE(stand.last<BaselineRecorded>(), (BaselineRecorded{60s, "kept"}));
        QVERIFY(!stand.ask(TickItem{.item = "tests"}, person("ana")));
        stand.run(5s);
        QCOMPARE(stand.phase(), Phase::Preparing);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::ChecklistOpen)),
                 std::string("1 of 2 checklist items are ticked; next: On-call is told"));
        QVERIFY(stand.wanted().safe);

        QVERIFY(!stand.ask(TickItem{.item = "on-call", .note = "Bo"}, person("bo")));
        stand.tick();
        QVERIFY(stand.state().admitted);
        QCOMPARE(stand.state().ticked.at("on-call").by, PersonId("bo"));
    }

    void nobodyIsExposedToWhatNobodyCanSee()
    {
        Stand stand;
        stand.data.freshness = Freshness::NoData;
        stand.run(60s);
        QCOMPARE(stand.phase(), Phase::Preparing);
        QVERIFY(stand.waitsFor(WaitCode::DataMissing));
        stand.data.freshness = Freshness::Fresh;
        QVERIFY(stand.reachStage(0));
    }

    void instancesAreReadyBeforeTheWeightRises()
    {
        Playbook book = plainPlaybook();
        book.stages[0].replicas = {Replicas::Kind::Count, 1};
        book.stages[1].replicas = {Replicas::Kind::PercentOfStable, 250'000};
        Stand stand(book);
        QVERIFY(stand.reachStage(0));
        QCOMPARE(stand.world.canary.ready, 1);

        stand.canaryFollows = false;
        QVERIFY(stand.reach(Phase::Promoting));
        QCOMPARE(stand.wanted().canaryInstances, 3); // 25 % of 10, rounded up
        QCOMPARE(stand.wanted().weight, percent(1));
        stand.world.canary.ready = 2;
        stand.run(30s);
        QCOMPARE(stand.state().weight, percent(1));
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::CanaryStarting)), std::string("2 of 3 canary instances are ready"));
        stand.world.canary.ready = 3;
        stand.tick();
        QCOMPARE(stand.state().weight, percent(10));
    }

    void theBakeWaitsForEveryProxy()
    {
        Stand stand;
        stand.proxiesFollow = false;
        stand.run(10s);
        QCOMPARE(stand.phase(), Phase::Applying);
        stand.world.proxies[0] = {.name = "edge-1", .state = ProxyFact::State::Verified, .generation = 1};
        stand.world.proxies[1] = {.name = "edge-2", .state = ProxyFact::State::Verified, .generation = 0};
        stand.run(30s);
        QCOMPARE(stand.phase(), Phase::Applying);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::WeightApplying)), std::string("1 of 2 proxies hold the weight"));
        stand.world.proxies[1].generation = 1;
        stand.tick();
        QCOMPARE(stand.phase(), Phase::Baking);
    }

    void bakeIsCreditedInTenStepsOrMinutes_data()
    {
        QTest::addColumn<int>("bakeSeconds");
        QTest::addColumn<int>("credits");
        QTest::newRow("one minute") << 60 << 10;
        QTest::newRow("ten minutes") << 600 << 10;
        QTest::newRow("half an hour") << 1800 << 30;
    }

    void bakeIsCreditedInTenStepsOrMinutes()
    {
        QFETCH(int, bakeSeconds);
        QFETCH(int, credits);
        Playbook book = plainPlaybook();
        book.stages.resize(1);
        book.stages[0].bake = std::chrono::seconds(bakeSeconds);
        Stand stand(book);
        QVERIFY(stand.reach(Phase::Stable, 2h));
        QCOMPARE(stand.count<BakeCredited>(), credits);
    }

    void missingDataHoldsTheBakeAndIsNotedOnce()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        stand.run(30s);
        const Duration baked = stand.state().stages[0].baked;
        stand.data.freshness = Freshness::NoData;
        stand.run(5min);
        QCOMPARE(stand.phase(), Phase::Baking);
        QCOMPARE(stand.state().stages[0].baked, baked);
        QCOMPARE(stand.count<DataLost>(), 1);
        QVERIFY(stand.waitsFor(WaitCode::DataMissing));
        QVERIFY(!stand.waitsFor(WaitCode::BakeLeft)->expectedEnd);

        stand.data.freshness = Freshness::Fresh;
        stand.tick();
        QCOMPARE(stand.last<DataRestored>().gap, Duration(5min));
        QVERIFY(stand.reachStage(1));
    }

    void lateDataStopsTheClockWithoutAHole()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        stand.data.freshness = Freshness::Late;
        stand.data.age = 4s;
        stand.run(2min);
        QCOMPARE(stand.count<DataLost>(), 0);
        QCOMPARE(stand.state().stages[0].baked, Duration(0));
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::DataLate)),
                 std::string("the newest data is 4 s old, so the clock stands still"));
    }

    void theWatchCountsAndThenTheStablePoolTakesTheVersion()
    {
        Playbook book = plainPlaybook();
        book.watch.length = 10min;
        book.checklists.post = {{"errors", "Error logs read"}};
        Stand stand(book);
        QVERIFY(stand.reach(Phase::Watching));
        stand.run(9min);
        QCOMPARE(stand.phase(), Phase::Watching);
        QCOMPARE(stand.count<WatchCredited>(), 9);
        stand.stableFollows = false;
        QVERIFY(stand.reach(Phase::Finalising, 2min));
        stand.run(10s);
        // Until the stable pool runs the new version, users stay where they are.
        QVERIFY(!stand.wanted().safe);
        QCOMPARE(stand.wanted().weight, Weight::full());
        QCOMPARE(stand.wanted().stableVersion, std::string("v2"));
        QVERIFY(stand.wanted().canaryInstances > 0);

        stand.stableFollows = true;
        stand.run(2s);
        QVERIFY(stand.wanted().safe);
        QVERIFY(stand.wanted().canaryInstances > 0); // traffic must be seen gone first
        stand.run(20s);
        QCOMPARE(stand.wanted().canaryInstances, 0);
        QCOMPARE(stand.phase(), Phase::Finalising);
        QVERIFY(stand.waitsFor(WaitCode::ChecklistOpen));
        QVERIFY(!stand.ask(TickItem{.item = "errors"}, person("bo")));
        stand.tick();
        QCOMPARE(stand.phase(), Phase::Stable);
    }

    void aLastWeightBelowFullIsWatchedAsItIs()
    {
        Playbook book = plainPlaybook();
        book.stages.resize(2);
        book.watch.length = 60s;
        Stand stand(book);
        QVERIFY(stand.reach(Phase::Watching));
        QCOMPARE(stand.wanted().weight, percent(10));
        QVERIFY(stand.reach(Phase::Finalising));
        QCOMPARE(stand.state().cap, percent(10));
    }

    void aRolloutIsCancelledOnlyBeforeExposure()
    {
        Stand early;
        QVERIFY(!early.ask(Cancel{.reason = "wrong build"}, person("ana")));
        QCOMPARE(early.phase(), Phase::Cancelled);
        QCOMPARE(early.wanted().canaryInstances, 0);

        Stand late;
        QVERIFY(late.reachStage(0));
        const std::string answer = late.refusal(Cancel{}, person("ana"));
        QVERIFY2(answer.starts_with("cancel is not possible while the stage is baking. Possible now: pause,"),
                 answer.c_str());
    }

    void driftIsNotedOncePerCorrection()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        stand.world.proxies[0].corrected = true;
        stand.world.proxies[0].correction = "limit 0 instead of 1 %";
        stand.tick();
        stand.world.proxies[0].corrected = false;
        stand.run(5s);
        QCOMPARE(stand.count<DriftCorrected>(), 1);
        QCOMPARE(stand.last<DriftCorrected>(), (DriftCorrected{"edge-1", "limit 0 instead of 1 %"}));
    }
};

QTEST_APPLESS_MAIN(LifeTest)
#include "life_test.moc"
