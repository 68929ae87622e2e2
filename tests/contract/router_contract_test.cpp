// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include <QtTest>

#include "tests/contract/router_stand.h"
#include "tests/support/route_orders.h"

using namespace sluice;
using namespace sluice::contract;
using State = rollout::ProxyFact::State;
using testing::raise;
using testing::safe;

namespace {

auto verified(uint64_t generation)
{
    return [generation](const rollout::ProxyFact& fact) {
        return fact.state == State::Verified && fact.generation == generation;
    };
}

bool takenOver(const rollout::ProxyFact& fact)
{
    return fact.state == State::TakenOver;
}

} // namespace

/// What ports::TrafficRouter promises, asked of the adapter over Debian's haproxy and of the simulated world.
class RouterContractTest : public QObject {
    Q_OBJECT

    static void addImplementations()
    {
        QTest::addColumn<bool>("real");
        QTest::newRow("simulated") << false;
        QTest::newRow("haproxy") << true;
    }
    static std::unique_ptr<RouterStand> stand()
    {
        QFETCH(bool, real);
        return real ? haproxyStand() : simulatedStand();
    }

#define SLUICE_STAND()                                                                                                 \
    const auto world = stand();                                                                                        \
    if (!world) {                                                                                                      \
        std::puts("SKIPPED: /usr/sbin/haproxy is not installed");                                                      \
        QSKIP("SKIPPED: /usr/sbin/haproxy is not installed");                                                          \
    }                                                                                                                  \
    const auto mine = world->connect()

private slots:
    void anOrderIsReadBackAndNamesItsGeneration_data()
    {
        addImplementations();
    }
    void anOrderIsReadBackAndNamesItsGeneration()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        const auto fact = mine->await(verified(3));
        QVERIFY(fact);
        QCOMPARE(fact->limit.perTenThousand(), 1000);
        QVERIFY(!fact->canaryMaint);
        QCOMPARE(mine->router().highestEpochSeen(kTarget), 7);
    }

    void askingTwiceIsHarmless_data()
    {
        addImplementations();
    }
    void askingTwiceIsHarmless()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        mine->router().order(raise(7, 3, 1000));
        const auto fact = mine->await(verified(3));
        QVERIFY(fact);
        QVERIFY(!fact->corrected);
        QCOMPARE(fact->limit.perTenThousand(), 1000);
    }

    void theSafeStateIsNoLimitAndMaintenance_data()
    {
        addImplementations();
    }
    void theSafeStateIsNoLimitAndMaintenance()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        mine->router().order(safe(7, 4));
        const auto fact = mine->await(verified(4));
        QVERIFY(fact);
        QCOMPARE(fact->limit.perTenThousand(), 0);
        QVERIFY(fact->canaryMaint);
    }

    void whoHasAnOlderEpochChangesNothingAndHearsOfIt_data()
    {
        addImplementations();
    }
    void whoHasAnOlderEpochChangesNothingAndHearsOfIt()
    {
        SLUICE_STAND();
        const auto other = world->connect();
        mine->router().order(raise(6, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        other->router().order(safe(7, 1));
        QVERIFY(other->await(verified(1)));
        mine->router().order(raise(6, 4, 5000));
        QVERIFY(mine->await(takenOver));
        world->foreignLimit(6, Weight::full()); // even the write itself
        const auto fact = other->await(verified(1));
        QVERIFY(fact);
        QCOMPARE(fact->limit.perTenThousand(), 0);
        QVERIFY(!fact->corrected);
        QCOMPARE(mine->router().highestEpochSeen(kTarget), 7);
    }

    void whatANewDriverFindsIsNoDrift_data()
    {
        addImplementations();
    }
    void whatANewDriverFindsIsNoDrift()
    {
        SLUICE_STAND();
        mine->router().order(raise(6, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        const auto other = world->connect();
        other->router().order(safe(7, 0));
        const auto fact = other->await(
            [](const rollout::ProxyFact& seen) { return seen.corrected || (seen.canaryMaint && verified(0)(seen)); });
        QVERIFY(fact);
        QVERIFY2(!fact->corrected, fact->correction.c_str());
    }

    void aReloadIsPutRightAndTold_data()
    {
        addImplementations();
    }
    void aReloadIsPutRightAndTold()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        world->reload();
        const auto told = mine->await([](const rollout::ProxyFact& fact) { return fact.corrected; });
        QVERIFY(told);
        QVERIFY(told->correction.find("1000") != std::string::npos);
        const auto fact = mine->await(verified(3));
        QVERIFY(fact);
        QCOMPARE(fact->limit.perTenThousand(), 1000);
        QVERIFY(!fact->canaryMaint);
    }

    void whatSomebodyElseEditsIsPutRight_data()
    {
        addImplementations();
    }
    void whatSomebodyElseEditsIsPutRight()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        world->foreignLimit(7, *Weight::parse(5000));
        QVERIFY(mine->await([](const rollout::ProxyFact& fact) { return fact.corrected; }));
        const auto fact = mine->await(verified(3));
        QVERIFY(fact);
        QCOMPARE(fact->limit.perTenThousand(), 1000);
    }

    void whoObservesSeesAndChangesNothing_data()
    {
        addImplementations();
    }
    void whoObservesSeesAndChangesNothing()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        const auto observer = world->connect();
        observer->router().observe(kTarget);
        const auto seen =
            observer->await([](const rollout::ProxyFact& fact) { return fact.limit.perTenThousand() == 1000; });
        QVERIFY(seen);
        QCOMPARE(seen->generation, uint64_t{0}); // nothing was ordered that it could equal
        QCOMPARE(observer->router().highestEpochSeen(kTarget), 7);
        const auto fact = mine->await(verified(3));
        QVERIFY(fact && !fact->corrected);
    }

    void aFrozenProxyIsOutOfReachAndHoldsTheOrderOnceItThaws_data()
    {
        addImplementations();
    }
    void aFrozenProxyIsOutOfReachAndHoldsTheOrderOnceItThaws()
    {
        SLUICE_STAND();
        mine->router().order(raise(7, 3, 1000));
        QVERIFY(mine->await(verified(3)));
        world->freeze();
        mine->router().order(safe(7, 4));
        QVERIFY(mine->await([](const rollout::ProxyFact& fact) { return fact.state == State::Unreachable; }));
        world->thaw();
        const auto fact = mine->await(verified(4));
        QVERIFY(fact);
        QCOMPARE(fact->limit.perTenThousand(), 0);
        QVERIFY(fact->canaryMaint);
    }

    void aFactToldOfTheSafeRequestsNamesTheTarget_data()
    {
        addImplementations();
    }
    void aFactToldOfTheSafeRequestsNamesTheTarget()
    {
        SLUICE_STAND();
        QVERIFY(mine->router().safeFile(kTarget, 9).find("checkout/production") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(RouterContractTest)
#include "router_contract_test.moc"
