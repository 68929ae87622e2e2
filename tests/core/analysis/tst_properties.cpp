// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <map>
#include <rapidcheck.h>

#include "core/analysis/second_ring.h"
#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;

namespace {

const std::vector<double> kBounds{0.1, 0.2, 0.5, 1};

Playbook everything()
{
    Metric errors = errorRate();
    errors.window = 10s;
    errors.minRequests = 20;
    Metric p95 = latency("p95", 950'000);
    p95.window = 7s;
    p95.minRequests = 5;
    Playbook book;
    book.before = 10s;
    book.metrics = {errors, p95, requestRate(), gauge("users", Aggregate::Sum, true)};
    book.triggers = {
        {.id = "e-1", .when = {.metric = "error_rate", .limit = 100'000}, .hold = 5s},
        {.id = "e-2", .when = {.metric = "error_rate", .limit = 50'000}, .checks = 4},
        {.id = "p-1", .when = {.metric = "p95", .kind = Condition::Kind::AboveBaseline, .limit = 200'000}, .hold = 3s},
        {.id = "u-1", .when = {.metric = "users", .kind = Condition::Kind::Drops, .limit = 200'000}, .hold = 2s}};
    book.score.parts = {
        {.id = "errors", .weightPpm = 600'000, .metrics = {"error_rate"}, .full = 0, .zero = 100'000},
        {.id = "load", .weightPpm = 400'000, .kind = ScorePart::Kind::OfBaseline, .metrics = {"throughput"}}};
    book.score.window = 10s;
    book.score.hold = 4s;
    book.stages = {{.name = "one",
                    .require = {{.good = {.metric = "error_rate", .kind = Condition::Kind::Below, .limit = 80'000}}}}};
    return book;
}

/// Three instances with random load, missed scrapes and restarts.
struct Past {
    Instance stable{"s1", Track::Stable, 50};
    Instance canary{"c1", Track::Canary, 400};
    Instance second{"c2", Track::Canary, 850};
    int64_t seconds{0};
    std::vector<const Instance*> all() const { return {&stable, &canary, &second}; }
};

void randomSecond(Past& past, int64_t s)
{
    const int what = *rc::gen::inRange(0, 40);
    for (Instance* one : {&past.stable, &past.canary, &past.second}) {
        const auto requests = static_cast<double>(*rc::gen::inRange(0, 30));
        const auto failed = static_cast<double>(*rc::gen::inRange(0, 4));
        one->count("requests", "code=200", requests);
        if (failed == 3) one->count("requests", "code=500", failed);
        one->observe("duration_bucket", kBounds, *rc::gen::inRange(1, 15) / 10.0, requests + 1);
        one->set("users", "", static_cast<double>(*rc::gen::inRange(100, 200)));
    }
    past.canary.scraped(what > 3);
    if (what == 10) past.second.restart();
    past.stable.scrape(s);
    past.canary.scrape(s);
    past.second.scrape(s);
}

Past randomPast(int64_t seconds)
{
    Past past;
    past.seconds = seconds;
    for (int64_t s = 0; s < seconds; ++s)
        randomSecond(past, s);
    return past;
}

JudgeContext exposedFrom(int64_t second)
{
    return {.stage = 0, .weight = percent(30), .appliedAt = at(second)};
}

/// Judged in one go, then once more so that what fired on the way is told.
Assessment inOneGo(const Past& past, const JudgeContext& context)
{
    const Playbook book = everything();
    SeriesStore store;
    Judge judge(book, {});
    store.add(batchOf(past.all(), 0, (kStart + past.seconds) * 1000));
    const Now now{.wall = at(past.seconds)};
    judge.advance(store, context, now);
    return judge.advance(store, context, now);
}

} // namespace

class TestProperties : public QObject {
    Q_OBJECT
private slots:
    void aRingSumsLikeAPlainLoop();
    void answersCutAnywhereOrOverlappingGiveTheSameAssessment();
    void aRestartGivesTheSameAssessment();
};

void TestProperties::aRingSumsLikeAPlainLoop()
{
    const bool held = rc::check("ring = naive sums", [](const std::vector<std::pair<int8_t, int16_t>>& adds) {
        constexpr int64_t kSize = 64;
        SecondRing ring(kSize);
        std::map<int64_t, int64_t> naive;
        int64_t head = 1000;
        for (const auto& [step, amount] : adds) {
            const int64_t second = head + step % 20; // some are late
            head = std::max(head, second);
            ring.add(second, amount);
            naive[second] += amount;
            const int64_t window = *rc::gen::inRange<int64_t>(0, kSize - 20);
            const int64_t upTo = head - *rc::gen::inRange<int64_t>(0, 19);
            int64_t plain = 0;
            for (const auto& [at, some] : naive)
                if (at > upTo - window && at <= upTo) plain += some;
            RC_ASSERT(ring.sum(upTo - window, upTo) == plain);
        }
    });
    QVERIFY(held);
}

void TestProperties::answersCutAnywhereOrOverlappingGiveTheSameAssessment()
{
    const bool held = rc::check("batches do not matter", [] {
        const Past past = randomPast(*rc::gen::inRange<int64_t>(5, 60));
        const JudgeContext context = exposedFrom(*rc::gen::inRange<int64_t>(0, 20));
        const Playbook book = everything();
        SeriesStore store;
        Judge judge(book, {});
        const int64_t end = (kStart + past.seconds) * 1000;
        int64_t reached = kStart * 1000 - 1;
        bool first = true;
        while (reached < end) {
            const int64_t back = first ? 0 : *rc::gen::inRange<int64_t>(0, 3000);
            const int64_t from = reached - back;
            reached = std::min(end, reached + *rc::gen::inRange<int64_t>(1, 4000));
            store.add(batchOf(past.all(), from, reached));
            judge.advance(store, context, {.wall = WallTime(std::chrono::milliseconds(reached))});
            first = false;
        }
        RC_ASSERT(judge.advance(store, context, {.wall = at(past.seconds)}) == inOneGo(past, context));
    });
    QVERIFY(held);
}

void TestProperties::aRestartGivesTheSameAssessment()
{
    const bool held = rc::check("restart = never stopped", [] {
        const Past past = randomPast(*rc::gen::inRange<int64_t>(20, 60));
        const JudgeContext context = exposedFrom(*rc::gen::inRange<int64_t>(5, 15));
        const int64_t restart = *rc::gen::inRange<int64_t>(16, past.seconds);
        const Playbook book = everything();
        SeriesStore store;
        Judge before(book, {});
        for (int64_t s = 1; s <= restart; ++s) {
            store.add(batchOf(past.all(), (kStart + s - 3) * 1000, (kStart + s) * 1000));
            before.advance(store, context, {.wall = at(s)});
        }
        SeriesStore again; // a range query over everything, then polls
        Judge after(book, {});
        again.add(batchOf(past.all(), 0, (kStart + restart) * 1000));
        for (int64_t s = restart; s <= past.seconds; ++s) {
            again.add(batchOf(past.all(), (kStart + s - 3) * 1000, (kStart + s) * 1000));
            after.advance(again, context, {.wall = at(s)});
        }
        RC_ASSERT(after.advance(again, context, {.wall = at(past.seconds)}) == inOneGo(past, context));
    });
    QVERIFY(held);
}

QTEST_GUILESS_MAIN(TestProperties)
#include "tst_properties.moc"
