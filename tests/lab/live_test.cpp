// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/sluice-lab/http_swarm.h"
#include "tests/lab/lab_under_test.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

namespace {

constexpr int kPatienceMs = 20'000;

HttpSwarm::Answer get(int port, const std::string& path)
{
    HttpSwarm swarm(1, 5s);
    HttpSwarm::Answer answer;
    if (!swarm.ask({.url = "http://127.0.0.1:" + std::to_string(port) + path})) return answer;
    while (swarm.inFlight() > 0) {
        for (auto& done : swarm.turn(100ms))
            answer = std::move(done);
    }
    return answer;
}

/// Value of the only series of that name in an exposition text; -1 when there is none.
double gaugeOf(const std::string& exposition, const std::string& name)
{
    const size_t series = exposition.find("\n" + name + "{");
    if (series == std::string::npos) return -1;
    return std::stod(exposition.substr(exposition.find("} ", series) + 2));
}

} // namespace

class LiveTest : public QObject {
    Q_OBJECT

    LabUnderTest m_lab{};

    nlohmann::json stats() const { return m_lab.ask({{"do", "stats"}}); }
    nlohmann::json track(const std::string& name) const { return m_lab.ask({{"do", "status"}})["tracks"][name]; }
    int portOf(const std::string& trackName) const { return track(trackName)["replicas"][0]["port"].get<int>(); }
    bool killFirstAndAwaitAnother(const std::string& trackName) const
    {
        const auto before = track(trackName);
        const auto killed = m_lab.ask({{"do", "kill"}, {"part", before["replicas"][0]["name"]}});
        return killed["ok"].get<bool>() && QTest::qWaitFor(
                                               [&] {
                                                   const auto now = track(trackName);
                                                   return now["ready"] == before["wanted"] &&
                                                          now["replicas"][0]["pid"] != before["replicas"][0]["pid"];
                                               },
                                               kPatienceMs);
    }
    /// Result of an instant query; empty while Prometheus has nothing.
    nlohmann::json query(const std::string& name) const
    {
        const int port = m_lab.ask({{"do", "status"}})["prometheus_port"].get<int>();
        const auto body = nlohmann::json::parse(get(port, "/api/v1/query?query=" + name).body, nullptr, false);
        return body.is_object() ? body["data"]["result"] : nlohmann::json::array();
    }

private slots:
    void initTestCase() { QVERIFY2(m_lab.start(), m_lab.said()); }

    void init()
    {
        QVERIFY(m_lab.ask({{"do", "clear"}})["ok"].get<bool>());
        QVERIFY2(m_lab.deploy("canary", kCanaryVersion, 1), m_lab.said());
    }

    void everyPromisedSeriesIsInPrometheus_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"http_requests_total", "http_request_duration_seconds_bucket",
                                 "http_requests_in_flight", "process_cpu_ratio", "process_memory_ratio", "active_users",
                                 "payments_total", "payment_failures_total"}) {
            QTest::newRow(name) << name;
        }
    }
    void everyPromisedSeriesIsInPrometheus()
    {
        QFETCH(QString, name);
        nlohmann::json seen;
        QVERIFY(QTest::qWaitFor(
            [&] {
                seen = query(name.toStdString() + "%7Btrack=%22stable%22%7D");
                return !seen.empty();
            },
            kPatienceMs));
        const auto labels = seen[0]["metric"];
        QCOMPARE(labels["service"].get<std::string>(), std::string(kService));
        QVERIFY(labels.contains("version"));
        QVERIFY(labels.contains("slot"));
    }

    void theProxiesTellPrometheusToo()
    {
        QVERIFY(QTest::qWaitFor([&] { return query("haproxy_backend_http_requests_total").size() >= 4; }, kPatienceMs));
    }

    void healthNamesTheVersion()
    {
        const auto health = nlohmann::json::parse(get(portOf("canary"), "/health").body);
        QCOMPARE(health["status"].get<std::string>(), std::string("ok"));
        QCOMPARE(health["version"].get<std::string>(), std::string(kCanaryVersion));
    }

    void aFaultActsOnItsTrackUntilItIsCleared()
    {
        const int canary = portOf("canary");
        const int stable = portOf("stable");
        QVERIFY(
            m_lab.ask({{"do", "fault"}, {"track", "canary"}, {"fault", "errors=100%,health=fail"}})["ok"].get<bool>());
        QCOMPARE(get(canary, "/").status, 500);
        QCOMPARE(get(canary, "/ready").status, 503);
        QCOMPARE(get(stable, "/ready").status, 200);
        QVERIFY(m_lab.ask({{"do", "clear"}, {"track", "canary"}})["ok"].get<bool>());
        QCOMPARE(get(canary, "/ready").status, 200);
    }

    void aReplicaReportsTheLoadThatItsFaultNames()
    {
        QVERIFY(m_lab.ask({{"do", "fault"}, {"track", "canary"}, {"fault", "cpu=80%,memory=70%"}})["ok"].get<bool>());
        QCOMPARE(gaugeOf(get(portOf("canary"), "/metrics").body, "process_cpu_ratio"), 0.8);
        QCOMPARE(gaugeOf(get(portOf("canary"), "/metrics").body, "process_memory_ratio"), 0.7);
        const double stable = gaugeOf(get(portOf("stable"), "/metrics").body, "process_memory_ratio");
        QVERIFY(stable > 0.0 && stable != 0.7); // measured
    }

    void lostUsersAreServedButNotActive()
    {
        const int canary = portOf("canary");
        QVERIFY(m_lab.ask({{"do", "fault"}, {"track", "canary"}, {"fault", "users=-30%"}})["ok"].get<bool>());
        const auto before = stats()["tracks"]["canary"]["requests"].get<int>();
        constexpr int kUsers = 200;
        HttpSwarm swarm(32, 5s);
        for (const std::string& user : manyUsers(kUsers)) {
            const HttpSwarm::Ask ask{.url = "http://127.0.0.1:" + std::to_string(canary) + "/",
                                     .headers = {"X-User-Id: lost-" + user}};
            while (!swarm.ask(ask))
                (void)swarm.turn(100ms);
        }
        while (swarm.inFlight() > 0)
            (void)swarm.turn(100ms);
        QCOMPARE(stats()["tracks"]["canary"]["requests"].get<int>(), before + kUsers);
        const double active = gaugeOf(get(canary, "/metrics").body, "active_users");
        QVERIFY2(active > kUsers * 0.55 && active < kUsers * 0.85, qPrintable(QString::number(active)));
    }

    void aFaultStaysWithTheSlotWhenItsReplicaIsKilled()
    {
        QVERIFY(m_lab.ask({{"do", "fault"}, {"track", "canary"}, {"fault", "errors=100%"}})["ok"].get<bool>());
        QVERIFY(killFirstAndAwaitAnother("canary"));
        QCOMPARE(get(portOf("canary"), "/").status, 500);
    }

    void aFaultCanWaitForAShare()
    {
        QVERIFY(m_lab.ask({{"do", "fault"}, {"track", "canary"}, {"fault", "errors=100%@10%"}})["ok"].get<bool>());
        QVERIFY(m_lab.onEveryMap("add map {}/split.map checkout@1 500"));
        QVERIFY(m_lab.onEveryMap("set map {}/epoch.map checkout checkout@1"));
        QTRY_COMPARE_WITH_TIMEOUT(m_lab.ask({{"do", "status"}})["split"].get<int>(), 500, kPatienceMs);
        QCOMPARE(m_lab.ask({{"do", "status"}})["waiting_faults"].size(), size_t{1});
        QVERIFY(m_lab.onEveryMap("set map {}/split.map checkout@1 1000"));
        QTRY_COMPARE_WITH_TIMEOUT(get(portOf("canary"), "/").status, 500, kPatienceMs);
        QCOMPARE(m_lab.ask({{"do", "status"}})["waiting_faults"].size(), size_t{0});
        QVERIFY(m_lab.onEveryMap("set map {}/epoch.map checkout none"));
        QVERIFY(m_lab.onEveryMap("del map {}/split.map checkout@1"));
    }

    void aNewVersionOfStableLosesNoRequest()
    {
        const auto before = stats()["load"];
        const auto now = track("stable")["version"].get<std::string>();
        QVERIFY2(m_lab.deploy("stable", now == "v2.4.0" ? "v2.3.0" : "v2.4.0", 2), m_lab.said());
        const auto after = stats()["load"];
        QVERIFY(after["answered"].get<int>() > before["answered"].get<int>());
        QCOMPARE(after["failed"].get<int>(), before["failed"].get<int>());
        QCOMPARE(after["unserved"].get<int>(), before["unserved"].get<int>());
    }

    void countsOutliveAKilledReplica()
    {
        const auto before = stats()["tracks"]["stable"]["requests"].get<int>();
        QVERIFY(before > 0);
        QVERIFY(killFirstAndAwaitAnother("stable"));
        QVERIFY(stats()["tracks"]["stable"]["requests"].get<int>() >= before);
    }

    void aFrozenProxyStopsOnlyItsOwnShareOfTheLoad()
    {
        QVERIFY(m_lab.ask({{"do", "stop"}, {"part", "edge-1"}})["ok"].get<bool>());
        const auto before = stats()["load"]["answered"].get<int>();
        const bool goesOn =
            QTest::qWaitFor([&] { return stats()["load"]["answered"].get<int>() > before + 40; }, kPatienceMs);
        QVERIFY(m_lab.ask({{"do", "cont"}, {"part", "edge-1"}})["ok"].get<bool>());
        QVERIFY(goesOn);
    }

    void aWrongRequestIsAnsweredWithItsReason_data()
    {
        QTest::addColumn<QString>("request");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no verb") << R"({})"
                                 << "'do' must be a text";
        QTest::newRow("verb") << R"({"do":"dance"})"
                              << "'dance' is unknown";
        QTest::newRow("track") << R"({"do":"deploy","track":"blue","version":"v1"})"
                               << "'blue' is not a track";
        QTest::newRow("version") << R"({"do":"deploy","track":"canary","version":"a b"})"
                                 << "'a b' is not a version";
        QTest::newRow("too many") << R"({"do":"deploy","track":"canary","version":"v1","instances":3})"
                                  << "2 slots";
        QTest::newRow("text") << R"({"do":"deploy","track":"canary","version":"v1","instances":"2"})"
                              << "whole number";
        QTest::newRow("part") << R"({"do":"kill","part":"edge-9"})"
                              << "no part of this lab";
        QTest::newRow("reload") << R"({"do":"reload","part":"c1"})"
                                << "only proxies";
        QTest::newRow("replica") << R"({"do":"fault","track":"canary","fault":"cpu=1%","replica":9})"
                                 << "no replica 9";
    }
    void aWrongRequestIsAnsweredWithItsReason()
    {
        QFETCH(QString, request);
        QFETCH(QString, reason);
        const auto answer = m_lab.ask(nlohmann::json::parse(request.toStdString()));
        QVERIFY(!answer["ok"].get<bool>());
        const auto error = QString::fromStdString(answer["error"].get<std::string>());
        QVERIFY2(error.contains(reason), qPrintable(error));
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::LiveTest)
#include "live_test.moc"
