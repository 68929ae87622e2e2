// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

// What the programs say to wrong input: an exit code, and a sentence that names what was wrong.

namespace {

struct Said {
    int code{-1};
    QString out{};
    QString err{};
};

Said run(const QString& program, const QStringList& arguments, const QString& folder,
         const QHash<QString, QString>& environment = {})
{
    QProcess process;
    QProcessEnvironment with = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"SLUICE_CONNECTIONS", "HOME"})
        with.remove(QLatin1String(name));
    for (auto one = environment.begin(); one != environment.end(); ++one)
        with.insert(one.key(), one.value());
    process.setProcessEnvironment(with);
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral(SLUICE_BIN_DIR "/") + program, arguments);
    if (!process.waitForFinished(20'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

const char* const kConnections = R"(
store: journal.db
people:
  - {id: you, name: You, logins: [somebody], roles: [release-manager]}
routers:
  edge-1: {haproxy: 'unix:edge-1.sock', service: checkout}
sources:
  prom: {prometheus: 'http://127.0.0.1:1'}
deployers:
  shell: {command: [/bin/true]}
targets:
  checkout/production:
    routers: [edge-1]
    metrics: prom
    deployer: shell
    playbook: avalo-production
    stable_version: v1
)";

void writeFile(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class ArgumentsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private slots:
    void initTestCase()
    {
        writeFile(m_folder.filePath(QStringLiteral("good.yaml")), kConnections);
        writeFile(m_folder.filePath(QStringLiteral("broken.yaml")),
                  QByteArray(kConnections).replace("[edge-1]", "[edge-7]"));
        writeFile(m_folder.filePath(QStringLiteral("book.yaml")),
                  "playbook: mine\ntitle: Mine\nstages:\n  - {name: All, weight: 250%, bake: 1m}\n");
    }

    void wrongInputIsNamedAndHasItsExitCode_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* program, const char* arguments, int code, const char* said) {
            QTest::newRow(name) << QString::fromLatin1(program) << QString::fromUtf8(arguments) << code
                                << QString::fromUtf8(said);
        };
        row("no command", "sluicectl", "", 2, "subcommand is required");
        row("unknown command", "sluicectl", "promoet", 2, "no command 'promoet'");
        row("unknown subcommand", "sluicectl", "playbook foo", 2, "no command 'foo'");
        row("unknown option", "sluicectl", "status --bogus", 2, "--bogus");
        row("missing argument", "sluicectl", "start", 2, "target is required");
        row("no connections file", "sluicectl", "status", 2, "no connections file");
        row("unreadable connections file", "sluicectl", "status --connections nothing.yaml", 2, "nothing.yaml");
        row("a folder instead of a file", "sluicectl", "status --connections .", 2,
            "'.' (named by --connections) is a folder; name the file in it");
        row("a person whom nobody knows", "sluicectl", "status --as nobody --connections good.yaml", 2,
            "--as: There is no person 'nobody' in the connections file; known: you.");
        row("two playbooks", "sluicectl",
            "start checkout/production v2 --dry-run --playbook lab-canary --playbook-file book.yaml --connections "
            "good.yaml",
            2, "drop --playbook lab-canary to start with the file");
        row("connections with a mistake", "sluicectl", "status --connections broken.yaml", 2, "broken.yaml:13:");
        row("somebody else", "sluicectl", "engine --as you --connections good.yaml", 3, "--as works on lab targets");
        row("nothing has run", "sluicectl", "status --connections good.yaml", 4, "Nothing has run here yet");
        row("unknown target", "sluicectl", "start shop v2 --dry-run --connections good.yaml", 2, "no target 'shop'");
        row("unknown playbook", "sluicectl",
            "start checkout/production v2 --dry-run --playbook mine --connections good.yaml", 2, "lab-canary");
        row("setting without value", "sluicectl",
            "start checkout/production v2 --dry-run --set speed --connections good.yaml", 2, "--set key=value");
        row("setting with a wrong value", "sluicectl",
            "start checkout/production v2 --dry-run --playbook lab-canary --set max_error_rate=250% --connections "
            "good.yaml",
            2, "sluicectl: --set max_error_rate=250%: triggers[0].above: 250% is above 100%\n");
        row("unknown setting", "sluicectl",
            "start checkout/production v2 --dry-run --playbook lab-canary --set max_eror_rate=2% --connections "
            "good.yaml",
            2, "--set max_eror_rate=2%: no setting 'max_eror_rate'; did you mean 'max_error_rate'?");
        row("no version", "sluicectl", "start checkout/production ü --dry-run --connections good.yaml", 2,
            "'ü' is not a version");
        row("the stable version", "sluicectl", "start checkout/production v1 --dry-run --connections good.yaml", 2,
            "v1 already is the stable version");
        row("no old version", "sluicectl", "start checkout/production v2 --from /x --dry-run --connections good.yaml",
            2, "--from: '/x' is not a version");
        row("outcome", "sluicectl", "history --outcome nonsense --connections good.yaml", 2,
            "stable, rolled-back, cancelled or running");
        row("wrong playbook", "sluicectl", "playbook check book.yaml", 2, "book.yaml:4:");
        row("wrong length of time", "sluicectl", "monitor --for 5x --connections good.yaml", 2, "write 90s");
        row("unreachable parts", "sluicectl", "connections check --connections good.yaml", 4, "WRONG metrics prom");
        row("emergency where nothing ran yet", "sluicectl",
            "emergency-rollback checkout/production --connections good.yaml", 4, "edge-1 is not verified");
        row("wrong fault", "sluice-lab", "fault --dir lab errors=banana", 2, "percent sign");
        row("no lab there", "sluice-lab", "stats --dir lab", 4, "No lab answers");
        row("lab option", "sluice-lab", "up --dir lab --bogus", 2, "--bogus");
        row("version", "sluicectl", "--version", 0, "sluicectl 0.");
        row("version of the lab", "sluice-lab", "--version", 0, "sluice-lab 0.");
    }
    void wrongInputIsNamedAndHasItsExitCode()
    {
        QFETCH(QString, program);
        QFETCH(QString, arguments);
        QFETCH(int, code);
        QFETCH(QString, said);
        const Said answer = run(program, arguments.split(QLatin1Char(' '), Qt::SkipEmptyParts), m_folder.path());
        QVERIFY2(answer.code == code && (answer.out + answer.err).contains(said),
                 qPrintable(QStringLiteral("exit %1\n%2%3").arg(answer.code).arg(answer.out, answer.err)));
    }

    void aFileThatTheEnvironmentNamesIsBlamedOnTheEnvironment_data()
    {
        QTest::addColumn<QString>("named");
        QTest::addColumn<QString>("said");
        QTest::newRow("a folder") << m_folder.path() << "is a folder; name the file in it, e.g. '";
        QTest::newRow("missing") << m_folder.filePath(QStringLiteral("gone.yaml")) << "is not there; name one that is";
    }
    void aFileThatTheEnvironmentNamesIsBlamedOnTheEnvironment()
    {
        QFETCH(QString, named);
        QFETCH(QString, said);
        const Said answer = run(QStringLiteral("sluicectl"), {QStringLiteral("status")}, m_folder.path(),
                                {{QStringLiteral("SLUICE_CONNECTIONS"), named}});
        QCOMPARE(answer.code, 2);
        const QString blamed = QStringLiteral("'%1' (named by the environment variable SLUICE_CONNECTIONS) %2");
        QVERIFY2(answer.err.contains(blamed.arg(named, said)), qPrintable(answer.err));
    }

    void anEmptyJournalIsNobodyElsesDatabase()
    {
        writeFile(m_folder.filePath(QStringLiteral("new.db")), {});
        for (const char* command : {"doctor", "status"}) {
            const Said said = run(QStringLiteral("sluicectl"),
                                  {QString::fromLatin1(command), QStringLiteral("--connections"),
                                   QStringLiteral("good.yaml"), QStringLiteral("--store"), QStringLiteral("new.db")},
                                  m_folder.path());
            QVERIFY2((said.out + said.err).contains(QLatin1String("othing has run here yet")), qPrintable(said.err));
            QVERIFY2(!(said.out + said.err).contains(QLatin1String("another program")), qPrintable(said.out));
        }
    }

    void anEmergencyThatReachesNothingSaysWhatToType()
    {
        const Said said =
            run(QStringLiteral("sluicectl"),
                QStringLiteral("emergency-rollback --connections good.yaml").split(QLatin1Char(' ')), m_folder.path());
        const QRegularExpression byHand(
            QStringLiteral("edge-1 is not verified: [^.]*edge-1\\.sock\\)\\. By hand:\\n  echo .*socat.*checkout none.*"
                           "state maint.*socat[^\\n]*edge-1\\.sock'"));
        QVERIFY2(byHand.match(said.err).hasMatch(), qPrintable(said.err));
    }

    /// --as is refused on the real target, which comes first; the lab behind it is sent all the same, and told.
    void anEmergencyGoesOnBehindATargetThatRefuses()
    {
        QByteArray two(kConnections);
        two += "  checkout/staging: {routers: [edge-2], metrics: prom, deployer: shell, playbook: lab-canary, "
               "stable_version: v1, lab: true}\n";
        two.replace("routers:\n  edge-1",
                    "routers:\n  edge-2: {haproxy: 'unix:edge-2.sock', service: checkout}\n  edge-1");
        writeFile(m_folder.filePath(QStringLiteral("two.yaml")), two);
        const QString command =
            QStringLiteral("emergency-stop --as you --json --connections two.yaml --store two/journal.db");
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("two")));
        const Said said = run(QStringLiteral("sluicectl"), command.split(QLatin1Char(' ')), m_folder.path());
        QCOMPARE(said.code, 4);
        const QJsonDocument answer = QJsonDocument::fromJson(said.out.toUtf8());
        QCOMPARE(answer["exitCode"].toInt(), 4);
        const QJsonValue refused = answer["targets"][0];
        QCOMPARE(refused["outcome"].toString(), QStringLiteral("refused"));
        QVERIFY(refused["error"]["message"].toString().contains(QLatin1String("--as works on lab targets only")));
        QCOMPARE(answer["targets"][1]["target"].toString(), QStringLiteral("checkout/staging"));
        QVERIFY2(answer["targets"][1]["stopWritten"].toBool(), qPrintable(said.out));
    }

    void aDryRunPrintsTheWholePlanAndLeavesNoJournal()
    {
        const Said plan =
            run(QStringLiteral("sluicectl"),
                {QStringLiteral("start"), QStringLiteral("checkout/production"), QStringLiteral("v2"),
                 QStringLiteral("--dry-run"), QStringLiteral("--connections"), QStringLiteral("good.yaml")},
                m_folder.path());
        QCOMPARE(plan.code, 0);
        for (const char* part : {"avalo-production", "1 %", "100 %", "All traffic to the old version", "watch:"})
            QVERIFY2(plan.out.count(QLatin1String(part)) >= 1, part);
        QCOMPARE(plan.out.count(QLatin1String("raffic to ")), 1);
        QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("journal.db"))));
    }

    void aStoreOnTheCommandLineIsMeantFromHere()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("elsewhere")));
        const QString here = m_folder.filePath(QStringLiteral("elsewhere"));
        const Said said =
            run(QStringLiteral("sluicectl"),
                QStringLiteral("history --store mine.db --connections ../good.yaml").split(QLatin1Char(' ')), here);
        QCOMPARE(said.code, 4);
        QVERIFY2(said.err.contains(QStringLiteral("there is no ") + here + QStringLiteral("/mine.db")),
                 qPrintable(said.err));
    }

    void whatIsOutOfReachNeedsNoOtherConfiguration()
    {
        const Said said =
            run(QStringLiteral("sluicectl"),
                QStringLiteral("connections check --connections good.yaml").split(QLatin1Char(' ')), m_folder.path());
        QCOMPARE(said.code, 4);
        QVERIFY(said.out.contains(QLatin1String("1 target, 1 person\n")));
        QVERIFY(!said.out.contains(QLatin1String("What a proxy needs")));
    }

    void aWrongSettingOfTheEnvironmentIsBlamedOnTheEnvironment()
    {
        const Said said = run(QStringLiteral("sluicectl"),
                              QString::fromLatin1("start checkout/production v2 --dry-run --playbook lab-canary "
                                                  "--connections good.yaml")
                                  .split(QLatin1Char(' ')),
                              m_folder.path(), {{QStringLiteral("SLUICE_SET_max_latency"), QStringLiteral("soon")}});
        QCOMPARE(said.code, 2);
        QVERIFY2(said.err.startsWith(QLatin1String("sluicectl: SLUICE_SET_max_latency=soon: triggers[2].above: ")),
                 qPrintable(said.err));
    }

    void aSettingOfTheCommandLineGoesOverTheEnvironment()
    {
        const auto hash = [&](const QString& set, const QHash<QString, QString>& environment) {
            QStringList arguments = {QStringLiteral("start"),
                                     QStringLiteral("checkout/production"),
                                     QStringLiteral("v2"),
                                     QStringLiteral("--dry-run"),
                                     QStringLiteral("--playbook"),
                                     QStringLiteral("lab-canary"),
                                     QStringLiteral("--connections"),
                                     QStringLiteral("good.yaml")};
            if (!set.isEmpty()) arguments << QStringLiteral("--set") << set;
            return run(QStringLiteral("sluicectl"), arguments, m_folder.path(), environment).out.section('\n', 0, 0);
        };
        const QHash<QString, QString> environment = {
            {QStringLiteral("SLUICE_SET_max_error_rate"), QStringLiteral("2%")}};
        const QString plain = hash({}, {});
        const QString fromEnvironment = hash({}, environment);
        const QString fromCommand = hash(QStringLiteral("max_error_rate=3%"), environment);
        QVERIFY(plain != fromEnvironment);
        QCOMPARE(hash(QStringLiteral("max_error_rate=2%"), {}), fromEnvironment);
        QCOMPARE(hash(QStringLiteral("max_error_rate=3%"), {}), fromCommand);
        QVERIFY(fromCommand != fromEnvironment);
    }
};

QTEST_GUILESS_MAIN(ArgumentsTest)
#include "arguments_test.moc"
