// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>

#include "core/adapters/health_probe.h"
#include "core/adapters/secret.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/fake_prometheus.h"

using namespace sluice;
using namespace sluice::adapters;

class SmallAdaptersTest : public QObject {
    Q_OBJECT

private slots:
    void bothClocksRun()
    {
        const SystemClock clock;
        const Now first = clock.now();
        const Now second = clock.now();
        QVERIFY(second.boot >= first.boot);
        QVERIFY(first.wall > wallTime(1'700'000'000'000'000));
    }

    void healthIsStatusTextAndVersion_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("problem"); // "" = well
        const auto row = [](const char* name, int status, const char* body, const char* problem) {
            QTest::newRow(name) << status << QByteArray(body) << QByteArray(problem);
        };
        row("well", 200, R"({"status":"ok","version":"v2"})", "");
        row("another word for it", 200, R"({"status":"UP","version":"v2"})", "");
        row("another version", 200, R"({"status":"ok","version":"v1"})", "Version v1 answers, v2 is expected.");
        row("no version", 200, R"({"status":"ok"})", "Version (none) answers, v2 is expected.");
        row("not well", 200, R"({"status":"degraded","version":"v2"})", "The health status is “degraded”.");
        row("no status", 200, R"({"version":"v2"})", "The health status is “”.");
        row("status of another type", 200, R"({"status":1,"version":"v2"})", "The health status is “”.");
        row("503", 503, R"({"status":"ok","version":"v2"})", "The health address answers HTTP 503.");
        row("HTML", 200, "<html>ok</html>", "The health address answers something that is not a JSON object.");
        row("empty", 200, "", "The health address answers something that is not a JSON object.");
    }
    void healthIsStatusTextAndVersion()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, problem);
        const auto answer = judgeHealth(status, body.toStdString(), "v2");
        QCOMPARE(QByteArray::fromStdString(answer.problem), problem);
        QCOMPARE(answer.ok, problem.isEmpty());
    }

    void theProbeAsksAndPosts()
    {
        test::FakePrometheus http;
        http.server().Get("/health", [](const httplib::Request&, httplib::Response& response) {
            response.set_content(R"({"status":"ok","version":"v2.4.0"})", "application/json");
        });
        test::MessageBox box;
        HttpHealthProbe probe(box.sink());
        probe.probe(TargetId("a/b"), http.url() + "/health", "v2.4.0");
        QVERIFY(box.waitFor<ports::HealthAnswer>([](const auto& answer) {
            return answer.ok && answer.version == "v2.4.0" && answer.target == TargetId("a/b");
        }));
        probe.probe(TargetId("a/b"), "ftp://127.0.0.1/health", "v2.4.0");
        QVERIFY(box.waitFor<ports::HealthAnswer>([](const auto& answer) { return !answer.ok; }));
    }

    void secretsComeFromTheEnvironmentOrAPrivateFile()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("secret").toStdString();
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("s3cret\n");
        file.close();
        const SecretRef reference{SecretRef::Kind::File, path};

        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
        QCOMPARE(resolveSecret(reference).error().fault, Fault::Refused);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QCOMPARE(resolveSecret(reference).value().reveal(), std::string("s3cret"));

        ::setenv("SLUICE_TEST_SECRET", "from the environment", 1);
        QCOMPARE(resolveSecret({SecretRef::Kind::Environment, "SLUICE_TEST_SECRET"}).value().reveal(),
                 std::string("from the environment"));
        ::unsetenv("SLUICE_TEST_SECRET");
        QCOMPARE(resolveSecret({SecretRef::Kind::Environment, "SLUICE_TEST_SECRET"}).error().fault, Fault::BadInput);
        QVERIFY(resolveSecret({}).value().empty());
        QCOMPARE(resolveSecret({SecretRef::Kind::File, path + "x"}).error().fault, Fault::Unreachable);
        QCOMPARE(resolveSecret({SecretRef::Kind::File, folder.path().toStdString()}).error().fault, Fault::BadInput);
    }

    void dateHeadersAreSeconds()
    {
        QCOMPARE(parseHttpDate("Sat, 21 Nov 2026 12:29:14 GMT"), wallTime(1'795'264'154'000'000));
        QCOMPARE(parseHttpDate("yesterday"), WallTime());
        QCOMPARE(parseHttpDate(""), WallTime());
    }

    void formsAreEncodedByteByByte() { QCOMPARE(formEncoded("a b&c=\"é\""), std::string("a%20b%26c%3D%22%C3%A9%22")); }
};

QTEST_GUILESS_MAIN(SmallAdaptersTest)
#include "small_adapters_test.moc"
