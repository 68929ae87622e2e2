// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include <QTest>

#include "app/sluice-lab/share_probe.h"
#include "tests/lab/lab_under_test.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

namespace {

/// The split as a driver would set it, by hand on the runtime sockets. Each test begins with an epoch of its own, no
/// share and the canary's servers open.
class HandDriver {
public:
    explicit HandDriver(const LabUnderTest& lab)
        : m_lab(lab)
    {
    }

    bool begin()
    {
        m_token = "checkout@" + std::to_string(++m_epoch);
        return m_lab.onEveryMap("add map {}/split.map " + m_token + " 0") &&
               m_lab.onEveryMap("set map {}/epoch.map checkout " + m_token) && serversTo("ready");
    }
    bool weight(int tenThousandths) const
    {
        return m_lab.onEveryMap("set map {}/split.map " + m_token + " " + std::to_string(tenThousandths));
    }
    bool serversTo(const std::string& state) const
    {
        return m_lab.onEveryProxy("set server canary/c1 state " + state) &&
               m_lab.onEveryProxy("set server canary/c2 state " + state);
    }
    const std::string& token() const { return m_token; }

private:
    const LabUnderTest& m_lab;
    int m_epoch{0};
    std::string m_token{};
};

std::set<std::string> canaryUsers(const std::map<std::string, std::string>& tracks)
{
    std::set<std::string> users;
    for (const auto& [user, track] : tracks) {
        if (track == "canary") users.insert(user);
    }
    return users;
}

std::string failuresOf(const ShareProbe& probe)
{
    std::string words = std::to_string(probe.failed) + " failed:";
    for (const auto& [status, count] : probe.failures)
        words += " " + std::to_string(count) + " x " + (status == 0 ? "no answer" : std::to_string(status));
    return words;
}

} // namespace

class SplitTest : public QObject {
    Q_OBJECT

    LabUnderTest m_lab{};
    HandDriver m_driver{m_lab};
    std::vector<int> m_ports{};
    const std::vector<std::string> m_users = manyUsers(400);

    std::set<std::string> canary(size_t proxy, const std::string& header = {}) const
    {
        return canaryUsers(tracksOf(m_ports[proxy], m_users, header));
    }

private slots:
    void initTestCase()
    {
        QVERIFY2(m_lab.start({}, QStringLiteral("everything runs")), m_lab.said());
        QVERIFY2(m_lab.deploy("canary", kCanaryVersion, 2), m_lab.said());
        m_ports = m_lab.proxyPorts();
        QCOMPARE(m_ports.size(), size_t{2});
    }

    void init() { QVERIFY(m_driver.begin()); }

    void theShareSeenIsTheShareAsked_data()
    {
        QTest::addColumn<int>("asked");
        for (const int asked : {0, 100, 500, 1'000, 2'500, 5'000, 10'000}) {
            QTest::addRow("%g %%", asked / 100.0) << asked;
        }
    }
    void theShareSeenIsTheShareAsked()
    {
        QFETCH(int, asked);
        QVERIFY(m_driver.weight(asked));
        const ShareProbe seen = probeShare(m_ports, 10'000, 240s);
        QVERIFY2(seen.failed == 0, qPrintable(QString::fromStdString(failuresOf(seen))));
        QCOMPARE(seen.disagreed, 0);
        const bool edge = asked == 0 || asked == 10'000; // nobody and everybody are exact
        const double tolerance = edge ? 0.0 : std::max(75.0, asked * 0.06);
        QVERIFY2(std::abs(seen.weight() - asked) <= tolerance, qPrintable(QString::number(seen.weight())));
    }

    void aUserMeetsTheSameTrackAgainAndThroughEveryProxy()
    {
        QVERIFY(m_driver.weight(3'000));
        const auto first = canary(0);
        QVERIFY(first.size() > 50);
        QCOMPARE(canary(0), first);
        QCOMPARE(canary(1), first);
    }

    void aLargerShareKeepsTheUsersOfTheSmallerOne()
    {
        QVERIFY(m_driver.weight(1'000));
        const auto before = canary(0);
        QVERIFY(m_driver.weight(2'500));
        const auto after = canary(0);
        QVERIFY(before.size() < after.size());
        QVERIFY(std::ranges::includes(after, before));
    }

    void theHeaderLeadsToTheCanaryWithoutAnyShare()
    {
        QVERIFY(canary(0).empty());
        QCOMPARE(canary(0, "X-Canary-Route: true").size(), m_users.size());
        QVERIFY(canary(0, "X-Canary-Route: false").empty());
    }

    void aDeniedUserStaysOnStableAtAnyShare()
    {
        QVERIFY(m_driver.weight(10'000));
        QVERIFY(m_lab.onEveryMap("add map {}/deny.map u7 1"));
        const auto seen = canary(0);
        QVERIFY(m_lab.onEveryMap("del map {}/deny.map u7"));
        QCOMPARE(seen.size(), m_users.size() - 1);
        QVERIFY(!seen.contains("u7"));
    }

    void anAllowedUserMeetsTheCanaryWithoutAnyShare()
    {
        QVERIFY(m_lab.onEveryMap("add map {}/allow.map u7 1"));
        const auto seen = canary(1);
        QVERIFY(m_lab.onEveryMap("del map {}/allow.map u7"));
        QCOMPARE(seen, std::set<std::string>{"u7"});
    }

    void aWriteUnderAnOlderEpochChangesNothing()
    {
        const std::string older = m_driver.token();
        QVERIFY(m_driver.begin());
        QVERIFY(m_lab.onEveryMap("set map {}/split.map " + older + " 5000"));
        QVERIFY(canary(0).empty());
    }

    void maintenanceCutsEveryWayToTheCanary()
    {
        QVERIFY(m_driver.weight(10'000));
        QVERIFY(m_driver.serversTo("maint"));
        QVERIFY(canary(0).empty());
        QVERIFY(canary(0, "X-Canary-Route: true").empty());
    }

    void aReloadBringsTheSafeStateBack()
    {
        QVERIFY(m_driver.weight(10'000));
        QCOMPARE(canary(0).size(), m_users.size());
        QVERIFY(m_lab.ask({{"do", "reload"}, {"part", "edge-1"}})["ok"].get<bool>());
        // The old worker may serve kept connections for a moment; new ones see the base configuration.
        const bool safe = QTest::qWaitFor([&] { return canary(0, "X-Canary-Route: true").empty(); }, 10'000);
        QVERIFY(safe);
        QCOMPARE(canary(1).size(), m_users.size());
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::SplitTest)
#include "split_test.moc"
