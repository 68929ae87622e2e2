// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/core/journal/journal_support.h"

using namespace sluice;
using namespace sluice::journal_test;
using ports::Appended;

class JournalAppendTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasStoredIsThereAfterReopening();
    void twoDecisionsAtOneVersionConflict();
    void aGapInTheVersionsConflicts();
    void theSameAppendTwiceIsStoredOnce();
    void theSameAppendAfterALostLeaseIsStillKnown();
    void anOldEpochIsFenced();
    void anotherHolderOfTheEpochIsFenced();
    void nobodyAppendsWithoutAnnouncingHimself();
    void anEventWithBrokenTextIsRefusedAndNothingOfItsAppendIsStored();
    void observersFollowByGlobalNumber();
    void aReadEndsAfterAThousandRows();
    void aReadLeavesNothingOpenForWriters();
};

void JournalAppendTest::whatWasStoredIsThereAfterReopening()
{
    const Place place;
    int64_t epoch = 0;
    {
        auto journal = place.driver("one", &epoch);
        const auto stored =
            journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf(R"({"n":1})"), eventOf(R"({"n":2})")}));
        QVERIFY(stored.ok());
        QCOMPARE(stored.value(), Appended::Stored);
    }
    const auto events = place.open(journal::OpenMode::Existing)->events(RolloutId("r1"), 0, 10);
    QVERIFY(events.ok());
    QCOMPARE(events.value().size(), 2U);
    QCOMPARE(events.value().at(1).event.body, std::string(R"({"n":2})"));
    QCOMPARE(events.value().at(1).version, 2);
    QCOMPARE(events.value().at(1).epoch, epoch);
    QCOMPARE(events.value().at(1).previousHash, events.value().at(0).hash);
    QCOMPARE(events.value().at(1).event.actor, std::string(R"({"person":"ana"})"));
}

void JournalAppendTest::twoDecisionsAtOneVersionConflict()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf(R"({"n":1})")})).value(), Appended::Stored);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf(R"({"n":9})")})).value(), Appended::Conflict);
    QCOMPARE(journal->events(RolloutId("r1"), 0, 10).value().size(), 1U);
}

void JournalAppendTest::aGapInTheVersionsConflicts()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 3, epoch, {eventOf("{}")})).value(), Appended::Conflict);
}

void JournalAppendTest::theSameAppendTwiceIsStoredOnce()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    const auto append = appendOf(RolloutId("r1"), 0, epoch, {eventOf(R"({"n":1})"), eventOf(R"({"n":2})")});
    QCOMPARE(journal->append(append).value(), Appended::Stored);
    QCOMPARE(journal->append(append).value(), Appended::Stored);
    QCOMPARE(journal->events(RolloutId("r1"), 0, 10).value().size(), 2U);
    QVERIFY(journal->verify().value().intact);
}

void JournalAppendTest::theSameAppendAfterALostLeaseIsStillKnown()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    const auto append = appendOf(RolloutId("r1"), 0, epoch, {eventOf(R"({"n":1})")});
    QCOMPARE(journal->append(append).value(), Appended::Stored);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QVERIFY(other->acquire(kTarget, "two", kAna, 0, true, "the other is stuck").ok());
    QCOMPARE(journal->append(append).value(), Appended::Stored);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 1, epoch, {eventOf("{}")})).value(), Appended::Fenced);
}

void JournalAppendTest::anOldEpochIsFenced()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QVERIFY(journal->acquire(kTarget, "one", kAna, 0, false, "").value().epoch > epoch);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), Appended::Fenced);
    QVERIFY(journal->events(RolloutId("r1"), 0, 10).value().empty());
}

void JournalAppendTest::anotherHolderOfTheEpochIsFenced()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QCOMPARE(other->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), Appended::Fenced);
}

void JournalAppendTest::nobodyAppendsWithoutAnnouncingHimself()
{
    const Place place;
    const auto refused = place.open()->append(appendOf(RolloutId("r1"), 0, 1, {eventOf("{}")}));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().fault, Fault::Refused);
}

void JournalAppendTest::anEventWithBrokenTextIsRefusedAndNothingOfItsAppendIsStored()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    const auto refused = journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}"), eventOf("\xff")}));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QVERIFY(journal->events(RolloutId("r1"), 0, 10).value().empty());
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
}

void JournalAppendTest::observersFollowByGlobalNumber()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    auto observer = place.open(journal::OpenMode::Observe);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf(R"({"n":1})")})).value(), Appended::Stored);
    const auto first = observer->eventsSince(0, 100).value();
    QCOMPARE(first.size(), 1U); // the records that the journal writes itself are not anybody's events
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 1, epoch, {eventOf(R"({"n":2})")})).value(), Appended::Stored);
    const auto second = observer->eventsSince(first.back().gseq, 100).value();
    QCOMPARE(second.size(), 1U);
    QCOMPARE(second.front().version, 2);
}

void JournalAppendTest::aReadEndsAfterAThousandRows()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    const std::vector<ports::NewEvent> many(700, eventOf("{}"));
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, many)).value(), Appended::Stored);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 700, epoch, many)).value(), Appended::Stored);
    const auto first = journal->events(RolloutId("r1"), 0, 1'000'000).value();
    QCOMPARE(first.size(), 1000U);
    QCOMPARE(journal->events(RolloutId("r1"), first.back().version, 1'000'000).value().size(), 400U);
    QCOMPARE(journal->eventsSince(0, 7).value().size(), 7U);
}

void JournalAppendTest::aReadLeavesNothingOpenForWriters()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    auto observer = place.open(journal::OpenMode::Observe);
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}"), eventOf("{}")})).value(),
             Appended::Stored);
    // Stopped half way by its limit: were the statement still open, the commit below would be busy.
    QCOMPARE(observer->eventsSince(0, 1).value().size(), 1U);
    QCOMPARE(observer->events(RolloutId("r1"), 0, 1).value().size(), 1U);
    QCOMPARE(observer->rollouts(true, 1).value().size(), 1U);
    QVERIFY(observer->lease(kTarget).ok());
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 2, epoch, {eventOf("{}")})).value(), Appended::Stored);
}

QTEST_GUILESS_MAIN(JournalAppendTest)
#include "journal_append_test.moc"
