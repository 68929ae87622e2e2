// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <future>

#include <QtTest>

#include "core/engine/threaded_engine.h"
#include "tests/core/engine/simulated_release.h"

using namespace sluice;
using namespace std::chrono_literals;
using rollout::Phase;
using testing::SimulatedRelease;

namespace {

/// Fired outside the engine, as `sluicectl emergency-rollback` does.
void fire(SimulatedRelease& release, const std::string& person, const std::string& reason)
{
    const ports::StopRecord record{.target = release.target,
                                   .person = PersonId(person),
                                   .proof = "os",
                                   .reason = reason,
                                   .at = release.fleet.world().clock().now().wall};
    QVERIFY(release.fleet.safety().createStop(record).ok());
}

bool untilBaking(SimulatedRelease& release)
{
    return release.start().ok() && release.until(
                                       [&] {
                                           release.helpAlong();
                                           return release.phase() == Phase::Baking;
                                       },
                                       3min);
}

/// How often the journal says that this person gave this reason.
int64_t timesTold(const SimulatedRelease& release, const std::string& person, const std::string& reason)
{
    return std::ranges::count_if(release.view()->log, [&](const engine::LogLine& line) {
        return line.by == PersonId(person) && line.text.find(reason) != std::string::npos;
    });
}

class AnsweringEmergency final : public ports::EmergencyPath {
public:
    std::vector<Result<std::string>> fire(const std::vector<ports::StopRecord>& stops, Duration) override
    {
        std::vector<Result<std::string>> answers;
        for (const ports::StopRecord& stop : stops)
            answers.emplace_back(stop.target.value + " by " + stop.person.value);
        return answers;
    }
};

/// Passes everything on and remembers what asked for traffic. The real router may carry an order out at once, so every
/// one of them counts, also when another follows in the same round.
class NotingRouter final : public ports::TrafficRouter {
public:
    void order(const ports::RouteOrder& order) override
    {
        if (!order.safe) exposing.push_back(order);
        inner->order(order);
    }
    void observe(const TargetId& target) override { inner->observe(target); }
    void release(const TargetId& target) override { inner->release(target); }
    int64_t highestEpochSeen(const TargetId& target) const override { return inner->highestEpochSeen(target); }
    std::string safeFile(const TargetId& target, int64_t epoch) const override
    {
        return inner->safeFile(target, epoch);
    }

    ports::TrafficRouter* inner{nullptr};
    std::vector<ports::RouteOrder> exposing{};
};

} // namespace

class EngineStopTest : public QObject {
    Q_OBJECT

private slots:
    void anEmergencyThatNobodyDroveIsWrittenDownBeforeAnythingElse()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        const size_t before = release.eventNames().size();
        release.kill();
        fire(release, "colleague", "the driver is dead");
        release.run(5s);
        release.boot("another");
        QVERIFY(release.until([&] { return release.phase() == Phase::RollingBack; }, 30s));
        const auto names = release.eventNames();
        QCOMPARE(names.at(before), std::string("driver_changed"));
        QCOMPARE(names.at(before + 1), std::string("rollback_started"));
        QCOMPARE(timesTold(release, "colleague", "the driver is dead"), 1);
    }

    void theClockOfAnEmergencyRunsSinceItWasFired()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        release.kill();
        fire(release, "colleague", "the driver is dead");
        const WallTime fired = release.fleet.safety().stopped(release.target)->at;
        release.run(5s);
        release.boot("another");
        QVERIFY(release.until([&] { return release.phase() == Phase::RollingBack; }, 30s));
        QCOMPARE(release.view()->state.rollback->decidedAt, fired);
    }

    void theTimeToZeroIsWhatWhoeverFiredHasSeen()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        release.engine->frozen = true;
        fire(release, "colleague", "the driver hangs");
        ports::StopRecord proven = *release.fleet.safety().stopped(release.target);
        proven.zeroAfter = 3ms;
        QVERIFY(release.fleet.safety().explainStop(proven).ok());
        release.run(5s); // of a driver that is fenced when it wakes up after more
        release.engine->frozen = false;
        const auto verified = [&] {
            const auto& back = release.view()->state.rollback;
            return back && back->verifiedAfter.has_value();
        };
        QVERIFY(release.until(verified, 1min));
        QCOMPARE(*release.view()->state.rollback->verifiedAfter, Duration(3ms));
    }

    void anEmergencyOfTheDriverLeavesItsStopToo()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        QVERIFY(release.ask(rollout::EmergencyRollback{release.rollout, "payments fail"}, "you").ok());
        const auto stop = release.fleet.safety().stopped(release.target);
        QVERIFY(stop.has_value());
        QCOMPARE(stop->reason, std::string("payments fail"));
        QVERIFY(release.toTheEnd(3min));
        QCOMPARE(timesTold(release, "you", "payments fail"), 1);
        QVERIFY(!release.start().ok());
        QVERIFY(release.ask(rollout::ClearStop{.reason = "mended"}, "you").ok());
        QVERIFY(release.start().ok());
    }

    void theReasonThatComesAfterTheEmergencyIsTheStopsReason()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        QVERIFY(release.ask(rollout::EmergencyRollback{release.rollout, ""}, "you").ok());
        QVERIFY(release.ask(rollout::Comment{release.rollout, "looking into it"}, "colleague").ok());
        QCOMPARE(release.fleet.safety().stopped(release.target)->reason, std::string());
        QVERIFY(release.ask(rollout::Comment{release.rollout, "payments fail"}, "you").ok());
        QVERIFY(release.ask(rollout::Comment{release.rollout, "still"}, "you").ok());
        QCOMPARE(release.fleet.safety().stopped(release.target)->reason, std::string("payments fail"));
        const size_t told = release.eventNames().size();
        release.kill();
        release.boot("another");
        QVERIFY(release.toTheEnd(3min));
        const auto names = release.eventNames();
        QCOMPARE(std::count(names.begin() + static_cast<std::ptrdiff_t>(told), names.end(), std::string("commented")),
                 0);
    }

    void everythingStopsAtOnceAndIsWrittenDownOnce()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        QVERIFY(release.ask(rollout::EmergencyStop{"the bank is down"}, "you").ok());
        QCOMPARE(release.phase(), Phase::RollingBack);
        QCOMPARE(release.fleet.safety().stopped(release.target)->reason, std::string("the bank is down"));
        QVERIFY(release.toTheEnd(3min));
        QCOMPARE(timesTold(release, "you", "the bank is down"), 1);
        QVERIFY(release.ask(rollout::ClearStop{.reason = "it is back"}, "you").ok());
        QVERIFY(!release.fleet.safety().stopped(release.target).has_value());
    }

    void anEmergencyDuringARollbackIsWrittenDownOnce()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        QVERIFY(release.ask(rollout::RollBack{.rollout = release.rollout, .reason = "a doubt"}, "you").ok());
        QCOMPARE(release.phase(), Phase::RollingBack);
        fire(release, "colleague", "faster, please");
        release.run(1s);
        QCOMPARE(timesTold(release, "colleague", "faster, please"), 1);
        release.kill();
        release.boot("another");
        QVERIFY(release.toTheEnd(3min));
        QCOMPARE(release.phase(), Phase::RolledBack);
        QCOMPARE(timesTold(release, "colleague", "faster, please"), 1);
    }

    void anEmergencyWhoseReasonStandsInAnotherRemarkIsWrittenDown()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        QVERIFY(release.ask(rollout::RollBack{.rollout = release.rollout, .reason = "a doubt"}, "colleague").ok());
        QCOMPARE(release.phase(), Phase::RollingBack);
        fire(release, "colleague", "doubt");
        release.run(1s);
        QCOMPARE(timesTold(release, "colleague", "fired an emergency rollback: doubt"), 1);
    }

    void anEmergencyIsNeverRefusedForItsWords_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("very long") << QByteArray(5000, 'a');
        QTest::newRow("control characters") << QByteArray("stop\x01\x02 it\x7f");
        QTest::newRow("none") << QByteArray();
    }
    void anEmergencyIsNeverRefusedForItsWords()
    {
        QFETCH(QByteArray, reason);
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        fire(release, "colleague", reason.toStdString());
        QVERIFY(release.until([&] { return release.phase() == Phase::RollingBack; }, 5s));
        QVERIFY(release.toTheEnd(3min));
        QCOMPARE(timesTold(release, "colleague", "fired an emergency rollback"), 1);
        QVERIFY(release.ask(rollout::ClearStop{.reason = "read"}, "you").ok());
    }

    void anUnknownLoginsEmergencyEndsAReleaseThatNobodyHasSeenYet()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        fire(release, "", "something smells");
        QVERIFY(release.until([&] { return release.phase() == Phase::Cancelled; }, 5s));
        QCOMPARE(timesTold(release, "engine", "somebody unknown fired an emergency rollback: something smells"), 1);
    }

    void anObserversEmergencyDoesNotWaitForItsOwnEngine_data()
    {
        QTest::addColumn<bool>("everything");
        QTest::addColumn<QString>("answer");
        const auto one = QStringLiteral("checkout/production by you");
        QTest::newRow("one rollout") << false << one;
        QTest::newRow("everything, where nothing runs too") << true << one + QStringLiteral("\nidle/staging by you");
    }
    void anObserversEmergencyDoesNotWaitForItsOwnEngine()
    {
        QFETCH(bool, everything);
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        sim::MemoryJournal journal(release.store, release.fleet.world().clock());
        engine::ThreadedEngine console;
        sim::SimulatedRouter router(release.fleet.world(), console.sink());
        AnsweringEmergency emergency;
        engine::EngineParts parts;
        parts.connections = release.fleet.connections();
        parts.connections.targets.insert(parts.connections.targets.begin(), {.id = TargetId("idle/staging")});
        parts.engineId = "console";
        parts.drive = false;
        parts.clock = &release.fleet.world().clock();
        parts.journal = &journal;
        parts.safety = &release.fleet.safety();
        parts.emergency = &emergency;
        parts.router = &router;
        std::promise<void> held; // as if the journal were locked by a frozen driver
        const auto holds = held.get_future().share();
        QVERIFY(console.start(std::move(parts), [holds] { holds.wait(); }).ok());
        auto answer = std::make_shared<std::promise<Result<std::string>>>();
        auto answered = answer->get_future();
        rollout::Command command = rollout::EmergencyRollback{release.rollout, "it hangs"};
        if (everything) command = rollout::EmergencyStop{"it hangs"};
        console.submit(std::move(command), {.person = PersonId("you")},
                       [answer](const Result<std::string>& reply) { answer->set_value(reply); });
        const bool came = answered.wait_for(10s) == std::future_status::ready;
        held.set_value();
        console.stop();
        QVERIFY(came);
        QTEST(QString::fromStdString(answered.get().value()), "answer");
    }

    void aDriverThatWakesUpUnderAStopAsksForNoTrafficNotEvenForAMoment()
    {
        SimulatedRelease release;
        release.kill();
        NotingRouter router;
        release.boot("freezes", [&](engine::EngineParts& parts) {
            router.inner = parts.router;
            parts.router = &router;
        });
        QVERIFY(untilBaking(release));
        QVERIFY(!router.exposing.empty());
        release.engine->frozen = true;
        release.run(2s);
        fire(release, "colleague", "it hangs");
        router.exposing.clear();
        release.engine->frozen = false;
        QVERIFY(release.toTheEnd(3min));
        QCOMPARE(release.phase(), Phase::RolledBack);
        QCOMPARE(router.exposing.size(), size_t{0});
        release.kill(); // before what its router points to
    }

    void whoClearedAStopAndWhyIsInTheJournal()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        fire(release, "colleague", "payments fail");
        QVERIFY(release.toTheEnd(3min));
        const Result<std::string> nobody = release.ask(rollout::ClearStop{.reason = "let me"}, "");
        QVERIFY(!nobody.ok());
        QVERIFY(release.fleet.safety().stopped(release.target).has_value());
        QVERIFY(release.ask(rollout::ClearStop{.reason = "the bank is back"}, "you").ok());
        QVERIFY(!release.fleet.safety().stopped(release.target).has_value());
        QCOMPARE(release.eventNames().back(), std::string("commented"));
        QCOMPARE(timesTold(release, "you", "cleared the emergency stop: the bank is back"), 1);
    }

    void whoClearedAStopWhereNothingRanIsInTheJournalToo()
    {
        SimulatedRelease release;
        QVERIFY(release.until(
            [&] { return release.engine->core.latest()->engine.role == engine::EngineStatus::Role::Driver; }, 30s));
        fire(release, "colleague", "keep your hands off");
        release.run(1s);
        QVERIFY(release.ask(rollout::ClearStop{.reason = "the freeze is over"}, "you").ok());
        QVERIFY(!release.fleet.safety().stopped(release.target).has_value());
        QCOMPARE(release.store.clearedStops.size(), size_t{1});
        const ports::ClearedStop& told = release.store.clearedStops.front();
        QCOMPARE(told.fired.target, release.target);
        QCOMPARE(told.fired.person, PersonId("colleague"));
        QCOMPARE(told.fired.reason, std::string("keep your hands off"));
        QCOMPARE(told.by, PersonId("you"));
        QCOMPARE(told.reason, std::string("the freeze is over"));
    }

    void aStopAfterTheLastRolloutEndedIsInTheJournalToo()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.toTheEnd(5min));
        release.run(5s);
        fire(release, "colleague", "drill");
        release.run(1s);
        QVERIFY(release.ask(rollout::ClearStop{.reason = "drill over"}, "you").ok());
        QCOMPARE(release.store.clearedStops.size(), size_t{1});
        QCOMPARE(release.store.clearedStops.front().fired.reason, std::string("drill"));
        QCOMPARE(timesTold(release, "you", "cleared the emergency stop"), 0);
    }

    void aReasonThatComesWhenTheStopIsInForceIsTold()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        fire(release, "colleague", "");
        QVERIFY(release.until([&] { return release.phase() == Phase::RollingBack; }, 5s));
        auto stop = *release.fleet.safety().stopped(release.target);
        stop.reason = "payments fail";
        QVERIFY(release.fleet.safety().explainStop(stop).ok());
        release.run(2s);
        QCOMPARE(timesTold(release, "colleague", "Reason of the emergency: payments fail"), 1);
        release.kill();
        release.boot("again");
        release.run(5s);
        QCOMPARE(timesTold(release, "colleague", "Reason of the emergency: payments fail"), 1);
    }

    void nothingRisesWhileAStopIsInForce()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.until([&] { return release.phase() == Phase::Preparing; }, 30s));
        fire(release, "colleague", "not now");
        QVERIFY(release.toTheEnd(3min));
        const auto names = release.eventNames();
        QVERIFY(std::ranges::find(names, "stage_entered") == names.end());
        QCOMPARE(names.back(), std::string("rollout_cancelled"));
    }
};

QTEST_GUILESS_MAIN(EngineStopTest)
#include "engine_stop_test.moc"
