// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/core/journal/journal_support.h"
#include "tests/core/journal/raw_sql.h"

using namespace sluice;
using namespace sluice::journal_test;
using ports::Appended;
using ports::InboxRow;

namespace {

InboxRow request(const std::string& id)
{
    return {.id = id, .person = kAna, .proof = "os", .command = R"({"pause":true})", .askedAt = wallTime(5)};
}

} // namespace

class JournalInboxTest : public QObject {
    Q_OBJECT

private slots:
    void aRequestWaitsUntilItIsAnswered();
    void theSameRequestTwiceIsOneRequest();
    void theFirstAnswerStands();
    void anEventThatAnswersARequestAcceptsItInTheSameCommit();
    void aWithdrawnRequestIsNotCarriedOut();
    void aWithdrawnEmergencyIsStillRecorded();
    void theInboxHasAnEnd();
};

void JournalInboxTest::aRequestWaitsUntilItIsAnswered()
{
    const Place place;
    auto driver = place.open();
    auto asker = place.open(journal::OpenMode::Existing);
    QVERIFY(asker->ask(request("a")).ok());
    QVERIFY(asker->ask(request("b")).ok());
    auto open = driver->unanswered(10).value();
    QCOMPARE(open.size(), 2U);
    QCOMPARE(open.front().id, std::string("a"));
    QCOMPARE(open.front().command, std::string(R"({"pause":true})"));
    QCOMPARE(open.front().person, kAna);
    QCOMPARE(open.front().askedAt, wallTime(5));
    QVERIFY(driver->answer("a", "refused: it is paused already").ok());
    QCOMPARE(driver->unanswered(10).value().size(), 1U);
    QCOMPARE(asker->inboxRow("a").value()->answer, std::string("refused: it is paused already"));
    QVERIFY(!asker->inboxRow("c").value().has_value());
    QVERIFY(!driver->answer("c", "accepted").ok());
}

void JournalInboxTest::theSameRequestTwiceIsOneRequest()
{
    const Place place;
    auto journal = place.open();
    QVERIFY(journal->ask(request("a")).ok());
    QVERIFY(journal->ask(request("a")).ok());
    QCOMPARE(journal->unanswered(10).value().size(), 1U);
    InboxRow other = request("a");
    other.command = "{}";
    QCOMPARE(journal->ask(other).error().fault, Fault::BadInput);
}

void JournalInboxTest::theFirstAnswerStands()
{
    const Place place;
    auto journal = place.open();
    QVERIFY(journal->ask(request("a")).ok());
    QVERIFY(journal->answer("a", "refused: nobody drives").ok());
    QVERIFY(journal->answer("a", "refused: nobody drives").ok());
    QCOMPARE(journal->answer("a", "accepted").error().fault, Fault::Refused);
    QCOMPARE(journal->inboxRow("a").value()->answer, std::string("refused: nobody drives"));
}

void JournalInboxTest::anEventThatAnswersARequestAcceptsItInTheSameCommit()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QVERIFY(journal->ask(request("a")).ok());
    auto event = eventOf("{}");
    event.inboxId = "a";
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {event})).value(), Appended::Stored);
    QCOMPARE(journal->inboxRow("a").value()->answer, std::string("accepted"));
    QVERIFY(journal->unanswered(10).value().empty());
    QVERIFY(journal->answer("a", "accepted: r1").ok()); // what came of it may be added
    QCOMPARE(journal->inboxRow("a").value()->answer, std::string("accepted: r1"));
}

void JournalInboxTest::aWithdrawnRequestIsNotCarriedOut()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QVERIFY(journal->ask(request("a")).ok());
    QVERIFY(journal->answer("a", "refused: withdrawn").ok());
    auto event = eventOf("{}");
    event.inboxId = "a";
    QCOMPARE(journal->append(appendOf(RolloutId("r1"), 0, epoch, {event})).error().fault, Fault::Refused);
    QVERIFY(journal->events(RolloutId("r1"), 0, 10).value().empty());
}

void JournalInboxTest::aWithdrawnEmergencyIsStillRecorded()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QVERIFY(journal->ask(request("a")).ok());
    QVERIFY(journal->answer("a", "refused: withdrawn").ok());
    auto event = eventOf("{}");
    event.inboxId = "a";
    auto append = appendOf(RolloutId("r1"), 0, epoch, {event});
    append.safeDirection = true;
    QCOMPARE(journal->append(append).value(), Appended::Stored);
}

void JournalInboxTest::theInboxHasAnEnd()
{
    const Place place;
    auto journal = place.open();
    RawSql(place.path())
        .run("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
             std::to_string(journal::kInboxOpen) +
             ") INSERT INTO inbox(id, person, proof, command, asked_at, answer) SELECT i, 'ana', 'os', '{}', 5, '' "
             "FROM n");
    QCOMPARE(journal->ask(request("one more")).error().fault, Fault::Refused);
    QVERIFY(journal->answer("0", "refused: too many").ok());
    QVERIFY(journal->ask(request("one more")).ok());
}

QTEST_GUILESS_MAIN(JournalInboxTest)
#include "journal_inbox_test.moc"
