// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/journal/engine_lock.h"
#include "tests/core/journal/journal_support.h"

using namespace sluice;
using namespace sluice::journal_test;
using namespace std::chrono_literals;

class JournalLeaseTest : public QObject {
    Q_OBJECT

private slots:
    void aFreeTargetIsTakenAndTheEpochRisesWithEachTake();
    void theEpochRisesAboveWhatTheProxiesHaveShown();
    void aLiveHolderIsNamedInTheRefusal();
    void aHolderThatRenewsIsNeverGivenUp();
    void aSilentHolderIsGivenUpAfterFifteenSecondsOfWatching();
    void aChallengerThatSleptWatchesAnew();
    void aHolderThatIsGoneIsReplacedAtOnce();
    void forceNeedsAReasonAndFencesTheHolder();
    void aReleasedTargetIsFree();
    void nobodyTakesALeaseUnderAnotherName();
    void anEngineNameIsHeldByOneLiveEngine();
    void theDeadlineCountsFromBeforeTheRenewalWasSent();
    void lockFilesOfDeadEnginesAreTidiedAway();
    void whatWasSeenOfALeaseSurvivesReopening();
};

void JournalLeaseTest::aFreeTargetIsTakenAndTheEpochRisesWithEachTake()
{
    const Place place;
    int64_t first = 0;
    auto journal = place.driver("one", &first);
    QVERIFY(first >= 1);
    const auto again = journal->acquire(kTarget, "one", kAna, 0, false, "");
    QVERIFY(again.ok());
    QCOMPARE(again.value().epoch, first + 1);
    const auto row = journal->lease(kTarget).value();
    QVERIFY(row.has_value());
    QCOMPARE(row->holder, std::string("one"));
    QCOMPARE(row->person, kAna);
    QVERIFY(!row->holderProvenDead);
    QVERIFY(!journal->lease(TargetId("other/production")).value().has_value());
}

void JournalLeaseTest::theEpochRisesAboveWhatTheProxiesHaveShown()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->acquire(kTarget, "one", kAna, 41, false, "").value().epoch, 42);
    QCOMPARE(journal->acquire(kTarget, "one", kAna, 7, false, "").value().epoch, 43);
}

void JournalLeaseTest::aLiveHolderIsNamedInTheRefusal()
{
    const Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", PersonId("ben")).ok());
    const auto refused = other->acquire(kTarget, "two", PersonId("ben"), 0, false, "");
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().fault, Fault::Refused);
    QVERIFY(refused.error().detail.find("checkout/production is driven by one (ana)") != std::string::npos);
    QCOMPARE(holder->lease(kTarget).value()->epoch, epoch);
}

void JournalLeaseTest::aHolderThatRenewsIsNeverGivenUp()
{
    Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    for (int i = 0; i < 20; ++i) {
        QVERIFY(!other->acquire(kTarget, "two", kAna, 0, false, "").ok());
        place.clock.advance(2500ms);
        QVERIFY(holder->renew("one").ok());
    }
}

void JournalLeaseTest::aSilentHolderIsGivenUpAfterFifteenSecondsOfWatching()
{
    Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    place.clock.advance(1h); // what was before it looked counts for nothing
    QVERIFY(other->lease(kTarget).ok());
    place.clock.advance(14s);
    QVERIFY(!other->acquire(kTarget, "two", kAna, 0, false, "").ok());
    place.clock.advance(1s);
    const auto taken = other->acquire(kTarget, "two", kAna, 0, false, "");
    QVERIFY(taken.ok());
    QVERIFY(taken.value().epoch > epoch);
}

void JournalLeaseTest::aChallengerThatSleptWatchesAnew()
{
    Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QVERIFY(other->lease(kTarget).ok());
    place.clock.advance(47min);
    QVERIFY(!other->acquire(kTarget, "two", kAna, 0, false, "").ok());
    place.clock.advance(15s);
    QVERIFY(other->acquire(kTarget, "two", kAna, 0, false, "").ok());
}

void JournalLeaseTest::aHolderThatIsGoneIsReplacedAtOnce()
{
    const Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QVERIFY(!other->acquire(kTarget, "two", kAna, 0, false, "").ok());
    holder.reset(); // without releasing
    QVERIFY(other->lease(kTarget).value()->holderProvenDead);
    QVERIFY(other->acquire(kTarget, "two", kAna, 0, false, "").ok());
}

void JournalLeaseTest::forceNeedsAReasonAndFencesTheHolder()
{
    const Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QCOMPARE(other->acquire(kTarget, "two", kAna, 0, true, "").error().fault, Fault::BadInput);
    QVERIFY(other->acquire(kTarget, "two", kAna, 0, true, "one hangs").ok());
    QCOMPARE(holder->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(), ports::Appended::Fenced);
    QCOMPARE(holder->putRollout({.id = RolloutId("r1"), .target = kTarget}, epoch).error().fault, Fault::Refused);
    QVERIFY(holder->verify().value().intact);
}

void JournalLeaseTest::aReleasedTargetIsFree()
{
    const Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QVERIFY(other->release(kTarget, "two").ok()); // not his: changes nothing
    QVERIFY(!other->acquire(kTarget, "two", kAna, 0, false, "").ok());
    QVERIFY(holder->release(kTarget, "one").ok());
    QVERIFY(other->lease(kTarget).value()->holder.empty());
    QCOMPARE(other->acquire(kTarget, "two", kAna, 0, false, "").value().epoch, epoch + 1);
}

void JournalLeaseTest::nobodyTakesALeaseUnderAnotherName()
{
    const Place place;
    auto journal = place.open();
    QVERIFY(!journal->acquire(kTarget, "one", kAna, 0, false, "").ok());
    QVERIFY(journal->announce("one", kAna).ok());
    QVERIFY(!journal->acquire(kTarget, "two", kAna, 0, false, "").ok());
    QVERIFY(!journal->renew("two").ok());
}

void JournalLeaseTest::anEngineNameIsHeldByOneLiveEngine()
{
    const Place place;
    auto first = place.open();
    auto second = place.open();
    QVERIFY(first->announce("one", kAna).ok());
    QVERIFY(first->announce("one", kAna).ok());
    QCOMPARE(second->announce("one", kAna).error().fault, Fault::Refused);
    first.reset();
    QVERIFY(second->announce("one", kAna).ok());
}

void JournalLeaseTest::theDeadlineCountsFromBeforeTheRenewalWasSent()
{
    Place place;
    auto journal = place.open();
    QVERIFY(!journal->lastRenewed().has_value());
    QVERIFY(journal->announce("one", kAna).ok());
    QCOMPARE(*journal->lastRenewed(), place.clock.now().boot);
    place.clock.advance(3s);
    QVERIFY(!journal->renew("two").ok());
    QCOMPARE(*journal->lastRenewed(), place.clock.now().boot - 3s);
    QVERIFY(journal->renew("one").ok());
    QCOMPARE(*journal->lastRenewed(), place.clock.now().boot);
}

void JournalLeaseTest::lockFilesOfDeadEnginesAreTidiedAway()
{
    const Place place;
    int64_t epoch = 0;
    auto driver = place.driver("driver", &epoch);
    const auto lockOf = [&](const char* engine) {
        return QString::fromStdString(journal::EngineLock::pathOf(place.folder.path().toStdString(), engine));
    };
    QVERIFY(place.open()->announce("gone", kAna).ok()); // dies at the semicolon
    QVERIFY(QFile::exists(lockOf("gone")));
    driver.reset(); // dies too, but a lease still names it
    auto last = place.open();
    QVERIFY(last->announce("last", kAna).ok());
    QVERIFY(!QFile::exists(lockOf("gone")));
    QVERIFY(QFile::exists(lockOf("driver")));
    QVERIFY(QFile::exists(lockOf("last")));
}

void JournalLeaseTest::whatWasSeenOfALeaseSurvivesReopening()
{
    Place place;
    int64_t epoch = 0;
    auto holder = place.driver("one", &epoch);
    auto other = place.open();
    QVERIFY(other->announce("two", kAna).ok());
    QVERIFY(other->lease(kTarget).ok());
    QVERIFY(other->reopen().ok());
    QVERIFY(holder->reopen().ok());
    QVERIFY(!other->lease(kTarget).value()->holderProvenDead);
    place.clock.advance(15s);
    QVERIFY(other->acquire(kTarget, "two", kAna, 0, false, "").ok());
}

QTEST_GUILESS_MAIN(JournalLeaseTest)
#include "journal_lease_test.moc"
