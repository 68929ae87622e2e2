// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QTest>

#include "core/model/playbook_reader.h"
#include "tests/seeds/seed_release.h"

using namespace std::chrono_literals;

namespace sluice::seeds {

using rollout::Phase;

namespace {

constexpr Duration kWindow = 62s; ///< of the score, and a scrape

/// A release in its first stage whose canary then behaves as told for a whole window.
class Scored {
public:
    Scored()
        : release("avalo-production")
    {
        reached = release.reachStage(0, 1h);
        release.canary().cpu = 0;
        release.canary().memory = 0;
        release.run(kWindow);
    }

    double part(const std::string& id) const
    {
        for (const analysis::ScorePartResult& one : release.assessment().score.parts)
            if (one.id == id && one.milliPoints) return static_cast<double>(*one.milliPoints) / 1000;
        return -1;
    }
    double points() const { return static_cast<double>(release.assessment().score.milli.value_or(-1)) / 1000; }

    SeedRelease release;
    bool reached{false};
};

bool isAbout(double seen, double wanted)
{
    return std::abs(seen - wanted) < 0.5;
}

void columns()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("points");
}

void row(const char* name, double value, double points)
{
    QTest::newRow(name) << value << points;
}

/// CPU so high that the resources, and with them the score, stand where they are wanted: 15 points are theirs.
void scoreIs(SeedRelease& release, double points)
{
    release.canary().memory = 0;
    release.canary().cpu = (100 - points) / 15;
}

} // namespace

class AvaloScoreTest : public QObject {
    Q_OBJECT

private slots:
    void A_4_01_theScoreIsTheWeightedSumOfFiveParts()
    {
        Scored scored;
        QVERIFY(scored.reached);
        scored.release.canaryClientErrors(0.006); // about 70 of 100
        scored.release.canary().cpu = 0.20;       // about 80
        scored.release.canary().usersLost = 0.1;  // 90
        scored.release.run(kWindow);
        QCOMPARE(scored.release.assessment().score.parts.size(), size_t{5});
        const double sum = scored.part("error_rate") * 0.30 + scored.part("latency") * 0.25 +
                           scored.part("throughput") * 0.20 + scored.part("resources") * 0.15 +
                           scored.part("user_impact") * 0.10;
        QVERIFY2(std::abs(scored.points() - sum) < 0.005, std::to_string(scored.points() - sum).c_str());
        QVERIFY(sum < 90); // and not because all of them are 100
    }

    void A_4_01_weightsThatAreNotOneAreRefused()
    {
        const auto& books = builtInPlaybooks();
        const auto book = std::ranges::find(books, "avalo-production", &BuiltInPlaybook::name);
        std::string text(book->text);
        const std::string weight = "weight: 30%, metric: error_rate";
        text.replace(text.find(weight), weight.size(), "weight: 31%, metric: error_rate");
        const auto read = readPlaybook(text, "avalo.yaml");
        QCOMPARE(read.index(), size_t{1});
        QVERIFY(problemText(std::get<1>(read).front()).find("101%") != std::string::npos);
    }

    void A_4_02_theErrorPart_data()
    {
        columns();
        row("none", 0, 100);
        row("1 %", 0.01, 50);
        row("2 %", 0.02, 0);
        row("3 %", 0.03, 0);
    }
    void A_4_02_theErrorPart()
    {
        QFETCH(double, value);
        QFETCH(double, points);
        Scored scored;
        scored.release.canaryClientErrors(value);
        scored.release.run(kWindow);
        QVERIFY2(std::abs(scored.part("error_rate") - points) < 3, std::to_string(scored.part("error_rate")).c_str());
    }

    void A_4_03_theLatencyPart_data()
    {
        columns();
        row("200 ms", 200, 100);
        row("500 ms", 500, 100);
        row("750 ms", 750, 100 - 250 / 7.0);
        row("1000 ms", 1000, 100 - 500 / 7.0);
        row("1200 ms", 1200, 0);
    }
    void A_4_03_theLatencyPart()
    {
        QFETCH(double, value);
        QFETCH(double, points);
        Scored scored;
        scored.release.stableP95(value);
        scored.release.canaryP95(value);
        scored.release.run(kWindow);
        QVERIFY2(isAbout(scored.part("latency"), points), std::to_string(scored.part("latency")).c_str());
    }

    void A_4_04_theThroughputPart_data()
    {
        columns();
        row("as much as its share", 1, 100);
        row("half of it", 0.5, 50);
        row("more", 1.5, 100);
    }
    void A_4_04_theThroughputPart()
    {
        QFETCH(double, value);
        QFETCH(double, points);
        Scored scored;
        scored.release.canary().growing["http_requests_total;code=200"] = scored.release.canaryRequests() * value;
        scored.release.run(kWindow);
        QVERIFY2(std::abs(scored.part("throughput") - points) < 5, std::to_string(scored.part("throughput")).c_str());
    }

    void A_4_05_theResourcePartIsOfTheWorse_data()
    {
        QTest::addColumn<double>("cpu");
        QTest::addColumn<double>("memory");
        QTest::addColumn<double>("points");
        QTest::newRow("CPU") << 0.6 << 0.3 << 40.0;
        QTest::newRow("memory") << 0.2 << 0.5 << 50.0;
    }
    void A_4_05_theResourcePartIsOfTheWorse()
    {
        QFETCH(double, cpu);
        QFETCH(double, memory);
        QFETCH(double, points);
        Scored scored;
        scored.release.canary().cpu = cpu;
        scored.release.canary().memory = memory;
        scored.release.run(kWindow);
        QVERIFY2(std::abs(scored.part("resources") - points) < 5, std::to_string(scored.part("resources")).c_str());
    }

    void A_4_06_theUserPart_data()
    {
        columns();
        row("all are there", 0, 100);
        row("a tenth is away", 0.1, 90);
    }
    void A_4_06_theUserPart()
    {
        QFETCH(double, value);
        QFETCH(double, points);
        Scored scored;
        scored.release.canary().usersLost = value;
        scored.release.run(kWindow);
        QVERIFY2(isAbout(scored.part("user_impact"), points), std::to_string(scored.part("user_impact")).c_str());
    }

    void A_4_07_fromNinetyItGoesOn()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(0, 1h));
        scoreIs(release, 91);
        QVERIFY(release.reachStage(1, 16min));
    }

    void A_4_08_fromEightyItHoldsUntilItIsBetter()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(0, 1h));
        scoreIs(release, 88);
        release.run(2h);
        QCOMPARE(release.state().stage, 0);
        QVERIFY(std::ranges::any_of(release.waits(), [](const rollout::WaitReason& wait) {
            return wait.code == rollout::WaitCode::ScoreBelowProceed && !wait.holds;
        }));
        scoreIs(release, 95);
        QVERIFY(release.reachStage(1, 5min));
    }

    void A_4_09_fromSeventyItPausesAndAPersonMustResume()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(0, 1h));
        release.canaryClientErrors(0.016); // 76 of 100
        scoreIs(release, 100);
        release.run(3min);
        QCOMPARE(release.state().phase, Phase::Paused);
        release.canaryClientErrors(0);
        release.run(1h);
        QCOMPARE(release.state().phase, Phase::Paused);
        QVERIFY(release.ask(rollout::Resume{.rollout = release.id(), .reason = "fixed"}).ok());
        QVERIFY(release.reachStage(1, 20min));
    }

    void A_4_10_underSeventyItRollsBackAndNamesItsWorstPart()
    {
        SeedRelease release("avalo-production");
        QVERIFY(release.reachStage(0, 1h));
        release.canaryClientErrors(0.03);
        scoreIs(release, 92);
        QVERIFY(release.reachEnd(10min));
        QCOMPARE(release.state().phase, Phase::RolledBack);
        QCOMPARE(release.state().rollback->cause, rollout::RollbackCause::Score);
        QVERIFY2(release.because().find("Error rate") != std::string::npos, release.because().c_str());
    }
};

} // namespace sluice::seeds

QTEST_GUILESS_MAIN(sluice::seeds::AvaloScoreTest)
#include "avalo_score_test.moc"
