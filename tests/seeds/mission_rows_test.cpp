// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>

#include <QTest>

#include "tests/seeds/seed_ladder.h"
#include "tests/seeds/seed_release.h"

using namespace std::chrono_literals;

namespace sluice::seeds {

using analysis::TriggerState;
using rollout::Phase;

namespace {

using Harm = std::function<void(SeedRelease&)>;

constexpr Duration kWindow = 62s; ///< of the metrics, and a scrape
constexpr Duration kHeld = 35s;   ///< longer than a band has to hold

Harm fails(double share)
{
    return [=](SeedRelease& release) { release.canaryFails(share); };
}

/// A latency whose other percentiles are as far below their limits as the spread allows.
Harm slow(double medianMs, double spread)
{
    return [=](SeedRelease& release) {
        release.canary().latencyMedianMs = medianMs;
        release.canary().latencySpread = spread;
    };
}

Harm p95(double ms)
{
    return [=](SeedRelease& release) { release.canaryP95(ms); };
}

bool fired(const SeedRelease& release, const std::string& trigger)
{
    const auto& all = release.assessment().triggers;
    const auto found = std::ranges::find(all, trigger, &analysis::TriggerStatus::id);
    return found != all.end() && (found->state == TriggerState::Firing || found->state == TriggerState::Cooldown);
}

struct Band {
    Harm healthy{};
    Harm warning{};
    Harm critical{};
    std::string warns{}; ///< the trigger that tells
    std::string acts{};  ///< the one that rolls back
};

/// Below its first limit nobody is told, between both somebody is, beyond the second it goes back.
void bandHolds(const Band& band)
{
    SeedRelease release("mission-hotfix");
    QVERIFY(release.reachStage(0, 1h));
    band.healthy(release);
    release.run(kWindow + kHeld);
    QVERIFY(!fired(release, band.warns));
    band.warning(release);
    release.run(kWindow + kHeld);
    QVERIFY(fired(release, band.warns));
    QVERIFY2(!release.state().rollback, release.because().c_str());
    band.critical(release);
    release.run(kWindow + kHeld);
    QVERIFY(release.state().rollback.has_value());
    QCOMPARE(release.state().rollback->trigger, band.acts);
}

/// At the end of a stage, with what is too little for the bands.
void gateAt(const std::string& playbook, int stage, Duration hold, const Harm& harm, bool passes)
{
    SeedRelease release(playbook);
    QVERIFY(release.reachStage(stage, 80h));
    release.run(hold - kWindow - 5s);
    harm(release);
    release.run(kWindow + 10s);
    QVERIFY2(release.state().rollback.has_value() != passes, release.because().c_str());
    if (!passes) QCOMPARE(release.state().rollback->stage, stage);
}

} // namespace

class MissionRowsTest : public QObject {
    Q_OBJECT

private slots:
    void M_1_03_aGateThatSaysNoTakesEverybodyBack_data()
    {
        QTest::addColumn<int>("stage");
        QTest::newRow("10 %") << 0;
        QTest::newRow("50 %") << 1;
    }
    void M_1_03_aGateThatSaysNoTakesEverybodyBack()
    {
        QFETCH(int, stage);
        SeedRelease release("mission-hotfix");
        QVERIFY(release.reachStage(stage, 3h));
        release.run(1h - kWindow - 5s);
        release.canaryP95(600); // no band acts on it
        QVERIFY(release.reachEnd(10min));
        QCOMPARE(release.state().phase, Phase::RolledBack);
        QCOMPARE(release.state().rollback->cause, rollout::RollbackCause::Requirement);
        QCOMPARE(release.shareSeen(), Weight::none());
        QCOMPARE(release.service().stable.version(), std::string("v2.3.0"));
    }

    void M_2_01_tenPercentForADay() { itIsLeftAfterItsHoldAndNotBefore("mission-3day", 0, 10, 24h); }
    void M_2_01_limitsOfTheFirstDay_data()
    {
        QTest::addColumn<double>("p95");
        QTest::addColumn<double>("errors");
        QTest::addColumn<bool>("passes");
        QTest::newRow("just within") << 499.0 << 0.0099 << true;
        QTest::newRow("p95") << 505.0 << 0.0 << false;
        QTest::newRow("errors") << 100.0 << 0.0101 << false;
    }
    void M_2_01_limitsOfTheFirstDay()
    {
        QFETCH(double, p95);
        QFETCH(double, errors);
        QFETCH(bool, passes);
        SeedRelease release("mission-3day");
        QVERIFY(release.reachStage(0, 1h));
        release.canaryP95(p95);
        release.canaryFails(errors);
        release.run(20s); // the stage is judged all the time, and acts on it at its end; no band has held yet
        const auto& required = release.assessment().requirements;
        QCOMPARE(required.size(), size_t{2});
        QCOMPARE(std::ranges::all_of(required, [](const auto& one) { return one.verdict == analysis::Verdict::Pass; }),
                 passes);
    }

    void M_2_02_fiftyPercentForADay() { itIsLeftAfterItsHoldAndNotBefore("mission-3day", 1, 50, 24h); }

    void M_2_05_theSecondHourAsksForTheErrorRate()
    {
        gateAt("mission-fast-track", 1, 1h, p95(600), true);
        gateAt("mission-fast-track", 1, 1h, fails(0.0101), false);
    }

    void M_2_06_atTheEndEverythingIsAsked_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("p95") << 0;
        QTest::newRow("p99") << 1;
        QTest::newRow("errors") << 2;
    }
    void M_2_06_atTheEndEverythingIsAsked()
    {
        QFETCH(int, which);
        const Harm harms[] = {p95(600), slow(30, 1.75), fails(0.0101)};
        gateAt("mission-fast-track", 2, 5min, harms[which], false);
    }

    void M_5_04_aHotfixReplacesWhatIsLive()
    {
        SeedRelease release("mission-hotfix");
        QVERIFY(release.reachStage(0, 1h));
        QCOMPARE(release.state().fromVersion, std::string("v2.3.0")); // as the connections say
    }

    void M_5_05_anHourAtTenPercent() { itIsLeftAfterItsHoldAndNotBefore("mission-hotfix", 0, 10, 1h); }
    void M_5_05_anHourAtFiftyPercent() { itIsLeftAfterItsHoldAndNotBefore("mission-hotfix", 1, 50, 1h); }

    void M_6_01_theMedianInformsAndNeverActs()
    {
        SeedRelease release("mission-hotfix");
        QVERIFY(release.reachStage(0, 1h));
        slow(49, 0.3)(release);
        release.run(kWindow + kHeld);
        QVERIFY(!fired(release, "p50-1"));
        slow(60, 0.3)(release);
        release.run(kWindow + kHeld);
        QVERIFY(fired(release, "p50-1"));
        QVERIFY(!fired(release, "p50-2"));
        slow(110, 0.3)(release);
        release.run(kWindow + kHeld);
        QVERIFY(fired(release, "p50-2"));
        QVERIFY(!release.state().rollback);
        QCOMPARE(release.shareSeen(), *Weight::parse(1000));
    }

    void M_6_02_p95() { bandHolds({p95(499), p95(745), p95(760), "p95-1", "p95-2"}); }
    void M_6_03_p99() { bandHolds({slow(30, 1.5), slow(30, 1.66), slow(30, 1.75), "p99-1", "p99-2"}); }
    void M_6_04_errors() { bandHolds({fails(0.0009), fails(0.0098), fails(0.0105), "error_rate-1", "error_rate-2"}); }
    void M_6_05_successes()
    {
        // What neither failed nor succeeded: no error of the server, and no success either.
        const auto unanswered = [](double share) {
            return [=](SeedRelease& release) {
                release.canary().growing["http_requests_total;code=0"] = release.canaryRequests() * share;
            };
        };
        bandHolds({unanswered(0.0009), unanswered(0.0095), unanswered(0.0110), "success_rate-1", "success_rate-2"});
    }

    void M_6_04_farBeyondItActsOnTheSample()
    {
        SeedRelease release("mission-hotfix");
        QVERIFY(release.reachStage(0, 1h));
        release.canaryFails(0.6); // beyond 5 % of the window within seconds, long before a band has held
        release.run(10s);
        QVERIFY(release.state().rollback.has_value());
        QCOMPARE(release.state().rollback->trigger, std::string("error_rate-3"));
    }

    void M_6_02_farBeyondItActsOnTheSample()
    {
        SeedRelease release("mission-hotfix");
        QVERIFY(release.reachStage(0, 1h));
        slow(3000, 0.1)(release);
        release.run(10s);
        QVERIFY(release.state().rollback.has_value());
        QCOMPARE(release.state().rollback->trigger, std::string("p95-3"));
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::MissionRowsTest)
#include "mission_rows_test.moc"
