// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>
#include <memory>

#include <QTest>

#include "tests/seeds/seed_release.h"

// Avalo's rollback rules, each alone: everything else is healthy. The score, which would act first on some of them, is
// left out of the playbook here.

using namespace std::chrono_literals;

namespace sluice::seeds {

namespace {

using Harm = std::function<void(SeedRelease&)>;

constexpr Duration kWindow = 60s; ///< so far back the metrics of the playbook look
constexpr Duration kStep = 2s;    ///< scrape, tick and decision together take less

struct Rule {
    std::string trigger{}; ///< the one that must act
    Duration hold{0};      ///< the document's time, or the playbook's where it gives none
    Harm within{};         ///< just inside the limit
    Harm beyond{};         ///< just outside
};

std::unique_ptr<SeedRelease> inTheFirstStage()
{
    auto release = std::make_unique<SeedRelease>("avalo-production", "score");
    if (!release->reachStage(0, 1h)) return nullptr;
    release->run(kWindow);
    return release;
}

/// Failures of so large a share, of attempts that are as many as the canary's requests.
Harm share(const std::string& failures, const std::string& attempts, double share)
{
    return [=](SeedRelease& release) {
        release.canary().growing[attempts] = release.canaryRequests();
        release.canary().growing[failures] = release.canaryRequests() * share;
    };
}

Harm exported(const std::string& series, double value)
{
    return [=](SeedRelease& release) { release.canary().exported[series] = value; };
}

Harm fails(double share)
{
    return [=](SeedRelease& release) { release.canaryFails(share); };
}

Harm clientErrors(double share)
{
    return [=](SeedRelease& release) { release.canaryClientErrors(share); };
}

/// The canary's latency, with a stable version of the same median so that only the named percentile says something.
Harm latency(double medianMs, double spread)
{
    return [=](SeedRelease& release) {
        for (sim::Behaviour* behaviour : {&release.canary(), &release.stable()})
            behaviour->latencyMedianMs = medianMs;
        release.canary().latencySpread = spread;
    };
}

Harm resource(double sim::Behaviour::*which, double value)
{
    return [=](SeedRelease& release) { release.canary().*which = value; };
}

void staysStill(const Rule& rule)
{
    const auto release = inTheFirstStage();
    QVERIFY(release);
    rule.within(*release);
    release->run(kWindow + rule.hold + kWindow);
    QVERIFY2(!release->state().rollback, release->because().c_str());
}

void actsAfterItsTimeAndNotBefore(const Rule& rule)
{
    const auto release = inTheFirstStage();
    QVERIFY(release);
    rule.beyond(*release);
    QVERIFY(release->runUntilBeyond(rule.trigger, kWindow + kStep));
    if (rule.hold > kStep) {
        release->run(rule.hold - kStep);
        QVERIFY2(!release->state().rollback, release->because().c_str());
    }
    release->run(kStep + kStep);
    QVERIFY(release->state().rollback.has_value());
    QCOMPARE(release->state().rollback->trigger, rule.trigger);
}

void holds(const Rule& rule)
{
    staysStill(rule);
    actsAfterItsTimeAndNotBefore(rule);
}

} // namespace

class AvaloTriggersTest : public QObject {
    Q_OBJECT

private slots:
    void A_3_02_errorsAboveTwoPercentForThreeMinutes()
    {
        holds({"error_rate-1", 3min, clientErrors(0.019), clientErrors(0.021)});
    }

    void A_3_02_aDipBeginsTheThreeMinutesAnew()
    {
        const auto release = inTheFirstStage();
        QVERIFY(release);
        release->canaryClientErrors(0.03);
        QVERIFY(release->runUntilBeyond("error_rate-1", kWindow + kStep));
        release->run(150s);
        release->canaryClientErrors(0);
        release->run(kWindow); // the window is healthy again
        release->canaryClientErrors(0.03);
        QVERIFY(release->runUntilBeyond("error_rate-1", kWindow + kStep));
        release->run(150s);
        QVERIFY2(!release->state().rollback, release->because().c_str());
    }

    void A_3_03_serverErrorsAboveOnePercentForFiveMinutes() { holds({"5xx-1", 5min, fails(0.0099), fails(0.015)}); }

    void A_3_04_moreThanTenDatabaseErrorsInAMinute()
    {
        holds({"database_errors-1", 0s, exported("database_errors_total", 10), exported("database_errors_total", 11)});
    }

    void A_3_05_p95Above1200MillisecondsForFiveMinutes()
    {
        holds({"p95-1", 5min, latency(1199 / std::exp(0.1645), 0.1), latency(1205 / std::exp(0.1645), 0.1)});
    }

    void A_3_06_p99Above3000MillisecondsForThreeMinutesWithTheOthersFine()
    {
        holds({"p99-1", 3min, latency(70, 1.6), latency(70, 1.63)});
    }

    void A_3_07_theMedianMoreThanHalfAboveTheBaseline()
    {
        const auto canary = [](double ms) {
            return [=](SeedRelease& release) {
                release.stable().latencyMedianMs = 100;
                release.canary().latencyMedianMs = ms;
            };
        };
        holds({"p50-1", 30s, canary(149), canary(151)});
    }

    void A_3_07_whenBothVersionsAreSlowItStaysStill() { staysStill({"p50-1", 30s, latency(400, 0.5), {}}); }

    void A_3_08_theSecondFailedPaymentInTenMinutes()
    {
        holds({"payment_failures-1", 0s, exported("payment_failures_total", 1), exported("payment_failures_total", 2)});
    }

    void A_3_08_twoFailedPaymentsInElevenMinutesAreFine()
    {
        const auto release = inTheFirstStage();
        QVERIFY(release);
        release->canary().exported["payment_failures_total"] = 1;
        release->run(11min);
        release->canary().exported["payment_failures_total"] = 2;
        release->run(1min);
        QVERIFY2(!release->state().rollback, release->because().c_str());
    }

    void A_3_09_authenticationFailuresAboveFivePercentForTwoMinutes()
    {
        holds({"auth_failures-1", 2min, share("auth_failures_total", "auth_attempts_total", 0.049),
               share("auth_failures_total", "auth_attempts_total", 0.051)});
    }

    void A_3_10_moderationThatFailsCompletely()
    {
        holds({"ai_moderation_failures-1", 30s, share("ai_moderation_failures_total", "ai_moderation_calls_total", 0.5),
               share("ai_moderation_failures_total", "ai_moderation_calls_total", 1)});
    }

    void A_3_11_theDatabaseConnectionIsLost()
    {
        holds(
            {"database_connections-1", 30s, exported("database_connections", 1), exported("database_connections", 0)});
    }

    void A_3_11_withoutPrometheusItOnlyHolds()
    {
        const auto release = inTheFirstStage();
        QVERIFY(release);
        release->metricsDown(true);
        release->run(30min);
        QVERIFY2(!release->state().rollback, release->because().c_str());
        QCOMPARE(release->state().stage, 0);
    }

    void A_3_12_memoryAboveNinetyPercentForFiveMinutes()
    {
        holds({"memory-1", 5min, resource(&sim::Behaviour::memory, 0.88), resource(&sim::Behaviour::memory, 0.92)});
    }

    void A_3_13_cpuAboveEightyFivePercentForTenMinutes()
    {
        holds({"cpu-1", 10min, resource(&sim::Behaviour::cpu, 0.80), resource(&sim::Behaviour::cpu, 0.90)});
    }

    void A_3_14_diskAboveNinetyFivePercent()
    {
        holds({"disk-1", 30s, exported("disk_used_ratio", 0.95), exported("disk_used_ratio", 0.96)});
    }

    void A_3_15_usersDropByMoreThanTwentyPercentCorrectedForTheShare()
    {
        holds({"active_users-1", 30s, resource(&sim::Behaviour::usersLost, 0.18),
               resource(&sim::Behaviour::usersLost, 0.22)});
    }

    void A_3_16_sessionFailuresAboveTenPercentForFiveMinutes()
    {
        holds({"session_failures-1", 5min, share("session_failures_total", "sessions_total", 0.099),
               share("session_failures_total", "sessions_total", 0.101)});
    }

    void A_3_17_connectionsDropByMoreThanThirtyPercentCorrectedForTheShare()
    {
        const auto left = [](double share) {
            return [=](SeedRelease& release) {
                release.canary().exported["open_connections"] = release.canaryUsers() * 0.8 * share;
            };
        };
        holds({"connections-1", 30s, left(0.75), left(0.65)});
    }

    void A_3_15_anotherShareAloneIsNoDrop()
    {
        SeedRelease release("avalo-production", "score");
        QVERIFY(release.reachStage(3, 4h)); // through 1, 10 and 25 % with the same users
        QVERIFY2(!release.state().rollback, release.because().c_str());
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::AvaloTriggersTest)
#include "avalo_triggers_test.moc"
