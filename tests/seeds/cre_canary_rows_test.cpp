// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>
#include <memory>

#include <QTest>

#include "tests/seeds/seed_ladder.h"
#include "tests/seeds/seed_release.h"

namespace sluice::seeds {

namespace {

using namespace std::chrono_literals;
using rollout::Phase;
using Harm = std::function<void(SeedRelease&)>;

constexpr Duration kWindow = 60s; ///< so far back the metrics of the playbook look
constexpr Duration kPhase = 5min;
constexpr Duration kStep = 2s; ///< scrape, tick and decision together take less

std::unique_ptr<SeedRelease> inTheFirstPhase()
{
    auto release = std::make_unique<SeedRelease>("cre-canary");
    if (!release->reachStage(0, 1h)) return nullptr;
    release->run(kWindow);
    return release;
}

Harm fails(double share)
{
    return [=](SeedRelease& release) { release.canaryFails(share); };
}

/// Nearly all requests of the canary take so long.
Harm takes(double ms)
{
    return [=](SeedRelease& release) {
        release.canary().latencyMedianMs = ms;
        release.canary().latencySpread = 0.01;
    };
}

Harm resource(double sim::Behaviour::*which, double value)
{
    return [=](SeedRelease& release) { release.canary().*which = value; };
}

/// The warning trigger acts, and nothing goes back within `time`.
void onlyWarns(const Harm& harm, const std::string& trigger, Duration time)
{
    const auto release = inTheFirstPhase();
    QVERIFY(release);
    const size_t before = release->state().warnings.size();
    harm(*release);
    QVERIFY(release->runUntilBeyond(trigger, 2 * kWindow));
    release->run(time);
    QVERIFY2(!release->state().rollback, release->because().c_str());
    QVERIFY(release->state().warnings.size() > before);
}

void rollsBackAtOnce(const Harm& harm, const std::string& trigger)
{
    const auto release = inTheFirstPhase();
    QVERIFY(release);
    harm(*release);
    QVERIFY(release->runUntilBeyond(trigger, kWindow + kStep));
    release->run(kStep);
    QVERIFY(release->state().rollback.has_value());
    QCOMPARE(release->state().rollback->trigger, trigger);
}

} // namespace

/// CRE's canary: its ladder, its two limits a metric, and what fails a phase.
class CreCanaryRowsTest : public QObject {
    Q_OBJECT

private slots:
    void C_6_04_fiveAndTenMoreEveryFiveMinutesClampedAtTheEnd()
    {
        const auto release = inTheFirstPhase();
        QVERIFY(release);
        std::vector<int64_t> percent;
        for (const Stage& stage : release->playbook().stages) {
            percent.push_back(stage.weight.perTenThousand() / 100);
            QCOMPARE(stage.bake, Duration(kPhase));
        }
        QCOMPARE(percent, (std::vector<int64_t>{5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 100}));
    }
    void C_6_04_aPhaseIsLeftAfterFiveMinutes() { itIsLeftAfterItsHoldAndNotBefore("cre-canary", 1, 15, kPhase); }

    void C_7_05_onlyWhatLiesInTheWindowCountsAtTheEndOfAPhase_data()
    {
        QTest::addColumn<int>("healthyBefore"); // seconds before the end of the phase
        QTest::addColumn<bool>("passes");
        QTest::newRow("before the window") << 65 << true;
        QTest::newRow("within it") << 20 << false;
    }
    void C_7_05_onlyWhatLiesInTheWindowCountsAtTheEndOfAPhase()
    {
        QFETCH(int, healthyBefore);
        QFETCH(bool, passes);
        const auto release = inTheFirstPhase(); // a window of it has gone
        QVERIFY(release);
        release->canaryFails(0.09);
        release->run(kPhase - kWindow - std::chrono::seconds(healthyBefore));
        release->canaryFails(0);
        QCOMPARE(release->reachStage(1, 2 * kWindow), passes);
    }

    void eachLimitAloneFailsThePhase_data()
    {
        QTest::addColumn<Harm>("harm");
        QTest::addColumn<bool>("passes");
        QTest::newRow("errors 4.9 %") << fails(0.049) << true;
        QTest::newRow("errors 5.1 %") << fails(0.051) << false;
        QTest::newRow("latency 4.5 s") << takes(4500) << true;
        QTest::newRow("latency 5.1 s") << takes(5100) << false;
        QTest::newRow("CPU 79 %") << resource(&sim::Behaviour::cpu, 0.78) << true;
        QTest::newRow("CPU 82 %") << resource(&sim::Behaviour::cpu, 0.82) << false;
        QTest::newRow("memory 84 %") << resource(&sim::Behaviour::memory, 0.84) << true;
        QTest::newRow("memory 87 %") << resource(&sim::Behaviour::memory, 0.87) << false;
    }
    void eachLimitAloneFailsThePhase()
    {
        QFETCH(Harm, harm);
        QFETCH(bool, passes);
        const auto release = inTheFirstPhase();
        QVERIFY(release);
        harm(*release);
        QCOMPARE(release->reachStage(1, 2 * kPhase), passes);
        QCOMPARE(release->state().rollback.has_value(), !passes);
    }

    void tenPercentHasToHoldForThirtySeconds()
    {
        const auto release = inTheFirstPhase();
        QVERIFY(release);
        release->canaryFails(0.15);
        QVERIFY(release->runUntilBeyond("error_rate-2", kWindow + kStep));
        release->run(30s - kStep);
        QVERIFY2(!release->state().rollback, release->because().c_str());
        release->run(2 * kStep);
        QVERIFY(release->state().rollback.has_value());
        QCOMPARE(release->state().rollback->trigger, std::string("error_rate-2"));
    }

    void C_8_06_aboveTenPercentWarns() { onlyWarns(fails(0.15), "error_rate-1", 8s); }
    void C_8_06_aboveTwentyPercentRollsBack() { rollsBackAtOnce(fails(0.21), "error_rate-3"); }
    void C_8_07_aboveFiveSecondsWarns() { onlyWarns(takes(6000), "p99-1", 8s); }
    void C_8_07_aboveTenSecondsRollsBack() { rollsBackAtOnce(takes(11'000), "p99-3"); }

    /// The service's 500 a second are the canary's 25 at 5 %.
    void C_8_08_fewRequestsOnlyWarnCorrectedForTheShare_data()
    {
        QTest::addColumn<double>("perSecond");
        QTest::addColumn<bool>("warns");
        QTest::newRow("560") << 560.0 << false; // chance is some ten of them
        QTest::newRow("450") << 450.0 << true;
        QTest::newRow("none") << 0.0 << true;
    }
    void C_8_08_fewRequestsOnlyWarnCorrectedForTheShare()
    {
        QFETCH(double, perSecond);
        const auto release = inTheFirstPhase();
        QVERIFY(release);
        release->service().requestsPerSecond = perSecond;
        release->run(2 * kWindow);
        QVERIFY2(!release->state().rollback, release->because().c_str());
        QTEST(!release->state().warnings.empty(), "warns");
    }

    void C_8_09_aboveEightyPercentCpuWarns() { onlyWarns(resource(&sim::Behaviour::cpu, 0.85), "cpu-1", 8s); }
    void C_8_09_aboveNinetyFiveRollsBack() { rollsBackAtOnce(resource(&sim::Behaviour::cpu, 0.96), "cpu-2"); }
    void C_8_10_memoryOnlyWarns() { onlyWarns(resource(&sim::Behaviour::memory, 0.99), "memory-1", 1min); }

    /// The lower severity warns, the critical one goes back by itself: C-8.06 to C-8.09 at one metric each.
    void C_3_16_onlyACriticalOneGoesBackByItself()
    {
        onlyWarns(fails(0.15), "error_rate-1", 8s);
        rollsBackAtOnce(fails(0.6), "error_rate-3");
    }

    /// Error rate and latency above, throughput below: each by its own trigger.
    void C_3_18_eachMetricHasItsLimitAndItsDirection()
    {
        rollsBackAtOnce(fails(0.6), "error_rate-3");
        rollsBackAtOnce(takes(11'000), "p99-3");
        const auto release = inTheFirstPhase();
        QVERIFY(release);
        release->service().requestsPerSecond = 300;
        QVERIFY(release->runUntilBeyond("throughput-1", 2 * kWindow));
    }

    void C_10_01_sevenItemsGateTheStart()
    {
        SeedRelease release("cre-canary");
        release.run(1h); // nobody ticks here
        QCOMPARE(release.playbook().checklists.pre.size(), size_t{7});
        QCOMPARE(release.state().phase, Phase::Preparing);
        QVERIFY(release.reachStage(0, 1min));
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::CreCanaryRowsTest)
#include "cre_canary_rows_test.moc"
