// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QTest>

#include "core/adapters/emergency.h"
#include "core/adapters/haproxy_setup.h"
#include "core/adapters/safe_file.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/real_haproxy.h"
#include "tests/core/adapters/skip_without_haproxy.h"

using namespace sluice;
using namespace sluice::adapters;

/// What Debian's haproxy says about names that it does not have, and what a person can do where nobody knows its names.
class RealSetupTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::skipWithoutHaproxy(); }

    void whatTheProxyDoesNotHaveIsNamedWithWhatItHas_data()
    {
        QTest::addColumn<bool>("weights");
        QTest::addColumn<QString>("service");
        QTest::addColumn<QString>("stable");
        QTest::addColumn<QString>("canary");
        QTest::addColumn<QStringList>("said");
        QTest::newRow("as it should be") << false << "checkout"
                                         << "stable"
                                         << "canary" << QStringList();
        QTest::newRow("another service") << false << "checkot"
                                         << "stable"
                                         << "canary"
                                         << QStringList{"epoch.map has no entry for the service 'checkot'",
                                                        "it has: checkout."};
        QTest::newRow("another canary") << false << "checkout"
                                        << "stable"
                                        << "green"
                                        << QStringList{"There is no backend 'green' (canary); it has: canary, stable."};
        QTest::newRow("another stable one") << false << "checkout"
                                            << "blue"
                                            << "canary" << QStringList{"There is no backend 'blue' (stable)"};
        QTest::newRow("weights as they should be") << true << "checkout"
                                                   << "stable"
                                                   << "canary" << QStringList();
        QTest::newRow("weights of another service")
            << true << "checkot"
            << "stable"
            << "canary" << QStringList{"There is no backend 'checkot' (canary); it has: checkout."};
        QTest::newRow("weights of other servers")
            << true << "checkout"
            << "stable"
            << "green"
            << QStringList{"has no server whose name begins with 'green'", "it has: canary1, canary2, stable1."};
        QTest::newRow("maps where there are none")
            << true << "MAP"
            << "stable"
            << "canary" << QStringList{"no epoch.map and split.map", "It has: nothing."};
    }
    void whatTheProxyDoesNotHaveIsNamedWithWhatItHas()
    {
        QFETCH(bool, weights);
        QFETCH(QString, service);
        QFETCH(QString, stable);
        QFETCH(QString, canary);
        QFETCH(QStringList, said);
        test::RealHaproxy proxy({.weights = weights});
        QVERIFY(proxy.start());
        RouterConfig config = proxy.binding("edge-1").config;
        config.split = weights && service != "MAP" ? RouterConfig::Split::Weights : RouterConfig::Split::Map;
        config.service = service.toStdString();
        config.stableBackend = stable.toStdString();
        config.canaryBackend = canary.toStdString();
        const Outcome found = checkProxySetup(config, m_clock, std::chrono::seconds(10));
        QCOMPARE(found.ok(), said.isEmpty());
        for (const QString& part : said)
            QVERIFY2(QString::fromStdString(found.error().detail).contains(part), found.error().detail.c_str());
    }

    void whatIsTypedByHandBringsAProxyToZeroThatNobodyKnows_data()
    {
        QTest::addColumn<bool>("weights");
        QTest::newRow("map") << false;
        QTest::newRow("weights") << true;
    }
    void whatIsTypedByHandBringsAProxyToZeroThatNobodyKnows()
    {
        QFETCH(bool, weights);
        if (!QFile::exists(QStringLiteral("/usr/bin/socat"))) QSKIP("SKIPPED: socat is not installed");
        test::RealHaproxy proxy({.weights = weights});
        QVERIFY(proxy.start());
        const RouterBinding binding = proxy.binding("edge-1");
        if (weights) {
            proxy.command("set server checkout/canary1 weight 100");
            proxy.command("set server checkout/canary1 state ready");
        } else {
            proxy.command("add map " + proxy.path("split.map") + " checkout@7 10000");
            proxy.command("set map " + proxy.path("epoch.map") + " checkout checkout@7");
            proxy.command("set server canary/c1 state ready");
            QCOMPARE(proxy.request("u"), std::string("canary"));
        }
        proxy.freeze();
        const auto report = sendSafeState(
            writeSafeFile({.target = binding.target, .proxies = {{.name = "edge-1", .config = binding.config}}}),
            std::chrono::milliseconds(100));
        proxy.thaw();
        QVERIFY(report.ok());
        const std::string byHand = report.value().proxies.at(0).manualCommand;
        QVERIFY2(!byHand.empty(), "a frozen proxy was verified");
        if (!weights) QCOMPARE(proxy.request("u"), std::string("canary"));
        QCOMPARE(QProcess::execute(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QString::fromStdString(byHand)}),
                 0);
        const auto servers =
            parseServersState(proxy.command("show servers state " + std::string(weights ? "checkout" : "canary")));
        QVERIFY(servers.ok());
        for (const ServerState& server : servers.value())
            if (server.name.starts_with(weights ? "canary" : "c")) {
                QVERIFY2(server.maint, server.name.c_str());
                QVERIFY2(!weights || server.weight == 0, server.name.c_str());
            }
        if (!weights) {
            QVERIFY(proxy.command("get map " + proxy.path("epoch.map") + " checkout").find("none") !=
                    std::string::npos);
            QCOMPARE(proxy.request("u"), std::string("stable"));
        }
    }

private:
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(RealSetupTest)
#include "real_setup_test.moc"
