// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "core/journal/audit_chain.h"
#include "tests/core/journal/journal_support.h"
#include "tests/core/journal/raw_sql.h"

using namespace sluice;
using namespace sluice::journal_test;
using ports::Appended;

namespace {

const RolloutId kRollout("r1");

/// Event 1 is the lease, 2 to 9 are versions 1 to 8 of r1, 10 is the row of r1.
void fill(const Place& place)
{
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    std::vector<ports::NewEvent> events;
    for (int i = 1; i <= 8; ++i)
        events.push_back(eventOf(R"({"n":)" + std::to_string(i) + "}"));
    auto append = appendOf(kRollout, 0, epoch, std::move(events));
    append.summary = ports::RolloutRow{.id = kRollout, .target = kTarget, .toVersion = "1.5", .startedBy = kAna};
    if (journal->append(append).value() != Appended::Stored) qFatal("not stored");
}

} // namespace

class JournalChainTest : public QObject {
    Q_OBJECT

private slots:
    void anUntouchedJournalIsIntact();
    void tamperingIsFoundAndNamed_data();
    void tamperingIsFoundAndNamed();
    void aFlippedByteIsNeverReadAsAnEvent();
    void theRuleIsTheOneWrittenDown();
    void aLongChainIsCheckedInPages();
    void anEditedPageIsNamedByItsEvent();
};

void JournalChainTest::anUntouchedJournalIsIntact()
{
    const Place place;
    QVERIFY(place.open()->verify().value().intact);
    fill(place);
    const auto verdict = place.open()->verify().value();
    QVERIFY2(verdict.intact, verdict.what.c_str());
    QCOMPARE(verdict.events, 10);
    QCOMPARE(verdict.head.size(), 64U);
}

void JournalChainTest::tamperingIsFoundAndNamed_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("first");
    QTest::addColumn<QString>("what");
    const auto row = [](const char* name, const char* sql, int first, const char* what) {
        QTest::newRow(name) << QString::fromUtf8(sql) << first << QString::fromUtf8(what);
    };
    row("body", R"(UPDATE event SET body='{"n":9}' WHERE gseq=5)", 5,
        "event 5 (commented, version 4 of r1) was changed");
    row("actor", "UPDATE event SET actor='{}' WHERE gseq=5", 5, "was changed");
    row("time", "UPDATE event SET at=at+1 WHERE gseq=5", 5, "was changed");
    row("epoch", "UPDATE event SET epoch=7 WHERE gseq=9", 9, "was changed");
    row("type", "UPDATE event SET type='approval_given' WHERE gseq=3", 3, "was changed");
    row("inbox", "UPDATE event SET inbox='x' WHERE gseq=3", 3, "was changed");
    row("schema", "UPDATE event SET schema=2 WHERE gseq=3", 3, "was changed");
    row("deleted", "DELETE FROM event WHERE gseq=4", 4, "event 4 is missing");
    row("several deleted", "DELETE FROM event WHERE gseq BETWEEN 4 AND 6", 4, "events 4 to 6 are missing");
    row("first deleted", "DELETE FROM event WHERE gseq=1", 1, "event 1 is missing");
    row("last deleted", "DELETE FROM event WHERE gseq=10", 10, "the last event, 10, is missing");
    row("tail deleted", "DELETE FROM event WHERE gseq>=8", 8, "the last events, 8 to 10, are missing");
    row("swapped",
        "UPDATE event SET gseq=-5 WHERE gseq=5; UPDATE event SET gseq=5 WHERE gseq=6; UPDATE event SET gseq=6 WHERE "
        "gseq=-5",
        5, "does not follow");
    row("inserted",
        "INSERT INTO event SELECT 11, rollout, 9, epoch, type, schema, body, actor, at, inbox, hash, hash "
        "FROM event WHERE gseq=10",
        11, "was changed");
    row("head edited", "UPDATE chain SET gseq=9", 10, "the journal's own head");
    row("row edited", "UPDATE rollout SET outcome='stable'", 10, "the row of rollout r1 was changed");
    row("row's starter edited", "UPDATE rollout SET started_by='ben'", 10, "the row of rollout r1 was changed");
    row("row's version edited", "UPDATE rollout SET last_version=7", 9, "says version 7, its last event is 8");
    row("row deleted", "DELETE FROM rollout", 10, "the row of rollout r1 is missing");
    row("row added", "INSERT INTO rollout VALUES ('r0','t','','','','','',0,NULL,0)", 10, "no event wrote it");
    row("lease edited", "UPDATE lease SET epoch=99", 1, "the lease row of checkout/production says epoch 99");
}

void JournalChainTest::tamperingIsFoundAndNamed()
{
    QFETCH(QString, sql);
    QFETCH(int, first);
    QFETCH(QString, what);
    const Place place;
    fill(place);
    RawSql(place.path()).run(sql.toStdString());
    const auto verdict = place.open()->verify();
    QVERIFY(verdict.ok());
    QVERIFY(!verdict.value().intact);
    QCOMPARE(verdict.value().firstDamaged, first);
    QVERIFY2(QString::fromStdString(verdict.value().what).contains(what), verdict.value().what.c_str());
}

void JournalChainTest::aFlippedByteIsNeverReadAsAnEvent()
{
    const Place place;
    fill(place);
    const auto before = place.open()->events(kRollout, 0, 100).value();
    QFile file(QString::fromStdString(place.path()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    file.close();
    int found = 0;
    for (qsizetype at = 0; at < whole.size(); at += 53) {
        QByteArray damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(damaged);
        file.close();
        auto opened = journal::SqliteJournal::open(place.path(), place.clock, journal::OpenMode::Observe);
        const auto verdict = opened ? opened.value()->verify() : Result<ports::ChainVerdict>(opened.error());
        if (!verdict || !verdict.value().intact) {
            ++found;
            continue;
        }
        // Called intact: then the flip hit nothing that is read.
        const auto events = opened.value()->events(kRollout, 0, 100);
        QVERIFY(events.ok());
        QCOMPARE(events.value().size(), before.size());
        for (size_t i = 0; i < before.size(); ++i)
            QCOMPARE(events.value()[i].hash, before[i].hash);
    }
    QVERIFY2(found > 20, "hardly any flip was noticed: does the file hold the events?");
}

void JournalChainTest::theRuleIsTheOneWrittenDown()
{
    ports::StoredEvent record{.gseq = 2, .rollout = kRollout, .version = 1, .epoch = 3};
    record.event = {.type = "commented", .schema = 1, .body = R"({"text":"é"})", .actor = "{}", .at = wallTime(7)};
    record.previousHash = journal::chainStart();
    const std::string envelope = R"({"actor":"{}","at":7,"body":"{\"text\":\"é\"}","epoch":3,"gseq":2,"inbox":"",)"
                                 R"("rollout":"r1","schema":1,"type":"commented","ver":1})";
    QCOMPARE(journal::canonicalEnvelope(record).value(), envelope);
    // printf 'sluice-event-1%s%s' "$previous" "$envelope" | sha256sum
    QCOMPARE(journal::chainHash(record).value(),
             std::string("4926011329f54d1ae64d3dfa8fe968358362b6fa518653ac1674f33c13ec2c11"));
}

void JournalChainTest::aLongChainIsCheckedInPages()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    for (int i = 0; i < 3; ++i) {
        const std::vector<ports::NewEvent> many(900, eventOf("{}"));
        QCOMPARE(journal->append(appendOf(kRollout, i * 900, epoch, many)).value(), Appended::Stored);
    }
    const auto verdict = journal->verify().value();
    QVERIFY2(verdict.intact, verdict.what.c_str());
    QCOMPARE(verdict.events, 2702); // with the lease and the row
    RawSql(place.path()).run("UPDATE event SET body='x' WHERE gseq=2500");
    QCOMPARE(journal->verify().value().firstDamaged, 2500);
}

void JournalChainTest::anEditedPageIsNamedByItsEvent()
{
    const Place place;
    fill(place);
    QFile file(QString::fromStdString(place.path()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray whole = file.readAll();
    const qsizetype body = whole.indexOf("{\"n\":4}");
    QVERIFY(body > 0);
    file.seek(body + 5);
    file.write("7");
    file.close();
    const auto verdict = place.open()->verify().value();
    QVERIFY(!verdict.intact);
    QCOMPARE(verdict.firstDamaged, 5);
}

QTEST_GUILESS_MAIN(JournalChainTest)
#include "journal_chain_test.moc"
