// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QtTest>

#include "tests/app/driven_release.h"

// What the command line says and does about people: who may agree, and that nobody agrees by accident.

using namespace sluice;
using sluice::testing::DrivenRelease;
using sluice::testing::Said;
using sluice::testing::says;
using sluice::testing::words;

namespace {
constexpr const char* kNoTerminal = "SKIPPED: no terminal can be made here (is /dev/pts mounted?)";
} // namespace

class PeopleTest : public QObject {
    Q_OBJECT

    DrivenRelease m_release{};

    QString digest() const { return QString::fromStdString(m_release.view()->state.approval->digest); }
    size_t given() const
    {
        const auto& round = m_release.view()->state.approval;
        return round ? round->given.size() : 0;
    }

private slots:
    /// A release that waits for an approval; each sentence leaves it there.
    void initTestCase()
    {
        QVERIFY(m_release.begin());
        QVERIFY(m_release.startUntilApprovalIsAsked());
        m_release.catchUp();
    }

    void whoMayApproveIsNamedAndWhyTheOthersMayNot()
    {
        const Said said = m_release.sluicectl(words("why"));
        QCOMPARE(said.code, 0);
        QVERIFY(says(said, "may approve: you, ana\n"));
        QVERIFY(says(said, "not: release-bot started this rollout and cannot approve it"));
        QVERIFY(says(said, "not: guest cannot approve this stage: it needs the role release-manager."));
        QVERIFY(says(said, qPrintable("evidence " + digest())));
    }

    void theSameStandsInItsJson()
    {
        const Said said = m_release.sluicectl(words("why --json"));
        QVERIFY(says(said, "\"mayApprove\":[\"you\",\"ana\"]"));
        QVERIFY(says(said, "release-bot started this rollout"));
    }

    void withoutATerminalTheEvidenceAndTheExactCommandAreShown()
    {
        const Said said = m_release.sluicectl(words("approve --as you"));
        QCOMPARE(said.code, 2);
        QVERIFY(says(said, "Error rate"));
        QVERIFY(says(said, qPrintable("sluicectl approve " + QString::fromStdString(m_release.view()->state.id.value) +
                                      " --evidence " + digest())));
        QCOMPARE(given(), size_t{0});
    }

    void whatWouldBeApprovedIsTheEvidenceAndNoListOfWords()
    {
        const Said said = m_release.sluicectl(words("approve --as you --json"));
        QCOMPARE(said.code, 2);
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(answer["digest"].toString(), digest());
        QCOMPARE(answer["error"]["where"].toString(), QStringLiteral("--evidence"));
        QCOMPARE(answer["error"]["evidence"].toString(), digest());
        QVERIFY(answer["error"]["legal"].isUndefined());
        QVERIFY(answer["evidence"].isObject());
    }

    void showingApprovesNothing()
    {
        const Said said = m_release.sluicectl(words("approve --show --as you"));
        QCOMPARE(said.code, 0);
        QVERIFY(says(said, qPrintable("evidence " + digest())));
        QVERIFY(says(said, "may approve: you, ana\n"));
        QCOMPARE(given(), size_t{0});
    }

    void onATerminalItAsks()
    {
        if (!DrivenRelease::canType()) QSKIP(kNoTerminal);
        const Said said = m_release.sluicectl(words("approve --as you"), "n\n");
        QCOMPARE(said.code, 1);
        QVERIFY(says(said, "Approve v2.4.0 at 10 %, next 25 %? [y/N]"));
        QVERIFY(says(said, "Nothing was approved."));
        QCOMPARE(given(), size_t{0});
    }

    void anEmptyAnswerIsNo()
    {
        if (!DrivenRelease::canType()) QSKIP(kNoTerminal);
        QCOMPARE(m_release.sluicectl(words("approve --as you"), "\n").code, 1);
        QCOMPARE(given(), size_t{0});
    }

    void anotherEvidenceIsRefused_data()
    {
        QTest::addColumn<QString>("evidence");
        QTest::addColumn<int>("code");
        QTest::newRow("another one") << QString(64, QLatin1Char('0')) << 3;
        QTest::newRow("too short to mean one") << digest().left(4) << 2;
    }
    void anotherEvidenceIsRefused()
    {
        QFETCH(QString, evidence);
        QFETCH(int, code);
        const Said said = m_release.sluicectl(words("approve --as you --evidence") << evidence);
        QCOMPARE(said.code, code);
        QCOMPARE(given(), size_t{0});
    }

    void whoeverStartedItIsRefusedWhateverIsTyped()
    {
        const Said said = m_release.sluicectl(words("approve --yes --as release-bot"));
        QCOMPARE(said.code, 3);
        QVERIFY(says(said, "another person must"));
    }

    void aReleaseIsHandedOverToSomebodyWhoIsThereAndMayAct_data()
    {
        QTest::addColumn<QString>("person");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("nobody") << "anna" << 2 << "it can go to: release-bot, you, ana.";
        QTest::newRow("a reader") << "guest" << 3 << "guest cannot own this rollout";
        QTest::newRow("a release manager") << "ana" << 0 << "";
    }
    void aReleaseIsHandedOverToSomebodyWhoIsThereAndMayAct()
    {
        QFETCH(QString, person);
        QFETCH(int, code);
        QFETCH(QString, said);
        const Said answer = m_release.sluicectl(words("hand-over --as you") << person);
        QCOMPARE(answer.code, code);
        QVERIFY(says(answer, qPrintable(said)));
    }

    /// Proxy, Prometheus and deployer of this file are nowhere; the simulated engine does not need them.
    void aPictureOfLongAgoSaysWhatIsOutOfReachNow()
    {
        DrivenRelease longAgo;
        QVERIFY(longAgo.begin());
        const Said said = longAgo.sluicectl(words("status"));
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, "NOBODY DRIVES"));
        for (const char* part :
             {"OUT OF REACH: metrics sim (http://127.0.0.1:1): ", "OUT OF REACH: router edge-1 (unix:",
              "OUT OF REACH: deployer sim of checkout/production (/bin/true): "})
            QVERIFY(says(said, part));
    }

    void theRunningStableVersionIsNoRelease()
    {
        const Said said = m_release.sluicectl(words("start checkout/production v2.3.0 --as you"));
        QCOMPARE(said.code, 2);
        QVERIFY(says(said, "v2.3.0 already is the stable version of checkout/production"));
    }

    void onATerminalYesApproves()
    {
        if (!DrivenRelease::canType()) QSKIP(kNoTerminal);
        DrivenRelease agreed;
        QVERIFY(agreed.begin());
        QVERIFY(agreed.startUntilApprovalIsAsked());
        agreed.catchUp();
        const Said said = agreed.sluicectl(words("approve --as you"), "y\n");
        QCOMPARE(said.code, 0);
        QVERIFY(agreed.until([&agreed] { return !agreed.view()->state.approval; })); // the stage has passed
        QVERIFY(agreed.view()->state.stage >= 1);
        agreed.catchUp();
        const Said again = agreed.sluicectl(words("approve --yes --as ana"));
        QCOMPARE(again.code, 3);
        QVERIFY(says(again, "No approval is asked for"));
    }
};

QTEST_GUILESS_MAIN(PeopleTest)
#include "people_test.moc"
