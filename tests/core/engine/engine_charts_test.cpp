// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QtTest>

#include "tests/core/engine/simulated_release.h"

using namespace sluice;
using namespace std::chrono_literals;
using testing::SimulatedRelease;

class EngineChartsTest : public QObject {
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
};

QTEST_GUILESS_MAIN(EngineChartsTest)
#include "engine_charts_test.moc"
