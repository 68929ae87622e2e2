// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "app/composition/connection_check.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fake_haproxy.h"
#include "tests/core/adapters/real_haproxy.h"

using namespace sluice;
using namespace std::chrono_literals;
using app::EndpointCheck;

namespace {

/// A target behind these proxies; its deployer is a program that reports nothing.
Connections oneTarget(const std::map<std::string, RouterConfig>& routers, const std::string& deployer = "/bin/true")
{
    Connections connections{.routers = routers};
    connections.deployers["shell"] = {.kind = DeployerConfig::Kind::Command, .argv = {deployer}};
    TargetConfig target{
        .id = TargetId("checkout/production"), .service = "checkout", .environment = "production", .deployer = "shell"};
    for (const auto& [name, config] : routers)
        target.routers.push_back(name);
    connections.targets.push_back(target);
    return connections;
}

} // namespace

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
        const std::string address = there ? proxy.address() : proxy.address() + ".gone";
        const Connections connections = oneTarget({{"edge-1", {.address = address, .service = "checkout"}}});
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
        RouterConfig config = proxy.binding("edge-1").config;
        config.service = "checkot";
        const Connections connections = oneTarget({{"edge-1", config}});
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

    void eachProxyOfATargetIsToldByItself()
    {
        test::FakeHaproxy good;
        good.setSplit("none", "0");
        test::FakeHaproxy odd;
        odd.setSplit("none", "many");
        const adapters::SystemClock clock;
        const auto checks =
            app::checkEndpoints(oneTarget({{"edge-1", {.address = odd.address(), .service = "checkout"}},
                                           {"edge-2", {.address = good.address(), .service = "checkout"}}}),
                                {}, clock, 3s);
        QCOMPARE(checks.size(), size_t(3));
        QCOMPARE(checks[0].name, std::string("edge-1"));
        QVERIFY(checks[0].configuration);
        QCOMPARE(checks[1].name, std::string("edge-2"));
        QVERIFY2(checks[1].state == EndpointCheck::State::Good, checks[1].detail.c_str());
        QCOMPARE(checks[2].kind, std::string("deployer"));
    }

    void aDeployerThatIsLeftOutDoesNotRun()
    {
        QTemporaryDir folder;
        QFile program(folder.filePath(QStringLiteral("deploy")));
        const std::string trace = folder.filePath(QStringLiteral("ran")).toStdString();
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write(("#!/bin/sh\ntouch '" + trace + "'\n").c_str());
        program.close();
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        test::FakeHaproxy proxy;
        proxy.setSplit("none", "0");
        const Connections connections = oneTarget({{"edge-1", {.address = proxy.address(), .service = "checkout"}}},
                                                  program.fileName().toStdString());
        const adapters::SystemClock clock;
        const auto checks = app::checkEndpoints(connections, {}, clock, 3s, app::Deployers::LeftOut);
        QCOMPARE(checks.size(), size_t(1));
        QCOMPARE(checks.front().kind, std::string("router"));
        QVERIFY(!QFile::exists(QString::fromStdString(trace)));
        QVERIFY(app::checkEndpoints(connections, {}, clock, 3s).size() == 2);
        QVERIFY(QFile::exists(QString::fromStdString(trace)));
    }
};

QTEST_GUILESS_MAIN(ConnectionCheckTest)
#include "connection_check_test.moc"
