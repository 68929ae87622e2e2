// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include <QTemporaryDir>
#include <QtTest>

#include "core/journal/sqlite_journal.h"
#include "core/sim/memory_journal.h"
#include "core/sim/simulated_clock.h"

using namespace sluice;
using ports::Appended;
using namespace std::chrono_literals;

namespace {

const TargetId kTarget("checkout/production");
const PersonId kAna("ana");
const RolloutId kRollout("r1");

/// The place where journals meet; each `open` is another process's end of it.
class Place {
public:
    explicit Place(bool file)
        : m_file(file)
    {
    }
    std::unique_ptr<ports::Journal> open()
    {
        if (!m_file) return std::make_unique<sim::MemoryJournal>(m_store, clock);
        auto opened = journal::SqliteJournal::open(m_folder.filePath(QStringLiteral("journal.db")).toStdString(), clock,
                                                   journal::OpenMode::Create);
        if (!opened.ok()) qFatal("%s", opened.error().detail.c_str());
        return std::move(opened).value();
    }

    sim::SimulatedClock clock{wallTime(1'795'000'000'000'000)};

private:
    bool m_file;
    sim::MemoryStore m_store{};
    QTemporaryDir m_folder{};
};

ports::NewEvent eventOf(const std::string& body, const std::string& inboxId = {})
{
    return {.type = "commented",
            .body = body,
            .actor = R"({"person":"ana"})",
            .at = wallTime(1'795'000'000'000'000),
            .inboxId = inboxId};
}

ports::Append appendOf(int64_t after, int64_t epoch, std::vector<ports::NewEvent> events)
{
    return {.target = kTarget, .rollout = kRollout, .afterVersion = after, .epoch = epoch, .events = std::move(events)};
}

/// Announced, and holding the lease: its epoch.
int64_t drive(ports::Journal& journal, const std::string& engine, bool force = false)
{
    if (!journal.announce(engine, kAna).ok()) return 0;
    const auto lease = journal.acquire(kTarget, engine, kAna, 0, force, force ? "frozen" : "");
    return lease.ok() ? lease.value().epoch : 0;
}

} // namespace

/// What ports::Journal promises, asked of the file and of the simulated world's memory.
class JournalContractTest : public QObject {
    Q_OBJECT

    static void addImplementations()
    {
        QTest::addColumn<bool>("file");
        QTest::newRow("memory") << false;
        QTest::newRow("sqlite") << true;
    }
    static Place place()
    {
        QFETCH(bool, file);
        return Place(file);
    }

private slots:
    void whatIsAppendedIsReadInOrderAndChained_data() { addImplementations(); }
    void whatIsAppendedIsReadInOrderAndChained()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        QCOMPARE(journal->append(appendOf(0, epoch, {eventOf(R"({"n":1})"), eventOf(R"({"n":2})")})).value(),
                 Appended::Stored);
        const auto events = place.open()->events(kRollout, 0, 10).value();
        QCOMPARE(events.size(), size_t{2});
        QCOMPARE(events[1].event.body, std::string(R"({"n":2})"));
        QCOMPARE(events[1].version, 2);
        QCOMPARE(events[1].epoch, epoch);
        QCOMPARE(events[1].previousHash, events[0].hash);
        const auto chain = journal->verify().value();
        QVERIFY(chain.intact);
        QVERIFY(chain.events >= 2); // a journal may keep who took the lease in the same chain
        QVERIFY(!chain.head.empty());
        QCOMPARE(journal->eventsSince(events[0].gseq, 10).value().size(), size_t{1});
    }

    void aDecisionAtAnOldVersionConflicts_data() { addImplementations(); }
    void aDecisionAtAnOldVersionConflicts()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        QCOMPARE(journal->append(appendOf(0, epoch, {eventOf(R"({"n":1})")})).value(), Appended::Stored);
        QCOMPARE(journal->append(appendOf(0, epoch, {eventOf(R"({"n":9})")})).value(), Appended::Conflict);
        QCOMPARE(journal->events(kRollout, 0, 10).value().size(), size_t{1});
    }

    void whoLostTheLeaseIsFenced_data() { addImplementations(); }
    void whoLostTheLeaseIsFenced()
    {
        Place place = JournalContractTest::place();
        const auto older = place.open();
        const int64_t old = drive(*older, "one");
        const auto newer = place.open();
        const int64_t young = drive(*newer, "two", true);
        QVERIFY(young > old);
        QCOMPARE(older->append(appendOf(0, old, {eventOf(R"({"n":1})")})).value(), Appended::Fenced);
        QCOMPARE(newer->append(appendOf(0, young, {eventOf(R"({"n":2})")})).value(), Appended::Stored);
    }

    void aLiveHolderKeepsItsTargetAndASilentOneIsGivenUp_data() { addImplementations(); }
    void aLiveHolderKeepsItsTargetAndASilentOneIsGivenUp()
    {
        Place place = JournalContractTest::place();
        const auto holder = place.open();
        QVERIFY(drive(*holder, "one") > 0);
        const auto other = place.open();
        QVERIFY(other->announce("two", kAna).ok());
        for (int i = 0; i < 8; ++i) {
            const auto refused = other->acquire(kTarget, "two", kAna, 0, false, "");
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().fault, Fault::Refused);
            QVERIFY(refused.error().detail.find("one") != std::string::npos);
            place.clock.advance(2500ms);
            QVERIFY(holder->renew("one").ok());
        }
        for (int i = 0; i < 8; ++i) {
            QVERIFY(other->lease(kTarget).ok());
            place.clock.advance(2500ms);
        }
        QVERIFY(other->acquire(kTarget, "two", kAna, 0, false, "").ok());
    }

    void theEpochRisesAboveWhatTheProxiesHaveShown_data() { addImplementations(); }
    void theEpochRisesAboveWhatTheProxiesHaveShown()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        QVERIFY(drive(*journal, "one") > 0);
        QCOMPARE(journal->acquire(kTarget, "one", kAna, 41, false, "").value().epoch, 42);
        QCOMPARE(journal->acquire(kTarget, "one", kAna, 7, false, "").value().epoch, 43);
    }

    void aDecisionAnswersTheRequestThatItNames_data() { addImplementations(); }
    void aDecisionAnswersTheRequestThatItNames()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        const auto asker = place.open();
        const ports::InboxRow row{.id = "q1", .person = kAna, .proof = "os", .command = "{}", .answer = {}};
        QVERIFY(asker->ask(row).ok());
        QCOMPARE(journal->unanswered(10).value().size(), size_t{1});
        QCOMPARE(journal->append(appendOf(0, epoch, {eventOf(R"({"n":1})", "q1")})).value(), Appended::Stored);
        QVERIFY(asker->inboxRow("q1").value()->answer.starts_with("accepted"));
        QVERIFY(journal->unanswered(10).value().empty());
    }

    void theFirstAnswerStands_data() { addImplementations(); }
    void theFirstAnswerStands()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        QVERIFY(drive(*journal, "one") > 0);
        QVERIFY(journal->ask({.id = "q1", .person = kAna, .proof = "os", .command = "{}", .answer = {}}).ok());
        QVERIFY(journal->answer("q1", "refused: no").ok());
        QVERIFY(!journal->answer("q1", "withdrawn").ok());
        QCOMPARE(journal->inboxRow("q1").value()->answer, std::string("refused: no"));
        QVERIFY(!journal->inboxRow("q2").value().has_value());
    }

    void theWordsOfAnAcceptedRequestFollowTheDecision_data() { addImplementations(); }
    void theWordsOfAnAcceptedRequestFollowTheDecision()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        QVERIFY(journal->ask({.id = "q1", .person = kAna, .proof = "os", .command = "{}", .answer = {}}).ok());
        QCOMPARE(journal->append(appendOf(0, epoch, {eventOf(R"({"n":1})", "q1")})).value(), Appended::Stored);
        QVERIFY(journal->answer("q1", "accepted: r1").ok());
        QVERIFY(!journal->answer("q1", "withdrawn").ok());
        QCOMPARE(journal->inboxRow("q1").value()->answer, std::string("accepted: r1"));
    }

    void aClearedStopIsKeptByWhoeverDrives_data() { addImplementations(); }
    void aClearedStopIsKeptByWhoeverDrives()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        ports::ClearedStop stop{.fired = {.target = kTarget,
                                          .person = PersonId("ben"),
                                          .proof = "os",
                                          .reason = "it smells",
                                          .at = wallTime(5),
                                          .epoch = 7},
                                .by = kAna,
                                .proof = "os",
                                .reason = "it does not",
                                .at = wallTime(9)};
        QVERIFY(journal->recordCleared(stop, epoch).ok());
        QCOMPARE(journal->recordCleared(stop, epoch - 1).error().fault, Fault::Refused);
        stop.reason = "once more";
        QVERIFY(journal->recordCleared(stop, epoch).ok());
        const auto kept = journal->clearedStops(10).value();
        QCOMPARE(kept.size(), size_t{2});
        QCOMPARE(kept.front().reason, std::string("once more"));
        QCOMPARE(kept.back().reason, std::string("it does not"));
        QCOMPARE(kept.back().by, kAna);
        QCOMPARE(kept.back().at, wallTime(9));
        QCOMPARE(kept.back().fired.target, kTarget);
        QCOMPARE(kept.back().fired.person, PersonId("ben"));
        QCOMPARE(kept.back().fired.reason, std::string("it smells"));
        QCOMPARE(kept.back().fired.at, wallTime(5));
        QCOMPARE(kept.back().fired.epoch, int64_t{7});
        QCOMPARE(journal->clearedStops(1).value().size(), size_t{1});
        QVERIFY(journal->verify().value().intact);
    }

    void theRowOfARolloutIsWrittenWithItsEvents_data() { addImplementations(); }
    void theRowOfARolloutIsWrittenWithItsEvents()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        auto append = appendOf(0, epoch, {eventOf(R"({"n":1})")});
        append.summary = ports::RolloutRow{.id = kRollout, .target = kTarget, .fromVersion = "v1", .toVersion = "v2"};
        QCOMPARE(journal->append(append).value(), Appended::Stored);
        QCOMPARE(journal->rollouts(true, 10).value().size(), size_t{1});
        append = appendOf(1, epoch, {eventOf(R"({"n":2})")});
        append.summary = ports::RolloutRow{
            .id = kRollout, .target = kTarget, .fromVersion = "v1", .toVersion = "v2", .outcome = "stable"};
        QCOMPARE(journal->append(append).value(), Appended::Stored);
        QVERIFY(journal->rollouts(true, 10).value().empty());
        QCOMPARE(journal->rollouts(false, 10).value().front().outcome, std::string("stable"));
    }

    void olderRolloutsFollowPageByPage_data() { addImplementations(); }
    void olderRolloutsFollowPageByPage()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        for (const char* id : {"r1", "r2", "r3"}) {
            const ports::RolloutRow row{
                .id = RolloutId(id), .target = kTarget, .outcome = "stable", .startedAt = wallTime(id[1])};
            QVERIFY(journal->putRollout(row, epoch).ok());
        }
        const auto first = journal->rollouts(false, 2).value();
        QCOMPARE(first.size(), size_t{2});
        QCOMPARE(first.front().id, RolloutId("r3"));
        const auto second = journal->rolloutsAfter(first.back(), 2).value();
        QCOMPARE(second.size(), size_t{1});
        QCOMPARE(second.front().id, RolloutId("r1"));
        QVERIFY(journal->rolloutsAfter(second.back(), 2).value().empty());
    }

    void aReleasedTargetIsFreeForTheNext_data() { addImplementations(); }
    void aReleasedTargetIsFreeForTheNext()
    {
        Place place = JournalContractTest::place();
        const auto journal = place.open();
        const int64_t epoch = drive(*journal, "one");
        QVERIFY(journal->release(kTarget, "one").ok());
        const auto other = place.open();
        QVERIFY(drive(*other, "two") > epoch);
        QCOMPARE(journal->append(appendOf(0, epoch, {eventOf(R"({"n":1})")})).value(), Appended::Fenced);
    }
};

QTEST_GUILESS_MAIN(JournalContractTest)
#include "journal_contract_test.moc"
