// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include <QTest>

#include "tests/core/adapters/read_suite.h"
#include "tests/core/adapters/real_servers.h"

using namespace sluice;
using adapters::runSmokeTests;

/// Ends the test that says it, and says so, where a server program is missing.
#define SKIP_WITHOUT(installed, package)                                                                               \
    if (!(installed)) {                                                                                                \
        std::puts("SKIPPED: " package " is not installed");                                                            \
        QSKIP("SKIPPED: " package " is not installed");                                                                \
    }

namespace {

/// The problem of one test whose password is the environment variable SMOKE_WORD.
QByteArray problem(const QString& check, const char* timeout = "10s")
{
    const std::string block = std::string("{secrets: {word: 'env:SMOKE_WORD'}, tests: [{id: one, timeout: ") + timeout +
                              ", " + check.toStdString() + "}]}";
    const SmokeReport report = runSmokeTests({.suite = test::suiteOf(block)});
    return report.results.empty() ? QByteArray("the suite could not be read")
                                  : QByteArray::fromStdString(report.results.front().problem);
}

} // namespace

/// Smoke tests against Debian's Redis and PostgreSQL.
class RealSmokeTest : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { qunsetenv("SMOKE_WORD"); }

    void redisIsAsked_data()
    {
        QTest::addColumn<bool>("locked");
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("open") << false << QByteArray() << QByteArray();
        QTest::newRow("with its password") << true << QByteArray(test::RealRedis::kPassword) << QByteArray();
        QTest::newRow("without") << true << QByteArray() << QByteArray("NOAUTH Authentication required.");
        QTest::newRow("with another") << true << QByteArray("x") << QByteArray("WRONGPASS");
    }
    void redisIsAsked()
    {
        SKIP_WITHOUT(QFile::exists(QLatin1String(test::RealRedis::kProgram)), "redis-server");
        QFETCH(bool, locked);
        QFETCH(QByteArray, word);
        QFETCH(QByteArray, says);
        test::RealRedis redis;
        QVERIFY(redis.start(locked));
        qputenv("SMOKE_WORD", word.isEmpty() ? "unused" : word);
        const QString password = word.isEmpty() ? QString() : QStringLiteral(", password: '{word}'");
        const QByteArray told = problem(QStringLiteral("redis: {address: '%1'%2}").arg(redis.address(), password));
        QVERIFY2(says.isEmpty() ? told.isEmpty() : told.contains(says), told);
    }

    void postgresIsAsked()
    {
        SKIP_WITHOUT(!test::RealPostgres::programs().isEmpty(), "postgresql");
        test::RealPostgres postgres;
        QVERIFY(postgres.start());
        const QString server =
            QStringLiteral("server: host=127.0.0.1 port=%1 dbname=postgres user=%2, password: '{word}'");
        const auto ask = [&](const char* more, const char* user = "smoke", const char* timeout = "10s") {
            const QString login = server.arg(postgres.port(), QLatin1String(user));
            return problem(QStringLiteral("postgres: {%1, %2}").arg(login, QLatin1String(more)), timeout);
        };
        qputenv("SMOKE_WORD", test::RealPostgres::kPassword);
        QCOMPARE(ask("query: select 1"), QByteArray());
        QCOMPARE(ask("query: select 41 + 1, is: 42"), QByteArray());
        QCOMPARE(ask("query: select 41, is: 42"), QByteArray("postgres: the query says '41' instead of '42'"));
        QCOMPARE(ask("query: select, is: 42"), QByteArray("postgres: the query has no value"));
        QVERIFY(ask("query: select nothing").contains("column \"nothing\" does not exist"));
        QCOMPARE(ask("query: create role pool login connection limit 0 password 'postgres-word'"), QByteArray());
        QVERIFY(ask("query: select 1", "pool").contains("too many connections for role"));
        QCOMPARE(ask("query: select pg_sleep(60)", "smoke", "1s"),
                 QByteArray("time-out after 1 s: postgres: connected, the query was not answered"));
        qputenv("SMOKE_WORD", "another");
        QVERIFY(ask("query: select 1").contains("password authentication failed"));
    }
};

QTEST_GUILESS_MAIN(RealSmokeTest)
#include "real_smoke_test.moc"
