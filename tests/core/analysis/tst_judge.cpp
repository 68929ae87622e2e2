// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>

#include "tests/core/analysis/source.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;

namespace {

/// Stable and canary under steady load, fed to a store once a second like an engine would.
struct Lab {
    explicit Lab(Playbook book)
        : playbook(std::move(book))
        , judge(playbook, {})
    {
        context.cooldownUntil = {};
    }

    void step(double stableRequests, double canaryRequests, double canaryErrors)
    {
        stable.count("requests", "code=200", stableRequests);
        canary.count("requests", "code=200", canaryRequests - canaryErrors);
        if (canaryErrors > 0) canary.count("requests", "code=500", canaryErrors);
        stable.scrape(second);
        canary.scrape(second);
        store.add(batchOf({&stable, &canary}, (kStart + second - 3) * 1000, (kStart + second + 1) * 1000));
        judge.advance(store, context, {.wall = at(second) + 300ms});
        ++second;
    }
    const TriggerStatus& trigger(size_t index = 0) const { return judge.latest().triggers.at(index); }

    Playbook playbook;
    Judge judge;
    SeriesStore store{};
    Instance stable{"s1", Track::Stable};
    Instance canary{"c1", Track::Canary};
    JudgeContext context{};
    int64_t second{0};
};

Playbook errorsAbove(int64_t ppm, Duration hold)
{
    Playbook book;
    book.metrics = {errorRate()};
    book.before = 30s;
    book.triggers = {{.id = "error_rate-1", .when = {.metric = "error_rate", .limit = ppm}, .hold = hold}};
    return book;
}

} // namespace

class TestJudge : public QObject {
    Q_OBJECT
private slots:
    void itFiresInTheTickInWhichTheSampleArrives();
    void itRecordsStableWhileNobodyIsExposed();
};

void TestJudge::itFiresInTheTickInWhichTheSampleArrives()
{
    Lab lab(errorsAbove(20'000, 0s));
    for (int i = 0; i < 10; ++i)
        lab.step(90, 0, 0);
    lab.context.stage = 0;
    lab.context.weight = percent(10);
    lab.context.appliedAt = at(lab.second);
    for (int i = 0; i < 20; ++i)
        lab.step(90, 10, 0);
    QCOMPARE(lab.trigger().state, TriggerState::Idle);
    QCOMPARE(lab.trigger().observed, std::optional<int64_t>(0));

    lab.step(90, 10, 10);
    QCOMPARE(lab.trigger().state, TriggerState::Firing);
    QCOMPARE(lab.trigger().observed, std::optional<int64_t>(47'619)); // 10 of 210
}

void TestJudge::itRecordsStableWhileNobodyIsExposed()
{
    Lab lab(errorsAbove(20'000, 0s));
    for (int i = 0; i < 20; ++i)
        lab.step(90, 0, 0);
    QCOMPARE(lab.judge.baselineRecorded(), Duration(17s)); // the newest three seconds may still be incomplete
    for (int i = 0; i < 40; ++i)
        lab.step(90, 0, 0);
    QCOMPARE(lab.judge.baselineRecorded(), Duration(30s));
}

QTEST_GUILESS_MAIN(TestJudge)
#include "tst_judge.moc"
