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

/// How each command is tried. A new command has no row here, and fails for it.
struct Tried {
    const char* command;
    const char* arguments;
    bool lines{false}; ///< a stream: one object a line
};
constexpr Tried kTried[] = {
    {"status", "--as you"},
    {"why", ""},
    {"metrics", ""},
    {"check", ""},
    {"monitor", "--for 1s", true},
    {"start", "checkout/production v2.5.0 --dry-run"},
    {"tick", "runbook"},
    {"approve", "--show"},
    {"hand-over", "ana --as you"},
    {"pause", "--as guest"},
    {"resume", "--as you"},
    {"step-back", "--as guest"},
    {"cancel", "--as guest"},
    {"reject", "--as guest --reason no"},
    {"comment", "--as you --text good"},
    {"retry-step", "--as you"},
    {"skip-step", "--as you --reason no"},
    {"promote", "--as guest"},
    {"ramp", "+1% --as guest --reason more"},
    {"rollback", "--dry-run"},
    {"stop list", ""},
    {"stop clear", "--as you"},
    {"history", ""},
    {"log", "checkout/production"},
    {"audit verify", ""},
    {"store backup", "copy.db"},
    {"store prune", ""},
    {"playbook list", ""},
    {"playbook show", "lab-canary"},
    {"playbook check", "lab-canary"},
    {"engine", "--as you", true}, // see anEngineTellsALineForEachEvent()
    {"connections check", ""},
    {"doctor", ""},
    {"support-bundle", "bundle"},
    {"emergency-rollback", "--as you"},
    {"emergency-stop", "--as you"},
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
        const QList<QByteArray> lines = said.out.toUtf8().trimmed().split('\n');
        if (row->lines)
            QVERIFY2(std::ranges::all_of(lines, isObject), shown(said));
        else
            QVERIFY2(!QJsonDocument::fromJson(said.out.toUtf8()).isNull(), shown(said));
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
