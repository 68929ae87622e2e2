// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "app/composition/connection_check.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fake_haproxy.h"
#include "tests/core/adapters/real_haproxy.h"

using namespace sluice;
using namespace std::chrono_literals;
using app::EndpointCheck;

class ConnectionCheckTest : public QObject {
    Q_OBJECT

private slots:
    /// Only for the second of them there is a configuration to paste.
    void aProxyThatLacksWhatItNeedsIsToldFromOneThatIsNotThere_data()
    {
        QTest::addColumn<bool>("there");
        QTest::addColumn<QString>("split");
        QTest::addColumn<bool>("good");
        QTest::addColumn<bool>("configuration");
        QTest::newRow("not there") << false << "0" << false << false;
        QTest::newRow("with a map that is something else") << true << "many" << false << true;
        QTest::newRow("as it should be") << true << "0" << true << false;
    }
    void aProxyThatLacksWhatItNeedsIsToldFromOneThatIsNotThere()
    {
        QFETCH(bool, there);
        QFETCH(QString, split);
        QFETCH(bool, good);
        QFETCH(bool, configuration);
        test::FakeHaproxy proxy;
        proxy.setSplit("none", split.toStdString());
        Connections connections;
        connections.routers["edge-1"] = {.address = there ? proxy.address() : proxy.address() + ".gone",
                                         .service = "checkout"};
        connections.deployers["shell"] = {.kind = DeployerConfig::Kind::Command, .argv = {"/bin/true"}};
        connections.targets.push_back({.id = TargetId("checkout/production"),
                                       .service = "checkout",
                                       .environment = "production",
                                       .routers = {"edge-1"},
                                       .deployer = "shell"});
        const adapters::SystemClock clock;
        const auto checks = app::checkEndpoints(connections, {}, clock, 3s);
        const auto router = std::ranges::find(checks, std::string("router"), &EndpointCheck::kind);
        QVERIFY(router != checks.end());
        QVERIFY2((router->state == EndpointCheck::State::Good) == good, router->detail.c_str());
        QVERIFY2(router->configuration == configuration, router->detail.c_str());
    }

    void aServiceThatTheProxyDoesNotKnowIsWrong()
    {
        if (!test::RealHaproxy::installed()) QSKIP("SKIPPED: /usr/sbin/haproxy is not installed");
        test::RealHaproxy proxy;
        QVERIFY(proxy.start());
        Connections connections;
        connections.routers["edge-1"] = proxy.binding("edge-1").config;
        connections.routers["edge-1"].service = "checkot";
        connections.deployers["shell"] = {.kind = DeployerConfig::Kind::Command, .argv = {"/bin/true"}};
        connections.targets.push_back({.id = TargetId("checkout/production"),
                                       .service = "checkout",
                                       .environment = "production",
                                       .routers = {"edge-1"},
                                       .deployer = "shell"});
        const adapters::SystemClock clock;
        const auto checks = app::checkEndpoints(connections, {}, clock, 3s);
        const auto router = std::ranges::find(checks, std::string("router"), &EndpointCheck::kind);
        QVERIFY(router != checks.end());
        QVERIFY(router->state == EndpointCheck::State::Wrong);
        QVERIFY(router->configuration);
        QCOMPARE(app::endpointText(*router), "router edge-1 (" + proxy.address() + ")");
        QVERIFY2(router->detail.find("no entry for the service 'checkot'") != std::string::npos,
                 router->detail.c_str());
    }
};

QTEST_GUILESS_MAIN(ConnectionCheckTest)
#include "connection_check_test.moc"
