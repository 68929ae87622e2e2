// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/analysis/trigger_clock.h"
#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;
using Some = std::optional<int64_t>;

namespace {

const auto healthy = [](Scene& s) { s.traffic(90, 10); };
const auto failing = [](Scene& s) { s.traffic(90, 10, 10); };

/// error_rate over 2 % in a window of ten seconds, so that it is seen at once and gone soon.
Scene errors(Duration hold, int checks = 0)
{
    Metric rule = errorRate();
    rule.window = 10s;
    rule.minRequests = 50;
    Scene scene(watching({rule}, {.metric = "error_rate", .limit = 20'000}, hold, checks));
    scene.run(5);
    scene.expose(0, percent(10));
    scene.run(30);
    return scene;
}

} // namespace

class TestTrigger : public QObject {
    Q_OBJECT
private slots:
    void theClockRunsOnSamplesAndStopsWithoutThem();
    void aCheckCountsOnceAnInterval();
    void withoutForItFiresOnTheSample();
    void itFiresWhenItHasHeldLongEnoughAndNotBefore();
    void aDipStartsTheClockAgain();
    void checksInARow();
    void aPendingTriggerSaysWhenItFires();
    void missingDataStopsTheClockAndHalfAMinuteOfItResets();
    void missingDataNeverFires();
    void itSurvivesAChangeOfStage();
    void itIsNotWatchedWithoutExposure();
    void trafficBeforeTheFirstExposureDoesNotCount();
    void inItsCooldownItDoesNotFire();
    void aBreachInsideAGapFiresOnce();
    void aSecondThatIsJudgedAgainDoesNotFireAgain();
    void aBreachThatWasActedOnDoesNotFireAgainAfterARestart();
    void theMarginIsTheRoomLeft_data();
    void theMarginIsTheRoomLeft();
};

void TestTrigger::theClockRunsOnSamplesAndStopsWithoutThem()
{
    const HoldClock::Pace pace{.freshSeconds = 3, .intervalSeconds = 1};
    HoldClock clock;
    clock.yes(10, pace);
    QCOMPARE(clock.heldSeconds(), int64_t{0});
    clock.yes(12, pace); // one scrape was missed
    QCOMPARE(clock.heldSeconds(), int64_t{2});
    clock.yes(17, pace); // four were: only what may count as fresh is observed
    QCOMPARE(clock.heldSeconds(), int64_t{5});
    clock.noData(20);
    clock.noData(49);
    QCOMPARE(clock.heldSeconds(), int64_t{5});
    clock.yes(49, pace);
    clock.yes(50, pace);
    QCOMPARE(clock.heldSeconds(), int64_t{6});
    clock.noData(60);
    clock.noData(90);
    QCOMPARE(clock.heldSeconds(), int64_t{0});
    clock.yes(91, pace);
    clock.no();
    QVERIFY(!clock.running());
}

void TestTrigger::aCheckCountsOnceAnInterval()
{
    const HoldClock::Pace pace{.freshSeconds = 31, .intervalSeconds = 15};
    HoldClock clock;
    for (const int64_t second : {3, 9, 18, 24, 33})
        clock.yes(second, pace); // two replicas, scraped every 15 s
    QCOMPARE(clock.checks(), 3);
}

void TestTrigger::withoutForItFiresOnTheSample()
{
    Scene scene = errors(0s);
    QCOMPARE(scene.trigger().state, TriggerState::Idle);
    scene.load = failing;
    QCOMPARE(scene.secondsUntilFiring(3), int64_t{1});
}

void TestTrigger::itFiresWhenItHasHeldLongEnoughAndNotBefore()
{
    Scene scene = errors(20s);
    scene.load = failing;
    QCOMPARE(scene.secondsUntilFiring(60), int64_t{21}); // true from the first sample on; 20 s later
    QCOMPARE(scene.trigger().heldFor, Duration(20s));
    scene.run(5);
    QCOMPARE(scene.trigger().state, TriggerState::Firing);
}

void TestTrigger::aDipStartsTheClockAgain()
{
    Scene scene = errors(40s);
    scene.load = failing;
    scene.run(30);
    QCOMPARE(scene.trigger().heldFor, Duration(29s));
    scene.load = healthy;
    scene.run(15); // ten seconds until the window is clean
    QCOMPARE(scene.trigger().state, TriggerState::Idle);
    QCOMPARE(scene.trigger().heldFor, Duration(0s));
    scene.load = failing;
    QCOMPARE(scene.secondsUntilFiring(60), int64_t{41});
}

void TestTrigger::checksInARow()
{
    Scene scene = errors(0s, 3);
    scene.load = failing;
    scene.run(2);
    QCOMPARE(scene.trigger().state, TriggerState::Pending);
    QCOMPARE(scene.trigger().firesIn, Duration(1s));
    QCOMPARE(scene.secondsUntilFiring(5), int64_t{1});
}

void TestTrigger::aPendingTriggerSaysWhenItFires()
{
    Scene scene = errors(20s);
    scene.load = failing;
    scene.run(6);
    QCOMPARE(scene.trigger().state, TriggerState::Pending);
    QCOMPARE(scene.trigger().heldFor, Duration(5s));
    QCOMPARE(scene.trigger().firesIn, Duration(15s));
    QCOMPARE(scene.secondsUntilFiring(60), int64_t{15});
}

void TestTrigger::missingDataStopsTheClockAndHalfAMinuteOfItResets()
{
    Scene scene = errors(60s);
    scene.load = failing;
    scene.run(21);
    QCOMPARE(scene.trigger().heldFor, Duration(20s));
    scene.polled = false;
    scene.run(20);
    QCOMPARE(scene.trigger().state, TriggerState::NoData);
    QCOMPARE(scene.trigger().noData, NoDataReason::SourceDown);
    QCOMPARE(scene.trigger().heldFor, Duration(20s));
    scene.polled = true;
    scene.run(11);
    QCOMPARE(scene.trigger().state, TriggerState::Pending);
    QCOMPARE(scene.trigger().heldFor, Duration(32s)); // the answer brought the last three seconds of the silence, too

    scene.polled = false;
    scene.run(40);
    QCOMPARE(scene.trigger().heldFor, Duration(0s));
    scene.polled = true;
    scene.run(5);
    QCOMPARE(scene.trigger().heldFor, Duration(6s));
}

void TestTrigger::missingDataNeverFires()
{
    Scene scene = errors(10s);
    scene.load = failing;
    scene.run(9);
    for (int i = 0; i < 100; ++i) {
        scene.silence(1);
        QVERIFY(scene.trigger().state != TriggerState::Firing);
    }
    QCOMPARE(scene.trigger().observed, Some());
}

void TestTrigger::itSurvivesAChangeOfStage()
{
    Scene scene = errors(20s);
    scene.load = failing;
    scene.run(11);
    scene.expose(1, percent(25));
    QCOMPARE(scene.secondsUntilFiring(60), int64_t{10});
}

void TestTrigger::itIsNotWatchedWithoutExposure()
{
    Scene scene(watching({errorRate()}, {.metric = "error_rate", .limit = 20'000}));
    scene.load = failing;
    scene.run(40);
    QCOMPARE(scene.trigger().state, TriggerState::Idle);
    QCOMPARE(scene.trigger().observed, Some());
}

void TestTrigger::trafficBeforeTheFirstExposureDoesNotCount()
{
    Scene scene(watching({errorRate()}, {.metric = "error_rate", .limit = 20'000}));
    scene.load = failing; // smoke tests that are meant to fail
    scene.run(40);
    scene.load = healthy;
    scene.expose(0, percent(10));
    QCOMPARE(scene.secondsUntilFiring(90), int64_t{-1});
}

void TestTrigger::inItsCooldownItDoesNotFire()
{
    Scene scene = errors(0s);
    scene.load = failing;
    QCOMPARE(scene.secondsUntilFiring(3), int64_t{1});
    scene.context.cooldownUntil["error_rate-1"] = at(scene.second + 20);
    scene.run(10);
    QCOMPARE(scene.trigger().state, TriggerState::Cooldown);
    QCOMPARE(scene.trigger().cooldownLeft, Duration(10s + 700ms));
    scene.run(10);
    QCOMPARE(scene.trigger().state, TriggerState::Cooldown);
    scene.run(1); // still true, and it has held all the time
    QCOMPARE(scene.trigger().state, TriggerState::Firing);
}

void TestTrigger::aBreachInsideAGapFiresOnce()
{
    Scene scene = errors(5s);
    for (int i = 0; i < 60; ++i, ++scene.second) { // the engine is away, the scrapes go on
        scene.traffic(90, 10, i < 20 ? 10 : 0);
        scene.stable.scrape(scene.second);
        scene.canary.scrape(scene.second);
    }
    scene.store.add(batchOf({&scene.stable, &scene.canary}, (kStart + 34) * 1000, (kStart + scene.second) * 1000));
    scene.run(1);
    QCOMPARE(scene.trigger().state, TriggerState::Firing);
    scene.run(1);
    QCOMPARE(scene.trigger().state, TriggerState::Idle);
}

void TestTrigger::aSecondThatIsJudgedAgainDoesNotFireAgain()
{
    Playbook book = watching({gauge("disk", Aggregate::Max, false)}, {.metric = "disk", .limit = 950'000});
    Instance full("c1", Track::Canary, 100);
    Instance other("c2", Track::Canary, 900);
    for (int64_t s = 0; s < 20; ++s) {
        full.set("disk", "", s == 15 ? 0.99 : 0.5);
        other.set("disk", "", 0.5);
        full.scrape(s);
        other.scrape(s);
    }
    SeriesStore store;
    Judge judge(book, {});
    const JudgeContext context{.stage = 0, .weight = percent(10)};
    const auto stateAt = [&](int64_t ms) {
        store.add(batchOf({&full, &other}, 0, kStart * 1000 + ms));
        return judge.advance(store, context, {.wall = at(0) + std::chrono::milliseconds(ms)}).triggers.at(0).state;
    };
    QCOMPARE(stateAt(14'500), TriggerState::Idle);
    QCOMPARE(stateAt(15'500), TriggerState::Firing);
    QCOMPARE(stateAt(16'500), TriggerState::Idle); // brings the other replica's sample of second 15
}

void TestTrigger::aBreachThatWasActedOnDoesNotFireAgainAfterARestart()
{
    Scene scene = errors(0s);
    scene.load = failing;
    scene.run(1);
    scene.load = healthy;
    scene.run(30);
    Judge again(scene.playbook, {});
    JudgeContext context = scene.context;
    context.cooldownUntil["error_rate-1"] = at(50);
    again.advance(scene.store, context, {.wall = at(scene.second)});
    QCOMPARE(again.latest().triggers.at(0).state, TriggerState::Idle);

    Judge unaware(scene.playbook, {});
    unaware.advance(scene.store, scene.context, {.wall = at(scene.second)});
    QCOMPARE(unaware.latest().triggers.at(0).state, TriggerState::Firing);
}

void TestTrigger::theMarginIsTheRoomLeft_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<qint64>("observed");
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("margin");
    const int above = int(Condition::Kind::Above);
    const int below = int(Condition::Kind::Below);
    QTest::newRow("half way") << above << qint64{10'000} << qint64{20'000} << qint64{500'000};
    QTest::newRow("at the limit") << above << qint64{20'000} << qint64{20'000} << qint64{0};
    QTest::newRow("beyond") << above << qint64{25'000} << qint64{20'000} << qint64{-250'000};
    QTest::newRow("below wants more") << below << qint64{150} << qint64{100} << qint64{500'000};
    QTest::newRow("below is beyond") << below << qint64{90} << qint64{100} << qint64{-100'000};
    QTest::newRow("a limit of zero, met") << above << qint64{0} << qint64{0} << qint64{0};
    QTest::newRow("a limit of zero, broken") << above << qint64{7} << qint64{0} << qint64{-1'000'000};
}

void TestTrigger::theMarginIsTheRoomLeft()
{
    QFETCH(int, kind);
    QFETCH(qint64, observed);
    QFETCH(qint64, limit);
    QFETCH(qint64, margin);
    QCOMPARE(marginPpm(static_cast<Condition::Kind>(kind), {.observed = observed, .limit = limit}), Some(margin));
    QCOMPARE(marginPpm(static_cast<Condition::Kind>(kind), {.limit = limit}), Some());
}

QTEST_GUILESS_MAIN(TestTrigger)
#include "tst_trigger.moc"
