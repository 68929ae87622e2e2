// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDeadlineTimer>
#include <QTest>

#include "core/adapters/emergency.h"
#include "core/adapters/haproxy_router.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/real_haproxy.h"
#include "tests/core/adapters/skip_without_haproxy.h"
#include "tests/support/route_orders.h"

using namespace sluice;
using namespace sluice::adapters;
using State = rollout::ProxyFact::State;
using testing::raise;
using testing::safe;

namespace {
const TargetId kTarget("checkout/production");
} // namespace

/// The router against Debian's haproxy, with the rules that the routing page gives.
class RealRouterTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::skipWithoutHaproxy(); }

    void tenPercentIsVerifiedAndRouted()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1));

        int canary = 0;
        for (int user = 0; user < 300; ++user)
            canary += proxy.request("u" + std::to_string(user)) == "canary";
        QVERIFY2(canary > 10 && canary < 60, qPrintable(QString::number(canary)));
        QCOMPARE(router.highestEpochSeen(kTarget), 7);
    }

    void nobodyIsSentToAServerThatHasNoReplica_data()
    {
        QTest::addColumn<bool>("weights");
        QTest::addColumn<int>("perTenThousand");
        QTest::newRow("map") << false << 10'000;
        QTest::newRow("weights") << true << 5000;
    }
    void nobodyIsSentToAServerThatHasNoReplica()
    {
        QFETCH(bool, weights);
        QFETCH(int, perTenThousand);
        test::RealHaproxy proxy({.weights = weights, .replicas = true});
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, perTenThousand));
        const QDeadlineTimer limit(10'000);
        for (int canary = 0; canary < 500;) { // more than what the first checks of the missing one take
            const std::string answer = proxy.request("u");
            QVERIFY2(answer == "stable" || answer == "canary", answer.c_str());
            canary += answer == "canary";
            QVERIFY(!limit.hasExpired());
        }
    }

    void aTcpAddressWorksAndANameIsLookedUpWithoutWaiting_data()
    {
        QTest::addColumn<bool>("byName");
        QTest::newRow("number") << false;
        QTest::newRow("name") << true;
    }
    void aTcpAddressWorksAndANameIsLookedUpWithoutWaiting()
    {
        QFETCH(bool, byName);
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        RouterBinding binding = proxy.binding("edge-1");
        binding.config.address = proxy.tcpAddress();
        if (byName) binding.config.address.replace(4, 9, "localhost");
        test::MessageBox box;
        HaproxyRouter router({binding}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1));
    }

    void requestsOfBothSidesAreCounted()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 10'000));
        QVERIFY(box.waitVerified("edge-1", 1));
        for (int user = 0; user < 5; ++user)
            QCOMPARE(proxy.request(std::to_string(user)), std::string("canary"));
        router.order(safe(7, 2));
        QVERIFY(box.waitVerified("edge-1", 2));
        for (int user = 0; user < 3; ++user)
            QCOMPARE(proxy.request(std::to_string(user)), std::string("stable"));
        QVERIFY(box.waitForFact("edge-1", [](const rollout::ProxyFact& fact) {
            return fact.canaryRequests == 5 && fact.stableRequests == 3 && fact.canaryMaint;
        }));
    }

    void aReloadIsCorrectedWithinTwoReads()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1));

        const size_t before = box.count();
        QVERIFY(proxy.reload());
        const auto corrected = [](const rollout::ProxyFact& fact) { return fact.corrected; };
        QVERIFY(box.waitForFact("edge-1", corrected, before, std::chrono::milliseconds(2500)));
        const rollout::ProxyFact fact = box.facts("edge-1", before).back();
        QCOMPARE(fact.state, State::Verified);
        QCOMPARE(fact.correction, std::string("limit 0 instead of 1000 (reload)"));
        QCOMPARE(fact.limit.perTenThousand(), 1000);
        QVERIFY(!fact.canaryMaint);
    }

    void aForeignEditIsCorrectedAndTold()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1));
        proxy.command("set map " + proxy.path("split.map") + " checkout@7 5000");
        QVERIFY(box.waitForFact("edge-1", [](const rollout::ProxyFact& fact) {
            return fact.corrected && fact.correction == "limit 5000 instead of 1000 (changed outside Sluice)";
        }));
    }

    void aForeignMaintenanceIsLeftInPlace()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1));
        proxy.command("set server canary/c1 state maint; set server canary/c2 state maint");
        const auto held = [](const rollout::ProxyFact& fact) {
            return fact.state == State::Converging && fact.canaryMaint;
        };
        QVERIFY(box.waitForFact("edge-1", held));
        const size_t again = box.count();
        QVERIFY(box.waitForFact("edge-1", held, again));
    }

    void anOlderDriverChangesNothing()
    {
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        test::MessageBox oldBox;
        test::MessageBox newBox;
        HaproxyRouter older({proxy.binding("edge-1")}, oldBox.sink(), m_clock);
        older.order(raise(6, 1, 1000));
        QVERIFY(oldBox.waitVerified("edge-1", 1));
        HaproxyRouter newer({proxy.binding("edge-1")}, newBox.sink(), m_clock);
        newer.order(raise(7, 1, 100));
        QVERIFY(newBox.waitVerified("edge-1", 1));

        const size_t from = oldBox.count();
        older.order(raise(6, 2, 5000));
        QVERIFY(oldBox.waitForFact(
            "edge-1", [](const rollout::ProxyFact& fact) { return fact.state == State::TakenOver; }, from));
        // Even the write itself would be harmless.
        proxy.command("set map " + proxy.path("split.map") + " checkout@6 10000");
        const size_t later = newBox.count();
        QVERIFY(newBox.waitVerified("edge-1", 1, later));
        QVERIFY(!newBox.facts("edge-1", later).back().corrected);
        QCOMPARE(newBox.facts("edge-1", later).back().limit.perTenThousand(), 100);
        QCOMPARE(older.highestEpochSeen(kTarget), 7);
    }

    void aFrozenProxyDelaysNoOther()
    {
        test::RealHaproxy first;
        test::RealHaproxy second;
        QVERIFY(first.start() && second.start());
        test::MessageBox box;
        HaproxyRouter router({first.binding("edge-1"), second.binding("edge-2")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1) && box.waitVerified("edge-2", 1));

        first.freeze();
        const size_t from = box.count();
        router.order(safe(7, 2));
        QVERIFY(box.waitVerified("edge-2", 2, from, std::chrono::milliseconds(500)));
        QVERIFY(box.waitForFact(
            "edge-1", [](const rollout::ProxyFact& fact) { return fact.state == State::Unreachable; }, from));
        first.thaw();
        QVERIFY(box.waitVerified("edge-1", 2, from));
    }

    void theEmergencyWorksWhileOneProxyIsFrozenAndFencesTheRouter()
    {
        test::RealHaproxy first;
        test::RealHaproxy second;
        QVERIFY(first.start() && second.start());
        test::MessageBox box;
        HaproxyRouter router({first.binding("edge-1"), second.binding("edge-2")}, box.sink(), m_clock);
        router.order(raise(7, 1, 5000));
        QVERIFY(box.waitVerified("edge-1", 1) && box.waitVerified("edge-2", 1));
        first.freeze();
        const Duration limit = std::chrono::seconds(3);
        const auto report = sendSafeState(router.safeFile(kTarget, 7), limit);
        QVERIFY(report.ok());
        const auto& proxies = report.value().proxies;
        QVERIFY(!proxies[0].verified && proxies[1].verified);
        QVERIFY(proxies[1].took < limit / 2); // it did not wait for the frozen one
        const size_t from = box.count();
        first.thaw();
        const auto fenced = [](const rollout::ProxyFact& fact) { return fact.state == State::TakenOver; };
        QVERIFY(box.waitForFact("edge-2", fenced, from));
        // The lines that waited at the frozen proxy fence it too, as soon as it thaws.
        QVERIFY(box.waitForFact("edge-1", fenced, from));
        QCOMPARE(box.facts("edge-1", from).back().limit, Weight::none());
    }

    void aSocketWithoutAdminRightsIsRefusedWithItsWords()
    {
        test::RealHaproxy proxy({.level = "operator"});
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitForFact("edge-1", [](const rollout::ProxyFact& fact) {
            return fact.state == State::Refused && fact.detail == "Permission denied";
        }));
    }

    void serverWeightsAreTheSimplerMode()
    {
        test::RealHaproxy proxy({.weights = true});
        QVERIFY(proxy.start());
        test::MessageBox box;
        HaproxyRouter router({proxy.binding("edge-1")}, box.sink(), m_clock);
        router.order(raise(7, 1, 1000));
        QVERIFY(box.waitVerified("edge-1", 1));
        const rollout::ProxyFact fact = box.facts("edge-1").back();
        QVERIFY(fact.limit.perTenThousand() <= 1000 && fact.limit.perTenThousand() > 900);
        router.order(safe(7, 2));
        QVERIFY(box.waitVerified("edge-1", 2));
        QVERIFY(proxy.command("get weight checkout/canary1").starts_with("0 "));
        QVERIFY(box.facts("edge-1").back().canaryMaint);
    }

private:
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(RealRouterTest)
#include "real_router_test.moc"
