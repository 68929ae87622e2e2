// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <deque>

#include <QtTest>

#include "tests/core/engine/simulated_release.h"

using namespace sluice;
using namespace std::chrono_literals;
using rollout::Phase;
using testing::SimulatedRelease;

namespace {

/// Notes what it is asked for; answers when told to.
class NotingSource final : public ports::MetricSource {
public:
    const std::string& name() const override { return m_name; }
    void poll(const std::vector<std::string>&) override { ++polls; }
    void backfill(const std::vector<std::string>&, Duration range) override { backfills.push_back(range); }
    int64_t requests() const override { return polls; }

    int64_t polls{0};
    std::deque<Duration> backfills{};

private:
    std::string m_name{"noting"};
};

Now at(Duration since)
{
    return {.wall = wallTime(1'795'000'000'000'000) + since, .boot = BootTime(since)};
}

void answer(engine::MetricFeed& feed, Now now)
{
    feed.take({.source = "noting", .batch = analysis::RawBatch{.serverTime = now.wall, .arrivedAt = now.boot}});
}

bool reaches(SimulatedRelease& release, int stage, Phase phase)
{
    return release.until(
        [&] {
            if (release.view() != nullptr && release.view()->state.stage == stage && release.phase() == phase)
                return true;
            release.helpAlong();
            return false;
        },
        5min);
}

const analysis::Reading* reading(const SimulatedRelease& release, const std::string& metric)
{
    const auto& readings = release.view()->assessment.readings;
    const auto found = std::ranges::find(readings, metric, &analysis::Reading::metric);
    return found == readings.end() ? nullptr : &*found;
}

} // namespace

class EngineJudgeTest : public QObject {
    Q_OBJECT

private slots:
    void theShareOfAStageThatIsStillBeingAppliedIsNotExpectedYet()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(reaches(release, 1, Phase::AwaitingApproval));
        release.helpAlong();
        QVERIFY(release.until([&] { return release.phase() == Phase::Promoting; }, 30s));
        release.service->proxies.at("edge-2").loseSocket(); // it goes on serving with 10 %
        QVERIFY(release.until([&] { return release.phase() == Phase::Applying; }, 1min));
        release.run(60s);
        QVERIFY2(!release.view()->state.rollback, "half the proxies at the old share looked like lost users");
        release.service->proxies.at("edge-2").findSocket();
        QVERIFY(release.toTheEnd(5min));
        QCOMPARE(release.phase(), Phase::Stable);
    }

    void theRecordedBaselineIsKeptInTheJournalAndUsedWhenTheSourceDoesNotReachBack()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(reaches(release, 4, Phase::Baking)); // 100 %: stable serves nobody
        const auto recorded = std::ranges::find(release.store.events, std::string("baseline_recorded"),
                                                [](const ports::StoredEvent& stored) { return stored.event.type; });
        QVERIFY(recorded != release.store.events.end());
        QVERIFY(recorded->event.body.find("error_rate") != std::string::npos);

        release.kill();
        release.fleet.world().metrics().forgetSamples();
        release.boot("second");
        QVERIFY(release.until(
            [&] {
                const analysis::Reading* p50 = release.view() == nullptr ? nullptr : reading(release, "p50");
                return p50 != nullptr && p50->baselineIsBefore && p50->baseline.has_value();
            },
            1min));
    }

    void aStartFromAKeptStateIsTheSameAsOneFromAllEvents()
    {
        SimulatedRelease release;
        QVERIFY(release.start().ok());
        QVERIFY(reaches(release, 1, Phase::Baking));
        QVERIFY(release.ask(rollout::Pause{release.rollout, "over lunch"}, "you").ok());
        for (int time = 0; time < 2; ++time) { // no window reaches back from one comment to the one before
            release.run(70min);
            QVERIFY(release.ask(rollout::Comment{release.rollout, "still at lunch"}, "you").ok());
        }
        QVERIFY(release.store.states.contains(release.rollout));
        const ports::StateRow kept = release.store.states.at(release.rollout);
        QVERIFY(kept.version > 1);

        const auto drives = [&] { return release.view() != nullptr && release.view()->drivenHere; };
        release.kill();
        release.boot("from-kept");
        QVERIFY(release.until(drives, 1min));
        const rollout::Rollout fromKept = release.view()->state;
        const std::vector<engine::LogLine> log = release.view()->log;
        release.kill();
        release.store.states.clear();
        release.boot("from-events");
        QVERIFY(release.until(drives, 1min));
        const rollout::Rollout fromEvents = release.view()->state;
        QCOMPARE(fromEvents.version, fromKept.version + 1); // the driver changed once more
        QCOMPARE(fromEvents.stages, fromKept.stages);
        QCOMPARE(fromEvents.phase, fromKept.phase);
        QCOMPARE(fromEvents.ticked, fromKept.ticked);
        QCOMPARE(log.front().version, int64_t{1});
        QCOMPARE(log.size(), release.view()->log.size() - 1);
    }

    void aSourceThatWasSilentIsAskedForTheRangeItMissed()
    {
        NotingSource source;
        engine::MetricFeed feed(source);
        feed.want({"up"});
        feed.pollIfDue(at(10s));
        answer(feed, at(10s));
        feed.pollIfDue(at(11s));
        QCOMPARE(source.polls, 2);
        QVERIFY(source.backfills.empty());

        feed.pollIfDue(at(50s));
        QCOMPARE(source.polls, 2);
        QCOMPARE(source.backfills.size(), size_t{1});
        QVERIFY(source.backfills.front() >= 40s);
        answer(feed, at(50s));
        feed.pollIfDue(at(51s));
        QCOMPARE(source.polls, 3);
    }

    void aBackfillNeverAsksForMoreThanAnyWindowNeeds()
    {
        NotingSource source;
        engine::MetricFeed feed(source);
        feed.want({"up"});
        feed.backfill(72h);
        QCOMPARE(source.backfills.front(), Duration(engine::MetricFeed::kReach));
    }
};

QTEST_GUILESS_MAIN(EngineJudgeTest)
#include "engine_judge_test.moc"
