// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

/// A state in this phase, exposed at 10 % unless the phase comes before exposure.
Rollout in(Phase phase)
{
    Rollout state{.fromVersion = "v1", .toVersion = "v2", .phase = phase, .generation = 7};
    state.stages.resize(3);
    if (phase == Phase::Preparing || phase == Phase::Cancelled) return state;
    state.admitted = true;
    state.stage = 1;
    state.weight = state.cap = percent(10);
    state.stages[0].enteredAt = state.stages[1].enteredAt = wallTime(1);
    if (phase == Phase::RollingBack) state.rollback = RollbackProgress{};
    if (phase == Phase::Finalising) state.finalise.resize(3);
    return state;
}

Playbook withReplicas(Replicas first, Replicas second)
{
    Playbook book = plainPlaybook();
    book.stages[0].replicas = first;
    book.stages[1].replicas = second;
    return book;
}

} // namespace

class DesiredTest : public QObject {
    Q_OBJECT

private slots:
    void eachPhaseWantsItsWorld_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<bool>("safe");
        QTest::addColumn<int>("weight");
        QTest::addColumn<bool>("canaryRuns");
        QTest::addColumn<QByteArray>("stable");
        const auto row = [](Phase phase, bool safe, int weight, bool runs, const char* stable) {
            QTest::newRow(phaseName(phase).data())
                << static_cast<int>(phase) << safe << weight << runs << QByteArray(stable);
        };
        row(Phase::Preparing, true, 0, true, "v1");
        row(Phase::Applying, false, 10, true, "v1");
        row(Phase::Baking, false, 10, true, "v1");
        row(Phase::Judging, false, 10, true, "v1");
        row(Phase::AwaitingApproval, false, 10, true, "v1");
        row(Phase::Promoting, false, 10, true, "v1");
        row(Phase::Paused, false, 10, true, "v1");
        row(Phase::SteppingBack, false, 10, true, "v1");
        row(Phase::RollingBack, true, 0, true, "v1");
        row(Phase::RolledBack, true, 0, false, "v1");
        row(Phase::Watching, false, 10, true, "v1");
        row(Phase::Finalising, false, 10, true, "v2");
        row(Phase::Stable, true, 0, false, "v2");
        row(Phase::Cancelled, true, 0, false, "v1");
    }

    void eachPhaseWantsItsWorld()
    {
        QFETCH(int, phase);
        QFETCH(bool, safe);
        QFETCH(int, weight);
        QFETCH(bool, canaryRuns);
        QFETCH(QByteArray, stable);
        const Desired want = desired(in(static_cast<Phase>(phase)), plainPlaybook(), 10);
        QCOMPARE(want.safe, safe);
        QCOMPARE(want.weight, percent(weight));
        QCOMPARE(want.admit, !safe);
        QCOMPARE(want.canaryInstances > 0, canaryRuns);
        QCOMPARE(want.stableVersion, stable.toStdString());
        QCOMPARE(want.canaryVersion, std::string("v2"));
        QCOMPARE(want.generation, uint64_t{7});
    }

    void aPauseBeforeExposureStaysSafe()
    {
        Rollout state = in(Phase::Preparing);
        state.phase = Phase::Paused;
        state.phaseBeforePause = Phase::Preparing;
        QVERIFY(desired(state, plainPlaybook(), 10).safe);
    }

    void instancesFollowThePlaybookOrTheShare_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<qint64>("amount");
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("stable");
        QTest::addColumn<int>("instances");
        const int none = static_cast<int>(Replicas::Kind::Unchanged);
        const int count = static_cast<int>(Replicas::Kind::Count);
        const int share = static_cast<int>(Replicas::Kind::PercentOfStable);
        QTest::newRow("1 % of 10 by share is one") << none << qint64{0} << 0 << 10 << 1;
        QTest::newRow("10 % of 25 by share is three") << none << qint64{0} << 1 << 25 << 3;
        QTest::newRow("100 % by share is all") << none << qint64{0} << 2 << 25 << 25;
        QTest::newRow("a count is a count") << count << qint64{4} << 1 << 10 << 4;
        QTest::newRow("a count holds for later stages") << count << qint64{4} << 2 << 10 << 4;
        QTest::newRow("1 % of 10 instances is one") << share << qint64{10'000} << 1 << 10 << 1;
        QTest::newRow("25 % of 10 instances is three") << share << qint64{250'000} << 1 << 10 << 3;
        QTest::newRow("a share of an unknown pool is one") << share << qint64{500'000} << 1 << 0 << 1;
    }

    void instancesFollowThePlaybookOrTheShare()
    {
        QFETCH(int, kind);
        QFETCH(qint64, amount);
        QFETCH(int, stage);
        QFETCH(int, stable);
        QFETCH(int, instances);
        const Replicas second{static_cast<Replicas::Kind>(kind), amount};
        QCOMPARE(canaryInstancesFor(withReplicas({}, second), stage, stable), instances);
    }

    void aLaterStageNeverHasFewerInstances()
    {
        const Playbook book = withReplicas({Replicas::Kind::Count, 6}, {Replicas::Kind::Count, 2});
        QCOMPARE(canaryInstancesFor(book, 1, 10), 6);
    }

    void steppingBackKeepsTheInstancesOfTheStageItLeaves()
    {
        const Playbook book = withReplicas({Replicas::Kind::Count, 1}, {Replicas::Kind::Count, 5});
        Rollout state = in(Phase::Baking);
        state = fold(state, {.event = SteppedBack{1, 0, percent(1), {}}});
        QCOMPARE(desired(state, book, 10).weight, percent(1));
        QCOMPARE(desired(state, book, 10).canaryInstances, 5);
    }

    void anUnknownStablePoolCountsAsNone()
    {
        World world{.stable = {.known = false, .wanted = 8}};
        QCOMPARE(stableInstances(world), 0);
        world.stable.known = true;
        QCOMPARE(stableInstances(world), 8);
    }
};

QTEST_APPLESS_MAIN(DesiredTest)
#include "desired_test.moc"
