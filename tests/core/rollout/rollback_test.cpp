// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

const Actor kAna = person("ana", {"release-manager"});

Stand rollingBack(Playbook book = plainPlaybook())
{
    Stand stand(std::move(book));
    stand.reachStage(1);
    stand.ask(RollBack{.reason = "looks wrong"}, kAna);
    return stand;
}

void makeUnreachable(Stand& stand, size_t proxy)
{
    stand.world.proxies[proxy].state = ProxyFact::State::Unreachable;
}

} // namespace

class RollbackTest : public QObject {
    Q_OBJECT

private slots:
    void trafficComesFirstThenQuietThenTheSteps()
    {
        Stand stand = rollingBack();
        QVERIFY(stand.wanted().safe);
        const int instances = stand.wanted().canaryInstances;
        QVERIFY(instances > 0);
        stand.tick();
        QCOMPARE(stand.last<TrafficVerified>(), (TrafficVerified{.took = 1s, .proxies = 2}));
        QCOMPARE(stand.wanted().canaryInstances, instances); // S15: not before it is quiet
        stand.run(4s);
        QCOMPARE(stand.last<TrafficQuiet>().took, Duration(5s));
        QCOMPARE(stand.wanted().canaryInstances, 0);
        QVERIFY(stand.reach(Phase::RolledBack, 60s));
        QCOMPARE(stand.last<RolledBack>().version, std::string("v1"));
        QCOMPARE(stand.wanted().stableVersion, std::string("v1"));
        for (const StepProgress& step : stand.state().rollback->steps)
            QCOMPARE(step.state, StepState::Done);
    }

    void theNumbersBehindTheDecisionAreKept()
    {
        Stand stand;
        QVERIFY(stand.reachStage(1));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        const std::string& evidence = stand.last<RollbackStarted>().plan.evidence;
        QVERIFY2(evidence.find("\"id\":\"error_rate-1\",\"limit\":20000,\"observed\":31000,\"state\":\"firing\"") !=
                     std::string::npos,
                 evidence.c_str());
    }

    void aServiceWithHardlyAnyTrafficIsRolledBackToTheEnd()
    {
        Stand stand = rollingBack();
        stand.data.readings[0].stable.reset();
        stand.data.readings[0].stableNoData = analysis::NoDataReason::TooFewRequests;
        QVERIFY(stand.reach(Phase::RolledBack, 60s));
    }

    void aSilentSourceHoldsTheCheckOfTheOldVersion()
    {
        Stand stand = rollingBack();
        stand.data.freshness = Freshness::NoData;
        stand.run(5min);
        QCOMPARE(stand.phase(), Phase::RollingBack);
        QVERIFY(stand.wanted().safe);
    }

    void anUnreachableProxyIsNamedAndNotWaitedFor()
    {
        Stand stand(plainPlaybook());
        QVERIFY(stand.reachStage(1));
        makeUnreachable(stand, 1);
        QVERIFY(!stand.ask(RollBack{.reason = "x"}, kAna));
        stand.tick();
        QCOMPARE(stand.last<TrafficVerified>().proxies, 1);
        QCOMPARE(stand.last<TrafficVerified>().unreachable, std::vector<std::string>{"edge-2"});
    }

    void aSilentProxyCountsAsUnreachableAfterThreeSeconds()
    {
        Stand stand(plainPlaybook());
        QVERIFY(stand.reachStage(1));
        stand.proxiesFollow = false;
        QVERIFY(!stand.ask(RollBack{.reason = "x"}, kAna));
        auto& proxies = stand.world.proxies;
        proxies[0] = {.name = "edge-1", .state = ProxyFact::State::Verified, .generation = 99, .canaryMaint = true};
        proxies[1] = {.name = "edge-2", .state = ProxyFact::State::Converging};
        stand.run(2s);
        QCOMPARE(stand.count<TrafficVerified>(), 0);
        proxies[0].zeroFor = 3s - 4ms;
        proxies[1].sinceAnswer = 4s;
        stand.tick();
        QCOMPARE(stand.count<TrafficVerified>(), 1);
        QCOMPARE(stand.last<TrafficVerified>().took, Duration(4ms)); // of the one that answered, without the wait
        QCOMPARE(stand.last<TrafficVerified>().unreachable, std::vector<std::string>{"edge-2"});
    }

    void aProxyThatComesBackMustBeSafeBeforeItIsQuiet()
    {
        Stand stand(plainPlaybook());
        QVERIFY(stand.reachStage(1));
        makeUnreachable(stand, 1);
        QVERIFY(!stand.ask(RollBack{.reason = "x"}, kAna));
        stand.tick();
        QCOMPARE(stand.count<TrafficVerified>(), 1);
        stand.proxiesFollow = false;
        stand.world.proxies[1] = {.name = "edge-2", .state = ProxyFact::State::Verified, .generation = 1};
        stand.world.canaryQuietFor = 20s;
        stand.tick();
        QCOMPARE(stand.count<TrafficQuiet>(), 0);
        stand.proxiesFollow = true;
        stand.run(6s);
        QCOMPARE(stand.count<TrafficQuiet>(), 1);
        QCOMPARE(stand.count<TrafficVerified>(), 2); // the clock of the promise ends at the last proxy
        QCOMPARE(stand.last<TrafficVerified>().proxies, 2);
        QVERIFY(stand.state().rollback->unreachable.empty());
        QCOMPARE(*stand.state().rollback->verifiedAfter, stand.last<TrafficVerified>().took);
    }

    void aProxyThatComesBackCountsAlsoWhenAnotherOneLeaves()
    {
        Stand stand(plainPlaybook());
        stand.world.proxies.push_back({.name = "edge-3", .state = ProxyFact::State::Verified});
        QVERIFY(stand.reachStage(1));
        makeUnreachable(stand, 1);
        QVERIFY(!stand.ask(RollBack{.reason = "x"}, kAna));
        stand.tick();
        QCOMPARE(stand.last<TrafficVerified>().proxies, 2);
        stand.world.proxies[1].state = ProxyFact::State::Verified;
        makeUnreachable(stand, 2);
        stand.tick();
        QCOMPARE(stand.count<TrafficVerified>(), 2);
        QCOMPARE(stand.last<TrafficVerified>().unreachable, std::vector<std::string>{"edge-3"});
    }

    void requestsThatStillArriveHoldTheSteps()
    {
        Stand stand = rollingBack();
        for (int second = 0; second < 60; ++second) {
            stand.world.canaryQuietFor = Duration(0);
            stand.tick();
        }
        QCOMPARE(stand.count<TrafficVerified>(), 1);
        QCOMPARE(stand.count<TrafficQuiet>(), 0);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::QuietMissing)),
                 std::string("the canary must be without requests for 5 s; it has been for 1 s"));
    }

    void aRollbackUnderWayIsNeverStartedTwice()
    {
        Stand stand = rollingBack();
        const RollbackProgress plan = *stand.state().rollback;
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.score(1'000, Band::Rollback);
        stand.run(3s);
        QVERIFY(stand.ask(RollBack{.reason = "again"}, kAna).has_value());
        QVERIFY(!stand.ask(EmergencyRollback{.reason = "now"}, kNobody)); // noted, so that the asker gets a yes
        QCOMPARE(stand.last<Commented>().text,
                 std::string("somebody unknown fired an emergency rollback: now (it was already rolling back)"));
        QCOMPARE(stand.count<RollbackStarted>(), 1);
        QCOMPARE(stand.state().rollback->decidedAt, plan.decidedAt);
    }

    //
    void onlyTheVersionThatStillRunsCanBeReached()
    {
        Stand stand;
        QVERIFY(stand.reachStage(1));
        const std::string answer = stand.refusal(RollBack{.toVersion = "v0"}, kAna);
        QVERIFY2(answer.starts_with("v0 cannot be reached by this rollback: only v1"), answer.c_str());
        QVERIFY(!stand.ask(RollBack{.toVersion = "v1"}, kAna));
    }

    //
    void aStepBackStartsTheBakeOfTheStageBeforeAgain()
    {
        Stand stand;
        QVERIFY(stand.reachStage(1));
        stand.run(30s);
        QVERIFY(!stand.ask(StepBack{.reason = "p95 rises"}, kAna));
        QCOMPARE(stand.wanted().weight, percent(1));
        stand.tick();
        QCOMPARE(stand.phase(), Phase::Baking);
        QCOMPARE(stand.state().stage, 0);
        QCOMPARE(stand.state().stages[0].baked, Duration(0));
        stand.run(55s);
        QCOMPARE(stand.state().stage, 0);
        QVERIFY(stand.reachStage(1));
        QCOMPARE(stand.state().stages[1].baked, Duration(0));
    }

    void aStepThatFailsAsksAPersonWhoTriesAgainOrSkips()
    {
        Stand stand = rollingBack();
        stand.canaryFollows = false;
        stand.world.canary.problem = "exit 3";
        stand.run(30s);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::StepFailed)),
                 std::string("this step failed: Stop the canary (exit 3); retry it or skip it with a reason"));
        QVERIFY(!stand.ask(RetryStep{}, kAna));
        stand.run(5s);
        QVERIFY(stand.waitsFor(WaitCode::StepRunning));
        stand.run(10s);
        QVERIFY(stand.ask(SkipStep{}, kAna).has_value()); // a reason is needed
        QVERIFY(!stand.ask(SkipStep{.reason = "stopped by hand"}, kAna));
        QVERIFY(stand.reach(Phase::RolledBack, 60s));
        QCOMPARE(stand.state().rollback->steps[0].state, StepState::Skipped);
        QCOMPARE(stand.state().rollback->steps[0].note, std::string("ana skipped this step: stopped by hand"));
    }

    void aStepThatSaysNothingFailsAfterAQuarterOfAnHour()
    {
        Stand stand = rollingBack();
        stand.canaryFollows = false;
        stand.run(14min);
        QVERIFY(stand.waitsFor(WaitCode::StepRunning));
        stand.run(2min);
        QVERIFY(stand.waitsFor(WaitCode::StepFailed));
        stand.canaryFollows = true; // it is done after all
        QVERIFY(stand.reach(Phase::RolledBack, 60s));
    }

    void theOldVersionMustLookWellBeforeTheRollbackIsComplete()
    {
        Stand stand = rollingBack();
        stand.data.readings[0].stable = 50'000;
        stand.run(60s);
        QCOMPARE(stand.phase(), Phase::RollingBack);
        stand.run(60s);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::StepFailed)),
                 std::string("this step failed: Check the old version (Error rate of the old version is 5 %, beyond "
                             "2 %); retry it or skip it with a reason"));
        stand.data.readings[0].stable = 1'000;
        QVERIFY(stand.reach(Phase::RolledBack, 60s));
    }

    void trafficThatNobodyCanReadIsPassedByAResponsiblePersonOnly()
    {
        Stand stand(plainPlaybook());
        QVERIFY(stand.reachStage(1));
        makeUnreachable(stand, 0);
        makeUnreachable(stand, 1);
        QVERIFY(!stand.ask(RollBack{.reason = "x"}, kAna));
        stand.run(10min);
        QCOMPARE(stand.count<TrafficVerified>(), 0);
        QVERIFY(stand.ask(SkipStep{.reason = "both are scrap"}, person("bo")).has_value());
        QVERIFY(!stand.ask(SkipStep{.reason = "both are scrap"}, kAna));
        QCOMPARE(stand.last<TrafficVerified>().unreachable, (std::vector<std::string>{"edge-1", "edge-2"}));
        QCOMPARE(stand.last<TrafficQuiet>().note, std::string("ana skipped this step: both are scrap"));
        QVERIFY(stand.reach(Phase::RolledBack, 60s));
    }

    void finalisingCanBeRolledBackToTheOldVersion_data()
    {
        QTest::addColumn<bool>("splitDone");
        QTest::newRow("while the stable pool is replaced") << false;
        QTest::newRow("after the split went back") << true;
    }

    void finalisingCanBeRolledBackToTheOldVersion()
    {
        QFETCH(bool, splitDone);
        Playbook book = plainPlaybook();
        book.checklists.post = {{"errors", "Error logs read"}};
        Stand stand(book);
        stand.stableFollows = splitDone;
        QVERIFY(stand.reach(Phase::Finalising, 1h));
        stand.run(30s);
        QVERIFY(!stand.ask(EmergencyRollback{}, kNobody));
        QCOMPARE(stand.wanted().stableVersion, std::string("v1"));
        QVERIFY(stand.wanted().safe);
        QCOMPARE(stand.wanted().canaryInstances == 0, splitDone); // a stopped canary is not started again
        stand.stableFollows = true;
        QVERIFY(stand.reach(Phase::RolledBack, 2min));
    }

    void theStablePoolStepOfTheFinalisingCannotBeSkipped()
    {
        Stand stand;
        stand.stableFollows = false;
        stand.world.stable.version = "v1";
        QVERIFY(stand.reach(Phase::Finalising, 1h));
        stand.world.stable.problem = "exit 1";
        stand.run(30s);
        QVERIFY(stand.waitsFor(WaitCode::StepFailed));
        QVERIFY(stand.refusal(SkipStep{.reason = "x"}, kAna).starts_with("The stable pool must run"));
        QVERIFY(!stand.ask(RetryStep{}, kAna));
    }

    void anEmergencyBeforeExposureCancels()
    {
        Stand stand;
        QVERIFY(!stand.ask(EmergencyStop{.reason = "all stop"}, kNobody));
        QCOMPARE(stand.phase(), Phase::Cancelled);
        QCOMPARE(stand.last<RolloutCancelled>().reason,
                 std::string("somebody unknown fired an emergency rollback: all stop"));
    }

    void thePlanShowsTrafficFirst()
    {
        Playbook book = plainPlaybook();
        book.rollbackSteps = {{.kind = RollbackStep::Kind::Application, .title = "Canary away", .usually = 10s}};
        const auto plan = rollbackPlan(book);
        QCOMPARE(plan.size(), size_t{3});
        QCOMPARE(plan[0].title, std::string("All traffic to the old version"));
        QCOMPARE(plan[2].title, std::string("Canary away"));
        QCOMPARE(plan[2].usually, Duration(10s));
    }
};

QTEST_APPLESS_MAIN(RollbackTest)
#include "rollback_test.moc"
