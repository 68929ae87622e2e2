// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <memory>

#include "core/adapters/haproxy_router.h"
#include "core/adapters/safe_file.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/fake_haproxy.h"
#include "tests/support/route_orders.h"

using namespace sluice;
using namespace sluice::adapters;
using State = rollout::ProxyFact::State;
using test::FakeHaproxy;
using testing::raise;
using testing::safe;

namespace {
const TargetId kTarget("checkout/production");
} // namespace

/// What the router does when the proxy misbehaves, against a proxy in this process.
class RouterFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void anOrderReachesTheProxyAndIsReadBack()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        QCOMPARE(s.proxy.epochToken(), std::string("checkout@7"));
        QCOMPARE(s.proxy.split("checkout@7"), std::string("1000"));
        QVERIFY(!s.proxy.maint());
        QCOMPARE(s.proxy.duplicates(), 0);
    }

    void observingReadsAndWritesNothing()
    {
        Scene s(m_clock);
        s.router.observe(kTarget);
        QVERIFY(s.box.waitForFact("edge-1", [](const auto& fact) {
            return fact.state == State::Verified && fact.generation == 0 && fact.canaryMaint;
        }));
        for (const std::string& line : s.proxy.lines())
            QVERIFY2(line == "prompt" || line.starts_with("show ") || line.starts_with("get "), line.c_str());
    }

    void aReadyIsSentOnceAndNotWithLaterStages()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 100));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        s.router.order(raise(7, 2, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 2));
        const auto lines = s.proxy.lines();
        QCOMPARE(std::ranges::count(lines, "set server canary/c1 state ready"), 1);
    }

    void aConnectionThatBreaksIsOpenedAgain_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("closed before the reply") << static_cast<int>(FakeHaproxy::Fault::CloseBeforeReply);
        QTest::newRow("truncated reply") << static_cast<int>(FakeHaproxy::Fault::Truncated);
        QTest::newRow("a reply nobody knows") << static_cast<int>(FakeHaproxy::Fault::Garbage);
    }
    void aConnectionThatBreaksIsOpenedAgain()
    {
        QFETCH(int, fault);
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        s.proxy.setFault(static_cast<FakeHaproxy::Fault>(fault));
        const size_t from = s.box.count();
        s.router.order(safe(7, 2));
        QVERIFY(s.box.waitVerified("edge-1", 2, from));
        QVERIFY(s.proxy.maint());
        QCOMPARE(s.proxy.split("checkout@7"), std::string("0"));
    }

    void whatAStoppingWorkerReportsDoesNotCount()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        s.proxy.reload();
        QVERIFY(s.box.waitForFact("edge-1", [](const auto& fact) {
            return fact.corrected && fact.correction == "limit 0 instead of 1000 (reload)";
        }));
        QCOMPARE(s.proxy.split("checkout@7"), std::string("1000"));
        QVERIFY(!s.proxy.maint());
        QCOMPARE(s.proxy.duplicates(), 0);
    }

    void aRestartIsCorrectedToo()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        s.proxy.restart();
        QVERIFY(s.box.waitForFact("edge-1", [](const auto& fact) { return fact.corrected; }));
        QCOMPARE(s.proxy.epochToken(), std::string("checkout@7"));
    }

    void aFrozenProxyIsNamedAfterTwoSecondsAndDelaysNoOther()
    {
        FakeHaproxy frozen;
        FakeHaproxy healthy;
        test::MessageBox box;
        HaproxyRouter router({frozen.binding("edge-1"), healthy.binding("edge-2")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1) && box.waitVerified("edge-2", 1));
        frozen.setFault(FakeHaproxy::Fault::Frozen);
        const size_t from = box.count();
        router.order(safe(7, 2));
        QVERIFY(box.waitVerified("edge-2", 2, from, std::chrono::milliseconds(500)));
        QVERIFY(box.waitForFact(
            "edge-1",
            [](const auto& fact) {
                return fact.state == State::Unreachable && fact.detail.starts_with("no answer for 2.");
            },
            from));
        frozen.setFault(FakeHaproxy::Fault::None);
        QVERIFY(box.waitVerified("edge-1", 2, from));
        QVERIFY(frozen.maint());
    }

    void aRaiseWaitsForAProxyToThawInsteadOfRunningWheneverItDoes()
    {
        Scene s(m_clock);
        s.router.order(safe(7, 1));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        s.proxy.setFault(FakeHaproxy::Fault::Frozen);
        QVERIFY(s.box.waitForFact("edge-1", [](const auto& fact) { return fact.state == State::Unreachable; }));
        s.router.order(raise(7, 2, 5000));
        s.router.order(safe(7, 3));
        // Thawed only when the router's thread has both orders: the second look begins after it took them.
        const size_t from = s.box.count();
        const auto silent = [](const auto& fact) { return fact.state == State::Unreachable; };
        QVERIFY(s.box.waitForFact("edge-1", silent, from));
        QVERIFY(s.box.waitForFact("edge-1", silent, s.box.count()));
        s.proxy.setFault(FakeHaproxy::Fault::None);
        QVERIFY(s.box.waitVerified("edge-1", 3, from));
        const auto lines = s.proxy.lines();
        QCOMPARE(std::ranges::count(lines, "set map /m/split.map checkout@7 5000"), 0);
    }

    void aProxyThatIsNotThereIsUnreachableAndFoundWhenItComes()
    {
        auto proxy = std::make_unique<FakeHaproxy>();
        RouterBinding binding = proxy->binding("edge-1");
        binding.config.address += "x";
        test::MessageBox box;
        HaproxyRouter router({binding}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitForFact("edge-1", [](const auto& fact) {
            return fact.state == State::Unreachable && fact.detail == "No such file or directory";
        }));
        QVERIFY(QFile::rename(QString::fromStdString(proxy->address().substr(5)),
                              QString::fromStdString(binding.config.address.substr(5))));
        QVERIFY(box.waitVerified("edge-1", 1));
    }

    void aTakenOverProxyIsNeverWrittenAgain()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        test::MessageBox other;
        HaproxyRouter newer({s.proxy.binding("edge-1")}, other.sink(), m_clock);
        newer.order(raise(8, 1, 200));
        QVERIFY(other.waitVerified("edge-1", 1));
        QVERIFY(s.box.waitForFact("edge-1", [](const auto& fact) { return fact.state == State::TakenOver; }));
        const size_t from = s.box.count();
        s.router.order(safe(7, 2));
        QVERIFY(s.box.waitForFact(
            "edge-1", [](const auto& fact) { return fact.state == State::TakenOver; }, from));
        QVERIFY(!s.proxy.maint());
        QCOMPARE(s.proxy.split("checkout@8"), std::string("200"));
    }

    void newOrdersInABurstLeaveTheNewest()
    {
        Scene s(m_clock);
        for (uint64_t generation = 1; generation <= 50; ++generation)
            s.router.order(raise(7, generation, static_cast<int>(generation) * 10));
        QVERIFY(s.box.waitVerified("edge-1", 50));
        QCOMPARE(s.proxy.split("checkout@7"), std::string("500"));
        QCOMPARE(s.proxy.duplicates(), 0);
    }

    void factsComeAtLeastOnceASecondWhetherReachableOrNot()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        for (int i = 0; i < 2; ++i)
            QVERIFY(s.box.waitVerified("edge-1", 1, s.box.count(), std::chrono::milliseconds(1500)));
        s.proxy.setFault(FakeHaproxy::Fault::Frozen);
        const auto gone = [](const auto& fact) { return fact.state == State::Unreachable; };
        QVERIFY(s.box.waitForFact("edge-1", gone, s.box.count(), std::chrono::milliseconds(4000)));
        for (int i = 0; i < 2; ++i)
            QVERIFY(s.box.waitForFact("edge-1", gone, s.box.count(), std::chrono::milliseconds(1500)));
        QVERIFY(s.box.facts("edge-1").back().sinceAnswer >= std::chrono::seconds(2));
    }

    void theSafeFileHoldsTheExactLines()
    {
        Scene s(m_clock);
        s.router.order(raise(7, 1, 1000));
        QVERIFY(s.box.waitVerified("edge-1", 1));
        const auto file = readSafeFile(s.router.safeFile(kTarget, 7));
        QVERIFY(file.ok());
        QCOMPARE(file.value().epoch, int64_t(7));
        QCOMPARE(file.value().proxies.size(), size_t(1));
        QCOMPARE(
            file.value().proxies[0].commands,
            (std::vector<std::string>{"set map /m/epoch.map checkout checkout@8", "set map /m/split.map checkout@7 0",
                                      "set server canary/c1 state maint", "set server canary/c2 state maint"}));
        QCOMPARE(file.value().proxies[0].config.address, s.proxy.address());
    }

private:
    struct Scene {
        explicit Scene(const SystemClock& clock)
            : router({proxy.binding("edge-1")}, box.sink(), clock)
        {
        }
        FakeHaproxy proxy{};
        test::MessageBox box{};
        HaproxyRouter router;
    };
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(RouterFaultsTest)
#include "router_faults_test.moc"
