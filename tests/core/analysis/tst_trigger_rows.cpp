// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/core/analysis/scene.h"

// The rollback conditions of the Avalo seed, each at its boundary and with its duration (rows ).

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;

namespace {

using Load = std::function<void(Scene&)>;
const std::vector<double> kBounds{0.1, 0.2, 0.4, 0.8, 1, 1.2, 1.5, 2, 3, 5, 10};

struct Row {
    std::vector<Metric> metrics{};
    Condition when{};
    Duration hold{0};
    Load load{};
    int64_t fires{-1}; ///< seconds of bad load until it fires; -1 = never within ten minutes
    int64_t weight{10};
};

Metric ratio(const char* id, const char* of, const char* over)
{
    Metric metric = errorRate();
    metric.id = id;
    metric.of = selector("requests", {{.label = "code", .kind = LabelMatch::Kind::Matches, .value = of}});
    metric.over = selector(over);
    return metric;
}

Load fails(double each1000, const char* code)
{
    return [=](Scene& s) {
        s.stable.count("requests", "code=200", 9000);
        s.canary.count("requests", "code=200", 1000 - each1000);
        s.canary.count("requests", std::string("code=") + code, each1000);
    };
}

Load answers(double canarySeconds, double stableSeconds = 0.15)
{
    return [=](Scene& s) {
        s.stable.observe("duration_bucket", kBounds, stableSeconds, 90);
        s.canary.observe("duration_bucket", kBounds, canarySeconds, 10);
    };
}

/// `share` of a thousand answers takes `slow`, the others 150 ms.
Load tail(double share, double slow)
{
    return [=](Scene& s) {
        s.stable.observe("duration_bucket", kBounds, 0.15, 90);
        s.canary.observe("duration_bucket", kBounds, 0.15, 1000 - share);
        s.canary.observe("duration_bucket", kBounds, slow, share);
    };
}

Load level(const char* name, double value)
{
    return [=](Scene& s) { s.canary.set(name, "", value); };
}

Load users(double stable, double canary)
{
    return [=](Scene& s) {
        s.stable.set("users", "", stable);
        s.canary.set("users", "", canary);
    };
}

/// One event in the first second of bad load and another `apart` seconds later; `each` of them.
Load events(const char* name, double each, int64_t apart)
{
    return [=](Scene& s) {
        const int64_t bad = s.second - 70;
        s.canary.count(name, "", bad == 0 || bad == apart ? each : 0);
    };
}

Condition above(const char* metric, int64_t limit)
{
    return {.metric = metric, .limit = limit};
}
Condition drop(const char* metric, int64_t ppm)
{
    return {.metric = metric, .kind = Condition::Kind::Drops, .limit = ppm};
}
Condition worse(const char* metric, int64_t ppm)
{
    return {.metric = metric, .kind = Condition::Kind::AboveBaseline, .limit = ppm};
}

Row latencyRow(const char* id, int64_t q, int64_t limit, Duration hold, Load load, int64_t fires)
{
    return {{latency(id, q)}, above(id, limit), hold, std::move(load), fires};
}

Row gaugeRow(const char* id, Aggregate how, int64_t limit, Duration hold, double value, int64_t fires)
{
    return {{gauge(id, how, false)}, above(id, limit), hold, level(id, value), fires};
}

} // namespace
Q_DECLARE_METATYPE(Row)

class TestTriggerRows : public QObject {
    Q_OBJECT
private slots:
    void row_data();
    void row();
    void aStageChangeLooksLikeNoDrop();

private:
    static void errors();
    static void latencies();
    static void resources();
    static void countsAndDrops();
};

void TestTriggerRows::errors()
{
    const Metric all = ratio("errors", "4..|5..", "requests");
    const Metric five = ratio("fives", "5..", "requests");
    const Metric login = ratio("logins", "401|403", "requests");
    // The window still holds 100 healthy requests of each second before, so after k seconds the canary's rate is
    // k * each / (6000 + 900 k); the clock starts with the first second in which that is over the limit.
    QTest::newRow("3.02 over 2 % for 3 min") << Row{{all}, above("errors", 20'000), 3min, fails(200, "404"), 181};
    QTest::newRow("3.02 exactly 2 %") << Row{{all}, above("errors", 20'000), 3min, fails(20, "404"), -1};
    QTest::newRow("3.03 5xx of 1.5 % for 5 min") << Row{{five}, above("fives", 10'000), 5min, fails(15, "503"), 311};
    QTest::newRow("3.03 4xx is not 5xx") << Row{{five}, above("fives", 10'000), 5min, fails(15, "404"), -1};
    QTest::newRow("3.09 401 and 403 over 5 % for 2 min")
        << Row{{login}, above("logins", 50'000), 2min, fails(60, "403"), 141};
    QTest::newRow("3.09 exactly 5 %") << Row{{login}, above("logins", 50'000), 2min, fails(50, "401"), -1};
    QTest::newRow("3.10 half of the calls fail") << Row{{five}, above("fives", 999'999), 0s, fails(500, "500"), -1};
    QTest::newRow("3.10 all calls fail") << Row{{five}, above("fives", 999'999), 0s, fails(1000, "500"), 60};
    QTest::newRow("3.16 10 % for 5 min") << Row{{five}, above("fives", 100'000), 5min, fails(110, "500"), 331};
}

void TestTriggerRows::latencies()
{
    QTest::newRow("3.05 p95 of 1400 ms for 5 min") << latencyRow("p95", 950'000, 1'200'000, 5min, tail(60, 1.4), 303);
    QTest::newRow("3.05 p95 at 1200 ms") << latencyRow("p95", 950'000, 1'200'000, 5min, answers(1.2), -1);
    QTest::newRow("3.06 only the tail: p99") << latencyRow("p99", 990'000, 3'000'000, 3min, tail(20, 4), 181);
    QTest::newRow("3.06 only the tail: p95 is fine") << latencyRow("p95", 950'000, 1'200'000, 0s, tail(20, 4), -1);
    QTest::newRow("above the top bucket is over every limit up to it")
        << latencyRow("p95", 950'000, 1'200'000, 0s, answers(60), 4);
    QTest::newRow("a limit over the top bucket has no answer")
        << latencyRow("p95", 950'000, 12'000'000, 0s, answers(60), -1);
    const std::vector<Metric> p50{latency("p50", 500'000)};
    // Stable's median is 150 ms. With a share x between 200 and 400 ms the canary's is 200 + 200 (x - 0.5) / x.
    QTest::newRow("3.07 median 49 % over stable's") << Row{p50, worse("p50", 500'000), 0s, tail(566, 0.3), -1};
    QTest::newRow("3.07 median 51 % over stable's") << Row{p50, worse("p50", 500'000), 0s, tail(577, 0.3), 31};
    QTest::newRow("3.07 median far over stable's") << Row{p50, worse("p50", 500'000), 0s, answers(0.3), 35};
    QTest::newRow("3.07 both versions slow") << Row{p50, worse("p50", 500'000), 0s, answers(3, 3), -1};
}

void TestTriggerRows::resources()
{
    QTest::newRow("3.11 database connection lost")
        << Row{{gauge("db_up", Aggregate::Sum, false)},
               {.metric = "db_up", .kind = Condition::Kind::Below, .limit = 1'000'000},
               0s,
               level("db_up", 0),
               1};
    QTest::newRow("3.12 memory 91 % for 5 min") << gaugeRow("memory", Aggregate::Max, 900'000, 5min, 0.91, 301);
    QTest::newRow("3.12 memory at 90 %") << gaugeRow("memory", Aggregate::Max, 900'000, 5min, 0.9, -1);
    QTest::newRow("3.13 CPU 86 % for 10 min") << gaugeRow("cpu", Aggregate::Max, 850'000, 10min, 0.86, 601);
    QTest::newRow("3.14 disk 96 %") << gaugeRow("disk", Aggregate::Max, 950'000, 0s, 0.96, 1);
    QTest::newRow("3.14 disk at 95 %") << gaugeRow("disk", Aggregate::Max, 950'000, 0s, 0.95, -1);
}

void TestTriggerRows::countsAndDrops()
{
    const std::vector<Metric> db{counted("db", "db_errors", 60s)};
    const std::vector<Metric> payments{counted("pay", "pay_failed", 10min)};
    QTest::newRow("3.04 ten database errors") << Row{db, above("db", 10'000'000), 0s, events("db_errors", 10, -1), -1};
    QTest::newRow("3.04 the eleventh") << Row{db, above("db", 10'000'000), 0s, events("db_errors", 11, -1), 1};
    QTest::newRow("3.04 eleven in more than a minute")
        << Row{db, above("db", 10'000'000), 0s, events("db_errors", 6, 60), -1};
    QTest::newRow("3.04 twelve within a minute")
        << Row{db, above("db", 10'000'000), 0s, events("db_errors", 6, 59), 60};
    Condition inAMinute = above("pay", 10'000'000);
    inAMinute.window = 60s;
    QTest::newRow("3.04 a window of its own") << Row{payments, inAMinute, 0s, events("pay_failed", 6, 60), -1};
    QTest::newRow("3.08 one failed payment")
        << Row{payments, above("pay", 1'000'000), 0s, events("pay_failed", 1, -1), -1};
    QTest::newRow("3.08 two within 10 min")
        << Row{payments, above("pay", 1'000'000), 0s, events("pay_failed", 1, 599), 600};
    QTest::newRow("3.08 two in 11 min") << Row{payments, above("pay", 1'000'000), 0s, events("pay_failed", 1, 600), -1};

    const std::vector<Metric> users1{gauge("users", Aggregate::Sum, true)};
    QTest::newRow("3.15 healthy 1 % canary") << Row{users1, drop("users", 200'000), 0s, users(99'000, 1000), -1, 1};
    QTest::newRow("3.15 a fifth less is not more than a fifth")
        << Row{users1, drop("users", 200'000), 0s, users(9000, 800), -1};
    QTest::newRow("3.15 a real drop") << Row{users1, drop("users", 200'000), 0s, users(9000, 799), 1};
    QTest::newRow("3.15 too few users to tell") << Row{users1, drop("users", 200'000), 0s, users(891, 0), -1};
    QTest::newRow("3.17 30 % of the connections") << Row{users1, drop("users", 300'000), 0s, users(9000, 699), 1};
}

void TestTriggerRows::row_data()
{
    QTest::addColumn<Row>("row");
    errors();
    latencies();
    resources();
    countsAndDrops();
}

void TestTriggerRows::row()
{
    QFETCH(Row, row);
    Playbook book = watching(row.metrics, row.when, row.hold);
    Scene scene(book);
    scene.load = [&](Scene& s) { // everything healthy for a minute under exposure
        s.traffic(900, 100);
        s.stable.observe("duration_bucket", kBounds, 0.15, 90);
        s.canary.observe("duration_bucket", kBounds, 0.15, 10);
        for (const char* name : {"db_errors", "pay_failed"})
            s.canary.count(name, "", 0);
        for (const char* name : {"memory", "cpu", "disk"})
            s.canary.set(name, "", 0.3);
        s.canary.set("db_up", "", 1);
        users(10'000 - 100.0 * static_cast<double>(row.weight), 100.0 * static_cast<double>(row.weight))(s);
    };
    scene.run(5);
    scene.expose(0, percent(row.weight));
    scene.run(65);
    QVERIFY(scene.trigger().state != TriggerState::Firing);
    scene.load = row.load;
    QCOMPARE(scene.secondsUntilFiring(660), row.fires);
}

void TestTriggerRows::aStageChangeLooksLikeNoDrop()
{
    // Users follow a new share only as their sessions end; requests follow at once.
    Playbook book = watching({gauge("users", Aggregate::Sum, true), requestRate()}, drop("users", 200'000));
    book.triggers.push_back({.id = "throughput-2", .when = drop("throughput", 200'000)});
    Scene scene(book);
    double share = 0;
    double settled = 0;
    scene.load = [&](Scene& s) {
        settled += std::clamp(share - settled, -0.02, 0.02);
        s.traffic(2000 * (1 - share), 2000 * share);
        s.stable.set("users", "", 10'000 * (1 - settled));
        s.canary.set("users", "", 10'000 * settled);
    };
    scene.run(70);
    int stage = 0;
    for (const int64_t weight : {10, 25, 50, 25, 100, 5}) {
        scene.expose(stage++, percent(weight));
        share = static_cast<double>(weight) / 100;
        for (int i = 0; i < 130; ++i) {
            scene.run(1);
            QVERIFY2(scene.trigger(0).state != TriggerState::Firing, qPrintable(QString::number(scene.second)));
            QVERIFY2(scene.trigger(1).state != TriggerState::Firing, qPrintable(QString::number(scene.second)));
        }
    }
}

QTEST_GUILESS_MAIN(TestTriggerRows)
#include "tst_trigger_rows.moc"
