// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>

#include "core/adapters/prometheus_source.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/fake_prometheus.h"

using namespace sluice;
using namespace sluice::adapters;
using test::FakePrometheus;

namespace {

constexpr const char* kTargets = R"({"status":"success","data":{"activeTargets":[{"scrapeInterval":"5s"}]}})";

std::string matrix(const std::string& values)
{
    return R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up"},"values":[)" +
           values + "]}]}}";
}

/// Lets a handler of the fake wait until the test says go.
class Gate {
public:
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::seconds(20), [this] { return m_open; });
    }
    void open()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_open = true;
        }
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    bool m_open{false};
};

} // namespace

class PrometheusSourceTest : public QObject {
    Q_OBJECT

private slots:
    void onePollIsOneRequestForAllNames()
    {
        FakePrometheus fake;
        fake.targets(kTargets);
        fake.answer(matrix(R"([1795264153.462,"1"])"));
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url() + "/"}, box.sink(), m_clock);
        source.poll({"up", "http_requests_total", "cpu"});
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto& answer) { return answer.batch.ok(); }));
        QCOMPARE(fake.queries.load(), 1);
        QCOMPARE(fake.lastQuery(), std::string(R"({__name__=~"up|http_requests_total|cpu"}[15000ms])"));
        const auto answer = std::get<ports::MetricAnswer>(box.all().front());
        QCOMPARE(answer.source, std::string("prom"));
        QVERIFY(!answer.backfill);
        QCOMPARE(answer.batch.value().interval, Duration(std::chrono::seconds(5)));
        QCOMPARE(answer.batch.value().series.size(), size_t(1));

        const int64_t sent = source.requests();
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto& next) { return next.batch.ok(); }, 1));
        QCOMPARE(source.requests(), sent + 1);
    }

    void aPollThatComesTooEarlyIsDropped()
    {
        FakePrometheus fake;
        fake.targets(kTargets);
        Gate gate;
        fake.onQuery([&gate](const httplib::Request&, httplib::Response& response) {
            gate.wait();
            response.set_content(matrix(""), "application/json");
        });
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url()}, box.sink(), m_clock);
        source.poll({"up"});
        QTRY_COMPARE(fake.queries.load(), 1);
        for (int i = 0; i < 5; ++i)
            source.poll({"up"});
        gate.open();
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto& answer) { return answer.batch.ok(); }));
        QCOMPARE(fake.queries.load(), 1);
    }

    void aBackfillWaitsForThePollAndIsMarked()
    {
        FakePrometheus fake;
        fake.targets(kTargets);
        Gate gate;
        fake.onQuery([&gate](const httplib::Request&, httplib::Response& response) {
            gate.wait();
            response.set_content(matrix(""), "application/json");
        });
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url()}, box.sink(), m_clock);
        source.poll({"up"});
        source.backfill({"up"}, std::chrono::minutes(10));
        gate.open();
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto& answer) { return answer.backfill; }));
        QCOMPARE(fake.lastQuery(), std::string(R"({__name__=~"up"}[600000ms])"));
        QCOMPARE(fake.queries.load(), 2);
    }

    void withoutTargetsTheSamplesShowTheInterval()
    {
        FakePrometheus fake;
        fake.answer(matrix(R"([1795264150,"1"],[1795264165.003,"1"])"));
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url()}, box.sink(), m_clock);
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>(
            [](const auto& answer) { return answer.batch.value().interval == std::chrono::seconds(15); }));
        source.poll({"up"});
        QTRY_COMPARE(fake.lastQuery(), std::string(R"({__name__=~"up"}[45000ms])"));
    }

    void everyTroubleIsAnErrorAndNotAnEmptyBatch_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("503") << 503 << QByteArray("not ready") << QByteArray("HTTP 503");
        QTest::newRow("HTML") << 502 << QByteArray("<html>Bad Gateway</html>") << QByteArray("Bad Gateway");
        QTest::newRow("bad query") << 400
                                   << QByteArray(R"({"status":"error","errorType":"bad_data","error":"parse error"})")
                                   << QByteArray("parse error");
        QTest::newRow("oversized") << 200 << QByteArray(33 << 20, ' ') << QByteArray("larger than 33554432 bytes");
    }
    void everyTroubleIsAnErrorAndNotAnEmptyBatch()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, says);
        FakePrometheus fake;
        fake.targets(kTargets);
        fake.answer(body.toStdString(), status);
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url()}, box.sink(), m_clock);
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto&) { return true; }));
        const auto answer = std::get<ports::MetricAnswer>(box.all().front());
        QVERIFY(!answer.batch.ok());
        const QByteArray detail = QByteArray::fromStdString(answer.batch.error().detail);
        QVERIFY2(detail.contains(says), detail.constData());
    }

    void aServerThatIsGoneIsUnreachableAndFoundAgain()
    {
        test::MessageBox box;
        auto gone = std::make_unique<FakePrometheus>();
        const std::string url = gone->url();
        gone.reset();
        PrometheusSource source("prom", {.url = url}, box.sink(), m_clock);
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>(
            [](const auto& answer) { return !answer.batch.ok() && answer.batch.error().fault == Fault::Unreachable; }));
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto& answer) { return !answer.batch.ok(); }, 1));
    }

    void theTokenIsReadAtEachUseAndNeverShown()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("token");
        const auto put = [&path](const char* text) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
            file.write(text);
        };
        FakePrometheus fake;
        fake.targets(kTargets);
        fake.answer("denied", 401);
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url(), .token = {SecretRef::Kind::File, path.toStdString()}},
                                box.sink(), m_clock);
        put("first-token\n");
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto&) { return true; }));
        QCOMPARE(fake.lastAuthorization(), std::string("Bearer first-token"));
        QVERIFY(std::get<ports::MetricAnswer>(box.all().front()).batch.error().detail.find("first-token") ==
                std::string::npos);
        put("second-token\n");
        source.poll({"up"});
        QTRY_COMPARE(fake.lastAuthorization(), std::string("Bearer second-token"));
    }

    void aMissingSecretStopsTheRequest()
    {
        FakePrometheus fake;
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url(), .token = {SecretRef::Kind::Environment, "SLUICE_NOT_SET"}},
                                box.sink(), m_clock);
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>(
            [](const auto& answer) { return !answer.batch.ok() && answer.batch.error().fault == Fault::BadInput; }));
        QCOMPARE(source.requests(), 0);
    }

    void redirectsAreNotFollowed()
    {
        FakePrometheus fake;
        fake.targets(kTargets);
        fake.onQuery(
            [](const httplib::Request&, httplib::Response& response) { response.set_redirect("/elsewhere", 307); });
        std::atomic<int> elsewhere{0};
        fake.server().Post("/elsewhere", [&](const httplib::Request&, httplib::Response&) { ++elsewhere; });
        test::MessageBox box;
        PrometheusSource source("prom", {.url = fake.url()}, box.sink(), m_clock);
        source.poll({"up"});
        QVERIFY(box.waitFor<ports::MetricAnswer>([](const auto& answer) { return !answer.batch.ok(); }));
        QCOMPARE(elsewhere.load(), 0);
    }

    void destroyingItDoesNotWaitForASlowServer()
    {
        FakePrometheus fake;
        fake.targets(kTargets);
        Gate gate;
        fake.onQuery([&gate](const httplib::Request&, httplib::Response&) { gate.wait(); });
        test::MessageBox box;
        {
            PrometheusSource source("prom", {.url = fake.url()}, box.sink(), m_clock);
            source.poll({"up"});
            QTRY_COMPARE(fake.queries.load(), 1);
        }
        QCOMPARE(box.count(), size_t(0));
        gate.open();
    }

    void theServersClockIsLearntFromWholeSeconds()
    {
        // The source is 250 ms ahead; its header shows only the seconds.
        ServerClock clock;
        WallTime last;
        for (int i = 0; i < 40; ++i) {
            const WallTime local = wallTime(1'000'000'000'000 + i * 1'037'000);
            const WallTime server = local + std::chrono::milliseconds(250);
            last = clock.at(local, std::chrono::floor<std::chrono::seconds>(server));
            QVERIFY(last <= server);
            if (i == 39) QVERIFY(server - last < std::chrono::milliseconds(40));
        }
        QCOMPARE(clock.at(last, WallTime()), last);
    }

private:
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(PrometheusSourceTest)
#include "prometheus_source_test.moc"
