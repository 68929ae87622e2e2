// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/journal/command_codec.h"
#include "core/journal/inbox_answer.h"
#include "tests/core/engine/simulated_release.h"

// Requests of those who do not drive: carried out soon or not at all.

using namespace sluice;
using namespace std::chrono_literals;
using rollout::Phase;
using testing::SimulatedRelease;

namespace {

bool untilBaking(SimulatedRelease& release)
{
    const auto bakes = [&] {
        release.helpAlong();
        return release.phase() == Phase::Baking;
    };
    return release.start().ok() && release.until(bakes, 3min);
}

void drives(engine::EngineParts& parts)
{
    parts.drive = true;
}
void observes(engine::EngineParts& parts)
{
    parts.drive = false;
}

} // namespace

class EngineInboxTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasAskedTooLongAgoIsNotCarriedOut_data()
    {
        QTest::addColumn<int>("askedSecondsAgo");
        QTest::addColumn<bool>("carriedOut");
        QTest::newRow("just now") << 0 << true;
        QTest::newRow("while its asker still waits") << 9 << true;
        QTest::newRow("nobody waits any more") << 11 << false;
        QTest::newRow("yesterday") << 86'400 << false;
        QTest::newRow("tomorrow, by a clock that was set back") << -86'400 << false;
    }
    void whatWasAskedTooLongAgoIsNotCarriedOut()
    {
        QFETCH(int, askedSecondsAgo);
        QFETCH(bool, carriedOut);
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        sim::MemoryJournal asker(release.store, release.fleet.world().clock());
        const WallTime now = release.fleet.world().clock().now().wall;
        QVERIFY(asker
                    .ask({.id = "q-1",
                          .person = PersonId("you"),
                          .proof = "os",
                          .command = journal::encodeCommand(rollout::Pause{release.rollout, "a look"}),
                          .askedAt = now - std::chrono::seconds(askedSecondsAgo),
                          .answer = {}})
                    .ok());
        release.run(1s);
        QCOMPARE(release.phase() == Phase::Paused, carriedOut);
        const auto kind = journal::readAnswer(asker.inboxRow("q-1").value()->answer).kind;
        QCOMPARE(kind == journal::InboxAnswer::Kind::NotHeard, !carriedOut);
        QCOMPARE(kind == journal::InboxAnswer::Kind::Accepted, carriedOut);
    }

    void anObserverThatGetsNoAnswerWithdrawsWhatItAsked()
    {
        SimulatedRelease release;
        QVERIFY(untilBaking(release));
        release.kill();
        release.boot("console", observes);
        release.run(1s);
        const auto answer = release.ask(rollout::Pause{release.rollout, "a look"}, "you");
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().fault, Fault::Unreachable);
        QCOMPARE(release.store.inbox.size(), size_t{1});
        QCOMPARE(release.store.inbox.begin()->second.answer, std::string(journal::kWithdrawn));
        release.boot("driver", drives);
        release.run(20s);
        QVERIFY(release.phase() != Phase::Paused);
    }

    void anAnswerReadsBackAsItWasWritten()
    {
        using Kind = journal::InboxAnswer::Kind;
        const auto accepted = journal::readAnswer(journal::writeAnswer(std::string("r-7")));
        QCOMPARE(accepted.kind, Kind::Accepted);
        QCOMPARE(journal::replyOf(accepted).value(), std::string("r-7"));
        const auto refused = journal::readAnswer(journal::writeAnswer(Error{Fault::BadInput, "it is paused already"}));
        QCOMPARE(refused.kind, Kind::Refused);
        QCOMPARE(journal::replyOf(refused).error().detail, std::string("it is paused already"));
        QCOMPARE(journal::readAnswer("").kind, Kind::None);
        QCOMPARE(journal::readAnswer(journal::kAccepted).kind, Kind::Decided);
        for (const auto word : {journal::kWithdrawn, journal::kTooLate}) {
            QCOMPARE(journal::readAnswer(word).kind, Kind::NotHeard);
            QCOMPARE(journal::replyOf(journal::readAnswer(word)).error().fault, Fault::Unreachable);
        }
    }
};

QTEST_GUILESS_MAIN(EngineInboxTest)
#include "engine_inbox_test.moc"
