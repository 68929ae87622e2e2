// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <QElapsedTimer>
#include <QTest>

#include "tests/lab/prove_books.h"
#include "tests/lab/prove_release.h"

namespace sluice::app::lab {

namespace {

constexpr int kMomentMs = 60'000;  ///< until a moment must have come
constexpr int kReleaseMs = 90'000; ///< until a release must have ended, with an engine killed now and then
constexpr int kQuickKills = 3;

/// Kill within `within` ms after this decision is in the journal.
struct Moment {
    const char* phase{""};
    const char* after{""};
    int stage{-1};
    int within{0};
};

/// A release that turns bad while it waits for its approval; the first three are the short form.
constexpr std::array kBad{Moment{"baking", "stage_applied", 0, 2500}, Moment{"asking", "approval_requested", 1, 300},
                          Moment{"rolling back", "rollback_started", -1, 40},
                          Moment{"rolled traffic back", "traffic_verified", -1, 2000}};
constexpr size_t kBreaksBefore = 2; ///< of kBad
constexpr std::array kGood{
    Moment{"preparing", "rollout_started", -1, 3000}, Moment{"applying", "stage_entered", 0, 30},
    Moment{"baking", "stage_applied", 0, 2500},       Moment{"asking", "approval_requested", 1, 300},
    Moment{"promoting", "approval_given", 1, 30},     Moment{"applying the last", "stage_entered", 2, 30},
    Moment{"watching", "watch_started", -1, 2500},    Moment{"finalising", "finalise_started", -1, 800}};

} // namespace

class ProveKillTest : public QObject {
    Q_OBJECT

    ReleaseUnderTest m_release{};
    AllowedShare m_allowed{};
    std::vector<WallTime> m_kills{};
    std::string m_wrong{};
    sim::Random m_random{1};
    adapters::SystemClock m_clock{};

    /// Reads what the proxies have first and what the journal allows afterwards: the journal has to be ahead.
    void compareShares()
    {
        const std::vector<int> splits = m_release.splits();
        m_release.look();
        m_allowed.take(m_release.facts());
        const int most = m_allowed.most(m_clock.now().wall);
        for (const int split : splits)
            if (split > most && m_wrong.empty())
                m_wrong = "a proxy has " + std::to_string(split) + ", the journal allows " + std::to_string(most);
    }

    bool reach(const std::function<bool()>& done, int atMostMs)
    {
        return QTest::qWaitFor(
            [&] {
                compareShares();
                return done();
            },
            atMostMs);
    }

    /// False when the moment never came.
    bool killAt(const RolloutId& id, const Moment& moment)
    {
        if (!reach([&] { return m_release.has(id, moment.after, moment.stage); }, kMomentMs)) return false;
        const int delay = static_cast<int>(m_random.below(static_cast<uint64_t>(moment.within) + 1));
        QElapsedTimer timer;
        timer.start();
        (void)reach([&] { return timer.elapsed() >= delay; }, delay + 1000);
        m_release.engine().killNow();
        m_kills.push_back(m_clock.now().wall);
        compareShares();
        const std::string last = m_release.facts().empty() ? "" : m_release.facts().back().name;
        qInfo("killed while %s, %d ms after %s; last decision %s", moment.phase, delay, moment.after, last.c_str());
        return m_release.startEngine();
    }

    void breakCanary()
    {
        m_release.setApproving(false);
        QVERIFY(
            m_release.lab().ask({{"do", "fault"}, {"track", "canary"}, {"fault", "errors=100%"}})["ok"].get<bool>());
    }

    /// One release with as many of these moments as are still wanted.
    template <size_t N>
    void release(const std::array<Moment, N>& moments, bool bad, int& left)
    {
        m_release.setApproving(true);
        const RolloutId id = m_release.startRelease();
        QVERIFY(!id.empty());
        const size_t kills = std::min(N, static_cast<size_t>(left));
        for (size_t i = 0; i < kills; ++i) {
            if (bad && i == kBreaksBefore) breakCanary();
            QVERIFY2(killAt(id, moments[i]), moments[i].after);
            --left;
        }
        if (bad && kills <= kBreaksBefore) breakCanary(); // it has to end as planned all the same
        const char* end = bad ? "rolled_back" : "marked_stable";
        QVERIFY2(
            reach([&] { return m_release.has(id, end) || m_release.has(id, bad ? "marked_stable" : "rolled_back"); },
                  kReleaseMs),
            "the release did not end as planned");
        QVERIFY2(m_release.has(id, end), "the release did not end as planned");
        QVERIFY(m_release.lab().ask({{"do", "clear"}})["ok"].get<bool>());
        nothingWrong(m_wrong);
        nothingWrong(bakeProblems(m_release.facts(), id, m_kills));
        nothingWrong(approvalProblems(m_release.facts(), id));
        QVERIFY(reach([&] { return m_release.everyProxyIsSafe(); }, 5000));
    }

private slots:
    void cleanup()
    {
        if (QTest::currentTestFailed()) m_release.explain();
    }

    void initTestCase()
    {
        m_random = seededMoments("kills");
        QVERIFY2(m_release.start(), m_release.lab().said());
    }

    void aReleaseWhoseEngineIsKilledEndsRight()
    {
        const int wanted = momentsToTry(kQuickKills);
        for (int left = wanted, releases = 0; left > 0; ++releases) {
            if (releases % 3 == 0)
                release(kBad, true, left);
            else
                release(kGood, false, left);
            if (QTest::currentTestFailed()) return;
        }
        QString chain;
        QVERIFY2(m_release.journalIsIntact(chain), qPrintable(chain));
        int given = 0;
        for (const Fact& fact : m_release.facts())
            given += fact.name == "approval_given" ? 1 : 0;
        QVERIFY2(given >= m_release.approvalsAccepted(), "an accepted approval is not in the journal");
        qInfo("PROVED: %d kills, %d approvals accepted, %d in the journal; %s", wanted, m_release.approvalsAccepted(),
              given, qPrintable(chain.trimmed()));
    }

    void anEmergencyThatNobodyDrivesIsWrittenDownBeforeAnythingGoesOn()
    {
        m_release.setApproving(false);
        const RolloutId id = m_release.startRelease();
        QVERIFY(!id.empty());
        QVERIFY(m_release.lookUntil([&] { return m_release.has(id, "stage_applied", 0); }, kMomentMs));
        m_release.engine().killNow();
        const QStringList you{QStringLiteral("--as"), QStringLiteral("you")};
        QCOMPARE(m_release
                     .ctl(QStringList{QStringLiteral("emergency-rollback"), QStringLiteral("--reason"),
                                      QStringLiteral("nobody drives")} +
                          you)
                     .code,
                 0);
        QVERIFY(m_release.everyProxyIsSafe());
        const QStringList clear = QStringList{QStringLiteral("stop"), QStringLiteral("clear"),
                                              QStringLiteral("--reason"), QStringLiteral("it was a drill")} +
                                  you;
        const CommandResult early = m_release.ctl(clear);
        QVERIFY2(early.code == 3, qPrintable(early.out + early.err));
        QVERIFY2(early.err.contains(QStringLiteral("Nobody drives checkout/production")), qPrintable(early.err));
        QVERIFY(m_release.startEngine());
        QVERIFY(m_release.lookUntil([&] { return m_release.has(id, "rollback_started"); }, kMomentMs));
        const Fact* started = m_release.named(id, "rollback_started").front();
        QCOMPARE(started->actor.person.value, std::string("you"));
        QVERIFY(rollout::eventText(started->event).find("nobody drives") != std::string::npos);
        QCOMPARE(m_release.ctl(clear).code, 0);
        QVERIFY(m_release.lookUntil([&] { return m_release.has(id, "commented"); }, kMomentMs));
        QCOMPARE(rollout::eventText(m_release.named(id, "commented").front()->event),
                 std::string("you cleared the emergency stop: it was a drill"));
        QVERIFY(m_release.lookUntil([&] { return m_release.has(id, "rolled_back"); }, kMomentMs));
        QVERIFY(m_release.everyProxyIsSafe());
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::ProveKillTest)
#include "prove_kill_test.moc"
