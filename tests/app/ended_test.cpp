// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QtTest>

#include "tests/app/driven_release.h"

// What the command line says of a release that was rolled back.

using namespace sluice;
using sluice::testing::DrivenRelease;
using sluice::testing::Said;
using sluice::testing::says;
using sluice::testing::words;

class EndedTest : public QObject {
    Q_OBJECT

    DrivenRelease m_release{};

    static bool begin(DrivenRelease& release)
    {
        if (!release.begin() || !release.startUntilApprovalIsAsked()) return false;
        release.catchUp();
        const Said back = release.sluicectl({"rollback", "--no-wait", "--as", "ana", "--reason", "payments fail"});
        if (back.code != 0 || !release.untilPhase(rollout::Phase::RolledBack)) return false;
        release.catchUp();
        return true;
    }

private slots:
    void initTestCase() { QVERIFY(begin(m_release)); }

    void aWayBackIsExplainedWithWhoAndWhy()
    {
        const Said said = m_release.sluicectl(words("why"));
        QVERIFY(says(said, "is rolled-back because:"));
        QVERIFY(says(said, "back to v2.3.0: ana rolled back: payments fail"));
        QVERIFY(says(said, ", by ana\n"));
    }

    void itsJsonHasTheSame()
    {
        const Said said = m_release.sluicectl(words("why --json"));
        const QJsonDocument why = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(why["phase"].toString(), QStringLiteral("rolled-back"));
        QVERIFY(why["waits"].isArray());
        const QJsonObject back = why["rollback"].toObject();
        QCOMPARE(back["to"].toString(), QStringLiteral("v2.3.0"));
        QCOMPARE(back["because"].toString(), QStringLiteral("ana rolled back: payments fail"));
        QCOMPARE(back["by"].toString(), QStringLiteral("ana"));
        QCOMPARE(back["stage"].toInt(), m_release.view()->state.rollback->stage + 1);
        QVERIFY2(back["decidedAt"].toDouble() > 0 && back["zeroAfterMs"].isDouble(), qPrintable(said.out));
        QCOMPARE(back["unreachable"].toArray().size(), 0);
    }

    void aProxyThatIsOutOfReachIsNotCountedAsZero()
    {
        DrivenRelease two;
        QVERIFY(two.begin(2));
        QVERIFY(two.startUntilApprovalIsAsked());
        two.service().proxies.begin()->second.loseSocket();
        QVERIFY(two.ask(rollout::RollBack{.rollout = two.view()->state.id, .reason = "payments fail"}, "ana"));
        QVERIFY(two.until([&] { return two.view()->state.rollback && two.view()->state.rollback->verifiedAfter; }));
        two.catchUp();
        for (const char* command : {"status", "why"}) {
            const Said said = two.sluicectl(words(command));
            static const QRegularExpression zero(
                QStringLiteral("decision to verified zero: \\d+ ms on 1 of 2; out of reach: edge-1\n"));
            QVERIFY2(said.out.contains(zero), qPrintable(said.out));
        }
        const Said why = two.sluicectl(words("why --json"));
        QCOMPARE(QJsonDocument::fromJson(why.out.toUtf8())["rollback"]["unreachable"].toArray(),
                 QJsonArray{QStringLiteral("edge-1")});
    }

    void monitoringOneThatIsOnItsWayBackIsNotAllWell()
    {
        DrivenRelease back;
        QVERIFY(back.begin());
        QVERIFY(back.startUntilApprovalIsAsked());
        back.service().proxies.begin()->second.loseSocket(); // it serves on, so the way back does not end
        QVERIFY(back.ask(rollout::RollBack{.rollout = back.view()->state.id, .reason = "payments fail"}, "ana"));
        QVERIFY(back.untilPhase(rollout::Phase::RollingBack));
        back.catchUp();
        const Said said = back.sluicectl(words("monitor --for 1s"));
        QCOMPARE(said.code, 1);
        QVERIFY(says(said, "it is being rolled back"));
    }

    void monitoringOneThatHasEndedSaysHow()
    {
        const Said said = m_release.sluicectl(words("monitor --for 1h"));
        QCOMPARE(said.code, 1);
        QVERIFY(says(said, "v2.4.0 was rolled back to v2.3.0, ended "));
        QVERIFY(says(said, "ana rolled back: payments fail"));
    }

    void theLogLeavesOutTheSecondsThatWereCredited()
    {
        const auto lines = [&](const char* options) {
            return m_release.sluicectl(words("log checkout/production") + words(options)).out;
        };
        QVERIFY(lines("").contains(QLatin1String("Rollback to v2.3.0 started")));
        QVERIFY(!lines("").contains(QLatin1String("of bake credited")));
        QVERIFY(lines("--all").contains(QLatin1String("of bake credited")));
        QVERIFY(lines("--json").contains(QLatin1String("bake_credited")));
    }

    void anHourLaterTheJournalStillExplainsIt()
    {
        DrivenRelease forgotten;
        QVERIFY(begin(forgotten));
        const Said missing = forgotten.sluicectl(words("why r-nothing"));
        QCOMPARE(missing.code, 2);
        forgotten.pass(std::chrono::minutes(61));
        QVERIFY(forgotten.view() == nullptr);
        const Said said = forgotten.sluicectl(words("why checkout"));
        QCOMPARE(said.code, 0);
        QVERIFY(says(said, "back to v2.3.0: ana rolled back: payments fail"));
    }
};

QTEST_GUILESS_MAIN(EndedTest)
#include "ended_test.moc"
