// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/analysis/score.h"
#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;
using Some = std::optional<int64_t>;

namespace {

const std::vector<double> kBounds{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 2, 5};

/// The formulas of the Avalo seed (rows ).
Playbook avalo(bool shareCorrected = true)
{
    Playbook book;
    book.before = 30s;
    book.metrics = {errorRate(),
                    latency("p95", 950'000),
                    requestRate(),
                    gauge("cpu", Aggregate::Max, false),
                    gauge("memory", Aggregate::Max, false),
                    gauge("users", Aggregate::Sum, true)};
    using Kind = ScorePart::Kind;
    book.score.parts = {{.id = "errors",
                         .weightPpm = 300'000,
                         .kind = Kind::Linear,
                         .metrics = {"error_rate"},
                         .full = 0,
                         .zero = 20'000},
                        {.id = "latency",
                         .weightPpm = 250'000,
                         .kind = Kind::Linear,
                         .metrics = {"p95"},
                         .full = 500'000,
                         .zero = 1'200'000},
                        {.id = "throughput", .weightPpm = 200'000, .kind = Kind::OfBaseline, .metrics = {"throughput"}},
                        {.id = "resources",
                         .weightPpm = 150'000,
                         .kind = Kind::Linear,
                         .metrics = {"cpu", "memory"},
                         .full = 0,
                         .zero = 1'000'000},
                        {.id = "users", .weightPpm = 100'000, .kind = Kind::OfBaseline, .metrics = {"users"}}};
    book.score.shareCorrected = shareCorrected;
    return book;
}

struct World {
    double errorShare{0}; ///< of the canary's requests
    double p95{0.15};     ///< seconds: every answer takes this
    double cpu{0.3};
    double memory{0.2};
    double canaryTraffic{1}; ///< of what its share should bring
    double canaryUsers{1};
    int64_t weight{10};
};

void live(Scene& s, const World& world)
{
    const double share = s.context.stage < 0 ? 0 : static_cast<double>(world.weight) / 100;
    const double canary = 2000 * share * world.canaryTraffic;
    s.traffic(2000 * (1 - share), canary, canary * world.errorShare);
    s.stable.observe("duration_bucket", kBounds, 0.15, 2000 * (1 - share));
    s.canary.observe("duration_bucket", kBounds, world.p95, canary);
    s.canary.set("cpu", "", world.cpu);
    s.canary.set("memory", "", world.memory);
    s.stable.set("users", "", 10'000 * (1 - share));
    s.canary.set("users", "", 10'000 * share * world.canaryUsers);
}

Scene running(World world, bool shareCorrected = true)
{
    Scene scene(avalo(shareCorrected));
    scene.load = [world](Scene& s) { live(s, world); };
    scene.run(10);
    scene.expose(0, percent(world.weight));
    scene.run(100);
    return scene;
}

} // namespace
Q_DECLARE_METATYPE(World)

class TestScore : public QObject {
    Q_OBJECT
private slots:
    void golden_data();
    void golden();
    void aPerfectOnePercentCanaryScoresFullWhenCorrectedAndNotRaw();
    void bandsCompareTheUnroundedScore_data();
    void bandsCompareTheUnroundedScore();
    void aPartWithoutDataLeavesTheScoreUnknown();
    void theWorstMetricOfAPartCountsAndIsNamed();
    void theWorstPartCanBeFound();
    void aBandMustHoldForItsTime();
    void aScoreThatJumpsIsHeldAtTheBetterOfItsBands();
    void theHeldBandIsForgottenAfterHalfAMinuteWithoutData();
    void withoutExposureThereIsNoScore();
};

void TestScore::golden_data()
{
    QTest::addColumn<World>("world");
    QTest::addColumn<qint64>("milli");
    QTest::addColumn<int>("band");
    const int proceed = int(Band::Proceed);
    const int watch = int(Band::Watch);
    const int pause = int(Band::Pause);
    const int rollback = int(Band::Rollback);
    QTest::newRow("perfect and idle") << World{.cpu = 0, .memory = 0} << qint64{100'000} << proceed;
    QTest::newRow("perfect at 30 % load") << World{} << qint64{95'500} << proceed;
    QTest::newRow("2 % errors at 30 % load") << World{.errorShare = 0.02} << qint64{65'500} << rollback;
    QTest::newRow("5 % errors cost no more than 2 %") << World{.errorShare = 0.05} << qint64{65'500} << rollback;
    QTest::newRow("1 % errors: half the part") << World{.errorShare = 0.01} << qint64{80'500} << watch;
    QTest::newRow("memory is the worse of two") << World{.memory = 0.9} << qint64{86'500} << watch;
    QTest::newRow("load over 100 % is clamped") << World{.cpu = 1.6} << qint64{85'000} << watch;
    QTest::newRow("excellent ends above 67 % load") << World{.cpu = 0.67} << qint64{89'950} << watch;
    QTest::newRow("half the traffic it should have") << World{.canaryTraffic = 0.5} << qint64{85'500} << watch;
    QTest::newRow("more traffic than expected is clamped") << World{.canaryTraffic = 1.5} << qint64{95'500} << proceed;
    QTest::newRow("half the users") << World{.canaryUsers = 0.5} << qint64{90'500} << proceed;
    QTest::newRow("no users at all") << World{.canaryUsers = 0} << qint64{85'500} << watch;
    // Every answer in (800, 900] ms: p95 = 895 ms, 100 - 395 / 7 = 43.571... points of a quarter weight.
    QTest::newRow("p95 of 895 ms") << World{.p95 = 0.85} << qint64{81'392} << watch;
    QTest::newRow("p95 over the top bucket") << World{.p95 = 9} << qint64{70'500} << pause;
    QTest::newRow("p95 under 500 ms stays full") << World{.p95 = 0.05} << qint64{95'500} << proceed;
}

void TestScore::golden()
{
    QFETCH(World, world);
    QFETCH(qint64, milli);
    QFETCH(int, band);
    const Scene scene = running(world);
    QCOMPARE(scene.seen().score.milli, Some(milli));
    QCOMPARE(int(scene.seen().score.band), band);
    QCOMPARE(int(scene.seen().score.heldBand), band);
}

void TestScore::aPerfectOnePercentCanaryScoresFullWhenCorrectedAndNotRaw()
{
    QCOMPARE(running({.weight = 1}).seen().score.milli, Some(95'500));
    // Raw: 20 of stable's 1980 requests, 100 of its 9900 users, so 1.0101 % of both parts.
    QCOMPARE(running({.weight = 1}, false).seen().score.milli, Some(65'803));
}

void TestScore::bandsCompareTheUnroundedScore_data()
{
    QTest::addColumn<qint64>("milli");
    QTest::addColumn<int>("band");
    QTest::newRow("90") << qint64{90'000} << int(Band::Proceed);
    QTest::newRow("89.999") << qint64{89'999} << int(Band::Watch);
    QTest::newRow("80") << qint64{80'000} << int(Band::Watch);
    QTest::newRow("79.999") << qint64{79'999} << int(Band::Pause);
    QTest::newRow("70") << qint64{70'000} << int(Band::Pause);
    QTest::newRow("69.999") << qint64{69'999} << int(Band::Rollback);
    QTest::newRow("0") << qint64{0} << int(Band::Rollback);
}

void TestScore::bandsCompareTheUnroundedScore()
{
    QFETCH(qint64, milli);
    QFETCH(int, band);
    QCOMPARE(int(bandOf(ScoreRule{}, milli)), band);
}

void TestScore::aPartWithoutDataLeavesTheScoreUnknown()
{
    Playbook book = avalo();
    book.metrics[3].of.name = "cpu_misspelt";
    Scene scene(book);
    scene.load = [](Scene& s) { live(s, {}); };
    scene.run(10);
    scene.expose(0, percent(10));
    scene.run(70);
    const ScoreResult& score = scene.seen().score;
    QCOMPARE(score.milli, Some());
    QCOMPARE(score.band, Band::Unknown);
    QCOMPARE(score.heldBand, Band::Unknown);
    QCOMPARE(score.parts[3].milliPoints, Some());
    QCOMPARE(score.parts[3].because, std::string("cpu: no sample yet"));
    QCOMPARE(score.parts[0].milliPoints, Some(100'000)); // the others are still shown
}

void TestScore::theWorstMetricOfAPartCountsAndIsNamed()
{
    const Scene scene = running({.cpu = 0.4, .memory = 0.75});
    const ScorePartResult& part = scene.seen().score.parts[3];
    QCOMPARE(part.milliPoints, Some(25'000));
    QCOMPARE(part.because, std::string("memory 75 %; full points at 0 %, none at 100 %"));
    QCOMPARE(scene.seen().score.parts[2].because, std::string("Throughput 200 /s of 200 /s expected"));
}

void TestScore::theWorstPartCanBeFound()
{
    const Scene scene = running({.errorShare = 0.018});
    const auto& parts = scene.seen().score.parts;
    const auto worst =
        std::ranges::min_element(parts, {}, [](const ScorePartResult& part) { return *part.milliPoints; });
    QCOMPARE(worst->id, std::string("errors"));
    QCOMPARE(worst->because, std::string("Error rate 1.8 %; full points at 0 %, none at 2 %"));
}

void TestScore::aBandMustHoldForItsTime()
{
    Scene scene = running({});
    QCOMPARE(scene.seen().score.heldBand, Band::Proceed);
    scene.load = [](Scene& s) { live(s, {.errorShare = 1}); };
    scene.run(30); // rollback from the third second on, when 5 % of the minute failed
    QCOMPARE(scene.seen().score.band, Band::Rollback);
    QCOMPARE(scene.seen().score.bandFor, Duration(28s));
    QCOMPARE(scene.seen().score.heldBand, Band::Proceed);
    scene.run(3);
    QCOMPARE(scene.seen().score.heldBand, Band::Rollback);
}

void TestScore::aScoreThatJumpsIsHeldAtTheBetterOfItsBands()
{
    const ScoreRule rule{.hold = 30s};
    const HoldClock::Pace pace{};
    BandClock clock;
    ScoreResult seen;
    for (int64_t s = 0; s <= 40; ++s)
        clock.sample(rule, Band::Proceed, s, pace);
    for (int64_t s = 41; s <= 70; ++s)
        clock.sample(rule, s % 2 == 0 ? Band::Pause : Band::Rollback, s, pace);
    clock.fill(seen);
    QCOMPARE(seen.heldBand, Band::Proceed); // 29 s
    clock.sample(rule, Band::Rollback, 71, pace);
    clock.fill(seen);
    QCOMPARE(seen.heldBand, Band::Pause);
    for (int64_t s = 72; s <= 102; ++s)
        clock.sample(rule, s % 2 == 0 ? Band::Proceed : Band::Watch, s, pace);
    clock.fill(seen);
    QCOMPARE(seen.heldBand, Band::Watch);
}

void TestScore::theHeldBandIsForgottenAfterHalfAMinuteWithoutData()
{
    Scene scene = running({.errorShare = 0.05});
    QCOMPARE(scene.seen().score.heldBand, Band::Rollback);
    scene.silence(30);
    QCOMPARE(scene.seen().score.band, Band::Unknown);
    QCOMPARE(scene.seen().score.heldBand, Band::Rollback);
    scene.silence(10);
    QCOMPARE(scene.seen().score.heldBand, Band::Unknown);
}

void TestScore::withoutExposureThereIsNoScore()
{
    Scene scene(avalo());
    scene.load = [](Scene& s) { live(s, {}); };
    scene.run(40);
    QCOMPARE(scene.seen().score, ScoreResult{});
}

QTEST_GUILESS_MAIN(TestScore)
#include "tst_score.moc"
