// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include "core/adapters/smoke_runner.h"
#include "core/model/playbook_reader.h"
#include "tests/core/adapters/real_servers.h"
#include "tests/core/adapters/smoked_service.h"
#include "tests/core/model/read_playbook.h"
#include "tests/seeds/run_sluicectl.h"

namespace sluice::seeds {

namespace {

using namespace std::chrono_literals;
using End = SmokeResult::End;

/// `sluicectl smoke ARGUMENTS`, with ORCA's key.
Said smoke(const QStringList& arguments, QMap<QString, QString> variables = {})
{
    variables.insert(QStringLiteral("ORCA_API_KEY"), QLatin1String(test::SmokedService::kKey));
    return runSluicectl(QStringList{QStringLiteral("smoke")} + arguments, variables);
}

/// ORCA's suite with its own addresses replaced.
SmokeSuite suite(const std::map<std::string, std::string>& settings = {})
{
    const auto playbook = test::playbookOf(test::builtIn("orca-ramp"), settings);
    return playbook ? playbook->smoke : SmokeSuite{};
}

const SmokeTest& named(const SmokeSuite& suite, const std::string& id)
{
    const auto found = std::ranges::find(suite.tests, id, &SmokeTest::id);
    if (found == suite.tests.end()) qFatal("no smoke test '%s'", id.c_str());
    return *found;
}

/// What becomes of one of them. Time-outs are a tenth of what the playbook says: who waits for a hang waits ten times
/// shorter.
SmokeResult outcome(SmokeSuite all, const std::string& id, const std::string& base)
{
    all.tests = {named(all, id)};
    all.tests.front().timeout /= 10;
    return adapters::runSmokeTests({.suite = all, .base = base, .version = "v2"}).results.front();
}

/// Every one of a category is critical or not, and may take so long.
void isCategory(const char* category, bool critical, Duration timeout)
{
    int count = 0;
    for (const SmokeTest& test : suite().tests) {
        if (test.category != category) continue;
        ++count;
        QCOMPARE(test.critical, critical);
        QCOMPARE(test.timeout, timeout);
    }
    QVERIFY(count > 0);
}

/// Nine tests, of which the last two answer wrongly: `nine` is critical, `eight` is not.
QByteArray nineTests()
{
    QByteArray text = QByteArray::fromStdString(std::string(test::kSmall)) + "smoke:\n  tests:\n";
    for (const char* id : {"one", "two", "three", "four", "five", "six", "seven"})
        text += QByteArray("    - {id: ") + id + ", http: {get: /api/health}}\n";
    return text + "    - {id: eight, critical: false, http: {get: /api/eight}}\n"
                  "    - {id: nine, category: last, http: {get: /api/nine}}\n";
}

} // namespace

/// ORCA's smoke tests: its suite as the playbook has it, and `sluicectl smoke`.
class OrcaSmokeRowsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        qputenv("ORCA_API_KEY", test::SmokedService::kKey);
        qputenv("ORCA_DATABASE_PASSWORD", test::RealPostgres::kPassword);
    }

    void O_4_01_theApiAnswersInTimeAndIsTheNewVersion()
    {
        isCategory("api", true, 5s);
        test::SmokedService service;
        QCOMPARE(outcome(suite(), "api-version", service.url()).end, End::Passed);
        service.set("/api/health", 200, R"({"status":"ok","version":"v1"})");
        QCOMPARE(outcome(suite(), "api-version", service.url()).problem,
                 std::string("GET /api/health: /version is 'v1' instead of 'v2'"));
        const SmokeResult late = outcome(suite(), "api-health", service.url() + "/hangs?");
        QCOMPARE(late.end, End::TimedOut);
    }

    void O_4_02_aRealDatabaseIsConnectedToAndAsked()
    {
        isCategory("database", true, 10s);
        if (test::RealPostgres::programs().isEmpty()) {
            std::puts("SKIPPED: postgresql is not installed");
            QSKIP("SKIPPED: postgresql is not installed");
        }
        test::RealPostgres postgres;
        QVERIFY(postgres.start());
        const auto server = [&](const QString& port) {
            return "host=127.0.0.1 port=" + port.toStdString() + " dbname=postgres user=smoke";
        };
        const SmokeSuite up = suite({{"database", server(postgres.port())}});
        QCOMPARE(outcome(up, "database-connection", {}).problem, std::string());
        QCOMPARE(outcome(up, "database-query", {}).problem, std::string());
        QCOMPARE(outcome(suite({{"database", server(QStringLiteral("9"))}}), "database-query", {}).end,
                 End::NotReached);
        SmokeSuite slow = up;
        for (SmokeTest& test : slow.tests)
            if (auto* check = std::get_if<PostgresCheck>(&test.check)) check->query = "select pg_sleep(11)";
        QCOMPARE(outcome(slow, "database-query", {}).problem,
                 std::string("time-out after 1 s: postgres: connected, the query was not answered"));
    }

    void O_4_03_aTokenIsMadeAndUsedAndAKeyAccepted()
    {
        isCategory("auth", true, 3s);
        const test::SmokedService service;
        QCOMPARE(outcome(suite(), "auth-token", service.url()).problem, std::string());
        QCOMPARE(outcome(suite(), "auth-api-key", service.url()).problem, std::string());
        qputenv("ORCA_API_KEY", "another");
        QCOMPARE(outcome(suite(), "auth-api-key", service.url()).problem,
                 std::string("GET /api/auth/key: status 401 instead of 200 to 299"));
    }

    void O_4_04_featuresFailWithoutBlocking()
    {
        isCategory("features", false, 10s);
        test::SmokedService service;
        service.set("/api/workflows", 200, "[]");
        service.set("/api/agents", 200, "[]");
        SmokeSuite features = suite();
        std::erase_if(features.tests, [](const SmokeTest& test) { return test.category != "features"; });
        const SmokeReport report = adapters::runSmokeTests({.suite = features, .base = service.url()});
        QVERIFY(!report.passed());
        QVERIFY(report.criticalPassed());
    }

    void O_4_05_integrationsAreCriticalEachByItself()
    {
        const SmokeSuite all = suite();
        for (const char* id : {"supabase", "redis", "external-apis"})
            QCOMPARE(named(all, id).timeout, Duration(5s));
        test::SmokedService service;
        const auto run = [&](const std::string& id) {
            SmokeSuite one = suite({{"supabase", service.url()}});
            one.tests = {named(one, id)};
            return adapters::runSmokeTests({.suite = one, .base = service.url()});
        };
        QVERIFY(!run("supabase").criticalPassed()); // 404
        QVERIFY(!run("external-apis").passed());
        QVERIFY(run("external-apis").criticalPassed());
        service.set("/health", 200, "{}");
        QVERIFY(run("supabase").passed());
    }

    void O_4_06_allOrOnlyTheCriticalOnesRun_data()
    {
        QTest::addColumn<bool>("critical");
        QTest::addColumn<int>("eight");
        QTest::addColumn<int>("nine");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("count");
        QTest::newRow("all pass") << false << 200 << 200 << 0 << 9;
        QTest::newRow("a critical one fails") << false << 200 << 500 << 1 << 9;
        QTest::newRow("another one fails") << false << 500 << 200 << 1 << 9;
        QTest::newRow("--critical, all pass") << true << 500 << 200 << 0 << 8;
        QTest::newRow("--critical, one fails") << true << 200 << 500 << 1 << 8;
    }
    void O_4_06_allOrOnlyTheCriticalOnesRun()
    {
        QFETCH(bool, critical);
        QFETCH(int, eight);
        QFETCH(int, nine);
        QFETCH(int, count);
        const Said said = runNine(eight, nine, critical ? QStringList{QStringLiteral("--critical")} : QStringList());
        QTEST(said.code, "code");
        QVERIFY2(said.out.contains(QStringLiteral("/%1 tests passed").arg(count)), qPrintable(said.out));
    }

    void O_4_07_theReportHasEachTestWithItsNameAndError()
    {
        const Said said = runNine(200, 500, {QStringLiteral("--json")});
        const QJsonObject report = QJsonDocument::fromJson(said.out.toUtf8()).object();
        QCOMPARE(report[QStringLiteral("passed")].toBool(true), false);
        QVERIFY(report[QStringLiteral("summary")].toString().startsWith(QStringLiteral("8/9 tests passed")));
        const QJsonArray results = report[QStringLiteral("results")].toArray();
        QCOMPARE(results.size(), 9);
        const QJsonObject nine = results.last().toObject();
        QCOMPARE(nine[QStringLiteral("name")].toString(), QStringLiteral("Nine"));
        QCOMPARE(nine[QStringLiteral("passed")].toBool(true), false);
        QCOMPARE(nine[QStringLiteral("error")].toString(),
                 QStringLiteral("GET /api/nine: status 500 instead of 200 to 299"));
        QVERIFY(!results.first().toObject().contains(QStringLiteral("error")));
    }

    void O_4_08_theSummaryIsOneLine()
    {
        const Said said = runNine(200, 500, {});
        const QRegularExpression line(QStringLiteral("^8/9 tests passed, 1 failed in \\d+ms$"),
                                      QRegularExpression::MultilineOption);
        QVERIFY2(line.match(said.out).hasMatch(), qPrintable(said.out));
    }

    void O_4_10_aTestOfOnesOwnIsListedRunAndReported()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("own.yaml"));
        write(file, QByteArray::fromStdString(std::string(test::kSmall)) +
                        "smoke:\n  tests:\n    - {id: custom-feature, title: Custom feature, category: features, "
                        "timeout: 5000ms, critical: false, fails_with: Custom feature not responding, "
                        "http: {get: /api/custom}}\n");
        test::SmokedService service;
        const QStringList base{QStringLiteral("--playbook"), file, QStringLiteral("--base"),
                               QString::fromStdString(service.url())};
        QVERIFY(smoke(base + QStringList{QStringLiteral("--list")}).out.contains(QStringLiteral("custom-feature")));
        const Said failed = smoke(base);
        QCOMPARE(failed.code, 1);
        QVERIFY2(failed.out.contains(QStringLiteral("Custom feature not responding (not critical)")),
                 qPrintable(failed.out));
        service.set("/api/custom", 200, "{}");
        QCOMPARE(smoke(base).code, 0);
    }

    void O_8_11_aHangSaysWhichOfTheThreeItIs()
    {
        QTcpServer full; // its queue is full, so the kernel drops what comes: as a network that loses packets
        full.setListenBacklogSize(1);
        QVERIFY(full.listen(QHostAddress::LocalHost));
        std::array<QTcpSocket, 4> waiting;
        for (QTcpSocket& socket : waiting)
            socket.connectToHost(QHostAddress::LocalHost, full.serverPort());
        for (QTcpSocket& socket : waiting)
            socket.waitForConnected(200);
        const auto at = [](const std::string& address) {
            return outcome(suite({{"redis", address}}), "redis", {}).problem;
        };
        const std::string lost = at("127.0.0.1:" + std::to_string(full.serverPort()));
        QVERIFY2(lost.ends_with("nobody took the connection"), lost.c_str());
        const std::string down = at("127.0.0.1:9");
        QVERIFY2(down.ends_with("Connection refused"), down.c_str());
        const test::SmokedService service;
        const SmokeResult busy = outcome(suite({{"supabase", service.url() + "/hangs?"}}), "supabase", {});
        QVERIFY2(busy.problem.ends_with("connected, the answer did not come"), busy.problem.c_str());
    }

    void O_8_12_dependenciesAreOneListWithStateAndTime()
    {
        const Said said =
            smoke({QStringLiteral("--playbook"), QStringLiteral("orca-ramp"), QStringLiteral("--category"),
                   QStringLiteral("integrations"), QStringLiteral("--category"), QStringLiteral("database"),
                   QStringLiteral("--base"), QStringLiteral("http://127.0.0.1:9")},
                  {{QStringLiteral("ORCA_DATABASE_PASSWORD"), QStringLiteral("x")}});
        QCOMPARE(said.code, 1);
        for (const char* id : {"database-connection", "redis", "supabase", "external-apis"}) {
            const QRegularExpression line(QStringLiteral("^[✓✗] %1 +\\d+ ms  .+$").arg(QLatin1String(id)),
                                          QRegularExpression::MultilineOption);
            QVERIFY2(line.match(said.out).hasMatch(), qPrintable(said.out));
        }
    }

    void O_8_13_theVariableRaisesEveryShorterTimeOut()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("slow.yaml"));
        write(file, QByteArray::fromStdString(std::string(test::kSmall)) +
                        "smoke:\n  tests:\n    - {id: slow, timeout: 10ms, command: [sleep, '0.3']}\n");
        const QStringList arguments{QStringLiteral("--playbook"), file};
        const auto with = [&](const char* ms) {
            return smoke(arguments, {{QStringLiteral("SMOKE_TEST_TIMEOUT"), QLatin1String(ms)}});
        };
        QCOMPARE(smoke(arguments).code, 1);
        QCOMPARE(with("30000").code, 0);
        QCOMPARE(with("30s").code, 2);
    }

    void O_8_14_theyRunAgainstAnyAddressWithoutEngineAndConnections()
    {
        const test::SmokedService service;
        const Said said =
            smoke({QStringLiteral("--playbook"), QStringLiteral("orca-ramp"), QStringLiteral("--test"),
                   QStringLiteral("api-health"), QStringLiteral("--base"), QString::fromStdString(service.url())},
                  {{QStringLiteral("SLUICE_CONNECTIONS"), QStringLiteral("/nowhere.yaml")}});
        QCOMPARE(said.code, 0);
        QVERIFY(said.out.contains(QStringLiteral("1/1 tests passed, 0 failed")));
    }

private:
    static void write(const QString& path, const QByteArray& text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    static Said runNine(int eight, int nine, const QStringList& more)
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("nine.yaml"));
        write(file, nineTests());
        test::SmokedService service;
        service.set("/api/eight", eight, "{}");
        service.set("/api/nine", nine, "{}");
        return smoke(QStringList{QStringLiteral("--playbook"), file, QStringLiteral("--base"),
                                 QString::fromStdString(service.url())} +
                     more);
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::OrcaSmokeRowsTest)
#include "orca_smoke_rows_test.moc"
