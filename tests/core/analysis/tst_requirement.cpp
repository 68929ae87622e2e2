// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/core/analysis/scene.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using namespace std::chrono_literals;
using Some = std::optional<int64_t>;

namespace {

Playbook requiring(Metric metric, Requirement requirement)
{
    Playbook book;
    book.before = 30s;
    book.metrics = {std::move(metric)};
    book.stages = {{.name = "one", .weight = percent(10), .require = {requirement}},
                   {.name = "two", .weight = percent(50), .require = {requirement, requirement}}};
    book.watch.require = {requirement};
    return book;
}

Requirement below(int64_t limit, std::optional<int64_t> warnAt = {})
{
    return {.good = {.metric = "error_rate", .kind = Condition::Kind::Below, .limit = limit}, .warnAt = warnAt};
}

} // namespace

class TestRequirement : public QObject {
    Q_OBJECT
private slots:
    void verdict_data();
    void verdict();
    void relativeKindsSayWhatMustNotBe_data();
    void relativeKindsSayWhatMustNotBe();
    void onlySamplesOfTheStageCount();
    void requestsAreCountedFromTheStageOn();
    void theCountOfALongStageIsNotLimitedByAWindow();
    void theWatchHasItsOwnRequirements();
};

void TestRequirement::verdict_data()
{
    QTest::addColumn<qint64>("errorsPer1000");
    QTest::addColumn<int>("verdict");
    QTest::addColumn<bool>("warning");
    QTest::newRow("far below") << qint64{5} << int(Verdict::Pass) << false;
    QTest::newRow("just below the warning") << qint64{14} << int(Verdict::Pass) << false;
    QTest::newRow("warning") << qint64{15} << int(Verdict::Pass) << true;
    QTest::newRow("just below the limit") << qint64{19} << int(Verdict::Pass) << true;
    QTest::newRow("at the limit is not below it") << qint64{20} << int(Verdict::Fail) << false;
    QTest::newRow("beyond") << qint64{50} << int(Verdict::Fail) << false;
}

void TestRequirement::verdict()
{
    QFETCH(qint64, errorsPer1000);
    QFETCH(int, verdict);
    QFETCH(bool, warning);
    Scene scene(requiring(errorRate(), below(20'000, 15'000)));
    scene.load = [&](Scene& s) { s.traffic(9000, 1000, static_cast<double>(errorsPer1000)); };
    scene.run(5);
    scene.expose(0, percent(10));
    scene.run(30);
    const RequirementResult& result = scene.seen().requirements.at(0);
    QCOMPARE(int(result.verdict), verdict);
    QCOMPARE(result.warning, warning);
    QCOMPARE(result.observed, Some(errorsPer1000 * 1000));
    QCOMPARE(result.limit, Some(20'000));
    QVERIFY(result.wantBelow);
}

void TestRequirement::relativeKindsSayWhatMustNotBe_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<qint64>("canary");
    QTest::addColumn<int>("verdict");
    const int above = int(Condition::Kind::AboveBaseline);
    const int drops = int(Condition::Kind::Drops);
    QTest::newRow("not above the baseline + 10 %") << above << qint64{110} << int(Verdict::Pass);
    QTest::newRow("above it") << above << qint64{111} << int(Verdict::Fail);
    QTest::newRow("no drop of more than 10 %") << drops << qint64{90} << int(Verdict::Pass);
    QTest::newRow("a drop") << drops << qint64{89} << int(Verdict::Fail);
}

void TestRequirement::relativeKindsSayWhatMustNotBe()
{
    QFETCH(int, kind);
    QFETCH(qint64, canary);
    QFETCH(int, verdict);
    Metric rate = requestRate();
    Scene scene(
        requiring(rate, {.good = {.metric = rate.id, .kind = static_cast<Condition::Kind>(kind), .limit = 100'000}}));
    scene.load = [&](Scene& s) { s.traffic(900, static_cast<double>(canary)); };
    scene.run(5);
    scene.expose(0, percent(10));
    scene.run(30);
    QCOMPARE(int(scene.seen().requirements.at(0).verdict), verdict);
}

void TestRequirement::onlySamplesOfTheStageCount()
{
    Scene scene(requiring(errorRate(), below(20'000)));
    scene.load = [](Scene& s) { s.traffic(9000, 1000, 500); };
    scene.run(5);
    scene.expose(0, percent(10));
    scene.run(60);
    QCOMPARE(scene.seen().requirements.at(0).verdict, Verdict::Fail);

    scene.load = [](Scene& s) { s.traffic(500, 50); };
    scene.expose(1, percent(50));
    scene.run(1);
    QCOMPARE(scene.seen().requirements.size(), size_t{2});
    QCOMPARE(scene.seen().requirements.at(0).verdict, Verdict::NoData); // 50 of 100 requests
    QCOMPARE(scene.seen().requirements.at(0).noData, NoDataReason::TooFewRequests);
    scene.run(1);
    QCOMPARE(scene.seen().requirements.at(0).verdict, Verdict::Pass);
    QVERIFY(*scene.reading("error_rate").canary > 400'000); // what triggers and screens see
}

void TestRequirement::requestsAreCountedFromTheStageOn()
{
    Scene scene(requiring(errorRate(), below(20'000)));
    scene.run(30);
    QCOMPARE(scene.seen().canaryRequestsInStage, int64_t{0});
    scene.expose(0, percent(10));
    scene.run(20);
    QCOMPARE(scene.seen().canaryRequestsInStage, int64_t{200});
    scene.context.appliedAt = at(scene.second) - 4500ms; // read back later than asked: whole seconds after it count
    scene.run(1);
    QCOMPARE(scene.seen().canaryRequestsInStage, int64_t{50});
}

void TestRequirement::theCountOfALongStageIsNotLimitedByAWindow()
{
    Scene scene(requiring(errorRate(), below(20'000)));
    scene.run(5);
    scene.expose(0, percent(10));
    scene.run(3000);
    QCOMPARE(scene.seen().canaryRequestsInStage, int64_t{30'000});
}

void TestRequirement::theWatchHasItsOwnRequirements()
{
    Scene scene(requiring(errorRate(), below(20'000)));
    scene.run(5);
    scene.expose(1, Weight::full());
    scene.context.watching = true;
    scene.run(20);
    QCOMPARE(scene.seen().requirements.size(), size_t{1});
}

QTEST_GUILESS_MAIN(TestRequirement)
#include "tst_requirement.moc"
