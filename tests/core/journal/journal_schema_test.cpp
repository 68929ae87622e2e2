// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "core/journal/file_tools.h"
#include "core/journal/schema.h"
#include "tests/core/journal/journal_support.h"
#include "tests/core/journal/raw_sql.h"

using namespace sluice;
using namespace sluice::journal_test;
using ports::Appended;

class JournalSchemaTest : public QObject {
    Q_OBJECT

private slots:
    void anOldFileIsBroughtForwardWithItsEvents();
    void anObserverReadsAnOldFileAsItIs();
    void aNewerFileIsRefusedAndLeftAlone();
    void aNewerFileThatMayBeReadIsReadOnly();
    void aFileThatBecomesNewerWhileItIsOpenIsNotWrittenAnyMore();
    void aFileOfAnotherProgramIsLeftAlone();
    void aFileThatIsNoDatabaseIsNamed();
    void aMissingFileIsMadeOnlyWhenAskedFor();
    void aNewFileBelongsToItsOwnerOnly();
    void aFileThatEverybodyMayWriteIsRefused();
    void networkFoldersAreRefused_data();
    void networkFoldersAreRefused();
    void twoJournalsAreToldApart();
};

void JournalSchemaTest::anOldFileIsBroughtForwardWithItsEvents()
{
    const Place place;
    int64_t epoch = 0;
    QCOMPARE(place.driver("one", &epoch)->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")})).value(),
             Appended::Stored);
    { // as the first version wrote it
        RawSql sql(place.path());
        sql.run("DROP TABLE state; DROP TABLE outbox; UPDATE meta SET schema = 1, min_reader = 1, min_writer = 1");
    }
    auto journal = place.open(journal::OpenMode::Existing);
    QCOMPARE(RawSql(place.path()).text("SELECT schema || ' ' || min_writer FROM meta"),
             std::to_string(journal::kSchemaVersion) + " 2");
    QCOMPARE(journal->events(RolloutId("r1"), 0, 10).value().size(), 1U);
    QVERIFY(journal->verify().value().intact);
    QVERIFY(journal->putState({.rollout = RolloutId("r1"), .version = 1, .body = "{}"}).ok());
    QVERIFY(journal->state(RolloutId("r1")).value().has_value());
}

void JournalSchemaTest::anObserverReadsAnOldFileAsItIs()
{
    const Place place;
    {
        auto database = journal::SqliteDatabase::open(place.path(), {});
        QVERIFY(database.ok());
        QVERIFY(journal::migrate(*database.value(), true, wallTime(1), 1).ok());
    }
    auto observer = place.open(journal::OpenMode::Observe);
    QVERIFY(observer->eventsSince(0, 10).ok());
    QCOMPARE(RawSql(place.path()).text("SELECT schema FROM meta"), std::string("1"));
}

void JournalSchemaTest::aNewerFileIsRefusedAndLeftAlone()
{
    const Place place;
    place.open();
    RawSql(place.path()).run("UPDATE meta SET schema = 9, min_reader = 9, min_writer = 9");
    for (const auto mode : {journal::OpenMode::Create, journal::OpenMode::Existing, journal::OpenMode::Observe}) {
        const auto refused = journal::SqliteJournal::open(place.path(), place.clock, mode);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().fault, Fault::Refused);
        QVERIFY2(refused.error().detail.find("newer Sluice") != std::string::npos, refused.error().detail.c_str());
    }
    QCOMPARE(RawSql(place.path()).text("SELECT schema FROM meta"), std::string("9"));
}

void JournalSchemaTest::aNewerFileThatMayBeReadIsReadOnly()
{
    const Place place;
    place.open();
    RawSql(place.path()).run("UPDATE meta SET schema = 9, min_reader = 2, min_writer = 9");
    QVERIFY(!journal::SqliteJournal::open(place.path(), place.clock, journal::OpenMode::Existing).ok());
    auto observer = place.open(journal::OpenMode::Observe);
    QVERIFY(observer->rollouts(true, 1).ok());
    QCOMPARE(observer->announce("one", kAna).error().fault, Fault::Refused);
    QCOMPARE(observer->ask({.id = "a"}).error().fault, Fault::Refused);
}

void JournalSchemaTest::aFileThatBecomesNewerWhileItIsOpenIsNotWrittenAnyMore()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    RawSql(place.path()).run("UPDATE meta SET schema = 9, min_writer = 9");
    const auto refused = journal->append(appendOf(RolloutId("r1"), 0, epoch, {eventOf("{}")}));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().fault, Fault::Refused);
    QVERIFY(!journal->renew("one").ok());
    QVERIFY(journal->events(RolloutId("r1"), 0, 10).value().empty());
}

void JournalSchemaTest::aFileOfAnotherProgramIsLeftAlone()
{
    const Place place;
    {
        auto other = journal::SqliteDatabase::open(place.path(), {});
        QVERIFY(other.ok());
        QVERIFY(other.value()->script("CREATE TABLE recipes(name TEXT)").ok());
    }
    const auto refused = journal::SqliteJournal::open(place.path(), place.clock, journal::OpenMode::Create);
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QVERIFY(refused.error().detail.find("another program") != std::string::npos);
    QCOMPARE(RawSql(place.path()).text("SELECT group_concat(name) FROM sqlite_schema"), std::string("recipes"));
}

void JournalSchemaTest::aFileThatIsNoDatabaseIsNamed()
{
    const Place place;
    QFile file(QString::fromStdString(place.path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    const auto refused = journal::SqliteJournal::open(place.path(), place.clock, journal::OpenMode::Create);
    QVERIFY(!refused.ok());
    QVERIFY2(refused.error().detail.find(place.path()) != std::string::npos, refused.error().detail.c_str());
    QCOMPARE(file.size(), 5000);
}

void JournalSchemaTest::aMissingFileIsMadeOnlyWhenAskedFor()
{
    const Place place;
    for (const auto mode : {journal::OpenMode::Existing, journal::OpenMode::Observe}) {
        const auto missing = journal::SqliteJournal::open(place.path(), place.clock, mode);
        QCOMPARE(missing.error().fault, Fault::Unreachable);
        QVERIFY(!QFile::exists(QString::fromStdString(place.path())));
    }
    const auto nowhere =
        journal::SqliteJournal::open(place.file("no/such/folder/journal.db"), place.clock, journal::OpenMode::Create);
    QCOMPARE(nowhere.error().fault, Fault::Unreachable);
}

void JournalSchemaTest::aNewFileBelongsToItsOwnerOnly()
{
    const Place place;
    auto journal = place.open();
    QVERIFY(journal->announce("one", kAna).ok());
    for (const char* name : {"journal.db", "engine.one.lock", "journal.db.ballast"}) {
        const auto mode = QFile::permissions(QString::fromStdString(place.file(name)));
        QVERIFY2(mode.testFlags(QFile::ReadOwner | QFile::WriteOwner), name);
        QVERIFY2(!mode.testAnyFlags(QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), name);
    }
}

void JournalSchemaTest::aFileThatEverybodyMayWriteIsRefused()
{
    const Place place;
    place.open();
    const QString path = QString::fromStdString(place.path());
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFile::WriteOther));
    const auto refused = journal::SqliteJournal::open(place.path(), place.clock, journal::OpenMode::Existing);
    QCOMPARE(refused.error().fault, Fault::Refused);
    QVERIFY(refused.error().detail.find("chmod") != std::string::npos);
}

void JournalSchemaTest::networkFoldersAreRefused_data()
{
    QTest::addColumn<qint64>("type");
    QTest::addColumn<bool>("refused");
    QTest::newRow("NFS") << qint64{0x6969} << true;
    QTest::newRow("SMB2") << qint64{0xFE534D42} << true;
    QTest::newRow("SMB2, sign extended") << qint64{-28095166} << true;
    QTest::newRow("ext4") << qint64{0xEF53} << false;
    QTest::newRow("tmpfs") << qint64{0x01021994} << false;
    QTest::newRow("btrfs") << qint64{0x9123683E} << false;
}

void JournalSchemaTest::networkFoldersAreRefused()
{
    QFETCH(qint64, type);
    QFETCH(bool, refused);
    QCOMPARE(journal::networkFilesystem(type).has_value(), refused);
}

void JournalSchemaTest::twoJournalsAreToldApart()
{
    const Place a;
    const Place b;
    QVERIFY(!a.open()->journalId().value().empty());
    QVERIFY(a.open()->journalId().value() != b.open()->journalId().value());
}

QTEST_GUILESS_MAIN(JournalSchemaTest)
#include "journal_schema_test.moc"
