// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

Playbook withAction(FailureAction action, Duration cooldown = 0s)
{
    Playbook book = plainPlaybook();
    book.triggers[0].action = action;
    book.triggers[0].cooldown = cooldown;
    book.watch.length = 1h;
    return book;
}

/// In a phase with exposure, by way of the second stage.
Stand exposedIn(Phase phase, Playbook book = withAction(FailureAction::Rollback))
{
    if (phase == Phase::AwaitingApproval) book.stages[1].approve.when = ApproveWhen::Always;
    if (phase == Phase::Promoting) book.stages[2].replicas = {Replicas::Kind::Count, 50};
    Stand stand(book);
    stand.reachStage(1);
    if (phase == Phase::Promoting) stand.canaryFollows = false;
    if (phase == Phase::Judging) stand.requirement("p95", Verdict::NoData);
    if (phase == Phase::Paused) stand.ask(Pause{}, person("ana"));
    if (phase == Phase::SteppingBack || phase == Phase::Applying) stand.proxiesFollow = false;
    if (phase == Phase::SteppingBack) stand.put(SteppedBack{2, 1, percent(10), {}});
    if (phase == Phase::Applying) stand.put(StageEntered{1, percent(10), {}});
    if (phase == Phase::Finalising) stand.stableFollows = false;
    stand.reach(phase, 3h);
    return stand;
}

} // namespace

class TriggerTest : public QObject {
    Q_OBJECT

private slots:
    // any single condition, in every state with exposure.
    void aFiringTriggerRollsBackInEveryStateWithExposure_data()
    {
        QTest::addColumn<int>("phase");
        for (const Phase phase :
             {Phase::Applying, Phase::Baking, Phase::Judging, Phase::AwaitingApproval, Phase::Promoting, Phase::Paused,
              Phase::SteppingBack, Phase::Watching, Phase::Finalising}) {
            QTest::newRow(phaseName(phase).data()) << static_cast<int>(phase);
        }
    }

    void aFiringTriggerRollsBackInEveryStateWithExposure()
    {
        QFETCH(int, phase);
        Stand stand = exposedIn(static_cast<Phase>(phase));
        QCOMPARE(stand.phase(), static_cast<Phase>(phase));
        const uint64_t generation = stand.state().generation;
        stand.proxiesFollow = false;
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        QCOMPARE(stand.phase(), Phase::RollingBack);
        QVERIFY(stand.state().generation > generation);
        QVERIFY(stand.wanted().safe);
        const RollbackProgress& plan = *stand.state().rollback;
        QCOMPARE(plan.cause, RollbackCause::Trigger);
        QCOMPARE(plan.trigger, std::string("error_rate-1"));
        QCOMPARE(plan.because, std::string("Error rate was 3.1 %, beyond its limit of 2 %, for 3 min"));
        QCOMPARE(plan.badSince, stand.now().wall - 3min);
        QCOMPARE(plan.decidedAt, stand.now().wall);
        QCOMPARE(plan.toVersion, std::string("v1"));
        QCOMPARE(stand.count<TriggerFired>(), 1);
    }

    void aTriggerWithoutDataOrOnlyPendingDoesNothingByItself_data()
    {
        QTest::addColumn<int>("state");
        for (const TriggerState state :
             {TriggerState::Idle, TriggerState::Pending, TriggerState::Cooldown, TriggerState::NoData}) {
            QTest::addRow("%d", static_cast<int>(state)) << static_cast<int>(state);
        }
    }

    void aTriggerWithoutDataOrOnlyPendingDoesNothingByItself()
    {
        QFETCH(int, state);
        Stand stand = exposedIn(Phase::Baking);
        stand.trigger("error_rate-1", static_cast<TriggerState>(state));
        stand.run(30s);
        QCOMPARE(stand.phase(), Phase::Baking);
        QCOMPARE(stand.count<TriggerFired>(), 0);
    }

    void aHoleInTheDataNeverRollsBack()
    {
        Stand stand = exposedIn(Phase::Baking);
        stand.data.freshness = Freshness::NoData;
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.score(10'000, Band::Rollback);
        stand.run(10min);
        QCOMPARE(stand.phase(), Phase::Baking);
    }

    void anAlertOnlyTriggerWarnsAndCoolsDown()
    {
        Stand stand = exposedIn(Phase::Baking, withAction(FailureAction::AlertOnly, 5min));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.run(4min);
        QCOMPARE(stand.count<TriggerFired>(), 1);
        QCOMPARE(stand.state().stage, 1); // a firing trigger holds the promotion
        QCOMPARE(stand.count<WarningRaised>(), 1);
        stand.run(2min);
        QCOMPARE(stand.count<TriggerFired>(), 2);
        QCOMPARE(stand.count<WarningRaised>(), 1);
    }

    void aTriggerWithoutCooldownSpeaksOnceAMinute()
    {
        Stand stand = exposedIn(Phase::Baking, withAction(FailureAction::AlertOnly));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.run(150s);
        QCOMPARE(stand.count<TriggerFired>(), 3);
    }

    void aPausingTriggerPausesAndSaysWhy()
    {
        Stand stand = exposedIn(Phase::Baking, withAction(FailureAction::Pause));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        QCOMPARE(stand.phase(), Phase::Paused);
        QCOMPARE(stand.wanted().weight, percent(10));
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::PausedByTrigger)),
                 std::string("paused by a rule: Error rate was 3.1 %, beyond its limit of 2 %, for 3 min"));
    }

    void aTriggerStepsBackOneStageAndFromTheFirstToTheOldVersion()
    {
        Stand stand = exposedIn(Phase::Baking, withAction(FailureAction::PreviousStage, 10min));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        QCOMPARE(stand.state().stage, 0);
        QCOMPARE(stand.state().weight, percent(1));
        QCOMPARE(stand.state().cap, percent(1));
        stand.run(9min);
        QCOMPARE(stand.state().stage, 0); // cooling down, and held by the trigger
        stand.run(2min);
        QVERIFY(stand.state().rollback.has_value());
    }

    void aTriggerThatStepsBackDoesNotLiftAPause()
    {
        Stand stand = exposedIn(Phase::Paused, withAction(FailureAction::PreviousStage, 1h));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.run(60s);
        QCOMPARE(stand.phase(), Phase::Paused);
        QCOMPARE(stand.wanted().weight, percent(1));
        stand.trigger("error_rate-1", TriggerState::Idle);
        QVERIFY(!stand.ask(Resume{}, person("ana")));
        QVERIFY(stand.reachStage(0));
    }

    void theStrongestOfSeveralActionsWinsAndAllAreRecorded()
    {
        Playbook book = withAction(FailureAction::Pause);
        book.triggers.push_back({.id = "p95-2", .when = {.metric = "p95", .limit = 3'000'000}});
        book.triggers.push_back({.id = "p95-3", .when = {.metric = "p95"}, .action = FailureAction::AlertOnly});
        Stand stand = exposedIn(Phase::Baking, book);
        for (const char* id : {"error_rate-1", "p95-2", "p95-3"})
            stand.trigger(id, TriggerState::Firing);
        stand.tick();
        QCOMPARE(stand.count<TriggerFired>(), 3);
        QCOMPARE(stand.state().rollback->trigger, std::string("p95-2"));
        QCOMPARE(stand.count<RolloutPaused>(), 0);
    }

    void aHardTriggerOutranksTheScore()
    {
        Playbook book = withAction(FailureAction::Rollback);
        book.score.parts = {{.id = "errors", .weightPpm = 1'000'000}};
        Stand stand(book);
        stand.score(95'000, Band::Proceed);
        QVERIFY(stand.reachStage(1));
        stand.score(20'000, Band::Rollback);
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        QCOMPARE(stand.state().rollback->cause, RollbackCause::Trigger);
    }

    void cooldownDoesNotHoldBackARollback()
    {
        Stand stand = exposedIn(Phase::Baking);
        stand.put(TriggerFired{.trigger = "error_rate-1", .cooldownUntil = stand.now().wall + 1h});
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        QVERIFY(stand.state().rollback.has_value());
    }
};

QTEST_APPLESS_MAIN(TriggerTest)
#include "trigger_test.moc"
