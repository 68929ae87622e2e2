// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTcpServer>
#include <QTest>

#include <cstdlib>
#include <thread>

#include "tests/core/adapters/read_suite.h"
#include "tests/core/adapters/smoked_service.h"

using namespace sluice;
using namespace std::chrono_literals;
using End = SmokeResult::End;
using adapters::runSmokeTests;

/// The runner of smoke tests against a service in this process.
class SmokeRunnerTest : public QObject {
    Q_OBJECT

private slots:
    void anAnswerIsLookedAt_data()
    {
        QTest::addColumn<QByteArray>("check");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const char* check, const char* problem) {
            QTest::newRow(name) << QByteArray(check) << QByteArray(problem);
        };
        row("good", "http: {get: /api/health}", "");
        row("with its version", "http: {get: /api/health, json: {/version: '{version}'}}", "");
        row("a field that is no text", "http: {get: /api/health, json: {/dependencies/redis: true}}", "");
        row("another value", "http: {get: /api/health, json: {/version: v3}}",
            "GET /api/health: /version is 'v2' instead of 'v3'");
        row("no such field", "http: {get: /api/health, json: {/uptime: 1}}",
            "GET /api/health: /uptime is not in the answer");
        row("no JSON", "http: {get: /api/text, json: {/a: b}}", "GET /api/text: the answer is no JSON");
        row("another text", "http: {get: /api/text, contains: hallo}", "GET /api/text: 'hallo' is not in the answer");
        row("a wrong status", "http: {get: /api/custom}", "GET /api/custom: status 500 instead of 200 to 299");
        row("a status that is meant", "http: {get: /api/custom, status: 500}", "");
        row("in words of one's own", "fails_with: Custom feature not responding, http: {get: /api/custom}",
            "Custom feature not responding");
        row("nobody there", "http: {get: 'http://127.0.0.1:9/'}",
            "GET http://127.0.0.1:9/: Couldn't connect to server");
    }
    void anAnswerIsLookedAt()
    {
        QFETCH(QByteArray, check);
        const test::SmokedService service;
        const std::string problem = test::problemOf(check.toStdString(), service.url());
        QTEST(QByteArray::fromStdString(problem), "problem");
    }

    void aTokenOfTheFirstStepOpensTheSecondAndIsNeverTold()
    {
        const test::SmokedService service;
        qputenv("SMOKE_KEY", "key-1");
        const auto run = [&](const std::string& json) {
            const std::string block =
                R"({secrets: {key: 'env:SMOKE_KEY'}, tests: [{id: auth, http: [
                    {post: /login, body: '{"user":"smoke","key":"{key}"}', keep: {token: /token}},
                    {get: /me, headers: {Authorization: 'Bearer {token}'}, json: {/echo: )" +
                json + "}}]}]}";
            return runSmokeTests({.suite = test::suiteOf(block), .base = service.url()}).results.front().problem;
        };
        QCOMPARE(run("'{token}'"), std::string());
        QCOMPARE(run("other"), std::string("GET /me: /echo is '•••' instead of 'other'"));
        qunsetenv("SMOKE_KEY");
        QCOMPARE(run("other"), std::string("the environment variable SMOKE_KEY is not set"));
    }

    void whatNobodyNamedIsSaidOnlyWhereItIsUsed()
    {
        const std::string block = R"({secrets: {key: 'env:SMOKE_UNSET'}, tests: [
            {id: address, http: {get: /api/health}}, {id: version, tcp: '127.0.0.{version}:1'},
            {id: secret, command: ['true', '{key}']}, {id: none, command: ['true']}]})";
        const SmokeReport report = runSmokeTests({.suite = test::suiteOf(block)});
        QCOMPARE(report.results[0].problem, std::string("no address to test; name one with --base"));
        QCOMPARE(report.results[1].problem, std::string("no version; name one with --version"));
        QCOMPARE(report.results[2].problem, std::string("the environment variable SMOKE_UNSET is not set"));
        QCOMPARE(report.results[3].end, End::Passed);
    }

    void aHangNamesWhatItWaitsFor_data()
    {
        QTest::addColumn<QByteArray>("check");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const char* check, const char* problem) {
            QTest::newRow(name) << QByteArray(check) << QByteArray(problem);
        };
        row("HTTP", "http: {get: /hangs}", "connected, the answer did not come");
        row("a program", "command: [sleep, '60']", "sleep did not end; it was ended");
        row("Redis", "redis: SILENT", "redis SILENT: connected, PING was not answered");
        row("PostgreSQL", "postgres: {server: host=127.0.0.1 port=PORT}",
            "postgres: connected, the server said nothing");
    }
    void aHangNamesWhatItWaitsFor()
    {
        QFETCH(QByteArray, check);
        QFETCH(QByteArray, problem);
        QTcpServer silent; // the kernel takes connections, and nobody answers
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        for (QByteArray* text : {&check, &problem})
            text->replace("SILENT", "127.0.0.1:PORT").replace("PORT", QByteArray::number(silent.serverPort()));
        const test::SmokedService service;
        const std::string told = test::problemOf("timeout: 200ms, " + check.toStdString(), service.url());
        QVERIFY2(told.starts_with("time-out after 0.2 s: "), told.c_str());
        QVERIFY2(told.ends_with(problem.toStdString()), told.c_str());
    }

    void aTimeOutCanBeRaised()
    {
        const test::SmokedService service;
        const std::string check = "timeout: 10ms, command: [sleep, '0.2']";
        QVERIFY(test::problemOf(check, {}).starts_with("time-out after 0.01 s"));
        QCOMPARE(test::problemOf(check, {}, 30s), std::string());
    }

    void aProgramSaysItByItsExitCode_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("end");
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("0") << QByteArray("exit 0") << int(End::Passed) << QByteArray();
        QTest::newRow("1") << QByteArray("echo no; exit 1") << int(End::Failed) << QByteArray("sh ended with 1: no");
        QTest::newRow("2") << QByteArray("echo what >&2; exit 2") << int(End::NotReached)
                           << QByteArray("sh ended with 2: what");
    }
    void aProgramSaysItByItsExitCode()
    {
        QFETCH(QByteArray, script);
        const std::string block = "{tests: [{id: one, command: [sh, -c, '" + script.toStdString() + "']}]}";
        const SmokeReport report = runSmokeTests({.suite = test::suiteOf(block)});
        QTEST(int(report.results.front().end), "end");
        QTEST(QByteArray::fromStdString(report.results.front().problem), "problem");
    }

    void aPortIsTakenOrNot()
    {
        const test::SmokedService service;
        QCOMPARE(test::problemOf("tcp: '" + service.address() + "'", {}), std::string());
        QCOMPARE(test::problemOf("tcp: '127.0.0.1:9'", {}), std::string("127.0.0.1:9: Connection refused"));
    }

    void theReportCountsAndKnowsWhatBlocks()
    {
        const test::SmokedService service;
        const std::string block = "{tests: [{id: a, http: {get: /api/health}}, {id: b, critical: false, http: "
                                  "{get: /api/custom}}]}";
        const SmokeReport report = runSmokeTests({.suite = test::suiteOf(block), .base = service.url()});
        QVERIFY(!report.passed());
        QVERIFY(report.criticalPassed());
        const QRegularExpression form(QStringLiteral("^1/2 tests passed, 1 failed in \\d+ms$"));
        QVERIFY(form.match(QString::fromStdString(report.summary())).hasMatch());
    }

    void whatIsOverTheSuitesLimitIsNotRun()
    {
        const test::SmokedService service;
        const std::string block = "{longest: 200ms, at_once: 1, tests: [{id: a, timeout: 60s, http: {get: /hangs}}, "
                                  "{id: b, http: {get: /api/health}}]}";
        const SmokeReport report = runSmokeTests({.suite = test::suiteOf(block), .base = service.url()});
        QCOMPARE(report.results[0].end, End::TimedOut);
        QCOMPARE(report.results[1].end, End::NotRun);
        QCOMPARE(report.results[1].problem, std::string("the suite's 0.2 s were over"));
        QVERIFY(!report.criticalPassed());
    }

    void aStopEndsWhatRunsAndTheRestIsNotRun()
    {
        test::SmokedService service;
        const SmokeSuite suite = test::suiteOf("{at_once: 1, tests: [{id: a, timeout: 60s, http: {get: /hangs}}, "
                                               "{id: b, timeout: 60s, http: {get: /hangs}}]}");
        std::stop_source stop;
        SmokeReport report;
        std::jthread runner(
            [&] { report = runSmokeTests({.suite = suite, .base = service.url()}, {}, stop.get_token()); });
        service.waitForHanging();
        stop.request_stop();
        runner.join();
        for (const SmokeResult& result : report.results) {
            QCOMPARE(result.end, End::NotRun);
            QCOMPARE(result.problem, std::string("stopped"));
        }
    }

    void aLongSecretIsNotShownByItsBeginning()
    {
        test::SmokedService service;
        const std::string token(200, 'j');
        service.set("/token", 200, R"({"token":")" + token + R"("})");
        service.set("/echo", 200, R"({"said":")" + token + R"("})");
        const SmokeReport report = runSmokeTests(
            {.suite = test::suiteOf("{tests: [{id: a, http: [{get: /token, keep: {token: /token}}, {get: /echo, json: "
                                    "{/said: other}}]}]}"),
             .base = service.url() + "/"});
        QCOMPARE(report.results.front().problem, std::string("GET /echo: /said is '•••' instead of 'other'"));
    }

    void testsRunSideBySideAndAreToldOneByOne()
    {
        // Each waits for the other's file, so one after the other would end by the time-out.
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        const std::string script = "touch FOLDER/$0; until [ -e FOLDER/$1 ]; do :; done";
        const auto command = [&](const std::string& own, const std::string& other) {
            QString text = QString::fromStdString("command: [sh, -c, '" + script + "', " + own + ", " + other + "]");
            return text.replace(QStringLiteral("FOLDER"), folder.path()).toStdString();
        };
        const SmokeSuite suite = test::suiteOf("{at_once: 2, tests: [{id: a, timeout: 60s, " + command("a", "b") +
                                               "}, {id: b, timeout: 60s, " + command("b", "a") + "}]}");
        std::vector<std::string> told;
        const SmokeReport report =
            runSmokeTests({.suite = suite}, [&](const SmokeResult& one) { told.push_back(one.id); });
        QVERIFY(report.passed());
        QCOMPARE(told.size(), size_t{2});
    }
};

QTEST_GUILESS_MAIN(SmokeRunnerTest)
#include "smoke_runner_test.moc"
