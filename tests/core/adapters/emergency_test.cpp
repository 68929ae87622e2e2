// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTest>

#include "core/adapters/emergency.h"
#include "core/adapters/haproxy_router.h"
#include "core/adapters/safe_file.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/fake_haproxy.h"

using namespace sluice;
using namespace sluice::adapters;
using test::FakeHaproxy;

namespace {

const TargetId kTarget("checkout/production");

ports::RouteOrder raise(int64_t epoch)
{
    return {.target = kTarget,
            .epoch = epoch,
            .generation = 1,
            .safe = false,
            .weight = *Weight::parse(5000),
            .admit = true};
}

} // namespace

class EmergencyTest : public QObject {
    Q_OBJECT

private slots:
    void everyProxyIsVerifiedAtZeroAndTheDriverFenced()
    {
        FakeHaproxy first;
        FakeHaproxy second;
        test::MessageBox box;
        HaproxyRouter router({first.binding("edge-1"), second.binding("edge-2")}, box.sink(), m_clock);
        router.order(raise(7));
        QVERIFY(box.waitVerified("edge-1", 1) && box.waitVerified("edge-2", 1));

        const auto report = sendSafeState(router.safeFile(kTarget, 7));
        QVERIFY(report.ok());
        QVERIFY(report.value().allVerified());
        QCOMPARE(report.value().fencingEpoch, int64_t(8));
        QCOMPARE(first.epochToken(), std::string("checkout@8"));
        QCOMPARE(second.split("checkout@8"), std::string("0"));
        QVERIFY(first.maint() && second.maint());
        QVERIFY(box.waitForFact("edge-1",
                                [](const auto& fact) { return fact.state == rollout::ProxyFact::State::TakenOver; }));
    }

    void aFrozenProxyIsNamedWithItsCommandWithinTheDeadline()
    {
        FakeHaproxy frozen;
        FakeHaproxy healthy;
        const std::string file = fileOf({frozen.binding("edge-1"), healthy.binding("edge-2")}, 7);
        frozen.setFault(FakeHaproxy::Fault::Frozen);
        QElapsedTimer timer;
        timer.start();
        const auto report = sendSafeState(file, std::chrono::milliseconds(500));
        QVERIFY(timer.elapsed() < 900);
        QVERIFY(report.ok());
        const auto& proxies = report.value().proxies;
        QVERIFY(!proxies[0].verified);
        QCOMPARE(proxies[0].problem, std::string("no answer within 0.5 s"));
        QCOMPARE(proxies[0].manualCommand, "echo 'set map /m/epoch.map checkout checkout@8; set map /m/split.map "
                                           "checkout@7 0; set server canary/c1 state maint; set server canary/c2 "
                                           "state maint' | socat -t 5 - 'UNIX-CONNECT:" +
                                               frozen.address().substr(5) + "'");
        QVERIFY(proxies[1].verified);
        QVERIFY(proxies[1].took < std::chrono::milliseconds(400));
        QVERIFY(proxies[1].manualCommand.empty());
    }

    void aFrozenProxyBecomesSafeWhenItThaws()
    {
        FakeHaproxy frozen;
        const std::string file = fileOf({frozen.binding("edge-1")}, 7);
        frozen.setFault(FakeHaproxy::Fault::Frozen);
        QVERIFY(!sendSafeState(file, std::chrono::milliseconds(200)).value().allVerified());
        frozen.setFault(FakeHaproxy::Fault::None);
        QTRY_VERIFY(frozen.maint());
        QCOMPARE(frozen.epochToken(), std::string("checkout@8"));
    }

    void aHigherEpochThanTheFileKnewIsFencedToo()
    {
        FakeHaproxy proxy;
        const std::string file = fileOf({proxy.binding("edge-1")}, 7);
        test::MessageBox box;
        HaproxyRouter newer({proxy.binding("edge-1")}, box.sink(), m_clock);
        newer.order(raise(41));
        QVERIFY(box.waitVerified("edge-1", 1));
        const auto report = sendSafeState(file);
        QVERIFY(report.value().allVerified());
        QCOMPARE(report.value().fencingEpoch, int64_t(42));
        QCOMPARE(proxy.epochToken(), std::string("checkout@42"));
    }

    void aProxyTheFileNeverReachedIsFoundAnyway()
    {
        FakeHaproxy proxy;
        SafeFile file{.target = kTarget, .epoch = 3};
        file.proxies.push_back({.name = "edge-1", .config = proxy.binding("edge-1").config});
        const auto report = sendSafeState(writeSafeFile(file));
        QVERIFY(report.value().allVerified());
        QCOMPARE(proxy.epochToken(), std::string("checkout@4"));
    }

    void aMissingProxyIsSaidWithItsReason()
    {
        SafeFile file{.target = kTarget, .epoch = 3};
        file.proxies.push_back({.name = "edge-9", .config = {.address = "unix:/nonexistent/s", .service = "checkout"}});
        const auto report = sendSafeState(writeSafeFile(file), std::chrono::milliseconds(200));
        QVERIFY(!report.value().proxies[0].verified);
        QCOMPARE(report.value().proxies[0].problem, std::string("No such file or directory"));
        const QString byHand = QString::fromStdString(report.value().proxies[0].manualCommand);
        QVERIFY(byHand.startsWith("echo 'show map; show servers state canary' | socat -t 5 - "
                                  "'UNIX-CONNECT:/nonexistent/s' | awk "));
        QVERIFY(byHand.contains("\"set map #\" $1 \" checkout none\""));
        QVERIFY(byHand.contains("\" state maint\""));
        QVERIFY(byHand.endsWith("| socat -t 5 - 'UNIX-CONNECT:/nonexistent/s'"));
    }

    void aDamagedFileIsAnErrorAndNotAnEmptySuccess_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut off") << QByteArray(R"({"format":1,"target":"a/b","epoch":7,"proxies":[{"name")");
        QTest::newRow("no proxies") << QByteArray(R"({"format":1,"target":"a/b","epoch":7})");
        QTest::newRow("another type") << QByteArray(R"({"format":1,"target":"a/b","epoch":"7","proxies":[]})");
        QTest::newRow("newer") << QByteArray(R"({"format":2})");
    }
    void aDamagedFileIsAnErrorAndNotAnEmptySuccess()
    {
        QFETCH(QByteArray, text);
        const auto report = sendSafeState(text.toStdString());
        QVERIFY(!report.ok());
        QCOMPARE(report.error().fault, Fault::BadInput);
    }

private:
    /// The safe file a driver would have written after raising all of them.
    std::string fileOf(std::vector<RouterBinding> bindings, int64_t epoch)
    {
        test::MessageBox box;
        std::vector<std::string> names;
        for (const RouterBinding& binding : bindings)
            names.push_back(binding.name);
        HaproxyRouter router(std::move(bindings), box.sink(), m_clock);
        router.order(raise(epoch));
        for (const std::string& name : names)
            if (!box.waitVerified(name, 1)) qWarning("a proxy was not raised");
        return router.safeFile(kTarget, epoch);
    }
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(EmergencyTest)
#include "emergency_test.moc"
