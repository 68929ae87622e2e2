// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/base/sha256.h"
#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

const Actor kLead = person("lead", {"engineering-lead"});
const Actor kManager = person("mia", {"release-manager"});
const Actor kQa = person("quin", {"qa"});

Playbook asking(ApproveWhen when, int count = 1)
{
    Playbook book = plainPlaybook();
    book.stages[0].approve = {.when = when, .count = count};
    return book;
}

/// Baked in the first stage and waiting for people.
Stand waiting(Playbook book)
{
    Stand stand(std::move(book));
    stand.reach(Phase::AwaitingApproval);
    return stand;
}

} // namespace

class ApprovalTest : public QObject {
    Q_OBJECT

private slots:
    //
    void approvalOnWarningsIsAskedOnlyAfterOneAlsoWhenItWentAway_data()
    {
        QTest::addColumn<bool>("warned");
        QTest::newRow("without a warning") << false;
        QTest::newRow("with one that went away") << true;
    }

    void approvalOnWarningsIsAskedOnlyAfterOneAlsoWhenItWentAway()
    {
        QFETCH(bool, warned);
        Stand stand(asking(ApproveWhen::Warnings));
        QVERIFY(stand.reachStage(0));
        stand.requirement("p95", Verdict::Pass, warned);
        stand.run(5s);
        stand.requirement("p95", Verdict::Pass, false);
        stand.run(2min);
        QCOMPARE(stand.phase() == Phase::AwaitingApproval, warned);
        QCOMPARE(stand.state().stage == 0, warned);
    }

    void anApprovalPromotes()
    {
        Stand stand = waiting(asking(ApproveWhen::Always));
        QVERIFY(!stand.ask(Approve{.comment = "looks good"}, kLead));
        QCOMPARE(stand.state().approval->given.at(0).role, std::string("engineering-lead"));
        QVERIFY(stand.reachStage(1));
    }

    void whoMayNotApproveIsRefused_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("role");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("the starter") << QByteArray("ana") << QByteArray("release-manager")
                                     << QByteArray("started this rollout and cannot approve it");
        QTest::newRow("without the role") << QByteArray("quin") << QByteArray("qa")
                                          << QByteArray("it needs the role release-manager or engineering-lead");
    }

    void whoMayNotApproveIsRefused()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, role);
        QFETCH(QByteArray, says);
        Stand stand = waiting(asking(ApproveWhen::Always));
        const std::string answer = stand.refusal(Approve{}, person(id.toStdString(), {role.toStdString()}));
        QVERIFY2(answer.find(says.toStdString()) != std::string::npos, answer.c_str());
        QVERIFY(stand.state().approval->given.empty());
    }

    void fourEyesCanBeSwitchedOffByTheStage()
    {
        Playbook book = asking(ApproveWhen::Always);
        book.stages[0].approve.fourEyes = false;
        Stand stand = waiting(book);
        QVERIFY(!stand.ask(Approve{}, person("ana", {"release-manager"})));
    }

    void aPersonCountsOnce()
    {
        Stand stand = waiting(asking(ApproveWhen::Always, 2));
        QVERIFY(!stand.ask(Approve{}, kLead));
        QVERIFY(stand.refusal(Approve{}, kLead).find("a person counts once") != std::string::npos);
        stand.run(60s);
        QCOMPARE(stand.phase(), Phase::AwaitingApproval);
        QCOMPARE(waitText(*stand.waitsFor(WaitCode::ApprovalMissing)),
                 std::string("1 of 2 approvals given; it needs the role release-manager or engineering-lead"));
        QVERIFY(!stand.ask(Approve{}, kManager));
        QVERIFY(stand.reachStage(1));
    }

    void theStagesOwnRolesReplaceTheUsualOnes()
    {
        Playbook book = asking(ApproveWhen::Always);
        book.stages[0].approve.roles = {"qa"};
        Stand stand = waiting(book);
        QVERIFY(stand.ask(Approve{}, kLead).has_value());
        QVERIFY(!stand.ask(Approve{}, kQa));
    }

    void theDigestIsThatOfTheEvidenceAndMustBeTheOneSeen()
    {
        Stand stand = waiting(asking(ApproveWhen::Always));
        const ApprovalRound round = *stand.state().approval;
        QCOMPARE(round.digest, sha256Hex(round.evidence));
        QVERIFY(stand.refusal(Approve{.digest = std::string(64, '0')}, kLead).starts_with("The evidence has changed"));
        QVERIFY(!stand.ask(Approve{.digest = round.digest}, kLead));
    }

    void theEvidenceIsCanonicalAndHoldsNoFloats()
    {
        Stand stand = waiting(asking(ApproveWhen::Always));
        const std::string& text = stand.state().approval->evidence;
        const auto parsed = nlohmann::json::parse(text);
        QCOMPARE(parsed.dump(), text);
        QVERIFY(text.find("0.") == std::string::npos);
        QCOMPARE(parsed["class"]["version"].get<std::string>(), std::string("v2"));
        QCOMPARE(parsed["class"]["playbook"].get<std::string>(), std::string("hash"));
        QCOMPARE(parsed["shown"]["requirements"][0]["observed"].get<int>(), 300'000);
    }

    void anApprovalSurvivesMovingNumbers()
    {
        Stand stand = waiting(asking(ApproveWhen::Always, 2));
        const std::string digest = stand.state().approval->digest;
        QVERIFY(!stand.ask(Approve{}, kLead));
        for (int64_t value = 300'000; value < 900'000; value += 100'000) {
            stand.data.requirements[0].observed = value;
            stand.data.requirements[0].limit = 1'200'000 + value; // a baseline's limit moves too
            stand.data.canaryRequestsInStage += 50;
            stand.run(10s);
        }
        QCOMPARE(stand.state().approval->digest, digest);
        QCOMPARE(stand.count<ApprovalVoided>(), 0);
    }

    void anApprovalDiesWhenAClassChanges_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArray>("because");
        QTest::newRow("no data") << QByteArray("data") << QByteArray("the verdict on a requirement changed");
        QTest::newRow("warning") << QByteArray("warning") << QByteArray("a new warning was seen");
        QTest::newRow("band") << QByteArray("band") << QByteArray("the band of the health score changed");
        QTest::newRow("alert") << QByteArray("alert") << QByteArray("a gate opened or closed");
        QTest::newRow("expiry") << QByteArray("expiry") << QByteArray("it expired");
    }

    void anApprovalDiesWhenAClassChanges()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArray, because);
        Playbook book = asking(ApproveWhen::Always, 2);
        book.score.parts = {{.id = "errors", .weightPpm = 1'000'000}};
        book.stages[0].minRequests = 10;
        Stand stand(book);
        stand.data.canaryRequestsInStage = 10;
        stand.score(95'000, Band::Proceed);
        QVERIFY(stand.reach(Phase::AwaitingApproval));
        QVERIFY(!stand.ask(Approve{}, kLead));
        if (what == "data") stand.requirement("p95", Verdict::NoData);
        if (what == "warning") stand.requirement("p95", Verdict::Pass, true);
        if (what == "band") stand.score(85'000, Band::Watch);
        if (what == "alert") stand.data.canaryRequestsInStage = 9;
        if (what == "expiry")
            stand.run(30min);
        else
            stand.tick();
        const auto& log = stand.log();
        const bool found = std::ranges::any_of(log, [&](const Decided& one) {
            const auto* voided = std::get_if<ApprovalVoided>(&one.event);
            return voided && voided->because == because.toStdString();
        });
        // A band below proceed is a warning as well, which is seen first.
        const bool bandAsWarning = what == "band" && stand.count<ApprovalVoided>() > 0;
        QVERIFY(found || bandAsWarning);
        QVERIFY(!stand.state().approval || stand.state().approval->given.empty());
    }

    void anExpiredRequestIsAskedAnewWithFreshEvidence()
    {
        Stand stand = waiting(asking(ApproveWhen::Always));
        const WallTime first = stand.state().approval->expiresAt;
        stand.run(31min);
        QCOMPARE(stand.phase(), Phase::AwaitingApproval);
        QVERIFY(stand.state().approval->expiresAt > first);
        QCOMPARE(stand.count<ApprovalRequested>(), 2);
    }

    void aRejectionRollsBackAndSaysWho()
    {
        Stand stand = waiting(asking(ApproveWhen::Always));
        QVERIFY(!stand.ask(Reject{.reason = "payments look odd"}, kQa));
        QCOMPARE(stand.last<RollbackStarted>().plan.cause, RollbackCause::Reject);
        QCOMPARE(stand.last<RollbackStarted>().plan.because, std::string("quin rejected the stage: payments look odd"));
        QCOMPARE(stand.last<RollbackStarted>().plan.by, PersonId("quin"));
    }

    void aWatchBandCanBeApprovedPast()
    {
        Playbook book = plainPlaybook();
        book.score.parts = {{.id = "errors", .weightPpm = 1'000'000}};
        Stand stand(book);
        stand.score(84'000, Band::Watch);
        QVERIFY(stand.reach(Phase::AwaitingApproval));
        QVERIFY(!stand.ask(Approve{}, kLead));
        QVERIFY(stand.reachStage(1));
    }

    void aPauseWhilePeopleAreAskedEndsTheRound()
    {
        Stand stand = waiting(asking(ApproveWhen::Always));
        QVERIFY(!stand.ask(Approve{}, kLead));
        QVERIFY(!stand.ask(Pause{.reason = "wait"}, kQa));
        QVERIFY(!stand.state().approval);
        QVERIFY(!stand.ask(Resume{}, kQa));
        stand.tick();
        QCOMPARE(stand.phase(), Phase::AwaitingApproval);
        QVERIFY(stand.state().approval->given.empty());
    }

    void manualAdvanceWaitsForPromoteAlsoWhenApproved()
    {
        Playbook book = asking(ApproveWhen::Always);
        book.advanceManually = true;
        Stand stand = waiting(book);
        QVERIFY(stand.refusal(Promote{}, kQa).find("0 of 1 approvals given") != std::string::npos);
        QVERIFY(!stand.ask(Approve{}, kLead));
        stand.run(2min);
        QCOMPARE(stand.phase(), Phase::AwaitingApproval);
        const auto waits = stand.waits();
        QCOMPARE(waits.front().code, WaitCode::ManualAdvance);
        QVERIFY(!stand.ask(Promote{}, kQa));
        QVERIFY(stand.reachStage(1));
        QVERIFY(!stand.last<StagePassed>().forced);
    }

    void whatAPromotionWasDecidedOnMustStillStandWhenTheInstancesAreReady()
    {
        Playbook book = asking(ApproveWhen::Always);
        book.stages[1].replicas = {Replicas::Kind::Count, 5};
        Stand stand = waiting(book);
        stand.canaryFollows = false;
        QVERIFY(!stand.ask(Approve{}, kLead));
        QVERIFY(stand.reach(Phase::Promoting));
        stand.requirement("p95", Verdict::NoData);
        stand.tick();
        QCOMPARE(stand.phase(), Phase::Judging);
        QVERIFY(!stand.state().stages[0].passedAt);
        stand.requirement("p95", Verdict::Pass);
        stand.canaryFollows = true;
        stand.run(10s);
        QCOMPARE(stand.phase(), Phase::AwaitingApproval); // the approval was for the other moment
    }
};

QTEST_APPLESS_MAIN(ApprovalTest)
#include "approval_test.moc"
