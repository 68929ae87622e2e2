// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

#include "tests/app/driven_release.h"

// Wrong options of commands that steer a release: bad input names the option, a refusal the option that leads further.

using namespace sluice;
using sluice::testing::DrivenRelease;
using sluice::testing::Said;
using sluice::testing::says;
using sluice::testing::words;

class OptionsTest : public QObject {
    Q_OBJECT

    DrivenRelease m_release{};

private slots:
    /// A release that waits for an approval; each sentence leaves it there.
    void initTestCase()
    {
        QVERIFY(m_release.begin());
        QVERIFY(m_release.startUntilApprovalIsAsked());
        m_release.catchUp();
    }

    void theOptionThatIsMissingOrWrongIsNamed_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("no such item") << "tick foo --as you" << 2 << "tick: there is no item 'foo'; known: ";
        QTest::newRow("no reason") << "ramp 90% --as you" << 2 << "ramp: --reason is missing: say why";
        QTest::newRow("force without reason")
            << "promote --force --as you" << 2 << "promote: --reason is missing: say why the gate may be skipped";
        QTest::newRow("force alone") << "promote --force --as you --reason hurry" << 2
                                     << "promote: --second is missing";
        QTest::newRow("a second person whom nobody knows")
            << "ramp 90% --as you --force --reason hurry --second nobody" << 2
            << "--second: there is no person 'nobody' in the connections file; known: release-bot, you";
        QTest::newRow("beyond a gate") << "promote --as you" << 3 << "only with --force, --reason and --second";
        QTest::newRow("forced by one alone")
            << "promote --as you --force --reason hurry --second you" << 3 << "must be somebody else";
        QTest::newRow("while another one runs")
            << "start checkout/production v9 --as you" << 3 << "start with --supersede";
        QTest::newRow("another target's past")
            << "history --target no/no" << 2 << "--target: there is no target 'no/no'; known: checkout/production.";
        QTest::newRow("this target's past") << "history --target checkout" << 0 << "v2.4.0";
    }
    void theOptionThatIsMissingOrWrongIsNamed()
    {
        QFETCH(QString, arguments);
        QFETCH(int, code);
        QFETCH(QString, said);
        const Said answer = m_release.sluicectl(words(qPrintable(arguments)));
        QVERIFY(says(answer, qPrintable(said)));
        QCOMPARE(answer.code, code);
    }

    void whatCouldStandThereIsInTheJson()
    {
        const Said said = m_release.sluicectl(words("tick foo --as you --json"));
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(answer["error"]["where"].toString(), QStringLiteral("item"));
        QVERIFY(answer["error"]["legal"].toArray().contains(QStringLiteral("charts-open")));
    }

    /// Proxy and Prometheus of this file are nowhere; the simulated engine does not need them.
    void aStartSaysWhatIsOutOfReach()
    {
        const Said said = m_release.sluicectl(words("start checkout/production v9 --as you"));
        QVERIFY(says(said, "OUT OF REACH: router edge-1 (unix:"));
        QVERIFY(says(said, "OUT OF REACH: metrics sim (http://127.0.0.1:1): "));
    }

    void aStartSaysWhichApprovalNobodyCouldGive()
    {
        const Said said = m_release.sluicectl(
            words("start checkout/production v9 --as you --playbook avalo-production --dry-run --json"));
        const QJsonDocument plan = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(plan["warnings"].toArray().first().toString(),
                 QStringLiteral("'Canary 10%' needs a person with the role engineering-lead, other than you who starts "
                                "it; the connections file has nobody."));
    }

    /// Nothing ran there: who would start it is known from the connections file alone.
    void aPlanWithoutAJournalNamesTheSameApproval()
    {
        const Said said = m_release.sluicectl(words("start checkout/production v9 --as you --store nowhere/journal.db "
                                                    "--playbook avalo-production --dry-run"));
        QCOMPARE(said.code, 0);
        QVERIFY(says(said, "WARNING: 'Canary 10%' needs a person with the role engineering-lead, other than you"));
    }

    void aStartHasItsWarningsInTheJsonWhetherItIsAcceptedOrNot()
    {
        DrivenRelease idle;
        QVERIFY(idle.begin());
        idle.catchUp();
        const Said said = idle.sluicectl(words("start checkout/production v9 --as you --json"));
        QCOMPARE(said.code, 0);
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        // Two are out of reach, and whoever started it is the only engineering lead.
        QVERIFY2(answer["warnings"].toArray().size() == 3, qPrintable(said.out));
        const Said again = idle.sluicectl(words("start checkout/production v10 --as you --json"));
        QCOMPARE(again.code, 3);
        const QJsonDocument refused = QJsonDocument::fromJson(again.out.toUtf8());
        QCOMPARE(refused["outcome"].toString(), QStringLiteral("refused"));
        QCOMPARE(refused["warnings"], answer["warnings"]);
    }

    void aRollbackThatNobodyTakesUpNamesTheEmergency()
    {
        DrivenRelease hangs;
        QVERIFY(hangs.begin());
        QVERIFY(hangs.startUntilApprovalIsAsked());
        hangs.catchUp();
        hangs.hang();
        const Said said = hangs.sluicectl(words("rollback --as you"));
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, "\n  sluicectl emergency-rollback checkout/production --as you\n"));
    }

    /// The same where the journal cannot even be looked at; a path is named as the shell takes it.
    void aRollbackWithoutAJournalNamesTheEmergency()
    {
        const QStringList arguments{"rollback", "r-1", "--as", "you", "--store", "no where/journal.db"};
        const Said said = m_release.sluicectl(arguments);
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, "\n  sluicectl emergency-rollback checkout/production "
                           "--store 'no where/journal.db' --as you\n"));
    }
};

QTEST_GUILESS_MAIN(OptionsTest)
#include "options_test.moc"
