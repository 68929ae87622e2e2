// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QtTest>

#include "tests/app/driven_release.h"

// What programs read: with --json every command answers in JSON and in nothing else.

using namespace sluice;
using sluice::testing::DrivenRelease;
using sluice::testing::Said;
using sluice::testing::words;

namespace {

constexpr int kProgramMs = 20'000;

/// How each command is tried on a release that waits for an approval, and how it ends there, alone or in any order. A
/// new command has no row here, and fails for it.
struct Tried {
    const char* command;
    const char* arguments;
    int code;
    bool lines{false}; ///< a stream: one object a line
};
constexpr Tried kTried[] = {
    {"status", "--as you", 0},
    {"why", "", 0},
    {"metrics", "", 0},
    {"check", "", 0},
    {"monitor", "--for 1s", 0, true},
    {"start", "checkout/production v2.5.0 --dry-run", 0},
    {"tick", "runbook", 2},
    {"approve", "--show", 0},
    {"hand-over", "ana --as you", 0},
    {"pause", "--as guest", 0},
    {"resume", "no-such-release --as you", 2},
    {"step-back", "--as guest", 0},
    {"cancel", "--as guest", 3},
    {"reject", "--as guest --reason no", 3},
    {"comment", "--as you --text good", 0},
    {"retry-step", "--as you", 3},
    {"skip-step", "--as you --reason no", 3},
    {"promote", "--as guest", 3},
    {"ramp", "+1% --as guest --reason more", 3},
    {"rollback", "--dry-run", 0},
    {"stop list", "--past", 0},
    {"stop clear", "--as you", 3},
    {"history", "", 0},
    {"log", "checkout/production", 0},
    {"audit verify", "", 0},
    {"store backup", "copy.db", 0},
    {"store prune", "", 0},
    {"playbook list", "", 0},
    {"playbook show", "lab-canary", 0},
    {"playbook check", "lab-canary", 0},
    {"smoke", "--playbook lab-canary", 2},
    {"compat", "1.0.0 1.1.0", 2},
    {"engine", "--as you", 0, true}, // see anEngineTellsALineForEachEvent()
    {"connections check", "", 4},
    {"doctor", "", 4},
    {"support-bundle", "bundle", 0},
    {"emergency-rollback", "--as you", 4},
    {"emergency-stop", "--as you", 4},
};

/// What a program says its commands are: "status", "store backup", …
QStringList commandsBelow(const QStringList& command)
{
    QProcess process;
    process.start(QStringLiteral(SLUICE_BIN_DIR "/sluicectl"), command + QStringList{QStringLiteral("--help")});
    if (!process.waitForFinished(kProgramMs)) return {};
    const QString below = QString::fromUtf8(process.readAllStandardOutput()).section("\nSubcommands:", 1);
    static const QRegularExpression line(QStringLiteral("^  ([a-z][a-z-]*)\\b"), QRegularExpression::MultilineOption);
    QStringList all;
    for (auto it = line.globalMatch(below); it.hasNext();)
        all << commandsBelow(command + QStringList{it.next().captured(1)});
    if (all.isEmpty() && !command.isEmpty()) all << command.join(u' ');
    return all;
}

bool isObject(const QByteArray& line)
{
    return QJsonDocument::fromJson(line).isObject();
}

QByteArray shown(const Said& said)
{
    return QStringLiteral("exit %1\n%2%3").arg(said.code).arg(said.out, said.err).toUtf8();
}

} // namespace

class JsonTest : public QObject {
    Q_OBJECT

    DrivenRelease m_release{};

    static void commands()
    {
        QTest::addColumn<QString>("command");
        for (const QString& command : commandsBelow({}))
            QTest::newRow(qPrintable(command)) << command;
    }
    static const Tried* tried(const QString& command)
    {
        const auto* found = std::ranges::find(kTried, command, [](const Tried& one) { return QString(one.command); });
        return found == std::end(kTried) ? nullptr : found;
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_release.begin());
        QVERIFY(m_release.startUntilApprovalIsAsked());
        m_release.catchUp();
        QVERIFY(commandsBelow({}).size() > 30);
    }

    void everyCommandAnswersInJson_data() { commands(); }
    void everyCommandAnswersInJson()
    {
        QFETCH(QString, command);
        const Tried* row = tried(command);
        QVERIFY2(row != nullptr, "give this command a row in kTried, and --json an answer");
        if (command == QLatin1String("engine")) return; // it ends only when it is told to
        const Said said = m_release.sluicectl(words(row->command) + words(row->arguments) + words("--json"));
        QVERIFY2(said.code == row->code, shown(said));
        const QList<QByteArray> lines = said.out.toUtf8().trimmed().split('\n');
        if (row->lines)
            QVERIFY2(std::ranges::all_of(lines, isObject), shown(said));
        else
            QVERIFY2(!QJsonDocument::fromJson(said.out.toUtf8()).isNull(), shown(said));
    }

    void whatIsDoneIsAnObjectWithTheAnswer_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("command");
        QTest::newRow("pause") << ""
                               << "pause --as you";
        QTest::newRow("resume") << "pause --as you"
                                << "resume --as you";
        QTest::newRow("step-back") << ""
                                   << "step-back --as you";
        QTest::newRow("ramp") << ""
                              << "ramp 9% --as you --reason slower";
        QTest::newRow("promote") << ""
                                 << "promote --as you --force --reason hurry --second ana";
    }
    /// Each on a release of its own where it is legal.
    void whatIsDoneIsAnObjectWithTheAnswer()
    {
        QFETCH(QString, before);
        QFETCH(QString, command);
        DrivenRelease release;
        QVERIFY(release.begin());
        QVERIFY(release.startUntilApprovalIsAsked());
        release.catchUp();
        if (!before.isEmpty()) QCOMPARE(release.sluicectl(words(qPrintable(before))).code, 0);
        const Said said = release.sluicectl(words(qPrintable(command)) + words("--json"));
        QVERIFY2(said.code == 0, shown(said));
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QVERIFY2(!answer["answer"].toString().isEmpty(), shown(said));
    }

    void aTickIsAnObjectWithTheAnswer()
    {
        DrivenRelease release;
        QVERIFY(release.begin());
        const rollout::StartRollout start{.target = TargetId("checkout/production"), .toVersion = "v2.4.0"};
        QVERIFY(release.ask(start, "you"));
        release.catchUp();
        const Said said = release.sluicectl(words("tick rollback-known --as you --json"));
        QVERIFY2(said.code == 0, shown(said));
        QVERIFY2(!QJsonDocument::fromJson(said.out.toUtf8())["answer"].toString().isEmpty(), shown(said));
    }

    void theVerdictOfACheckIsItsExitCode()
    {
        const Said said = m_release.sluicectl(words("check --json"));
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QVERIFY2(answer["exitCode"].isDouble(), shown(said));
        QCOMPARE(answer["exitCode"].toInt(), said.code);
    }

    void whatCannotBeDoneIsAnObjectWithItsExitCode_data() { commands(); }
    void whatCannotBeDoneIsAnObjectWithItsExitCode()
    {
        QFETCH(QString, command);
        const Tried* row = tried(command);
        QVERIFY(row != nullptr);
        if (command == QLatin1String("playbook list")) return; // needs nothing that could be missing
        const bool playbook = command.startsWith(QLatin1String("playbook"));
        const QString arguments = QString::fromLatin1(playbook ? "no-such-playbook" : row->arguments);
        const Said said = m_release.sluicectl(words(row->command) + arguments.split(u' ', Qt::SkipEmptyParts) +
                                              words("--json --connections nothing.yaml"));
        const QJsonObject answer = QJsonDocument::fromJson(said.out.toUtf8()).object();
        QVERIFY2(!answer.isEmpty(), shown(said));
        QCOMPARE(answer["exitCode"].toInt(), said.code);
        QCOMPARE(answer["outcome"].toString(), QStringLiteral("bad-input"));
        QVERIFY2(said.err.contains(answer["error"]["message"].toString()), shown(said));
    }

    void wrongOptionsAreAnObjectToo_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::newRow("unknown command") << "promoet --json";
        QTest::newRow("unknown option") << "status --bogus --json";
        QTest::newRow("missing argument") << "start --json";
    }
    void wrongOptionsAreAnObjectToo()
    {
        QFETCH(QString, arguments);
        const Said said = m_release.sluicectl(words(qPrintable(arguments)));
        QCOMPARE(said.code, 2);
        QCOMPARE(QJsonDocument::fromJson(said.out.toUtf8())["outcome"].toString(), QStringLiteral("bad-input"));
    }

    void theVersionIsAnObjectToo_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::newRow("asked before") << "--version --json";
        QTest::newRow("asked behind") << "--json --version";
    }
    void theVersionIsAnObjectToo()
    {
        QFETCH(QString, arguments);
        const Said said = m_release.sluicectl(words(qPrintable(arguments)));
        QCOMPARE(said.code, 0);
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(answer["name"].toString(), QStringLiteral("sluicectl"));
        QVERIFY2(!answer["version"].toString().isEmpty(), shown(said));
    }

    /// Two steps only look: there is nothing in them that could be taken back.
    void aPlanSaysWhichStepsCanBeTakenBack()
    {
        const Said said = m_release.sluicectl(words("rollback --dry-run --json"));
        QStringList reversible;
        for (const auto& step : QJsonDocument::fromJson(said.out.toUtf8())["steps"].toArray())
            reversible << (step[QStringLiteral("reversible")].isNull()   ? QStringLiteral("-")
                           : step[QStringLiteral("reversible")].toBool() ? QStringLiteral("yes")
                                                                         : QStringLiteral("no"));
        QCOMPARE(reversible.join(QStringLiteral(" ")), QStringLiteral("yes - yes -"));
        const Said text = m_release.sluicectl(words("rollback --dry-run"));
        QCOMPARE(text.out.count(QLatin1String(" nothing to reverse\n")), 2);
    }

    void anEngineTellsALineForEachEvent()
    {
        QProcess engine;
        engine.setWorkingDirectory(m_release.file(""));
        engine.start(QStringLiteral(SLUICE_BIN_DIR "/sluicectl"),
                     words("engine --json --as you --observe --connections connections.yaml --store other/journal.db"));
        QVERIFY(QDir(m_release.file("")).mkpath(QStringLiteral("other")));
        QTRY_VERIFY_WITH_TIMEOUT(engine.bytesAvailable() > 0, kProgramMs);
        engine.terminate();
        QVERIFY(engine.waitForFinished(kProgramMs));
        QCOMPARE(engine.exitCode(), 0);
        const QList<QByteArray> lines = engine.readAllStandardOutput().trimmed().split('\n');
        QVERIFY(lines.size() >= 2);
        QVERIFY(std::ranges::all_of(lines, isObject));
    }

    void aWatchedReleaseIsAnObjectALineUntilItEnds()
    {
        DrivenRelease watched;
        QVERIFY(watched.begin());
        QVERIFY(watched.startUntilApprovalIsAsked());
        watched.catchUp();
        const Said back = watched.sluicectl(words("rollback --as ana --reason drill --json"));
        QCOMPARE(back.code, 0);
        QVERIFY2(QJsonDocument::fromJson(back.out.toUtf8())["zeroAfterMs"].isDouble(), shown(back));
        const Said said = watched.sluicectl(words("status --watch --json"));
        QCOMPARE(said.code, 1);
        const QList<QByteArray> lines = said.out.toUtf8().trimmed().split('\n');
        QVERIFY2(std::ranges::all_of(lines, isObject), shown(said));
        const QJsonDocument last = QJsonDocument::fromJson(lines.last());
        QCOMPARE(last["exitCode"].toInt(), 1);
        QCOMPARE(last["phase"].toString(), QStringLiteral("rolled-back"));
    }

    void anEmergencyTellsEachProxy()
    {
        const Said said = m_release.sluicectl(words("emergency-stop --json --as you --reason drill"));
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(said.code, 4); // the proxy of this file is nowhere
        QCOMPARE(answer["exitCode"].toInt(), 4);
        const QJsonValue target = answer["targets"][0];
        QCOMPARE(target["target"].toString(), QStringLiteral("checkout/production"));
        const QJsonValue proxy = target["proxies"][0];
        QCOMPARE(proxy["name"].toString(), QStringLiteral("edge-1"));
        QVERIFY(proxy["address"].toString().endsWith(QLatin1String("edge-1.sock")));
        QCOMPARE(proxy["outcome"].toString(), QStringLiteral("unknown"));
        QVERIFY(proxy["byHand"].toString().contains(QLatin1String("socat")));
    }
};

QTEST_GUILESS_MAIN(JsonTest)
#include "json_test.moc"
