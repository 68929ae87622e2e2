// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <QElapsedTimer>
#include <QTest>

#include "core/rollout/wait_reason.h"
#include "tests/lab/prove_books.h"
#include "tests/lab/prove_release.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

namespace {

constexpr int kStageMs = 60'000;
constexpr int kLostMs = 15'000;     ///< no data beyond five scrape intervals of 1 s
constexpr int kBackMs = 30'000;     ///< Prometheus starts, scrapes, and is asked again
constexpr int kTwoTicksMs = 2'000;  ///< proxies are read back once a second
constexpr int kEmergencyMs = 3'000; ///< a proxy that is silent is given up after 2 s
constexpr int kRestartMs = 20'000;  ///< until a killed proxy answers again
constexpr int kLongOutageMs = 30'000;
constexpr int kShortOutageMs = 9'000;
constexpr int kAskedShare = 1000; ///< of the first stage, in 1/10'000
constexpr int kQuickMoments = 1;

enum class Drift { Reload, Kill, ForeignEdit };
constexpr std::array kDrifts{Drift::Reload, Drift::Kill, Drift::ForeignEdit};

} // namespace

class ProveOutageTest : public QObject {
    Q_OBJECT

    ReleaseUnderTest m_release{};
    sim::Random m_random{1};
    RolloutId m_id{};
    qint64 m_slowest{0};
    bool m_full{false};

    bool act(const char* verb, const std::string& part)
    {
        return m_release.lab().ask({{"do", verb}, {"part", part}})["ok"].get<bool>();
    }

    /// Every open or closed gate as `why` tells it.
    nlohmann::json waits() const
    {
        const CommandResult why = m_release.ctl({QStringLiteral("why"), QStringLiteral("--json")});
        return why.code == 0 ? nlohmann::json::parse(why.out.toStdString())["waits"] : nlohmann::json::array();
    }

    /// Bake that the stage has now; none when nobody can tell.
    Duration baked() const
    {
        for (const auto& wait : waits())
            if (wait["code"] == rollout::waitCodeName(rollout::WaitCode::BakeLeft) && wait["observed"].is_number())
                return Duration(wait["observed"].get<int64_t>());
        return Duration(0);
    }

    bool isHeld()
    {
        return !m_release.has(m_id, "stage_passed") && !m_release.has(m_id, "rollback_started") &&
               !m_release.has(m_id, "rollout_paused") &&
               std::ranges::all_of(m_release.splits(), [](int split) { return split == kAskedShare; });
    }

    /// `why` names the missing data as what it waits for, and since when.
    bool whyNamesTheData() const
    {
        const auto& lost = *m_release.named(m_id, "data_lost").back();
        for (const auto& wait : waits()) {
            if (wait["code"] != rollout::waitCodeName(rollout::WaitCode::DataMissing) || wait["holds"].get<bool>())
                continue;
            const WallTime since = wallTime(wait["since"].get<int64_t>());
            const Duration off = lost.at - since;
            const CommandResult words = m_release.ctl({QStringLiteral("why")});
            const bool said = words.out.contains(QString::fromStdString("since " + wallText(since)));
            return off < 10s && off > -10s && said;
        }
        return false;
    }

    /// Prometheus answers nothing for so long, in the middle of the first stage.
    void outage(int length)
    {
        const size_t lost = m_release.named(m_id, "data_lost").size();
        QVERIFY(act("stop", "prometheus"));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_release.lookUntil([&] { return m_release.named(m_id, "data_lost").size() > lost; }, kLostMs));
        const Duration before = baked();
        QVERIFY(m_release.lookUntil([&] { return !isHeld() || whyNamesTheData(); }, kLostMs));
        QVERIFY(m_release.lookUntil([&] { return !isHeld() || timer.elapsed() >= length; }, length + 1000));
        QVERIFY2(isHeld(), "it moved without data");
        QVERIFY2(whyNamesTheData(), "why does not say what is missing");
        QCOMPARE(baked().count(), before.count());
        QVERIFY(act("cont", "prometheus"));
        QVERIFY(m_release.lookUntil([&] { return m_release.named(m_id, "data_restored").size() > lost; }, kBackMs));
        QVERIFY(m_release.lookUntil([&] { return baked() > before; }, kBackMs));
    }

    /// Prometheus is killed and started again by the lab; whatever is lost meanwhile moves nothing.
    void restart()
    {
        QVERIFY(act("kill", "prometheus"));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_release.lookUntil([&] { return !isHeld() || timer.elapsed() >= kShortOutageMs; }, kBackMs));
        QVERIFY(isHeld());
        const Duration before = baked();
        QVERIFY(m_release.lookUntil([&] { return baked() > before; }, kBackMs));
    }

    /// The runtime state of one proxy is gone or wrong, until it is as asked again and the journal says so.
    void drift(Drift kind, int proxy)
    {
        const std::string name = "edge-" + std::to_string(proxy);
        const auto corrected = [&] {
            return std::ranges::count_if(m_release.named(m_id, "drift_corrected"), [&](const Fact* fact) {
                return std::get<rollout::DriftCorrected>(fact->event).proxy == name;
            });
        };
        const auto before = corrected();
        const auto split = [&] { return m_release.splits()[static_cast<size_t>(proxy) - 1]; };
        switch (kind) {
        case Drift::Reload: QVERIFY(act("reload", name)); break;
        case Drift::Kill: QVERIFY(act("kill", name)); break;
        case Drift::ForeignEdit: QVERIFY(m_release.setSplitByHand(proxy, 5 * kAskedShare)); break;
        }
        if (kind == Drift::Kill) QVERIFY(m_release.lookUntil([&] { return split() >= 0; }, kRestartMs));
        QElapsedTimer timer;
        timer.start();
        // A reload answers before the old worker has let go of the socket: only the journal tells that it was wrong
        // once.
        const bool back =
            m_release.lookUntil([&] { return corrected() > before && split() == kAskedShare; }, kRestartMs);
        const qint64 took = timer.elapsed();
        m_slowest = std::max(m_slowest, took);
        QVERIFY2(back && took < kTwoTicksMs, qPrintable(QStringLiteral("%1: %2 ms").arg(name.c_str()).arg(took)));
        QVERIFY(m_release.lookUntil([&] { return isHeld(); }, kStageMs));
    }

    bool beginRelease(const QString& bake)
    {
        m_id = m_release.startRelease({QStringLiteral("--set"), QStringLiteral("bake=") + bake});
        return !m_id.empty() && m_release.lookUntil([&] { return baked() > 1s; }, kStageMs);
    }

private slots:
    void cleanup()
    {
        if (QTest::currentTestFailed()) m_release.explain();
    }

    void initTestCase()
    {
        m_random = seededMoments("outages");
        m_full = momentsToTry(kQuickMoments) > kQuickMoments;
        QVERIFY2(m_release.start(), m_release.lab().said());
    }

    void aReleaseWithoutDataIsHeldAndGoesOnAfterwards()
    {
        m_release.setApproving(false);
        QVERIFY(beginRelease(QStringLiteral("12s")));
        outage(m_full ? kLongOutageMs : kShortOutageMs);
        if (QTest::currentTestFailed()) return;
        QVERIFY(m_release.lookUntil([&] { return m_release.has(m_id, "stage_passed", 0); }, kStageMs));
        nothingWrong(bakeProblems(m_release.facts(), m_id, {}));
        QCOMPARE(m_release.ctl({QStringLiteral("rollback"), QStringLiteral("--as"), QStringLiteral("you")}).code, 0);
        QVERIFY(m_release.lookUntil([&] { return m_release.has(m_id, "rolled_back"); }, kStageMs));
    }

    void aProxyThatForgotItsStateIsBackWithinTwoTicks()
    {
        QVERIFY(beginRelease(QStringLiteral("50m")));
        const int wanted = m_full ? momentsToTry(kQuickMoments) : static_cast<int>(kDrifts.size());
        for (int i = 0; i < wanted; ++i) {
            drift(kDrifts[static_cast<size_t>(i) % kDrifts.size()], 1 + static_cast<int>(m_random.below(2)));
            if (QTest::currentTestFailed()) return;
        }
        qInfo("PROVED: %d proxies reloaded, restarted or edited by hand; slowest back at the asked share after %lld ms",
              wanted, m_slowest);
    }

    void anOutageAtAnyMomentMovesNothing()
    {
        const int wanted = momentsToTry(kQuickMoments);
        for (int i = 1; i < wanted; ++i) { // the first one was the long one
            if (i % 2 == 0)
                outage(kShortOutageMs);
            else
                restart();
            if (QTest::currentTestFailed()) return;
        }
        QString chain;
        QVERIFY2(m_release.journalIsIntact(chain), qPrintable(chain));
        qInfo("PROVED: %d outages of Prometheus, held each time and gone on; %s", wanted, qPrintable(chain.trimmed()));
    }

    void anEmergencyNamesTheProxyOutOfReachAndIsFinishedWhenItIsBack()
    {
        QVERIFY(act("stop", "edge-2"));
        QVERIFY2(m_release.lookUntil(
                     [&] { return m_release.ctl({QStringLiteral("why")}).out.contains(QStringLiteral("edge-2")); },
                     kStageMs),
                 "why does not name the proxy");
        QElapsedTimer timer;
        timer.start();
        const CommandResult fired =
            m_release.ctl({QStringLiteral("emergency-rollback"), QStringLiteral("--reason"),
                           QStringLiteral("a proxy hangs"), QStringLiteral("--as"), QStringLiteral("you")});
        QVERIFY(timer.elapsed() < kEmergencyMs);
        QVERIFY2(fired.code == 4, qPrintable(fired.out + fired.err));
        for (const char* part : {"1 of 2 proxies verified at zero", "edge-2 is not verified", "By hand:"})
            QVERIFY2(fired.err.contains(QLatin1String(part)), qPrintable(fired.err));
        QCOMPARE(m_release.splits().front(), 0);
        QVERIFY(act("cont", "edge-2"));
        QVERIFY(m_release.lookUntil([&] { return m_release.everyProxyIsSafe(); }, kStageMs));
        QVERIFY(m_release.lookUntil([&] { return m_release.has(m_id, "rolled_back"); }, kStageMs));
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::ProveOutageTest)
#include "prove_outage_test.moc"
