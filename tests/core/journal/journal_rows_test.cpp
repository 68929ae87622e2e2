// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/core/journal/journal_support.h"
#include "tests/core/journal/raw_sql.h"

using namespace sluice;
using namespace sluice::journal_test;
using ports::Appended;
using ports::RolloutRow;

namespace {

RolloutRow rowOf(const char* id, const char* outcome = "")
{
    return {.id = RolloutId(id),
            .target = kTarget,
            .fromVersion = "1.4",
            .toVersion = "1.5",
            .playbook = "avalo-production",
            .outcome = outcome,
            .startedBy = kAna,
            .startedAt = wallTime(7)};
}

} // namespace

class JournalRowsTest : public QObject {
    Q_OBJECT

private slots:
    void theRowOfARolloutIsWrittenWithItsFirstAppend();
    void aRolloutWithoutARowOfItsOwnStillGetsOne();
    void unfinishedRolloutsAreFoundAndTheNewestComesFirst();
    void olderRolloutsFollowPageByPageUntilTheEnd();
    void aTargetHasOneUnfinishedRollout();
    void aStateIsHandedOutOnlyWhileItFitsTheChain();
    void anOlderStateDoesNotReplaceANewerOne();
    void aStateOfAVersionThatDoesNotExistIsRefused();
    void aBackupIsAWholeJournalAndNeverReplacesAFile();
};

void JournalRowsTest::theRowOfARolloutIsWrittenWithItsFirstAppend()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    auto append = appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}"), eventOf("{}")});
    append.summary = rowOf("r1");
    QCOMPARE(journal->append(append).value(), Appended::Stored);
    const auto started = journal->rollouts(true, 10).value();
    QCOMPARE(started.size(), 1U);
    QCOMPARE(started.front().toVersion, std::string("1.5"));
    QCOMPARE(started.front().startedBy, kAna);
    QCOMPARE(started.front().lastVersion, 2);
    QVERIFY(!started.front().endedAt.has_value());

    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 2, epoch, {eventOf("{}")})).value(), Appended::Stored);
    QCOMPARE(journal->rollouts(true, 10).value().front().lastVersion, 3);
    RolloutRow ended = rowOf("r1", "rolled_back");
    ended.endedAt = wallTime(9);
    QVERIFY(journal->putRollout(ended, epoch).ok());
    QVERIFY(journal->rollouts(true, 10).value().empty());
    const auto all = journal->rollouts(false, 10).value();
    QCOMPARE(all.front().outcome, std::string("rolled_back"));
    QCOMPARE(all.front().endedAt, std::optional(wallTime(9)));
    QCOMPARE(all.front().lastVersion, 3);
    QVERIFY(journal->verify().value().intact);
}

void JournalRowsTest::aRolloutWithoutARowOfItsOwnStillGetsOne()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
    const auto rows = journal->rollouts(true, 10).value();
    QCOMPARE(rows.size(), 1U);
    QCOMPARE(rows.front().target, kTarget);
    QVERIFY(journal->putRollout(rowOf("r1"), epoch).ok());
    QVERIFY(journal->verify().value().intact);
}

void JournalRowsTest::unfinishedRolloutsAreFoundAndTheNewestComesFirst()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    RolloutRow old = rowOf("r1", "stable");
    RolloutRow fresh = rowOf("r2");
    fresh.startedAt = wallTime(8);
    QVERIFY(journal->putRollout(old, epoch).ok());
    QVERIFY(journal->putRollout(fresh, epoch).ok());
    QCOMPARE(journal->rollouts(false, 10).value().front().id, RolloutId("r2"));
    QCOMPARE(journal->rollouts(false, 1).value().size(), 1U);
    QCOMPARE(journal->rollouts(true, 10).value().size(), 1U);
}

void JournalRowsTest::olderRolloutsFollowPageByPageUntilTheEnd()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    for (const char* id : {"r1", "r2", "r3", "r4", "r5"}) {
        RolloutRow row = rowOf(id, "stable");
        row.startedAt = wallTime(id[1] < '3' ? 8 : 9); // several at one instant: the id decides
        QVERIFY(journal->putRollout(row, epoch).ok());
    }
    std::vector<std::string> seen;
    auto page = journal->rollouts(false, 2).value();
    while (!page.empty()) {
        for (const RolloutRow& row : page)
            seen.push_back(row.id.value);
        page = journal->rolloutsAfter(page.back(), 2).value();
    }
    QCOMPARE(seen, (std::vector<std::string>{"r5", "r4", "r3", "r2", "r1"}));
}

void JournalRowsTest::aTargetHasOneUnfinishedRollout()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
    const auto second = journal->append(appendOf(RolloutId("r2"), 0, epoch, {eventOf("{}")}));
    QVERIFY(!second.ok());
    QCOMPARE(second.error().fault, Fault::Refused);
    QVERIFY(second.error().detail.find("r1") != std::string::npos);
    QVERIFY(journal->events(RolloutId("r2"), 0, 10).value().empty());
    QVERIFY(journal->putRollout(rowOf("r1", "cancelled"), epoch).ok());
    QCOMPARE(journal->append(appendOf(RolloutId("r2"), 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
}

void JournalRowsTest::aStateIsHandedOutOnlyWhileItFitsTheChain()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}"), eventOf("{}")})).value(),
             Appended::Stored);
    QVERIFY(!journal->state(RolloutId("r1")).value().has_value());
    QVERIFY(journal->putState({.rollout = RolloutId("r1"), .version = 2, .format = 3, .body = R"({"a":1})"}).ok());
    const auto state = journal->state(RolloutId("r1")).value();
    QVERIFY(state.has_value());
    QCOMPARE(state->body, std::string(R"({"a":1})"));
    QCOMPARE(state->version, 2);
    QCOMPARE(state->format, 3);
    QCOMPARE(state->gseq, journal->events(RolloutId("r1"), 1, 1).value().front().gseq);

    RawSql(place.path()).run(R"(UPDATE state SET body = '{"a":2}')");
    QVERIFY(!journal->state(RolloutId("r1")).value().has_value());
}

void JournalRowsTest::anOlderStateDoesNotReplaceANewerOne()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}"), eventOf("{}")})).value(),
             Appended::Stored);
    QVERIFY(journal->putState({.rollout = RolloutId("r1"), .version = 2, .body = "new"}).ok());
    QVERIFY(journal->putState({.rollout = RolloutId("r1"), .version = 1, .body = "old"}).ok());
    QCOMPARE(journal->state(RolloutId("r1")).value()->body, std::string("new"));
}

void JournalRowsTest::aStateOfAVersionThatDoesNotExistIsRefused()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->putState({.rollout = RolloutId("r1"), .version = 1, .body = "x"}).error().fault, Fault::BadInput);
}

void JournalRowsTest::aBackupIsAWholeJournalAndNeverReplacesAFile()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
    QVERIFY(journal->backup(place.file("copy.db")).ok());
    QCOMPARE(journal->backup(place.file("copy.db")).error().fault, Fault::BadInput);
    auto copy = journal::SqliteJournal::open(place.file("copy.db"), place.clock, journal::OpenMode::Existing);
    QVERIFY(copy.ok());
    QCOMPARE(copy.value()->verify().value().head, journal->verify().value().head);
    QCOMPARE(copy.value()->journalId().value(), journal->journalId().value());
    for (const char* left : {"copy.db.partial", "copy.db.partial-journal"})
        QVERIFY(!QFile::exists(QString::fromStdString(place.file(left))));
    const auto mode = QFile::permissions(QString::fromStdString(place.file("copy.db")));
    QVERIFY(!mode.testAnyFlags(QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther));
}

QTEST_GUILESS_MAIN(JournalRowsTest)
#include "journal_rows_test.moc"
