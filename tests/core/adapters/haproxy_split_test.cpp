// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <rapidcheck.h>

#include "core/adapters/haproxy_address.h"
#include "core/adapters/haproxy_split.h"

using namespace sluice;
using namespace sluice::adapters;

namespace {

using Lines = std::vector<std::string>;

RouterConfig config()
{
    RouterConfig out;
    out.service = "checkout";
    return out;
}

const SplitMaps kMaps{.epoch = "/m/epoch.map", .split = "/m/split.map"};

ProxyRead reading(const char* token, std::optional<int64_t> own, bool maint)
{
    ProxyRead read{.token = token, .ownLimit = own, .shownToken = token, .shownLimit = own.value_or(0)};
    for (const char* name : {"c1", "c2"})
        read.canary.push_back({.backend = "canary", .name = name, .stopped = maint, .maint = maint, .weight = 1});
    return read;
}

ports::RouteOrder raise(int limit, bool admit = true)
{
    return {.epoch = 7, .generation = 3, .safe = false, .weight = *Weight::parse(limit), .admit = admit};
}

const ports::RouteOrder kSafe{.epoch = 7, .generation = 4};

} // namespace

class HaproxySplitTest : public QObject {
    Q_OBJECT

private slots:
    void aFreshProxyGetsItsTokenBeforeItPointsToIt()
    {
        QCOMPARE(writeCommands(raise(1000), config(), kMaps, reading("none", std::nullopt, true), true),
                 (Lines{"set server canary/c1 state ready", "set server canary/c2 state ready",
                        "add map /m/split.map checkout@7 1000", "set map /m/epoch.map checkout checkout@7"}));
    }

    /// HAProxy takes it for up until its first check fails, and users would get 503 where nobody listens.
    void aServerThatLeavesMaintenanceIsDownUntilItsCheckHasPassed()
    {
        ProxyRead read = reading("checkout@7", 1000, true);
        for (ServerState& server : read.canary)
            server.checked = server.name == "c1"; // one without a check would stay down for ever
        QCOMPARE(writeCommands(raise(1000), config(), kMaps, read, true),
                 (Lines{"set server canary/c1 state ready", "set server canary/c1 health down",
                        "set server canary/c2 state ready"}));
    }

    void withWeightsItLeavesMaintenanceWithNoneAndIsDownWhereTheStableVersionServes_data()
    {
        QTest::addColumn<int>("limit");
        QTest::addColumn<Lines>("lines");
        QTest::newRow("a half") << 5000
                                << Lines{"set server checkout/canary1 weight 0",
                                         "set server checkout/canary1 state ready",
                                         "set server checkout/canary1 health down",
                                         "set server checkout/canary1 weight 1",
                                         "set server checkout/stable1 weight 1"};
        QTest::newRow("all") << 10'000
                             << Lines{"set server checkout/canary1 weight 0", "set server checkout/canary1 state ready",
                                      "set server checkout/canary1 weight 100", "set server checkout/stable1 weight 0"};
    }
    void withWeightsItLeavesMaintenanceWithNoneAndIsDownWhereTheStableVersionServes()
    {
        QFETCH(int, limit);
        RouterConfig weights = config();
        weights.split = RouterConfig::Split::Weights;
        ProxyRead read;
        read.canary = {{"checkout", "canary1", true, true, true, 7}};
        read.stable = {{"checkout", "stable1", false, false, true, 100}};
        QTEST(writeCommands(raise(limit), weights, {}, read, true), "lines");
    }

    void aKnownEntryIsNeverAddedTwice()
    {
        QCOMPARE(writeCommands(raise(500), config(), kMaps, reading("checkout@7", 1000, false), false),
                 (Lines{"set map /m/split.map checkout@7 500"}));
    }

    void aMissingServiceEntryIsAdded()
    {
        ProxyRead read = reading("none", 0, false);
        read.token.reset();
        QCOMPARE(writeCommands(raise(500), config(), kMaps, read, false),
                 (Lines{"set map /m/split.map checkout@7 500", "add map /m/epoch.map checkout checkout@7"}));
    }

    void nobodyLeavesMaintenanceUnlessToldTo()
    {
        QVERIFY(writeCommands(raise(1000), config(), kMaps, reading("checkout@7", 1000, true), false).empty());
    }

    void aProxyThatHoldsTheOrderIsNotWritten()
    {
        QVERIFY(writeCommands(raise(1000), config(), kMaps, reading("checkout@7", 1000, false), true).empty());
        QVERIFY(writeCommands(kSafe, config(), kMaps, reading("checkout@7", 0, true), true).empty());
    }

    void theSafeStatePutsEachServerIntoMaintenanceFirst()
    {
        QCOMPARE(writeCommands(kSafe, config(), kMaps, reading("checkout@7", 1000, false), false),
                 (Lines{"set server canary/c1 state maint", "set server canary/c2 state maint",
                        "set map /m/split.map checkout@7 0"}));
    }

    void theSafeLinesHoldUnderOurTokenAndTheOneInForce()
    {
        QCOMPARE(safeCommands(config(), kMaps, 8, reading("checkout@7", 1000, false)),
                 (Lines{"set map /m/split.map checkout@8 0", "set map /m/split.map checkout@7 0",
                        "set server canary/c1 state maint", "set server canary/c2 state maint"}));
    }

    void anOrderIsHeldOnlyWhenTokenLimitAndMaintenanceFit_data()
    {
        QTest::addColumn<bool>("safe");
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<int>("limit");
        QTest::addColumn<bool>("maint");
        QTest::addColumn<bool>("held");
        QTest::newRow("raised") << false << QByteArray("checkout@7") << 1000 << false << true;
        QTest::newRow("another limit") << false << QByteArray("checkout@7") << 999 << false << false;
        QTest::newRow("reloaded") << false << QByteArray("none") << 1000 << false << false;
        QTest::newRow("an older token") << false << QByteArray("checkout@6") << 1000 << false << false;
        QTest::newRow("canary in maintenance") << false << QByteArray("checkout@7") << 1000 << true << false;
        QTest::newRow("safe") << true << QByteArray("checkout@7") << 0 << true << true;
        QTest::newRow("safe without maintenance") << true << QByteArray("checkout@7") << 0 << false << false;
        QTest::newRow("maintenance without limit 0") << true << QByteArray("checkout@7") << 1 << true << false;
    }
    void anOrderIsHeldOnlyWhenTokenLimitAndMaintenanceFit()
    {
        QFETCH(bool, safe);
        QFETCH(QByteArray, token);
        QFETCH(int, limit);
        QFETCH(bool, maint);
        QTEST(holds(safe ? kSafe : raise(1000), config(), reading(token.constData(), limit, maint)), "held");
    }

    void oneServerOutOfMaintenanceIsNotTheSafeState()
    {
        ProxyRead read = reading("checkout@7", 0, true);
        read.canary[1].maint = false;
        QVERIFY(!holds(kSafe, config(), read));
        QCOMPARE(writeCommands(kSafe, config(), kMaps, read, false), (Lines{"set server canary/c2 state maint"}));
    }

    void aTokenGivesItsEpoch_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<qint64>("epoch");
        QTest::newRow("ours") << QByteArray("checkout@7") << qint64(7);
        QTest::newRow("after a reload") << QByteArray("none") << qint64(0);
        QTest::newRow("another service") << QByteArray("payments@9") << qint64(0);
        QTest::newRow("a longer name") << QByteArray("checkout2@9") << qint64(0);
        QTest::newRow("no number") << QByteArray("checkout@x") << qint64(0);
        QTest::newRow("a tail") << QByteArray("checkout@7x") << qint64(0);
        QTest::newRow("negative") << QByteArray("checkout@-7") << qint64(0);
        QTest::newRow("nothing") << QByteArray("checkout@") << qint64(0);
    }
    void aTokenGivesItsEpoch()
    {
        QFETCH(QByteArray, token);
        QTEST(qint64(epochOfToken("checkout", token.toStdString())), "epoch");
    }

    void theMapsAreFoundAsAPairInOneFolder()
    {
        QCOMPARE(findMaps({"/x/deny.map", "/x/epoch.map", "/x/split.map"}, "checkout").value(),
                 (SplitMaps{"/x/epoch.map", "/x/split.map"}));
        QCOMPARE(findMaps({"/p/epoch.map", "/p/split.map", "/checkout/epoch.map", "/checkout/split.map"}, "checkout")
                     .value()
                     .epoch,
                 std::string("/checkout/epoch.map"));
        QVERIFY(!findMaps({"/a/epoch.map", "/a/split.map", "/b/epoch.map", "/b/split.map"}, "checkout").ok());
        QVERIFY(!findMaps({"/a/epoch.map", "/b/split.map"}, "checkout").ok());
        QVERIFY(!findMaps({}, "checkout").ok());
    }

    void aLimitUnderATokenNobodyLookedUpIsNotKnown()
    {
        ProxyRead read = reading("checkout@9", 0, false);
        read.shownToken = "checkout@7";
        QVERIFY(!effectiveLimit(config(), read).has_value());
    }

    void argumentsAreEscapedForTheCommandLine()
    {
        QCOMPARE(commandArgument("/a b;c\\d"), std::string("/a\\ b\\;c\\\\d"));
    }

    void serverWeightsNeverGiveMoreThanAsked()
    {
        const bool held = rc::check("share of the weights <= asked, and the best that fits", [] {
            const int asked = *rc::gen::inRange(0, Weight::kFull + 1);
            const int canary = *rc::gen::inRange(1, 20);
            const int stable = *rc::gen::inRange(1, 20);
            const ServerWeights w = serverWeights(*Weight::parse(asked), canary, stable);
            RC_ASSERT(w.canary >= 0 && w.canary <= 256 && w.stable >= 0 && w.stable <= 256);
            const int64_t part = int64_t{w.canary} * canary;
            const int64_t all = part + int64_t{w.stable} * stable;
            RC_ASSERT(all > 0);
            RC_ASSERT(part * Weight::kFull <= asked * all);
            // One part in (256 m + n) is the finest step there is; below it nothing fits.
            if (canary == 1 && stable == 1 && asked >= 100 && asked < 9900)
                RC_ASSERT((asked - 50) * all <= part * Weight::kFull);
        });
        QVERIFY(held);
    }

    void aDeadStablePoolGivesTheCanaryNothingByWeights()
    {
        QCOMPARE(serverWeights(*Weight::parse(500), 2, 0), (ServerWeights{.canary = 0, .stable = 100}));
    }

    void weightsNameTheirServersByPrefix()
    {
        RouterConfig weights = config();
        weights.split = RouterConfig::Split::Weights;
        QVERIFY(canaryGroup(weights).holds({"checkout", "canary2", false, false, 0}));
        QVERIFY(!canaryGroup(weights).holds({"checkout", "stable1", false, false, 0}));
        weights.canaryBackend = "app/new-";
        QVERIFY(canaryGroup(weights).holds({"app", "new-3", false, false, 0}));
        QVERIFY(!canaryGroup(weights).holds({"checkout", "canary2", false, false, 0}));
    }

    void addressesSayWhatIsSupported_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<QByteArray>("problem"); // "" = fine
        QTest::newRow("unix") << QByteArray("unix:/run/h.sock") << QByteArray();
        QTest::newRow("tcp") << QByteArray("tcp:10.0.0.5:9999") << QByteArray();
        QTest::newRow("tcp, IPv6") << QByteArray("tcp:[::1]:9999") << QByteArray();
        QTest::newRow("ssh") << QByteArray("ssh:edge2:/run/h.sock") << QByteArray();
        QTest::newRow("ssh without a path") << QByteArray("ssh:edge2") << QByteArray("host or path is missing");
        QTest::newRow("an option as a host") << QByteArray("ssh:-oX:/h.sock") << QByteArray("begin with a dash");
        QTest::newRow("no path") << QByteArray("unix:") << QByteArray("the path is missing");
        QTest::newRow("a long path") << QByteArray("unix:/") + QByteArray(107, 'x') << QByteArray("107 bytes");
        QTest::newRow("no port") << QByteArray("tcp:host") << QByteArray("host or port is missing");
        QTest::newRow("a named port") << QByteArray("tcp:host:http") << QByteArray("the port is no number");
        QTest::newRow("nothing") << QByteArray("") << QByteArray("its kind is not known");
    }
    void addressesSayWhatIsSupported()
    {
        QFETCH(QByteArray, address);
        QFETCH(QByteArray, problem);
        const auto parsed = parseHaproxyAddress(address.toStdString());
        QCOMPARE(parsed.ok(), problem.isEmpty());
        if (!parsed.ok()) QVERIFY(QByteArray::fromStdString(parsed.error().detail).contains(problem));
    }

    void theManualCommandCanBePastedIntoAShell()
    {
        QCOMPARE(manualCommand("unix:/run/it's.sock", {"set map /m/split.map a@7 0", "set server b/c state maint"}),
                 std::string("echo 'set map /m/split.map a@7 0; set server b/c state maint' | socat -t 5 - "
                             "'UNIX-CONNECT:/run/it'\\''s.sock'"));
        QCOMPARE(manualCommand("ssh:edge2:/run/h.sock", {"show map"}),
                 std::string(R"(ssh 'edge2' 'echo '\''show map'\'' | socat -t 5 - '\''UNIX-CONNECT:/run/h.sock'\''')"));
    }
};

QTEST_APPLESS_MAIN(HaproxySplitTest)
#include "haproxy_split_test.moc"
