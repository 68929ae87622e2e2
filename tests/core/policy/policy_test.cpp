// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/policy/approval.h"
#include "core/policy/checklist.h"
#include "core/policy/failure.h"
#include "core/policy/owner.h"

using namespace sluice;
using namespace sluice::policy;
using namespace std::chrono_literals;

namespace {

Voter voter(const char* id, std::vector<std::string> roles)
{
    return {PersonId(id), std::move(roles)};
}

ApprovalNeed need(ApprovalRule rule = {.when = ApproveWhen::Always})
{
    return approvalNeed(rule, false, false);
}

} // namespace

class PolicyTest : public QObject {
    Q_OBJECT

private slots:
    void aStageAsksPeopleByItsRuleOrWhenTheScoreDoes_data()
    {
        QTest::addColumn<int>("when");
        QTest::addColumn<bool>("warned");
        QTest::addColumn<bool>("belowProceed");
        QTest::addColumn<bool>("asks");
        for (const bool warned : {false, true}) {
            for (const bool below : {false, true}) {
                const auto row = [&](const char* name, ApproveWhen when, bool asks) {
                    QTest::addRow("%s, warned %d, below %d", name, warned, below)
                        << static_cast<int>(when) << warned << below << asks;
                };
                row("never", ApproveWhen::Never, below);
                row("always", ApproveWhen::Always, true);
                row("warnings", ApproveWhen::Warnings, warned || below);
            }
        }
    }

    void aStageAsksPeopleByItsRuleOrWhenTheScoreDoes()
    {
        QFETCH(int, when);
        QFETCH(bool, warned);
        QFETCH(bool, belowProceed);
        QFETCH(bool, asks);
        QCOMPARE(approvalNeed({.when = static_cast<ApproveWhen>(when)}, warned, belowProceed).needed, asks);
    }

    void anApproverNeedsOneOfTheRolesAndIsNotTheStarter_data()
    {
        QTest::addColumn<QByteArray>("who");
        QTest::addColumn<QByteArray>("role");
        QTest::addColumn<bool>("may");
        QTest::newRow("a lead") << QByteArray("lead") << QByteArray("engineering-lead") << true;
        QTest::newRow("a manager") << QByteArray("mia") << QByteArray("release-manager") << true;
        QTest::newRow("another role") << QByteArray("quin") << QByteArray("qa") << false;
        QTest::newRow("the starter") << QByteArray("ana") << QByteArray("release-manager") << false;
        QTest::newRow("one who has") << QByteArray("given") << QByteArray("release-manager") << false;
        QTest::newRow("nobody") << QByteArray("") << QByteArray("release-manager") << false;
    }

    void anApproverNeedsOneOfTheRolesAndIsNotTheStarter()
    {
        QFETCH(QByteArray, who);
        QFETCH(QByteArray, role);
        QFETCH(bool, may);
        const auto answer = mayApprove(need(), voter(who.constData(), {"viewer", role.toStdString()}), PersonId("ana"),
                                       {PersonId("given")});
        QCOMPARE(answer.ok(), may);
        if (may)
            QCOMPARE(answer.value(), role.toStdString());
        else
            QCOMPARE(answer.error().fault, Fault::Refused);
    }

    void theStageCanAllowItsStarter()
    {
        const ApprovalNeed lax = need({.when = ApproveWhen::Always, .fourEyes = false});
        QVERIFY(mayApprove(lax, voter("ana", {"release-manager"}), PersonId("ana"), {}).ok());
    }

    void aCountBelowOneIsOne() { QCOMPARE(need({.when = ApproveWhen::Always, .count = 0}).count, 1); }

    void rolesReadAsAList()
    {
        QCOMPARE(rolesText({"a"}), std::string("a"));
        QCOMPARE(rolesText({"a", "b", "c"}), std::string("a, b or c"));
    }

    void openItemsKeepTheirOrder()
    {
        const std::vector<ChecklistItem> items{{"a", "A"}, {"b", "B"}, {"c", "C"}};
        const auto open = openItems(items, [](std::string_view id) { return id == "b"; });
        QCOMPARE(open, (std::vector<ChecklistItem>{{"a", "A"}, {"c", "C"}}));
    }

    void anItemIsFoundInAnyList()
    {
        const Checklists lists{.pre = {{"a", "A"}}, .during = {{"b", "B"}}, .post = {{"c", "C"}}};
        QCOMPARE(findItem(lists, "c")->text, std::string("C"));
        QVERIFY(findItem(lists, "d") == nullptr);
    }

    void theDuringListGatesTheLastPromotion_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("gates");
        QTest::newRow("first of five") << 0 << 5 << false;
        QTest::newRow("third of five") << 2 << 5 << false;
        QTest::newRow("into the last") << 3 << 5 << true;
        QTest::newRow("the last") << 4 << 5 << true;
        QTest::newRow("the only one") << 0 << 1 << true;
    }

    void theDuringListGatesTheLastPromotion()
    {
        QFETCH(int, stage);
        QFETCH(int, count);
        QFETCH(bool, gates);
        QCOMPARE(duringListGates(stage, count), gates);
    }

    void theActionThatLowersExposureMostWins()
    {
        using enum FailureAction;
        QCOMPARE(stronger(AlertOnly, Pause), Pause);
        QCOMPARE(stronger(PreviousStage, Pause), PreviousStage);
        QCOMPARE(stronger(PreviousStage, Rollback), Rollback);
        QVERIFY(endsRollout(Abort) && endsRollout(Rollback));
        QVERIFY(!endsRollout(PreviousStage) && !endsRollout(Pause) && !endsRollout(AlertOnly));
    }

    void anOverrunWithoutALimitNeverComes()
    {
        QVERIFY(!isOverrun({.longest = 0s}, 10h));
        QVERIFY(!isOverrun({.longest = 1h}, 59min));
        QVERIFY(isOverrun({.longest = 1h}, 60min));
    }

    void everybodyIsToldWhetherTheyMayApproveAndWhyNot()
    {
        const ApprovalNeed asked = need({.when = ApproveWhen::Always, .roles = {"release-manager"}});
        const auto found = approversAmong({voter("bot", {"release-manager"}), voter("ana", {"release-manager"}),
                                           voter("ben", {"release-manager"}), voter("guest", {"reader"})},
                                          asked, PersonId("bot"), {PersonId("ben")});
        QCOMPARE(found.may, std::vector<PersonId>{PersonId("ana")});
        QCOMPARE(found.mayNot.size(), size_t{3});
        QVERIFY(found.mayNot[0].starts_with("bot started this rollout"));
        QVERIFY(found.mayNot[1].starts_with("ben has already approved"));
        QVERIFY(found.mayNot[2].starts_with("guest cannot approve this stage"));
    }

    void aStageThatNobodyCouldApproveIsNamedBeforeTheStart()
    {
        Playbook book;
        book.stages = {{.name = "Canary 1%", .approve = {.when = ApproveWhen::Warnings, .roles = {"sre"}}},
                       {.name = "Canary 50%", .approve = {.when = ApproveWhen::Always}},
                       {.name = "All", .approve = {.when = ApproveWhen::Always, .roles = {"sre"}, .count = 2}},
                       {.name = "Free"}};
        const std::vector<Voter> people{voter("ana", {"release-manager"}), voter("ben", {"sre"})};
        QCOMPARE(approvalDoubts(book, people, PersonId("ana")),
                 (std::vector<std::string>{
                     "'Canary 50%' needs a person with the role release-manager or engineering-lead, other than ana "
                     "who starts it; the connections file has nobody.",
                     "'All' needs 2 people with the role sre, other than ana who starts it; the connections file has "
                     "1."}));
        QCOMPARE(approvalDoubts(book, people, PersonId("ben")).size(), size_t{2});
    }

    void anOwnerIsThereAndHasARoleThatApprovesSomeStage_data()
    {
        QTest::addColumn<QByteArray>("person");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("approves where a stage names no role") << QByteArray("ana") << QByteArray();
        QTest::newRow("approves a stage of this playbook") << QByteArray("ben") << QByteArray();
        QTest::newRow("reads") << QByteArray("guest")
                               << QByteArray("guest cannot own this rollout: that needs the role release-manager, "
                                             "engineering-lead or sre; it can go to: ana, ben.");
        QTest::newRow("nobody") << QByteArray("anna")
                                << QByteArray("There is no person 'anna' in the connections file; it can go to: ana, "
                                              "ben.");
        QTest::newRow("nobody named") << QByteArray() << QByteArray("There is no person ''");
    }
    void anOwnerIsThereAndHasARoleThatApprovesSomeStage()
    {
        QFETCH(QByteArray, person);
        QFETCH(QByteArray, says);
        Playbook book;
        book.stages = {{.approve = {.when = ApproveWhen::Always, .roles = {"sre"}}}};
        const std::vector<Person> people{{.id = PersonId("ana"), .roles = {"engineering-lead"}},
                                         {.id = PersonId("ben"), .roles = {"sre"}},
                                         {.id = PersonId("guest"), .roles = {"reader"}}};
        const Outcome may = mayOwn(people, book, PersonId(person.toStdString()));
        QCOMPARE(may.ok(), says.isEmpty());
        if (!may.ok()) QVERIFY2(may.error().detail.starts_with(says.toStdString()), may.error().detail.c_str());
    }
};

QTEST_APPLESS_MAIN(PolicyTest)
#include "policy_test.moc"
