// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

const StartRollout kStart{.target = TargetId("checkout/production"), .toVersion = "v2", .note = "weekly"};

} // namespace

class StartTest : public QObject {
    Q_OBJECT

private slots:
    void theFirstEventPinsVersionsAndPlaybook()
    {
        Playbook book = plainPlaybook();
        book.text = "playbook: test";
        const auto events = decideStart(kStart, book, person("ana"), "v1", false);
        QVERIFY(events.ok());
        QCOMPARE(events.value().size(), size_t{1});
        const auto& started = std::get<RolloutStarted>(events.value().front());
        QCOMPARE(started.fromVersion, std::string("v1"));
        QCOMPARE(started.toVersion, std::string("v2"));
        QCOMPARE(started.playbookHash, std::string("hash"));
        QCOMPARE(started.playbookText, std::string("playbook: test"));
        QCOMPARE(started.stageCount, 3);
    }

    void aStartThatCannotBeIsRefused_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<int>("fault");
        QTest::addColumn<QByteArray>("says");
        const int refused = static_cast<int>(Fault::Refused);
        const int bad = static_cast<int>(Fault::BadInput);
        QTest::newRow("busy") << QByteArray("busy") << refused << QByteArray("already running on checkout/production");
        QTest::newRow("same version") << QByteArray("same") << refused
                                      << QByteArray("v1 already is the stable version");
        QTest::newRow("unknown person") << QByteArray("nobody") << refused << QByteArray("cannot start a rollout");
        QTest::newRow("direct") << QByteArray("direct") << refused << QByteArray("releases directly");
        QTest::newRow("no version") << QByteArray("version") << bad << QByteArray("Say which version");
        QTest::newRow("not a version") << QByteArray("blanks") << bad << QByteArray("is not a version");
        QTest::newRow("no target") << QByteArray("target") << bad << QByteArray("Say on which target");
        QTest::newRow("no stable version") << QByteArray("stable") << bad << QByteArray("which version is stable");
        QTest::newRow("no stages") << QByteArray("stages") << bad << QByteArray("has no stages");
        QTest::newRow("broken text") << QByteArray("text") << bad << QByteArray("not valid UTF-8");
    }

    void aStartThatCannotBeIsRefused()
    {
        QFETCH(QByteArray, what);
        QFETCH(int, fault);
        QFETCH(QByteArray, says);
        StartRollout start = kStart;
        Playbook book = plainPlaybook();
        if (what == "same") start.toVersion = "v1";
        if (what == "version") start.toVersion.clear();
        if (what == "blanks") start.toVersion = "the new one";
        if (what == "target") start.target = TargetId();
        if (what == "stages") book.stages.clear();
        if (what == "direct") book.strategy = Strategy::Direct;
        if (what == "text") start.note = "\xff";
        const auto events = decideStart(start, book, what == "nobody" ? kNobody : person("ana"),
                                        what == "stable" ? "" : "v1", what == "busy");
        QVERIFY(!events.ok());
        QCOMPARE(static_cast<int>(events.error().fault), fault);
        QVERIFY2(events.error().detail.find(says.toStdString()) != std::string::npos, events.error().detail.c_str());
    }

    void theFromVersionOfTheCommandWins()
    {
        StartRollout start = kStart;
        start.fromVersion = "v0";
        const auto events = decideStart(start, plainPlaybook(), person("ana"), "v1", false);
        QCOMPARE(std::get<RolloutStarted>(events.value().front()).fromVersion, std::string("v0"));
    }

    void aRollbackToMakeRoomSaysSo()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        const Asked asked{.command = RollBack{.reason = "v3 starts"}, .actor = person("ana"), .supersedes = true};
        const auto events = decide(stand.state(), stand.playbook(), asked, stand.now());
        QVERIFY(events.ok());
        QCOMPARE(std::get<RollbackStarted>(events.value().front()).plan.cause, RollbackCause::Superseded);
    }

    void foldAcceptsEveryEventInEveryState()
    {
        // Replay must not stop at an order that decide() would never give.
        const std::vector<Event> odd{StageApplied{.stage = 99},
                                     BakeCredited{.stage = -1, .credit = 5s},
                                     StagePassed{.stage = 7},
                                     SteppedBack{.from = 3, .to = -2},
                                     ApprovalGiven{},
                                     StepChanged{.step = 4},
                                     TrafficVerified{},
                                     TrafficQuiet{},
                                     RolloutStarted{.stageCount = -1},
                                     RolloutStarted{.stageCount = 2'000'000'000},
                                     RolledBack{}};
        Rollout state{};
        for (const Event& event : odd)
            state = fold(std::move(state), {.event = event});
        QCOMPARE(state.version, static_cast<int64_t>(odd.size()));
        QVERIFY(state.stages.size() <= 1000);
    }
};

QTEST_APPLESS_MAIN(StartTest)
#include "start_test.moc"
