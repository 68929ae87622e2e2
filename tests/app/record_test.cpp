// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "tests/app/driven_release.h"

// What the command line reads from a record: a backup alone, and one of several releases.

using namespace sluice;
using sluice::testing::DrivenRelease;
using sluice::testing::Said;
using sluice::testing::says;
using sluice::testing::words;

class RecordTest : public QObject {
    Q_OBJECT

    DrivenRelease m_release{};
    QStringList m_ids{};

    /// A release is started and cancelled; its id is kept.
    bool startAndCancel(const char* version)
    {
        const rollout::StartRollout start{.target = TargetId("checkout/production"), .toVersion = version};
        const auto of = [this, version]() -> const engine::RolloutView* {
            for (const auto& view : m_release.snapshot()->rollouts)
                if (view->state.toVersion == version) return view.get();
            return nullptr;
        };
        if (!m_release.ask(start, "release-bot") || !m_release.until([&] { return of() != nullptr; })) return false;
        const RolloutId id = of()->state.id;
        m_ids << QString::fromStdString(id.value);
        return m_release.ask(rollout::Cancel{id, "drill"}, "release-bot") &&
               m_release.until([&] { return rollout::isEnd(of()->state.phase); });
    }

private slots:
    /// Two that have ended, and a backup in a folder of its own.
    void initTestCase()
    {
        QVERIFY(m_release.begin());
        QVERIFY(startAndCancel("v2.4.0"));
        QVERIFY(startAndCancel("v2.5.0"));
        m_release.catchUp();
        QVERIFY(QDir(m_release.file("")).mkpath(QStringLiteral("alone")));
        QCOMPARE(m_release.sluicectl(words("store backup alone/b1.db")).code, 0);
    }

    void aBackupLeavesNothingElseBehind()
    {
        QCOMPARE(QDir(m_release.file("alone")).entryList(QDir::Files).filter(QStringLiteral("partial")), QStringList());
    }

    void aBackupIsReadAlone_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("said");
        QTest::newRow("verify") << "audit verify"
                                << ", chain intact, head ";
        QTest::newRow("history") << "history"
                                 << "v2.5.0";
        QTest::newRow("log") << "log checkout/production"
                             << "drill";
        QTest::newRow("why") << "why checkout/production"
                             << "cancelled because:";
    }
    void aBackupIsReadAlone()
    {
        QFETCH(QString, command);
        QFETCH(QString, said);
        const Said answer = m_release.sluicectl(words(qPrintable(command)) + words("--store alone/b1.db"));
        QCOMPARE(answer.code, 0);
        QVERIFY(says(answer, qPrintable(said)));
        QVERIFY(answer.err.startsWith(QLatin1String("The journal alone, without charts: there is no ")));
    }

    void whatNeedsADriverSaysWhatABackupIsGoodFor()
    {
        const Said said = m_release.sluicectl(words("status --store alone/b1.db"));
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, "'history', 'log', 'why' and 'audit verify' read it alone"));
    }

    void aBeginningThatSeveralHaveIsRefusedWithTheirNames_data()
    {
        QTest::addColumn<QString>("command");
        for (const char* command : {"status", "status --watch", "why", "metrics", "check", "monitor", "log"})
            QTest::newRow(command) << command;
    }
    void aBeginningThatSeveralHaveIsRefusedWithTheirNames()
    {
        QFETCH(QString, command);
        const Said said = m_release.sluicectl(words(qPrintable(command)) + words("r-2"));
        QCOMPARE(said.code, 2);
        QVERIFY(says(said, "Several rollouts begin with 'r-2'; name one:"));
        for (const QString& id : m_ids)
            QVERIFY(says(said, qPrintable("\n  " + id + "  checkout/production  v2.3.0 -> ")));
    }

    void theirNamesAreInTheJson()
    {
        const Said said = m_release.sluicectl(words("log r-2 --json"));
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(answer["error"]["where"].toString(), QStringLiteral("rollout"));
        QCOMPARE(answer["error"]["legal"].toArray(), QJsonArray({m_ids.last(), m_ids.first()}));
    }

    void aWholeIdMeansOne()
    {
        for (const QString& id : m_ids) {
            const Said said = m_release.sluicectl(words("why --json") << id);
            QCOMPARE(QJsonDocument::fromJson(said.out.toUtf8())["rollout"].toString(), id);
        }
    }

    void theTargetMeansItsNewest()
    {
        const Said said = m_release.sluicectl(words("why checkout --json"));
        const QJsonDocument why = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(why["rollout"].toString(), m_ids.last());
        QCOMPARE(why["end"]["event"].toString(), QStringLiteral("rollout_cancelled"));
    }
};

QTEST_GUILESS_MAIN(RecordTest)
#include "record_test.moc"
