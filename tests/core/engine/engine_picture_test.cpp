// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QTemporaryDir>
#include <QtTest>

#include "core/engine/charts.h"
#include "core/journal/sqlite_sample_store.h"
#include "tests/core/engine/simulated_release.h"

using namespace sluice;
using namespace std::chrono_literals;
using testing::SimulatedRelease;

namespace {

using journal::OpenMode;
using journal::SqliteSampleStore;

/// One engine that drives and another that shows what it sees.
struct Watched {
    Watched()
    {
        const ports::Clock& clock = release.fleet.world().clock();
        const std::string file = folder.path().toStdString() + "/samples.db";
        driverStore = std::move(SqliteSampleStore::open(file, clock, OpenMode::Create)).value();
        watcherStore = std::move(SqliteSampleStore::open(file, clock, OpenMode::Observe)).value();
        release.kill();
        release.boot("driver", [this](engine::EngineParts& parts) { parts.samples = driverStore.get(); });
        driver = release.engine;
    }
    void watch()
    {
        release.boot("watcher", [this](engine::EngineParts& parts) {
            parts.samples = watcherStore.get();
            parts.drive = false;
        });
    }
    bool untilBaking()
    {
        const auto bakes = [this] {
            release.helpAlong();
            return release.phase() == rollout::Phase::Baking;
        };
        return release.start().ok() && release.until(bakes, 3min);
    }
    std::shared_ptr<const engine::Snapshot> picture() const { return release.engine->core.latest(); }

    QTemporaryDir folder{};
    std::unique_ptr<SqliteSampleStore> driverStore{};
    std::unique_ptr<SqliteSampleStore> watcherStore{};
    SimulatedRelease release{};
    app::SimulatedEngine* driver{nullptr};
};

} // namespace

class EnginePictureTest : public QObject {
    Q_OBJECT

private slots:
    void aChartShowsTheCanaryOfItsOwnRolloutOnly()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(release.toTheEnd(20min));
        const RolloutId first = release.rollout;
        release.run(20s);
        QVERIFY(release.start("v2.5.0").ok());
        QVERIFY(release.rollout != first);
        const auto exposed = [&] {
            release.helpAlong();
            return release.view() != nullptr && !release.view()->charts.empty() &&
                   !release.view()->charts.front()->canary.empty();
        };
        bool strange = false;
        const auto unexposed = [&] {
            const bool entered = micros(release.view()->state.stages.front().enteredAt) != 0;
            for (const auto& chart : release.view()->charts)
                strange = strange || (!entered && !chart->canary.empty());
            return exposed();
        };
        QVERIFY(release.until(unexposed, 3min));
        QVERIFY2(!strange, "before its exposure a rollout showed somebody else's canary");
        const int64_t since = micros(release.view()->state.stages.front().enteredAt);
        for (const auto& chart : release.view()->charts)
            if (!chart->canary.empty()) QVERIFY2(chart->canary.front().atUs >= since, chart->metric.c_str());
    }

    void aMetricSourceThatNothingNeedsIsIdleAndNotSilent()
    {
        SimulatedRelease release;
        const auto metrics = [&] {
            for (const engine::SourceStatus& source : release.engine->core.latest()->sources)
                if (source.kind == "metrics") return source.state;
            return engine::SourceStatus::State::Gone;
        };
        release.run(30s);
        QCOMPARE(metrics(), engine::SourceStatus::State::Idle);
        QVERIFY(release.start().ok());
        QVERIFY(release.until([&] { return metrics() == engine::SourceStatus::State::Fresh; }, 1min));
        QVERIFY(release.toTheEnd(20min));
        release.run(2 * engine::kEndedShown);
        QCOMPARE(metrics(), engine::SourceStatus::State::Idle);
    }

    void aStepBackKeepsTheStayBeforeIt()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        const auto bakesIn = [&release](int stage) {
            return [&release, stage] {
                release.helpAlong();
                return release.view() != nullptr && release.view()->state.stage == stage &&
                       release.phase() == rollout::Phase::Baking;
            };
        };
        QVERIFY(release.until(bakesIn(0), 3min));
        const int64_t first = micros(release.view()->state.stages[0].enteredAt);
        QVERIFY(release.until(bakesIn(1), 5min));
        const int64_t second = micros(release.view()->state.stages[1].enteredAt);
        QVERIFY(release.ask(rollout::StepBack{release.rollout, "to look again"}, "olena").ok());
        QVERIFY(release.until(bakesIn(0), 1min));
        release.run(10s);
        QVERIFY(micros(release.view()->state.stages[0].enteredAt) > first);
        const auto& charts = release.view()->charts;
        const auto errors = std::ranges::find(charts, "error_rate", [](const auto& chart) { return chart->metric; });
        QVERIFY(errors != charts.end());
        QVERIFY(!(*errors)->canary.empty() && (*errors)->canary.front().atUs < second);
        for (const auto& chart : charts) {
            const auto& books = release.view()->playbook->stages;
            QVERIFY2(chart->marks.size() >= 3, chart->metric.c_str());
            for (size_t i = 0; i < 3; ++i)
                QCOMPARE(chart->marks[i].weight, books[i % 2].weight);
        }
    }

    void samplesOfACanaryThatIsScrapedAfterTheStableVersionAreStoredToo()
    {
        Watched watched;
        watched.driver->tamper = [&](ports::PortMessage& message) {
            auto* answer = std::get_if<ports::MetricAnswer>(&message);
            if (answer == nullptr || !answer->batch.ok()) return;
            const int64_t newestMs = micros(answer->batch.value().serverTime) / 1000;
            for (analysis::RawSeries& series : answer->batch.value().series)
                if (std::ranges::find(series.labels, std::pair<std::string, std::string>("track", "canary")) !=
                    series.labels.end())
                    std::erase_if(series.samples,
                                  [&](const analysis::RawSample& one) { return one.atMs > newestMs - 1000; });
        };
        QVERIFY(watched.untilBaking());
        watched.release.run(20s);
        const auto& judge = *watched.driver->core.latest()->rollout(watched.release.rollout);
        const auto chart = std::ranges::find(judge.charts, "requests", [](const auto& one) { return one->metric; });
        QVERIFY(chart != judge.charts.end() && (*chart)->canary.size() > 15);
        const auto& shown = (*chart)->canary;
        const auto stored =
            watched.driverStore->read(engine::sampleSeries(watched.release.target, "requests", Track::Canary),
                                      shown.front().atUs, shown.back().atUs);
        QVERIFY(stored.ok());
        QVERIFY(stored.value().size() + 2 >= shown.size()); // the newest are still to be stored
    }

    void theClockOfAnObserverGoesOnWhileTheDriverHangs()
    {
        Watched watched;
        QVERIFY(watched.untilBaking());
        watched.watch();
        watched.release.run(3s);
        const auto before = watched.picture();
        QVERIFY(before->engine.role == engine::EngineStatus::Role::Observer);
        QVERIFY(!before->rollouts.empty());
        watched.driver->frozen = true;
        watched.release.run(30s);
        const auto after = watched.picture();
        QVERIFY(after->now.wall == watched.release.fleet.world().clock().now().wall);
        QVERIFY(after->engine.renewedAgo >= 30s);
        QVERIFY(!after->engine.problem.empty());
        const auto& seen = *before->rollouts.front();
        const auto& now = *after->rollouts.front();
        QVERIFY(now.state == seen.state);
        QVERIFY(now.assessment.age >= seen.assessment.age + 29s);
        for (size_t i = 0; i < now.world.proxies.size(); ++i)
            QVERIFY(now.world.proxies[i].sinceAnswer >= seen.world.proxies[i].sinceAnswer + 29s);
    }

    void aStopIsInThePictureWithWhoAndWhyAlsoWhileTheDriverHangs()
    {
        Watched watched;
        QVERIFY(watched.untilBaking());
        watched.watch();
        watched.release.run(3s);
        QVERIFY(!watched.picture()->target(watched.release.target)->stop);
        watched.driver->frozen = true;
        const WallTime at = watched.release.fleet.world().clock().now().wall;
        QVERIFY(watched.release.fleet.safety()
                    .createStop({.target = watched.release.target,
                                 .person = PersonId("colleague"),
                                 .proof = "os",
                                 .reason = "double charges",
                                 .at = at})
                    .ok());
        watched.release.run(2s);
        const engine::StopView stop{.by = PersonId("colleague"), .reason = "double charges", .since = at};
        QVERIFY(watched.picture()->target(watched.release.target)->stop == stop);
        QVERIFY(watched.release.fleet.safety().clearStop(watched.release.target).ok());
        watched.release.run(2s);
        QVERIFY(!watched.picture()->target(watched.release.target)->stop);
    }
};

QTEST_GUILESS_MAIN(EnginePictureTest)
#include "engine_picture_test.moc"
