// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <map>
#include <rapidcheck.h>

#include "core/analysis/chart_pyramid.h"
#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;

namespace {

using Points = std::vector<ChartPoint>;

Points line(const std::vector<std::pair<uint8_t, int16_t>>& steps)
{
    Points out;
    int64_t at = 0;
    for (const auto& [step, value] : steps)
        out.push_back({at += step, value % 7});
    return out;
}

/// Column of a point by the definition, in floating point free form.
int64_t columnOf(int64_t at, int64_t from, int64_t to, int columns)
{
    return (at - from) * columns / (to - from);
}

} // namespace

class TestCharts : public QObject {
    Q_OBJECT
private slots:
    void aColumnKeepsFirstLowestHighestAndLast();
    void everyColumnKeepsItsExtremesAndEnds();
    void thePyramidAnswersLikeThePlainReduction();
    void thePyramidGrowsAndForgets();
    void aFollowedLineAnswersLikeOneBuiltAnew();
    void aFrameAfterAnotherAnswersLikeTheFirst();
    void aMillionPointsGiveTheSameColumns();
    void historyHasOnePointASecondOnEachTrack();
    void historyIsAtMostAnHourLong();
    void historyIsKeptForWhatIsChartedAndTheFirstMetric();
};

void TestCharts::aColumnKeepsFirstLowestHighestAndLast()
{
    const Points raw{{0, 5}, {1, 9}, {2, 7}, {3, 1}, {4, 3}, {10, 4}, {25, 6}};
    const Points expected{{0, 5}, {1, 9}, {3, 1}, {4, 3}, {10, 4}, {25, 6}};
    QCOMPARE(reduceM4(raw, 0, 30, 3), expected);
    QCOMPARE(reduceM4(raw, 0, 10, 1), (Points{{0, 5}, {1, 9}, {3, 1}, {4, 3}}));
    QCOMPARE(reduceM4(raw, 10, 25, 5), (Points{{10, 4}}));
    QCOMPARE(reduceM4({}, 0, 30, 3), Points{});
    QCOMPARE(reduceM4(raw, 30, 30, 3), Points{});
}

void TestCharts::everyColumnKeepsItsExtremesAndEnds()
{
    const bool held =
        rc::check("M4 keeps first, low, high and last", [](const std::vector<std::pair<uint8_t, int16_t>>& steps) {
            const Points raw = line(steps);
            const int columns = *rc::gen::inRange(1, 40);
            const int64_t from = *rc::gen::inRange<int64_t>(0, 100);
            const int64_t to = from + *rc::gen::inRange<int64_t>(1, 5000);
            std::map<int64_t, Points> byColumn;
            for (const ChartPoint& point : raw)
                if (point.atUs >= from && point.atUs < to)
                    byColumn[columnOf(point.atUs, from, to, columns)].push_back(point);
            std::map<int64_t, Points> kept;
            for (const ChartPoint& point : reduceM4(raw, from, to, columns))
                kept[columnOf(point.atUs, from, to, columns)].push_back(point);
            RC_ASSERT(kept.size() == byColumn.size());
            for (const auto& [column, all] : byColumn) {
                const Points& some = kept[column];
                RC_ASSERT(some.size() <= 4 && std::ranges::is_sorted(some, {}, &ChartPoint::atUs));
                RC_ASSERT(some.front() == all.front() && some.back() == all.back());
                const auto byValue = &ChartPoint::value;
                RC_ASSERT(std::ranges::min(some, {}, byValue).value == std::ranges::min(all, {}, byValue).value);
                RC_ASSERT(std::ranges::max(some, {}, byValue).value == std::ranges::max(all, {}, byValue).value);
            }
        });
    QVERIFY(held);
}

void TestCharts::thePyramidAnswersLikeThePlainReduction()
{
    const bool held = rc::check("pyramid = reduceM4", [] {
        const auto steps = *rc::gen::container<std::vector<std::pair<uint8_t, int16_t>>>(
            *rc::gen::inRange<size_t>(0, 5000), rc::gen::arbitrary<std::pair<uint8_t, int16_t>>());
        const Points raw = line(steps);
        ChartPyramid pyramid(raw);
        const int64_t end = raw.empty() ? 1 : raw.back().atUs + 1;
        const int64_t from = *rc::gen::inRange<int64_t>(-10, end);
        const int64_t to = *rc::gen::inRange<int64_t>(from, end + 10);
        const int columns = *rc::gen::inRange(1, 60);
        RC_ASSERT(pyramid.columns(from, to, columns) == reduceM4(raw, from, to, columns));
    });
    QVERIFY(held);
}

void TestCharts::thePyramidGrowsAndForgets()
{
    ChartPyramid pyramid;
    Points raw;
    for (int64_t i = 0; i < 40'000; ++i) {
        raw.push_back({i, (i * 7919) % 1013});
        pyramid.append(raw.back());
        if (i % 1000 == 0) pyramid.dropBefore(i - 3000);
    }
    QVERIFY(pyramid.points().size() < 6000);
    QCOMPARE(pyramid.columns(37'000, 40'000, 17), reduceM4(raw, 37'000, 40'000, 17));
}

void TestCharts::aFollowedLineAnswersLikeOneBuiltAnew()
{
    ChartPyramid pyramid;
    Points line;
    for (int64_t i = 0; i < 9'000; ++i) {
        if (i % 3 == 0 && !line.empty()) line.pop_back(); // the newest second was provisional
        line.push_back({i, (i * 7919) % 1013});
        if (line.size() > 4'000) line.erase(line.begin(), line.begin() + 100);
        if (i % 50 == 0) pyramid.follow(line);
    }
    pyramid.follow(line);
    QCOMPARE(pyramid.columns(line.front().atUs, 9'000, 17), reduceM4(line, line.front().atUs, 9'000, 17));
    pyramid.follow({});
    QVERIFY(pyramid.columns(0, 9'000, 17).empty());
    pyramid.follow({{5, 5}});
    QCOMPARE(pyramid.columns(0, 10, 1), Points({{5, 5}}));
}

void TestCharts::aFrameAfterAnotherAnswersLikeTheFirst()
{
    const bool held = rc::check("what is kept between frames changes no answer", [] {
        Points raw = line(*rc::gen::container<std::vector<std::pair<uint8_t, int16_t>>>(
            *rc::gen::inRange<size_t>(1, 3000), rc::gen::arbitrary<std::pair<uint8_t, int16_t>>()));
        ChartPyramid pyramid(raw);
        int64_t from = *rc::gen::inRange<int64_t>(-10, raw.back().atUs + 1);
        int64_t to = *rc::gen::inRange<int64_t>(from, raw.back().atUs + 10);
        for (int frame = 0; frame < 10; ++frame) {
            const int columns = 20 + 7 * *rc::gen::inRange(0, 3);
            RC_ASSERT(pyramid.columns(from, to, columns) == reduceM4(raw, from, to, columns));
            from += *rc::gen::inRange<int64_t>(-2, 300);
            to = std::max(from, to + *rc::gen::inRange<int64_t>(-2, 300));
            raw.push_back({raw.back().atUs + *rc::gen::inRange<int64_t>(0, 300), *rc::gen::inRange<int64_t>(-9, 9)});
            const auto gone = *rc::gen::inRange<std::ptrdiff_t>(0, 2) * std::ssize(raw) / 3;
            raw.erase(raw.begin(), raw.begin() + gone);
            from = std::max(from, raw.front().atUs); // what was dropped is not asked for any more
            to = std::max(from, to);
            pyramid.follow(raw);
        }
    });
    QVERIFY(held);
}

void TestCharts::aMillionPointsGiveTheSameColumns()
{
    Points raw;
    for (int64_t i = 0; i < 1'000'000; ++i)
        raw.push_back({i, (i * 7919) % 100'003});
    ChartPyramid pyramid(raw);
    QCOMPARE(pyramid.columns(0, 1'000'000, 1500), reduceM4(raw, 0, 1'000'000, 1500));
}

void TestCharts::historyHasOnePointASecondOnEachTrack()
{
    Playbook book;
    book.metrics = {requestRate()};
    Scene scene(book);
    scene.run(20);
    const auto& canary = scene.judge.history("throughput", Track::Canary);
    QCOMPARE(canary.size(), size_t{19}); // the first scrape is only the base
    QCOMPARE(canary.back(), (ChartPoint{(kStart + 19) * kMillion, 10 * kMillion}));
    QCOMPARE(scene.judge.history("throughput", Track::Stable).back().value, 90 * kMillion);
    for (size_t i = 1; i < canary.size(); ++i)
        QCOMPARE(canary[i].atUs - canary[i - 1].atUs, kMillion);
}

void TestCharts::historyIsAtMostAnHourLong()
{
    Playbook book;
    book.metrics = {requestRate()};
    Scene scene(book);
    Instance c("c1", Track::Canary);
    for (int64_t s = 0; s < 5000; ++s) {
        c.count("requests", "", 5);
        c.scrape(s);
    }
    SeriesStore store(2h);
    store.add(batchOf({&c}, 0, (kStart + 5000) * 1000));
    scene.judge.advance(store, {}, {.wall = at(5000)});
    const auto& points = scene.judge.history("throughput", Track::Canary);
    QCOMPARE(points.back().atUs, (kStart + 4999) * kMillion);
    QVERIFY(points.back().atUs - points.front().atUs <= 3600 * kMillion);
    QVERIFY(points.back().atUs - points.front().atUs >= 3530 * kMillion);
}

void TestCharts::historyIsKeptForWhatIsChartedAndTheFirstMetric()
{
    Playbook book;
    book.metrics = {requestRate(), counted("logins", "requests", 60s), counted("others", "requests", 60s)};
    book.charts = {"others"};
    Scene scene(book);
    scene.run(10);
    QVERIFY(!scene.judge.history("throughput", Track::Stable).empty());
    QVERIFY(scene.judge.history("logins", Track::Stable).empty());
    QVERIFY(!scene.judge.history("others", Track::Stable).empty());
    QVERIFY(scene.judge.history("no such metric", Track::Stable).empty());
}

QTEST_GUILESS_MAIN(TestCharts)
#include "tst_charts.moc"
