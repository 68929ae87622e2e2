// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QtTest>

#include "core/engine/world_tracker.h"
#include "tests/core/engine/simulated_release.h"

using namespace sluice;
using namespace std::chrono_literals;
using rollout::Phase;
using testing::SimulatedRelease;

namespace {

/// Everything of interest when a test fails.
void explain(const SimulatedRelease& release)
{
    if (release.view() == nullptr) return;
    for (const engine::LogLine& line : release.view()->log)
        qInfo("%lld %s", static_cast<long long>(line.version), line.text.c_str());
    for (const rollout::WaitReason& wait : release.view()->waits)
        qInfo("%s %s", wait.holds ? "holds" : "open ", rollout::waitText(wait).c_str());
}

} // namespace

class EngineCoreTest : public QObject {
    Q_OBJECT

private slots:
    void aProxyThatHasNeverAnsweredHasNoAge()
    {
        SimulatedRelease release;
        release.kill();
        release.service->proxies.begin()->second.freeze();
        release.boot("another");
        release.run(5s);
        const auto picture = release.engine->core.latest();
        const auto state = [&](engine::SourceStatus::State wanted) {
            return std::ranges::count_if(picture->sources, [&](const engine::SourceStatus& source) {
                return source.kind == "router" && source.state == wanted;
            });
        };
        QCOMPARE(state(engine::SourceStatus::State::Never), 1);
        QCOMPARE(state(engine::SourceStatus::State::Fresh), 1);
    }

    void aProxyKnowsSinceWhenItWasReadBackAtZero()
    {
        using State = rollout::ProxyFact::State;
        engine::WorldTracker tracker({"edge-1"});
        const auto answer = [&](int64_t second, Weight limit, State state = State::Verified) {
            tracker.take(ports::ProxyAnswer{
                .fact = {.name = "edge-1", .state = state, .limit = limit, .canaryMaint = limit == Weight::none()},
                .at = BootTime(std::chrono::seconds(second))});
        };
        const auto zeroFor = [&](int64_t second) {
            return tracker.world({.boot = BootTime(std::chrono::seconds(second))}).proxies.front().zeroFor;
        };
        answer(9, *Weight::parse(100));
        QCOMPARE(zeroFor(10), Duration(0));
        answer(10, Weight::none());
        answer(12, Weight::none());
        QCOMPARE(zeroFor(13), Duration(3s));
        answer(13, *Weight::parse(100));
        QCOMPARE(zeroFor(14), Duration(0));
        answer(14, Weight::none(), State::Refused); // says nothing of what it holds
        QCOMPARE(zeroFor(15), Duration(0));
        answer(15, Weight::none());
        answer(16, Weight::none(), State::Unreachable); // it may have served in between
        answer(17, Weight::none());
        QCOMPARE(zeroFor(18), Duration(1s));
    }

    void aHealthyReleaseBecomesStable()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        const bool ended = release.toTheEnd(5min);
        if (!ended || release.phase() != Phase::Stable) explain(release);
        QVERIFY(ended);
        QCOMPARE(release.phase(), Phase::Stable);
        QCOMPARE(release.service->stable.version(), std::string("v2.4.0"));
        for (const auto& [name, proxy] : release.service->proxies) {
            QCOMPARE(proxy.limit().perTenThousand(), 0);
            QVERIFY(proxy.maint());
        }
    }

    void aBadCanaryIsRolledBackAndTheProxiesAreVerifiedAtZero()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.reachStage(1, 3min));
        release.service->canaryBehaviour.errorRate = 0.3;
        const bool ended = release.toTheEnd(2min);
        if (!ended || release.phase() != Phase::RolledBack) explain(release);
        QCOMPARE(release.phase(), Phase::RolledBack);
        QVERIFY(release.view()->state.rollback->verifiedAfter.has_value());
        QCOMPARE(release.service->canary.ready(), 0);
    }

    void anEngineKilledInTheMiddleIsFollowedByOneThatGoesOn()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        for (int life = 0; life < 5; ++life) {
            for (int i = 0; i < 40; ++i) {
                release.helpAlong();
                release.run(250ms);
            }
            release.kill();
            release.run(2s);
            release.boot("life-" + std::to_string(life));
        }
        const bool ended = release.toTheEnd(5min);
        if (!ended || release.phase() != Phase::Stable) explain(release);
        QCOMPARE(release.phase(), Phase::Stable);
        QVERIFY(sim::MemoryJournal(release.store, release.fleet.world().clock()).verify().value().intact);
    }

    void aSilentMetricSourceHoldsAndNeitherPromotesNorRollsBack()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.until(
            [&] {
                release.helpAlong();
                return release.phase() == Phase::Baking;
            },
            3min));
        release.fleet.world().metrics().down = true;
        release.run(10s); // the last good samples may still be credited
        const auto before = release.view()->state;
        release.run(30s);
        QCOMPARE(release.view()->state.stage, before.stage);
        QCOMPARE(release.view()->state.stages, before.stages);
        QVERIFY(release.phase() == Phase::Baking);
        release.fleet.world().metrics().down = false;
        QVERIFY(release.toTheEnd(5min));
        QCOMPARE(release.phase(), Phase::Stable);
    }

    void aReloadedProxyIsBroughtBackWithinTwoTicks()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.reachStage(2, 3min));
        release.service->proxies.at("edge-1").reload();
        release.run(500ms);
        QCOMPARE(release.service->proxies.at("edge-1").limit().perTenThousand(), 2500);
        QVERIFY(!release.service->proxies.at("edge-1").maint());
        const auto names = release.eventNames();
        QVERIFY(std::ranges::find(names, "drift_corrected") != names.end());
    }

    void aCanaryThatAProxyOutOfReachServesIsNotStopped_data()
    {
        QTest::addColumn<int>("scrapedEvery");
        QTest::addColumn<bool>("blind");
        QTest::newRow("counted every second") << 1 << false;
        QTest::newRow("counted so rarely that the count stands still in between") << 8 << false;
        QTest::newRow("nobody knows") << 1 << true;
    }
    void aCanaryThatAProxyOutOfReachServesIsNotStopped()
    {
        QFETCH(int, scrapedEvery);
        QFETCH(bool, blind);
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.reachStage(2, 3min));
        release.service->proxies.at("edge-1").loseSocket();
        release.fleet.world().metrics().everySeconds = scrapedEvery;
        release.fleet.world().metrics().blind = blind;
        QVERIFY(release.ask(rollout::RollBack{.rollout = release.rollout, .reason = "bad"}, "you").ok());
        release.run(2min);
        QCOMPARE(release.phase(), Phase::RollingBack);
        QVERIFY(release.service->canary.ready() > 0);
        release.service->proxies.at("edge-1").kill(); // now nobody is served by it
        release.fleet.world().metrics().blind = false;
        QVERIFY(release.toTheEnd(3min));
    }

    void aTargetThatNobodyReleasedOnIsLeftAsItIs()
    {
        SimulatedRelease release;
        sim::SimulatedProxy& proxy = release.service->proxies.at("edge-1");
        proxy.write({.epoch = 5, .takeEpoch = true, .limit = *Weight::parse(1200), .ready = true});
        release.run(20s);
        QCOMPARE(proxy.limit().perTenThousand(), 1200);
        QVERIFY(!proxy.maint());
    }

    void aProxyThatWasAwayUntilTheEndIsBroughtToZeroByTheNextEngine()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.reachStage(2, 3min));
        sim::SimulatedProxy& away = release.service->proxies.at("edge-1");
        away.loseSocket();
        QVERIFY(release.ask(rollout::RollBack{.rollout = release.rollout, .reason = "bad"}, "you").ok());
        release.run(10s);
        QVERIFY(release.ask(rollout::SkipStep{.rollout = release.rollout, .reason = "edge-1 is away"}, "you").ok());
        QVERIFY(release.toTheEnd(2min));
        QCOMPARE(away.limit().perTenThousand(), 2500);

        release.kill();
        release.boot("next");
        release.run(10s);
        away.findSocket();
        release.run(10s);
        QCOMPARE(away.limit().perTenThousand(), 0);
        QVERIFY(away.maint());
    }

    /// Any console may ask; whoever drives has the connections file.
    void aReleaseGoesToNobodyWhoIsNotThere()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        const auto refused =
            release.ask(rollout::HandOver{release.rollout, PersonId("coleague"), "my shift ends"}, "you");
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().detail.find("it can go to: release-bot, you, colleague.") != std::string::npos);
        QVERIFY(release.ask(rollout::HandOver{release.rollout, PersonId("colleague"), "my shift ends"}, "you").ok());
        QCOMPARE(release.view()->state.owner, PersonId("colleague"));
    }
};

QTEST_GUILESS_MAIN(EngineCoreTest)
#include "engine_core_test.moc"
