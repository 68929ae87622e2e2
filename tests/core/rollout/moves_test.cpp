// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <map>
#include <set>

#include <QtTest>

#include "core/rollout/ask_target.h"
#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

namespace {

/// What people may do in each phase, written a second time and by hand: the table under test is not consulted.
const std::map<Phase, std::set<std::string>> kLegal{
    {Phase::Preparing, {"pause", "cancel", "emergency-rollback", "tick", "hand-over", "comment"}},
    {Phase::Applying, {"pause", "step-back", "rollback", "emergency-rollback", "ramp", "tick", "hand-over", "comment"}},
    {Phase::Baking,
     {"pause", "promote", "step-back", "rollback", "emergency-rollback", "ramp", "tick", "hand-over", "comment"}},
    {Phase::Judging,
     {"pause", "promote", "step-back", "rollback", "emergency-rollback", "ramp", "tick", "hand-over", "comment"}},
    {Phase::AwaitingApproval,
     {"approve", "reject", "pause", "promote", "step-back", "rollback", "emergency-rollback", "ramp", "tick",
      "hand-over", "comment"}},
    {Phase::Promoting, {"pause", "step-back", "rollback", "emergency-rollback", "tick", "hand-over", "comment"}},
    {Phase::Paused, {"resume", "step-back", "rollback", "emergency-rollback", "ramp", "tick", "hand-over", "comment"}},
    {Phase::SteppingBack, {"step-back", "rollback", "emergency-rollback", "tick", "hand-over", "comment"}},
    {Phase::RollingBack, {"emergency-rollback", "skip-step", "tick", "hand-over", "comment"}},
    {Phase::RolledBack, {"comment"}},
    {Phase::Watching,
     {"pause", "promote", "step-back", "rollback", "emergency-rollback", "ramp", "tick", "hand-over", "comment"}},
    {Phase::Finalising, {"rollback", "emergency-rollback", "tick", "hand-over", "comment"}},
    {Phase::Stable, {"comment"}},
    {Phase::Cancelled, {"comment"}},
};

/// A stand in its second stage, moved on to the phase by the events that lead there.
Stand standIn(Phase phase)
{
    Playbook book = plainPlaybook();
    book.checklists.during = {{"logs", "Logs read"}};
    book.watch.length = 1h;
    Stand stand(book);
    if (phase == Phase::Preparing) return stand;
    if (phase == Phase::Cancelled) stand.put(RolloutCancelled{});
    if (phase == Phase::Cancelled) return stand;
    stand.reachStage(1);
    switch (phase) {
    case Phase::Applying: stand.put(StageEntered{1, percent(10), {}}); break;
    case Phase::Judging: stand.put(BakeDone{1}); break;
    case Phase::AwaitingApproval: stand.put(ApprovalRequested{1, "digest", "{}", stand.now().wall + 30min}); break;
    case Phase::Promoting: stand.put(StagePassed{.stage = 1}); break;
    case Phase::Paused: stand.put(RolloutPaused{"lunch", true}); break;
    case Phase::SteppingBack: stand.put(SteppedBack{2, 1, percent(10), {}}); break;
    case Phase::RollingBack: stand.put(RollbackStarted{}); break;
    case Phase::RolledBack: stand.put(RolledBack{"v1"}); break;
    case Phase::Watching: stand.put(WatchStarted{1h}); break;
    case Phase::Finalising: stand.put(FinaliseStarted{{StepProgress{.title = "pool"}}}); break;
    case Phase::Stable: stand.put(MarkedStable{"v2"}); break;
    case Phase::Preparing:
    case Phase::Baking:
    case Phase::Cancelled: break;
    }
    return stand;
}

/// Every command once, in the form that has the best chance to be accepted.
std::vector<Command> commands()
{
    return {Approve{},
            Reject{},
            Pause{},
            Resume{},
            Promote{.force = true, .reason = "needed", .second = PersonId("lead")},
            StepBack{},
            Cancel{},
            RollBack{},
            EmergencyRollback{},
            Ramp{.weight = percent(5), .reason = "less"},
            TickItem{.item = "logs"},
            HandOver{.to = PersonId("bo")},
            Comment{.text = "seen"},
            RetryStep{},
            SkipStep{.reason = "known"}};
}

std::vector<Phase> phases()
{
    std::vector<Phase> all;
    for (const auto& [phase, moves] : kLegal)
        all.push_back(phase);
    return all;
}

} // namespace

class MovesTest : public QObject {
    Q_OBJECT

private slots:
    void everyCommandIsTakenOrRefusedAsTheTableSays_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<int>("command");
        const auto all = commands();
        for (const Phase phase : phases()) {
            for (size_t at = 0; at < all.size(); ++at) {
                QTest::addRow("%s %s", phaseName(phase).data(), commandName(all[at]).data())
                    << static_cast<int>(phase) << static_cast<int>(at);
            }
        }
    }

    void everyCommandIsTakenOrRefusedAsTheTableSays()
    {
        QFETCH(int, phase);
        QFETCH(int, command);
        Stand stand = standIn(static_cast<Phase>(phase));
        QCOMPARE(stand.phase(), static_cast<Phase>(phase));
        const Command act = commands()[static_cast<size_t>(command)];
        const std::string name(commandName(act));
        const Rollout before = stand.state();
        const auto lead = person("lead", {"engineering-lead"});
        const auto error = stand.ask(act, person("mia", {"release-manager"}), lead);
        const bool legal = kLegal.at(static_cast<Phase>(phase)).contains(name);
        QVERIFY2(legal == !error, error ? error->detail.c_str() : "it was accepted");
        if (legal) return;
        QVERIFY(stand.state() == before);
        QCOMPARE(error->fault, Fault::Refused);
        QVERIFY2(error->detail.find("Possible now: ") != std::string::npos, error->detail.c_str());
    }

    void theListForScreensSaysTheSame_data()
    {
        QTest::addColumn<int>("phase");
        for (const Phase phase : phases())
            QTest::newRow(phaseName(phase).data()) << static_cast<int>(phase);
    }

    void theListForScreensSaysTheSame()
    {
        QFETCH(int, phase);
        const Stand stand = standIn(static_cast<Phase>(phase));
        const auto& expected = kLegal.at(static_cast<Phase>(phase));
        const auto moves = legalMoves(stand.state(), stand.playbook(), stand.latest());
        QCOMPARE(moves.size(), commands().size());
        for (const MoveState& move : moves) {
            const std::string name(moveName(move.move));
            // Without force, promote also needs its gates; the list judges that on the newest tick.
            const bool gated = move.move == Move::Promote;
            if (!gated) QVERIFY2(move.legal == expected.contains(name), name.c_str());
            QVERIFY2(move.legal == move.because.empty(), name.c_str());
        }
    }

    void aRefusalNamesThePhaseAndWhatIsPossible()
    {
        Stand stand = standIn(Phase::RollingBack);
        QCOMPARE(stand.refusal(Promote{}, person("mia")),
                 std::string("promote is not possible while a rollback is running. Possible now: "
                             "emergency-rollback, tick, hand-over, comment, skip-step."));
    }

    void thereIsNoStepBackFromTheFirstStage()
    {
        Stand stand;
        QVERIFY(stand.reachStage(0));
        const std::string answer = stand.refusal(StepBack{}, person("ana"));
        QVERIFY2(answer.starts_with("There is no earlier stage. Possible now: "), answer.c_str());
    }

    void somebodyUnknownMayOnlyFireAnEmergency()
    {
        for (const Command& act : commands()) {
            Stand stand = standIn(Phase::Baking);
            const bool emergency = std::holds_alternative<EmergencyRollback>(act);
            const auto error = stand.ask(act, kNobody);
            QVERIFY2(emergency == !error, error ? error->detail.c_str() : commandName(act).data());
        }
    }

    void aRequestAboutAnotherRolloutIsBadInput()
    {
        Stand stand = standIn(Phase::Baking);
        const auto error = stand.ask(Pause{.rollout = RolloutId("r-2")}, person("ana"));
        QVERIFY(error && error->fault == Fault::BadInput);
        QVERIFY(!stand.ask(Pause{.rollout = RolloutId("r-1")}, person("ana")));
    }

    void aTextThatIsNoUtf8OrTooLongIsBadInput()
    {
        Stand stand = standIn(Phase::Baking);
        QCOMPARE(stand.refusal(Comment{.text = "bad \xff byte"}, person("ana")),
                 std::string("A text is not valid UTF-8."));
        QCOMPARE(stand.refusal(Comment{.text = std::string(2001, 'a')}, person("ana")),
                 std::string("A text of 2001 bytes is too long: 2000 are the limit."));
    }

    void aChecklistItemIsTickedOnceAndMustExist()
    {
        Stand stand = standIn(Phase::Baking);
        QVERIFY(!stand.ask(TickItem{.item = "logs"}, person("bo")));
        QCOMPARE(stand.refusal(TickItem{.item = "logs"}, person("bo")), std::string("\"logs\" is already ticked."));
        QVERIFY(!stand.ask(TickItem{.item = "logs", .ticked = false}, person("bo")));
        QCOMPARE(stand.refusal(TickItem{.item = "fog"}, person("bo")),
                 std::string("The playbook has no checklist item \"fog\"; it has logs."));
    }

    void aHandOverChangesTheOwnerAndNotWhoStarted()
    {
        Stand stand = standIn(Phase::Baking);
        QVERIFY(!stand.ask(HandOver{.to = PersonId("bo"), .note = "night shift"}, person("ana")));
        QCOMPARE(stand.state().owner, PersonId("bo"));
        QCOMPARE(stand.state().startedBy, PersonId("ana"));
    }
};

QTEST_APPLESS_MAIN(MovesTest)
#include "moves_test.moc"
