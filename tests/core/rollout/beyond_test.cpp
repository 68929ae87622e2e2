// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

const Actor kAna = person("ana", {"release-manager"});
const Actor kLead = person("lead", {"engineering-lead"});

Promote forced(std::string reason, const std::string& second)
{
    return {.force = true, .reason = std::move(reason), .second = PersonId(second)};
}

Ramp ramp(int whole, bool force = false)
{
    return {.weight = percent(whole), .force = force, .reason = "test", .second = PersonId(force ? "lead" : "")};
}

} // namespace

/// Acts beyond an open gate: promote and ramp.
class BeyondTest : public QObject {
    Q_OBJECT

private slots:
    void promoteWithAnOpenGateIsRefusedAndNamesIt()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        stand.run(12s);
        const std::string answer = stand.refusal(Promote{}, kAna);
        QVERIFY2(answer.starts_with("promote is not possible yet: 0:48 of bake time left. Beyond an open gate only "
                                    "with force, a reason and a second person. Possible now: "),
                 answer.c_str());
    }

    void goingBeyondAGateNeedsForceReasonAndASecondPerson_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<QByteArray>("role");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no reason") << QByteArray() << QByteArray("lead") << QByteArray("engineering-lead")
                                   << QByteArray("needs a reason");
        QTest::newRow("nobody") << QByteArray("hotfix") << QByteArray() << QByteArray()
                                << QByteArray("needs a second person");
        QTest::newRow("oneself") << QByteArray("hotfix") << QByteArray("ana") << QByteArray("release-manager")
                                 << QByteArray("must be somebody else");
        QTest::newRow("without the role")
            << QByteArray("hotfix") << QByteArray("quin") << QByteArray("qa") << QByteArray("needs the role");
        QTest::newRow("allowed") << QByteArray("hotfix") << QByteArray("lead") << QByteArray("engineering-lead")
                                 << QByteArray("accepted");
    }

    void goingBeyondAGateNeedsForceReasonAndASecondPerson()
    {
        QFETCH(QByteArray, reason);
        QFETCH(QByteArray, second);
        QFETCH(QByteArray, role);
        QFETCH(QByteArray, says);
        Stand stand;
        QVERIFY(stand.reachStage(0));
        std::optional<Actor> other;
        if (!second.isEmpty()) other = person(second.toStdString(), {role.toStdString()});
        const std::string answer = stand.refusal(forced(reason.toStdString(), second.toStdString()), kAna, other);
        QVERIFY2(answer.find(says.toStdString()) != std::string::npos, answer.c_str());
        const bool passed = stand.count<StagePassed>() > 0;
        QCOMPARE(passed, says == "accepted");
        if (!passed) return;
        QVERIFY(stand.last<StagePassed>().forced);
        QCOMPARE(stand.last<StagePassed>().second, PersonId("lead"));
        QVERIFY(stand.reachStage(1));
    }

    void aSecondPersonThatWasNotLookedUpIsRefused()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        QCOMPARE(stand.refusal(forced("hotfix", "lead"), kAna), std::string("lead is not a known person."));
        QVERIFY(stand.ask(forced("hotfix", "lead"), kAna, person("quin", {"release-manager"})).has_value());
    }

    void aForcedPromotionStillWaitsForInstances()
    {
        Playbook book = plainPlaybook();
        book.stages[1].replicas = {Replicas::Kind::Count, 5};
        Stand stand(book);
        QVERIFY(stand.reachStage(0));
        stand.requirement("p95", Verdict::NoData);
        stand.canaryFollows = false;
        QVERIFY(!stand.ask(forced("hotfix", "lead"), kAna, kLead));
        stand.run(30s);
        QCOMPARE(stand.state().weight, percent(1));
        stand.canaryFollows = true;
        QVERIFY(stand.reachStage(1)); // the open requirement was what was forced
    }

    void aForcedPromotionStopsNoTrigger()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        QVERIFY(!stand.ask(forced("hotfix", "lead"), kAna, kLead));
        stand.trigger("error_rate-1", TriggerState::Firing);
        stand.tick();
        QCOMPARE(stand.state().weight, Weight::none());
        QVERIFY(stand.state().rollback.has_value());
    }

    void theWatchIsEndedEarlyOnlyByForce()
    {
        Playbook book = plainPlaybook();
        book.watch.length = 24h;
        Stand stand(book);
        QVERIFY(stand.reach(Phase::Watching));
        stand.run(60s);
        QVERIFY(stand.refusal(Promote{}, kAna).find("23:59:00 of watch left") != std::string::npos);
        QVERIFY(!stand.ask(forced("marketing waits", "lead"), kAna, kLead));
        QCOMPARE(stand.phase(), Phase::Finalising);
        QVERIFY(stand.last<StagePassed>().forced);
    }

    void aRampDownNeedsOnlyAReasonAndItsTimeDoesNotCount()
    {
        Stand stand;
        QVERIFY(stand.reachStage(1));
        stand.run(30s);
        QVERIFY(stand.ask(Ramp{.weight = percent(5)}, kAna).has_value());
        QVERIFY(!stand.ask(ramp(5), kAna));
        stand.run(60s);
        QCOMPARE(stand.phase(), Phase::Baking);
        QCOMPARE(stand.wanted().weight, percent(5));
        QCOMPARE(stand.state().stages[1].baked, Duration(30s));
        QCOMPARE(stand.state().cap, percent(10));
        QVERIFY(stand.refusal(Promote{}, kAna).find("the weight was ramped to 5 %, under the stage's 10 %") !=
                std::string::npos);
        QVERIFY(!stand.ask(ramp(10), kAna));
        QVERIFY(stand.reachStage(2, 35s));
    }

    void aRampBeyondTheStageNeedsForceAndRaisesTheCap()
    {
        Stand stand;
        stand.reachStage(1);
        stand.world.canary.ready = 10;
        stand.canaryFollows = false;
        stand.tick();
        const std::string answer = stand.refusal(ramp(30), kAna);
        QVERIFY2(answer.starts_with("ramp is not possible: 30 % is above the stage's 10 %. Beyond"), answer.c_str());
        QVERIFY(!stand.ask(ramp(30, true), kAna, kLead));
        QCOMPARE(stand.state().weight, percent(30));
        QCOMPARE(stand.state().cap, percent(30));
        stand.tick();
        QCOMPARE(stand.wanted().weight, percent(30));
    }

    void aRampBeyondTheInstancesIsRefusedAlsoWithForce()
    {
        Stand stand;
        QVERIFY(stand.reachStage(1));
        QCOMPARE(stand.refusal(ramp(30, true), kAna, kLead),
                 std::string("30 % needs 10 ready canary instances, there are 1."));
    }

    void aRampUpOnBadDataOrWhilePausedIsRefused()
    {
        Stand stand;
        QVERIFY(stand.reachStage(1));
        QVERIFY(!stand.ask(ramp(5), kAna));
        stand.run(5s);
        stand.requirement("p95", Verdict::Fail);
        stand.tick();
        QVERIFY(stand.refusal(ramp(8), kAna).find("P95 is 1 500 ms and must be below 1 200 ms") != std::string::npos);
        QVERIFY(!stand.ask(Pause{}, kAna));
        QVERIFY(stand.refusal(ramp(8), kAna).starts_with("A paused rollout gets no more traffic"));
        QVERIFY(!stand.ask(ramp(2), kAna));
        QCOMPARE(stand.phase(), Phase::Paused);
        QCOMPARE(stand.wanted().weight, percent(2));
    }

    void aRampEndsTheRoundOfApprovals()
    {
        Playbook book = plainPlaybook();
        book.stages[0].approve.when = ApproveWhen::Always;
        book.stages[0].weight = percent(4);
        Stand stand(book);
        QVERIFY(stand.reach(Phase::AwaitingApproval));
        QVERIFY(!stand.ask(Approve{}, kLead));
        QVERIFY(!stand.ask(ramp(2), kAna));
        QCOMPARE(stand.last<ApprovalVoided>().because, std::string("the weight was ramped"));
        QVERIFY(!stand.state().approval);
        QCOMPARE(stand.phase(), Phase::Applying);
    }
};

QTEST_APPLESS_MAIN(BeyondTest)
#include "beyond_test.moc"
