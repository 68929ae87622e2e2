// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;

namespace {

Playbook errorsAbove(int64_t ppm, Duration hold)
{
    Playbook book = watching({errorRate(), requestRate()}, {.metric = "error_rate", .limit = ppm}, hold);
    book.score.parts = {{.id = "errors", .weightPpm = kMillion, .metrics = {"error_rate"}, .full = 0, .zero = 20'000}};
    return book;
}

} // namespace

class TestJudge : public QObject {
    Q_OBJECT
private slots:
    void itAsksForEverySeriesOnce();
    void itFiresInTheTickInWhichTheSampleArrives();
    void itRecordsStableWhileNobodyIsExposed();
    void beforeAnySampleThereIsNoData();
    void aCanaryJustExposedIsLateAndNotLostBeforeItsFirstScrape();
    void freshnessIsOfTheExposedTrack_data();
    void freshnessIsOfTheExposedTrack();
    void replicasScrapedAtDifferentMomentsAreAddedUp();
    void aLateReplicaCorrectsTheSecond();
    void aRebuiltJudgeAgreesWithTheOneThatNeverStopped();
    void aJudgeThatBeganBeforeTheRangeQueryTakesItIn_data();
    void aJudgeThatBeganBeforeTheRangeQueryTakesItIn();
    void yearsOfSuspendAreSkipped();
    void aSourceThatWasSilentForLongIsJudgedAgain();
};

void TestJudge::itAsksForEverySeriesOnce()
{
    Playbook book;
    book.metrics = {errorRate(), requestRate(), latency("p50", 500'000), latency("p95", 950'000)};
    QCOMPARE(Judge(book, {}).seriesNames(), (std::vector<std::string>{"duration_bucket", "requests"}));
}

void TestJudge::itFiresInTheTickInWhichTheSampleArrives()
{
    Scene scene(errorsAbove(20'000, 0s));
    scene.run(10);
    scene.expose(0, percent(10));
    scene.run(20);
    QCOMPARE(scene.trigger().state, TriggerState::Idle);
    QCOMPARE(scene.trigger().observed, std::optional<int64_t>(0));
    scene.load = [](Scene& s) { s.traffic(90, 10, 10); };
    scene.run(1);
    QCOMPARE(scene.trigger().state, TriggerState::Firing);
    QCOMPARE(scene.trigger().observed, std::optional<int64_t>(47'619)); // 10 of 210
}

void TestJudge::itRecordsStableWhileNobodyIsExposed()
{
    Scene scene(errorsAbove(20'000, 0s)); // before: 30 s
    scene.run(20);
    QCOMPARE(scene.judge.baselineRecorded(), Duration(17s)); // the newest three seconds may still be incomplete
    scene.run(40);
    QCOMPARE(scene.judge.baselineRecorded(), Duration(30s));
}

void TestJudge::beforeAnySampleThereIsNoData()
{
    const Playbook book = errorsAbove(20'000, 0s);
    SeriesStore store;
    Judge judge(book, {});
    const Assessment& seen = judge.advance(store, {.stage = 0, .weight = percent(10)}, {.wall = at(5)});
    QCOMPARE(seen.freshness, Freshness::NoData);
    QCOMPARE(seen.sampleTime, WallTime{});
    QCOMPARE(seen.triggers.at(0).state, TriggerState::NoData);
    QCOMPARE(seen.triggers.at(0).noData, NoDataReason::SourceDown);
    QCOMPARE(seen.score.band, Band::Unknown);
}

void TestJudge::aCanaryJustExposedIsLateAndNotLostBeforeItsFirstScrape()
{
    const Playbook book = errorsAbove(20'000, 0s);
    Instance old("c", Track::Canary, 0); // of a release an hour ago
    Instance stable("s", Track::Stable, 0);
    old.count("requests", "", 1);
    stable.count("requests", "", 1);
    old.scrape(1000);
    stable.scrape(4600);
    SeriesStore store;
    store.add(batchOf({&old, &stable}, 0, at(4600).time_since_epoch() / 1ms));
    Judge judge(book, {});
    judge.advance(store, {}, {.wall = at(4600)});
    const JudgeContext exposed{.stage = 0, .weight = percent(10), .appliedAt = at(4601)};
    QCOMPARE(judge.advance(store, exposed, {.wall = at(4601)}).freshness, Freshness::Late);
    QCOMPARE(judge.advance(store, exposed, {.wall = at(4608)}).freshness, Freshness::NoData);
}

void TestJudge::freshnessIsOfTheExposedTrack_data()
{
    QTest::addColumn<qint64>("ageMs");
    QTest::addColumn<qint64>("intervalMs");
    QTest::addColumn<int>("freshness");
    const auto row = [](const char* name, qint64 age, qint64 interval, Freshness freshness) {
        QTest::newRow(name) << age << interval << int(freshness);
    };
    row("new", 200, 1000, Freshness::Fresh);
    row("two intervals and a second", 3000, 1000, Freshness::Fresh);
    row("a little more", 3001, 1000, Freshness::Late);
    row("five intervals", 5000, 1000, Freshness::Late);
    row("beyond", 5001, 1000, Freshness::NoData);
    row("15 s: fresh", 31'000, 15'000, Freshness::Fresh);
    row("15 s: late", 75'000, 15'000, Freshness::Late);
    row("60 s: fresh", 121'000, 60'000, Freshness::Fresh);
    row("60 s: beyond", 300'001, 60'000, Freshness::NoData);
}

void TestJudge::freshnessIsOfTheExposedTrack()
{
    QFETCH(qint64, ageMs);
    QFETCH(qint64, intervalMs);
    QFETCH(int, freshness);
    const Playbook book = errorsAbove(20'000, 0s);
    Instance canary("c", Track::Canary, 0);
    Instance stable("s", Track::Stable, 0);
    canary.count("requests", "", 1);
    stable.count("requests", "", 1);
    canary.scrape(1000);
    stable.scrape(1400); // goes on, and says nothing about the canary
    SeriesStore store;
    RawBatch batch = batchOf({&canary, &stable}, 0, at(2000).time_since_epoch() / 1ms);
    batch.interval = std::chrono::milliseconds(intervalMs);
    store.add(batch);
    Judge judge(book, {});
    const Now now{.wall = at(1000) + std::chrono::milliseconds(ageMs)};
    QCOMPARE(int(judge.advance(store, {.stage = 0, .weight = percent(10)}, now).freshness), freshness);
    QCOMPARE(judge.latest().sampleTime, at(1000));
}

void TestJudge::replicasScrapedAtDifferentMomentsAreAddedUp()
{
    Scene scene(errorsAbove(20'000, 0s));
    Instance other("c2", Track::Canary, 900);
    scene.load = [&](Scene& s) {
        s.traffic(90, 10);
        other.count("requests", "code=200", 5);
        other.scrape(s.second);
        // Scraped after the poll of its second: it arrives with the next one.
        s.store.add(batchOf({&other}, 0, (kStart + s.second) * 1000));
    };
    scene.run(5);
    scene.expose(0, percent(10));
    scene.run(100);
    QVERIFY(std::abs(*scene.reading("throughput").canary - 15'000'000) <= 5'000'000 / 60 + 1);
}

void TestJudge::aLateReplicaCorrectsTheSecond()
{
    const Playbook book = errorsAbove(400'000, 0s);
    Instance bad("c1", Track::Canary, 100);
    Instance good("c2", Track::Canary, 900);
    for (int64_t s = 0; s <= 20; ++s) {
        bad.count("requests", "code=500", s == 20 ? 500 : 0);
        bad.count("requests", "code=200", 10);
        good.count("requests", "code=200", s == 20 ? 2000 : 10);
        bad.scrape(s);
        good.scrape(s);
    }
    SeriesStore store;
    Judge judge(book, {});
    const JudgeContext context{.stage = 0, .weight = percent(10)};
    store.add(batchOf({&bad, &good}, 0, (kStart + 20) * 1000 + 500));
    judge.advance(store, context, {.wall = at(20) + 500ms});
    QCOMPARE(judge.latest().triggers.at(0).state, TriggerState::Firing); // never waits for the others
    store.add(batchOf({&bad, &good}, (kStart + 18) * 1000, (kStart + 21) * 1000));
    judge.advance(store, context, {.wall = at(21)});
    QCOMPARE(judge.latest().triggers.at(0).state, TriggerState::Idle);
}

void TestJudge::aRebuiltJudgeAgreesWithTheOneThatNeverStopped()
{
    Scene scene(errorsAbove(20'000, 300s));
    const auto bad = [](Scene& s) { s.traffic(900, 100, 5); };
    scene.load = bad;
    std::vector<JudgeContext> history; // as the journal would tell it: what held up to which instant
    const auto until = [&](int64_t seconds) {
        history.push_back(scene.context);
        scene.run(seconds);
        history.back().upTo = at(scene.second) - 1us;
    };
    until(60);
    scene.expose(0, percent(1));
    until(90);
    scene.load = [](Scene& s) { s.traffic(900, 100, 30); };
    scene.expose(1, percent(10));
    until(90);
    scene.expose(2, percent(25));
    until(40);
    scene.run(1);

    Judge rebuilt(scene.playbook, {});
    const Now now{.wall = at(scene.second - 1) + 300ms};
    for (const JudgeContext& context : history)
        rebuilt.advance(scene.store, context, now);
    rebuilt.advance(scene.store, scene.context, now);
    QVERIFY(scene.trigger().heldFor > Duration(100s));
    QCOMPARE(rebuilt.latest(), scene.seen());
    QCOMPARE(rebuilt.baselineRecorded(), scene.judge.baselineRecorded());
    QCOMPARE(rebuilt.history("error_rate", Track::Canary), scene.judge.history("error_rate", Track::Canary));
}

void TestJudge::aJudgeThatBeganBeforeTheRangeQueryTakesItIn_data()
{
    QTest::addColumn<bool>("pollCameFirst");
    QTest::newRow("nothing was there") << false;
    QTest::newRow("a poll came first") << true;
}

void TestJudge::aJudgeThatBeganBeforeTheRangeQueryTakesItIn()
{
    QFETCH(bool, pollCameFirst);
    Scene scene(errorsAbove(20'000, 30s));
    scene.load = [](Scene& s) { s.traffic(900, 100, 30); };
    scene.expose(0, percent(10));
    scene.run(60);

    SeriesStore store;
    Judge judge(scene.playbook, {});
    const Now now{.wall = at(59) + 300ms};
    const std::vector<const Instance*> all{&scene.stable, &scene.canary};
    if (pollCameFirst) store.add(batchOf(all, (kStart + 57) * 1000, (kStart + 60) * 1000));
    judge.advance(store, scene.context, now);
    QVERIFY(judge.latest().triggers.at(0).state != TriggerState::Firing);
    store.add(batchOf(all, 0, (kStart + 60) * 1000));
    judge.advance(store, scene.context, now);
    QCOMPARE(judge.latest().triggers.at(0).state, TriggerState::Firing);
    QCOMPARE(judge.latest().readings, scene.seen().readings);
}

void TestJudge::yearsOfSuspendAreSkipped()
{
    Scene scene(errorsAbove(20'000, 300s));
    scene.load = [](Scene& s) { s.traffic(900, 100, 30); };
    scene.expose(0, percent(10));
    scene.run(100);
    QVERIFY(scene.trigger().heldFor > Duration(90s));
    scene.second += 20LL * 365 * 24 * 3600; // judged one by one they would take longer than any test may
    scene.run(20);
    QCOMPARE(scene.trigger().state, TriggerState::Pending);
    QVERIFY(scene.trigger().heldFor <= Duration(20s));
    QCOMPARE(scene.reading("throughput").canary, std::optional<int64_t>(100'000'000));
}

void TestJudge::aSourceThatWasSilentForLongIsJudgedAgain()
{
    Scene scene(errorsAbove(20'000, 300s));
    scene.load = [](Scene& s) { s.traffic(900, 100, 30); };
    scene.expose(0, percent(10));
    scene.run(100);
    scene.silence(20'000);
    QCOMPARE(scene.trigger().state, TriggerState::NoData);
    QCOMPARE(scene.trigger().heldFor, Duration(0s));
    scene.run(2);
    QCOMPARE(scene.seen().freshness, Freshness::Fresh);
}

QTEST_GUILESS_MAIN(TestJudge)
#include "tst_judge.moc"
