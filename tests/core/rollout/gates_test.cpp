// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

Playbook scoredPlaybook()
{
    Playbook book = plainPlaybook();
    book.score.parts = {{.id = "errors", .title = "Errors", .weightPpm = 1'000'000}};
    return book;
}

/// A stand whose first stage has baked, with one thing wrong since its start.
Stand baked(Playbook book, const std::function<void(Stand&)>& wrong)
{
    Stand stand(std::move(book));
    stand.reachStage(0);
    wrong(stand);
    stand.run(90s);
    return stand;
}

} // namespace

class GatesTest : public QObject {
    Q_OBJECT

private slots:
    void aFailedRequirementActsAtTheEndOfTheBakeAndNotBefore()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        stand.requirement("p95", Verdict::Fail);
        stand.run(55s);
        QCOMPARE(stand.phase(), Phase::Baking);
        stand.run(10s);
        QCOMPARE(stand.last<RollbackStarted>().plan.cause, RollbackCause::Requirement);
        QCOMPARE(stand.last<RollbackStarted>().plan.because,
                 std::string("P95 was 1 500 ms at the end of the bake and must be below 1 200 ms"));
    }

    void aRequirementWithoutDataHoldsForEver()
    {
        Stand stand = baked(plainPlaybook(), [](Stand& one) { one.requirement("p95", Verdict::NoData); });
        stand.run(10min);
        QCOMPARE(stand.phase(), Phase::Judging);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::RequirementNoData)), std::string("P95 has no data to judge by"));
        stand.requirement("p95", Verdict::Pass);
        QVERIFY(stand.reachStage(1));
    }

    void theFailureActionOfTheStageIsCarriedOut_data()
    {
        QTest::addColumn<int>("action");
        QTest::addColumn<int>("phase");
        QTest::newRow("alert only") << int(FailureAction::AlertOnly) << int(Phase::Judging);
        QTest::newRow("pause") << int(FailureAction::Pause) << int(Phase::Paused);
        QTest::newRow("previous stage") << int(FailureAction::PreviousStage) << int(Phase::SteppingBack);
        QTest::newRow("abort") << int(FailureAction::Abort) << int(Phase::RollingBack);
        QTest::newRow("rollback") << int(FailureAction::Rollback) << int(Phase::RollingBack);
    }

    void theFailureActionOfTheStageIsCarriedOut()
    {
        QFETCH(int, action);
        QFETCH(int, phase);
        Playbook book = plainPlaybook();
        book.stages[1].onFailure = static_cast<FailureAction>(action);
        Stand stand(book);
        QVERIFY(stand.reachStage(1));
        stand.requirement("p95", Verdict::Fail);
        stand.proxiesFollow = false; // so that stepping back and rolling back stay visible
        // The proxies still verify what was asked before.
        QVERIFY(stand.reach(static_cast<Phase>(phase), 2min));
        stand.run(30s);
        QCOMPARE(stand.phase(), static_cast<Phase>(phase));
    }

    void aResumedStageIsNotPausedAgainByTheSameFailure()
    {
        Playbook book = plainPlaybook();
        book.stages[0].onFailure = FailureAction::Pause;
        Stand stand = baked(book, [](Stand& one) { one.requirement("p95", Verdict::Fail); });
        QCOMPARE(stand.phase(), Phase::Paused);
        QVERIFY(!stand.ask(Resume{.reason = "known"}, person("ana")));
        stand.run(2min);
        QCOMPARE(stand.phase(), Phase::Judging); // held, not promoted
        QVERIFY(stand.waitsFor(WaitCode::RequirementFailing));
        stand.requirement("p95", Verdict::Pass);
        QVERIFY(stand.reachStage(1));
    }

    void tooFewRequestsHold()
    {
        Playbook book = plainPlaybook();
        book.stages[0].minRequests = 100;
        Stand stand = baked(book, [](Stand& one) { one.data.canaryRequestsInStage = 62; });
        QCOMPARE(stand.phase(), Phase::Judging);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::RequestsMissing)), std::string("62 of 100 requests seen"));
        QVERIFY(stand.waitsFor(WaitCode::RequestsMissing)->expectedEnd.has_value());
        stand.data.canaryRequestsInStage = 100;
        QVERIFY(stand.reachStage(1));
    }

    /// A router whose service is another one than the users ask for confirms every weight.
    void aShareThatTheProxiesConfirmAndNobodyGetsIsSaidBesideWhatIsMissing()
    {
        Playbook book = plainPlaybook();
        book.stages[0].minRequests = 100;
        Stand stand = baked(book, [](Stand& one) {
            one.data.canaryRequestsInStage = 0;
            one.world.observedRequests = 30'000;
            one.world.observedSharePpm = 0;
        });
        QCOMPARE(
            waitText(*stand.waitsFor(WaitCode::ShareMissing)),
            std::string("1 % is asked of the proxies, and none of their last 30000 requests reached the canary: no "
                        "user may fall into the share, or the names of service and backend may be wrong (try "
                        "'sluicectl connections check')"));
        stand.world.observedRequests = 100; // one is due
        stand.tick();
        QVERIFY(!stand.waitsFor(WaitCode::ShareMissing));
    }

    void aShareThatNobodyGetsIsNoGateOfItsOwn()
    {
        Stand stand(plainPlaybook());
        stand.world.observedRequests = 30'000;
        stand.world.observedSharePpm = 0;
        QVERIFY(stand.reachStage(1));
    }

    //
    void anActiveCriticalAlertHoldsAndAPastOneLetsGo()
    {
        Playbook book = plainPlaybook();
        book.stages[0].noCriticalAlerts = true;
        Stand stand = baked(book, [](Stand& one) { one.world.criticalAlert = true; });
        QCOMPARE(stand.phase(), Phase::Judging);
        QVERIFY(stand.waitsFor(WaitCode::CriticalAlert));
        stand.world.criticalAlert = false;
        QVERIFY(stand.reachStage(1));
        QCOMPARE(stand.state().stages[0].warnings, 1);
    }

    void aPendingTriggerHoldsAndIsAWarning()
    {
        Stand stand = baked(plainPlaybook(), [](Stand& one) { one.trigger("error_rate-1", TriggerState::Pending); });
        QCOMPARE(stand.phase(), Phase::Judging);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::TriggerPending)),
                 std::string("Error rate is 3.1 %, beyond the trigger limit of 2 %"));
        QCOMPARE(stand.last<WarningRaised>().code, std::string("trigger:error_rate-1"));
        stand.run(60s);
        QCOMPARE(stand.count<WarningRaised>(), 1);
    }

    void anUnhealthyCanaryHolds()
    {
        Stand stand = baked(plainPlaybook(), [](Stand& one) { one.world.healthOk = false; });
        QCOMPARE(stand.phase(), Phase::Judging);
        stand.world.healthOk = true;
        QVERIFY(stand.reachStage(1));
    }

    void nobodyMeetsACanaryWhoseProbeHasNotAnswered()
    {
        Stand stand(plainPlaybook());
        stand.world.healthProbed = true;
        stand.run(5min);
        QCOMPARE(stand.phase(), Phase::Preparing);
        stand.world.healthOk = true;
        QVERIFY(stand.reachStage(0));
    }

    void theDuringListGatesTheLastPromotion()
    {
        Playbook book = plainPlaybook();
        book.checklists.during = {{"logs", "Logs read"}};
        Stand stand(book);
        QVERIFY(stand.reachStage(1));
        stand.run(5min);
        QCOMPARE(stand.state().stage, 1);
        QVERIFY(stand.waitsFor(WaitCode::ChecklistOpen));
        QVERIFY(!stand.ask(TickItem{.item = "logs"}, person("bo")));
        QVERIFY(stand.reachStage(2));
    }

    // the bands of the score at the end of the bake.
    void theBandDecidesWhatHappensAtTheEndOfTheBake_data()
    {
        QTest::addColumn<int>("milli");
        QTest::addColumn<int>("band");
        QTest::addColumn<int>("phase");
        QTest::newRow("90 proceeds") << 90'000 << int(Band::Proceed) << int(Phase::Promoting);
        QTest::newRow("89.999 asks") << 89'999 << int(Band::Watch) << int(Phase::AwaitingApproval);
        QTest::newRow("79.999 pauses") << 79'999 << int(Band::Pause) << int(Phase::Paused);
        QTest::newRow("69.999 rolls back") << 69'999 << int(Band::Rollback) << int(Phase::RollingBack);
        QTest::newRow("unknown holds") << 0 << int(Band::Unknown) << int(Phase::Judging);
    }

    void theBandDecidesWhatHappensAtTheEndOfTheBake()
    {
        QFETCH(int, milli);
        QFETCH(int, band);
        QFETCH(int, phase);
        Playbook book = scoredPlaybook();
        book.stages[1].replicas = {Replicas::Kind::Count, 5};
        Stand stand(book);
        stand.score(95'000, Band::Proceed);
        QVERIFY(stand.reachStage(0));
        stand.canaryFollows = false; // so that Promoting stays visible
        stand.proxiesFollow = false;
        stand.score(milli, static_cast<Band>(band));
        stand.run(90s);
        QCOMPARE(stand.phase(), static_cast<Phase>(phase));
    }

    // a return to 90 promotes without a person.
    void aScoreThatComesBackPromotesWithoutAPerson()
    {
        Stand stand(scoredPlaybook());
        stand.score(95'000, Band::Proceed);
        QVERIFY(stand.reachStage(0));
        stand.score(81'000, Band::Watch);
        stand.run(90s);
        QCOMPARE(stand.phase(), Phase::AwaitingApproval);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::ScoreBelowProceed)),
                 std::string("score 81 is under 90, so a person must approve"));
        stand.score(92'000, Band::Proceed, Band::Watch); // not yet held
        stand.tick();
        QCOMPARE(stand.state().stage, 0);
        stand.score(92'000, Band::Proceed);
        QVERIFY(stand.reachStage(1));
        QCOMPARE(stand.count<ApprovalGiven>(), 0);
    }

    //
    void thePauseBandStopsTheBakeUntilAPersonResumes()
    {
        Stand stand(scoredPlaybook());
        stand.score(95'000, Band::Proceed);
        QVERIFY(stand.reachStage(0));
        stand.score(74'000, Band::Pause);
        stand.run(10s);
        QCOMPARE(stand.phase(), Phase::Paused);
        QVERIFY(stand.waitsFor(WaitCode::PausedByScore));
        const Duration bakedThen = stand.state().stages[0].baked;
        stand.score(95'000, Band::Proceed);
        stand.run(5min);
        QCOMPARE(stand.state().stages[0].baked, bakedThen);
        QVERIFY(!stand.ask(Resume{}, person("ana")));
        QVERIFY(stand.reachStage(1));
    }

    void aPersonWhoResumesInThePauseBandIsNotPausedAgainUntilItIsEnteredAnew()
    {
        Stand stand(scoredPlaybook());
        stand.score(74'000, Band::Pause);
        QVERIFY(stand.reach(Phase::Paused));
        stand.run(60s);
        QVERIFY(!stand.ask(Resume{.reason = "load test"}, person("ana")));
        for (int second = 0; second < 40; ++second) {
            stand.data.score.bandFor += 1s;
            stand.tick();
        }
        QVERIFY(stand.phase() != Phase::Paused);
        stand.score(95'000, Band::Proceed);
        stand.run(60s);
        stand.score(74'000, Band::Pause);
        stand.data.score.bandFor = 31s;
        stand.tick();
        QCOMPARE(stand.phase(), Phase::Paused);
    }

    //
    void theRollbackBandNamesScoreAndWorstPart()
    {
        Stand stand(scoredPlaybook());
        stand.score(95'000, Band::Proceed);
        QVERIFY(stand.reachStage(0));
        stand.score(64'200, Band::Rollback);
        stand.tick();
        QCOMPARE(
            stand.last<RollbackStarted>().plan.because,
            std::string("The health score was 64.2, under 70; its worst part was Latency with 32.1 of 100 points"));
    }

    void aStageThatTakesTooLongActsOnce_data()
    {
        QTest::addColumn<int>("action");
        QTest::addColumn<int>("phase");
        QTest::newRow("alert only") << int(FailureAction::AlertOnly) << int(Phase::Judging);
        QTest::newRow("pause") << int(FailureAction::Pause) << int(Phase::Paused);
        QTest::newRow("rollback") << int(FailureAction::Rollback) << int(Phase::RolledBack);
    }

    void aStageThatTakesTooLongActsOnce()
    {
        QFETCH(int, action);
        QFETCH(int, phase);
        Playbook book = plainPlaybook();
        book.stages[0].overrun = {.longest = 10min, .action = static_cast<FailureAction>(action)};
        Stand stand = baked(book, [](Stand& one) { one.requirement("p95", Verdict::NoData); });
        stand.run(10min);
        stand.run(60s);
        QCOMPARE(stand.phase(), static_cast<Phase>(phase));
        QCOMPARE(stand.last<WarningRaised>().code, std::string("overrun:stage"));
        QCOMPARE(stand.last<WarningRaised>().text, std::string("Stage Canary 1 took longer than 10 min"));
        QCOMPARE(stand.count<WarningRaised>(), 1);
    }

    void aRolloutThatTakesTooLongActsOnceAlsoAfterAResume()
    {
        Playbook book = plainPlaybook();
        book.overrun = {.longest = 5min, .action = FailureAction::Pause};
        Stand stand = baked(book, [](Stand& one) { one.requirement("p95", Verdict::NoData); });
        stand.run(5min);
        QCOMPARE(stand.phase(), Phase::Paused);
        QVERIFY(!stand.ask(Resume{}, person("ana")));
        stand.requirement("p95", Verdict::Pass);
        QVERIFY(stand.reachStage(2));
        QVERIFY(stand.reach(Phase::Stable));
    }

    void aSampleFromBeforeTheStagePromotesNothing()
    {
        Playbook book = plainPlaybook();
        book.stages[0].bake = Duration(0);
        Stand stand(book);
        stand.dataLag = 30s;
        QVERIFY(stand.reach(Phase::Judging));
        const WallTime applied = *stand.state().stages[0].appliedAt;
        QVERIFY(stand.reachStage(1));
        QVERIFY(*stand.state().stages[0].passedAt - applied >= 30s);
    }
};

QTEST_APPLESS_MAIN(GatesTest)
#include "gates_test.moc"
