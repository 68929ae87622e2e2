// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <csignal>

#include <QElapsedTimer>
#include <QTest>
#include <sys/stat.h>

#include "tests/lab/prove_release.h"

namespace sluice::app::lab {

namespace {

constexpr int kExposedMs = 60'000;
constexpr int kEndMs = 60'000;
constexpr int kPromiseMs = 2'000;   ///< emergency to verified at zero
constexpr int kDrainMs = 1'000;     ///< requests under way in the services when the proxies have switched
constexpr int kStillMs = 1'000;     ///< this long the services must count nothing new
constexpr int kTakeoverMs = 40'000; ///< a silent holder is given up after 15 s
constexpr int kInsideTries = 400;   ///< freezes until one holds the engine inside a write
constexpr int kQuickFreezes = 2;
constexpr int kTakeoverEvery = 6; ///< so often another engine takes over while the first is frozen
constexpr std::array kAfter{std::pair{"stage_applied", 0}, std::pair{"stage_applied", 1},
                            std::pair{"approval_requested", 1}};

} // namespace

class ProveFreezeTest : public QObject {
    Q_OBJECT

    ReleaseUnderTest m_release{};
    sim::Random m_random{1};
    int m_inside{0};
    int m_takeovers{0};
    qint64 m_slowest{0};

    /// SQLite has written into its rollback journal and has not ended the transaction yet.
    bool writes() const
    {
        struct stat info {};
        const std::string path = (m_release.storeFolder() + "/journal.db-journal").toStdString();
        return ::stat(path.c_str(), &info) == 0 && info.st_size > 0;
    }

    /// Frozen; true when it is inside a write transaction, which is tried for when `inside`.
    bool freeze(bool inside)
    {
        EngineProcess& engine = m_release.engine();
        for (int i = 0; inside && i < kInsideTries; ++i) {
            QElapsedTimer timer;
            timer.start();
            while (!writes() && timer.elapsed() < 1000) {
            }
            if (!engine.freeze()) return false;
            if (writes()) return true;
            engine.thaw();
        }
        (void)engine.freeze();
        return writes();
    }

    /// One rollout, exposed, its engine frozen, an emergency by somebody else.
    void emergencyWhileFrozen(int number, std::unique_ptr<EngineProcess>& other)
    {
        const RolloutId id = m_release.startRelease();
        QVERIFY(!id.empty());
        const auto [event, stage] = kAfter[m_random.below(kAfter.size())];
        QVERIFY2(m_release.lookUntil([&] { return m_release.has(id, event, stage); }, kExposedMs), event);
        const int delay = static_cast<int>(m_random.below(1501));
        QElapsedTimer timer;
        timer.start();
        (void)m_release.lookUntil([&] { return timer.elapsed() >= delay; }, delay + 1000);
        const int64_t before = m_release.facts().back().gseq;
        const int64_t epoch = m_release.facts().back().epoch;
        const bool inside = freeze(other == nullptr);
        QVERIFY(m_release.engine().frozen());
        const WallTime frozenAt = adapters::SystemClock().now().wall;
        m_inside += inside ? 1 : 0;
        qInfo("moment %d: frozen %d ms after %s%s", number, delay, event, inside ? ", inside a write" : "");
        fireEmergency();
        if (QTest::currentTestFailed()) return;
        if (other)
            takeOver(id, *other);
        else
            m_release.engine().thaw();
        if (QTest::currentTestFailed()) return;
        QVERIFY(staysAtZeroUntil([&] { return m_release.has(id, "rolled_back"); }, kEndMs));
        nothingOfTheOldEpoch(before, epoch, frozenAt, inside);
        const auto started = m_release.named(id, "rollback_started");
        QCOMPARE(started.size(), size_t{1});
        QCOMPARE(started.front()->actor.person.value, std::string("colleague"));
        QVERIFY(rollout::eventText(started.front()->event).find("the driver hangs") != std::string::npos);
    }

    void fireEmergency()
    {
        QElapsedTimer timer;
        timer.start();
        const CommandResult fired = m_release.ctl(
            {QStringLiteral("emergency-rollback"), QStringLiteral("checkout/production"), QStringLiteral("--reason"),
             QStringLiteral("the driver hangs"), QStringLiteral("--as"), QStringLiteral("colleague")});
        const bool safe = m_release.everyProxyIsSafe();
        const qint64 took = timer.elapsed();
        QVERIFY2(fired.code == 0, qPrintable(fired.out + fired.err));
        QVERIFY(fired.out.contains(QStringLiteral("2 of 2 proxies verified at zero")));
        QVERIFY(safe);
        QVERIFY2(took < kPromiseMs, qPrintable(QStringLiteral("it took %1 ms").arg(took)));
        m_slowest = std::max(m_slowest, took);
        int64_t last = m_release.canaryRequests();
        QElapsedTimer still;
        still.start();
        const bool quiet = QTest::qWaitFor(
            [&] {
                const int64_t now = m_release.canaryRequests();
                if (now != last) still.restart();
                last = now;
                return still.elapsed() >= kStillMs;
            },
            kDrainMs + kStillMs);
        QVERIFY2(quiet, "the services still count requests for the canary");
    }

    /// The other engine gives the silent holder up and drives; then the old one wakes up and only looks on.
    void takeOver(const RolloutId& id, EngineProcess& other)
    {
        QVERIFY(staysAtZeroUntil([&] { return m_release.has(id, "rollback_started"); }, kTakeoverMs));
        const size_t heard = static_cast<size_t>(m_release.engine().said().size());
        m_release.engine().thaw();
        QVERIFY(staysAtZeroUntil(
            [&] { return m_release.engine().said().mid(static_cast<qsizetype>(heard)).contains("engine: observing"); },
            kEndMs));
        QVERIFY(other.said().contains("engine: driving"));
        ++m_takeovers;
    }

    /// False when it did not come, or a proxy had traffic for the canary meanwhile.
    bool staysAtZeroUntil(const std::function<bool()>& done, int atMostMs)
    {
        bool zero = true;
        const int64_t requests = m_release.canaryRequests();
        const bool came = m_release.lookUntil(
            [&] {
                for (const int split : m_release.splits())
                    zero = zero && split == 0;
                return !zero || done();
            },
            atMostMs);
        return came && zero && m_release.canaryRequests() == requests;
    }

    /// The write that the engine was frozen in may be stored when it wakes, also one that asks for more traffic: it was
    /// decided before. The proxies do not follow it, and no other one is added.
    void nothingOfTheOldEpoch(int64_t before, int64_t epoch, WallTime frozenAt, bool inside)
    {
        int rises = 0;
        for (const Fact& fact : m_release.facts()) {
            if (fact.gseq <= before || fact.epoch > epoch) continue;
            QVERIFY2(fact.at <= frozenAt, fact.name.c_str());
            rises += fact.name == "stage_entered" || fact.name == "weight_ramped" ? 1 : 0;
        }
        QVERIFY(rises <= (inside ? 1 : 0));
    }

private slots:
    void cleanup()
    {
        if (QTest::currentTestFailed()) m_release.explain();
    }

    void initTestCase()
    {
        m_random = seededMoments("freezes");
        QVERIFY2(m_release.start(), m_release.lab().said());
    }

    void anEmergencyNeedsNothingOfAFrozenDriver()
    {
        const int wanted = momentsToTry(kQuickFreezes);
        for (int number = 1; number <= wanted; ++number) {
            std::unique_ptr<EngineProcess> other;
            if (number % kTakeoverEvery == 2) {
                other = m_release.anotherEngine();
                QVERIFY(other != nullptr);
            }
            emergencyWhileFrozen(number, other);
            if (QTest::currentTestFailed()) return;
            const CommandResult cleared = m_release.ctl(
                {QStringLiteral("stop"), QStringLiteral("clear"), QStringLiteral("--as"), QStringLiteral("you")});
            QVERIFY2(cleared.code == 0, qPrintable(cleared.out + cleared.err));
            if (other) QVERIFY(m_release.driveWith(std::move(other)));
        }
        QString chain;
        QVERIFY2(m_release.journalIsIntact(chain), qPrintable(chain));
        QVERIFY2(m_inside > 0, "no freeze held the engine inside a write");
        qInfo("PROVED: %d freezes, %d inside a write, %d taken over by another engine; slowest emergency %lld ms",
              wanted, m_inside, m_takeovers, m_slowest);
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::ProveFreezeTest)
#include "prove_freeze_test.moc"
