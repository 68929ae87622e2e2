// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/journal/file_tools.h"
#include "core/journal/stop_files.h"

using namespace sluice;

namespace {

const TargetId kTarget("checkout/production");

ports::StopRecord stopOf(const TargetId& target)
{
    return {.target = target,
            .person = PersonId("ana"),
            .proof = "os",
            .reason = "payments fail – „all of them“",
            .at = wallTime(1'700'000'000'000'000),
            .epoch = 42};
}

} // namespace

class JournalFilesTest : public QObject {
    Q_OBJECT

private slots:
    void aStopIsInForceUntilAPersonClearsIt();
    void theFirstStopStands();
    void aStopThatCannotBeReadIsAStop();
    void aStopFolderThatCannotBeSearchedIsAStop();
    void whatIsNotUtf8DoesNotKeepAStopFromBeingMade();
    void theSafeFileIsReplacedAsAWhole();
    void targetsKeepTheirOwnFileNames_data();
    void targetsKeepTheirOwnFileNames();
    void differentTargetsNeverShareAFile();
    void filesBelongToTheirOwnerOnly();

private:
    std::string folder() const { return m_folder->path().toStdString(); }
    QString file(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    std::unique_ptr<QTemporaryDir> m_folder{};

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
};

void JournalFilesTest::aStopIsInForceUntilAPersonClearsIt()
{
    journal::StopFiles files(folder());
    QVERIFY(!files.isStopped(kTarget));
    QVERIFY(!files.stopped(kTarget).has_value());
    QVERIFY(files.createStop(stopOf(kTarget)).ok());
    journal::StopFiles others(folder());
    QVERIFY(others.isStopped(kTarget));
    QVERIFY(!others.isStopped(TargetId("checkout/staging")));
    const auto record = others.stopped(kTarget);
    QVERIFY(record.has_value());
    QCOMPARE(record->target, kTarget);
    QCOMPARE(record->person, PersonId("ana"));
    QCOMPARE(record->proof, std::string("os"));
    QCOMPARE(record->reason, stopOf(kTarget).reason);
    QCOMPARE(record->at, stopOf(kTarget).at);
    QCOMPARE(record->epoch, 42);
    QVERIFY(!record->zeroAfter.has_value());
    auto proven = *record;
    proven.zeroAfter = Duration(3'000);
    QVERIFY(others.explainStop(proven).ok());
    QCOMPARE(files.stopped(kTarget)->zeroAfter, proven.zeroAfter);
    QVERIFY(others.clearStop(kTarget).ok());
    QVERIFY(others.clearStop(kTarget).ok());
    QVERIFY(!files.isStopped(kTarget));
}

void JournalFilesTest::theFirstStopStands()
{
    journal::StopFiles files(folder());
    QVERIFY(files.createStop(stopOf(kTarget)).ok());
    auto second = stopOf(kTarget);
    second.person = PersonId("ben");
    QVERIFY(files.createStop(second).ok());
    QCOMPARE(files.stopped(kTarget)->person, PersonId("ana"));
}

void JournalFilesTest::aStopThatCannotBeReadIsAStop()
{
    journal::StopFiles files(folder());
    QVERIFY(files.createStop(stopOf(kTarget)).ok());
    for (const char* content : {"", "{", "[]", R"({"at":1})"}) {
        QFile stop(file("stop/checkout%2Fproduction.json"));
        QVERIFY(stop.open(QIODevice::WriteOnly));
        stop.write(content);
        stop.close();
        QVERIFY(files.isStopped(kTarget));
        const auto record = files.stopped(kTarget);
        QVERIFY(record.has_value());
        QCOMPARE(record->target, kTarget);
        QVERIFY(record->reason.find("in force") != std::string::npos);
    }
}

void JournalFilesTest::aStopFolderThatCannotBeSearchedIsAStop()
{
    journal::StopFiles files(folder());
    QFile notAFolder(file("stop"));
    QVERIFY(notAFolder.open(QIODevice::WriteOnly));
    QVERIFY(files.isStopped(kTarget));
    QVERIFY(files.stopped(kTarget).has_value());
}

void JournalFilesTest::whatIsNotUtf8DoesNotKeepAStopFromBeingMade()
{
    journal::StopFiles files(folder());
    auto record = stopOf(kTarget);
    record.reason = "bad \xff bytes";
    QVERIFY(files.createStop(record).ok());
    QCOMPARE(files.stopped(kTarget)->person, PersonId("ana"));
}

void JournalFilesTest::theSafeFileIsReplacedAsAWhole()
{
    journal::StopFiles files(folder());
    QVERIFY(!files.readSafe(kTarget).value().has_value());
    QVERIFY(files.writeSafe(kTarget, R"({"epoch":1})").ok());
    QVERIFY(files.writeSafe(kTarget, R"({"epoch":2})").ok());
    QCOMPARE(files.readSafe(kTarget).value(), std::optional<std::string>(R"({"epoch":2})"));
    QCOMPARE(QDir(file("safe")).entryList(QDir::Files).size(), 1); // nothing half-written stays
    QVERIFY(QDir(file("stop")).exists());                          // an emergency on a full disk needs no new folder
    QVERIFY(!files.writeSafe(kTarget, std::string(size_t{5} << 20, 'x')).ok());
}

void JournalFilesTest::targetsKeepTheirOwnFileNames_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("plain") << QByteArray("checkout/production") << QByteArray("checkout%2Fproduction");
    QTest::newRow("up") << QByteArray("../../etc") << QByteArray("%2E.%2F..%2Fetc");
    QTest::newRow("hidden") << QByteArray(".x") << QByteArray("%2Ex");
    QTest::newRow("percent") << QByteArray("a%2Fb") << QByteArray("a%252Fb");
    QTest::newRow("letters") << QByteArray("ä") << QByteArray("%C3%A4");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
}

void JournalFilesTest::targetsKeepTheirOwnFileNames()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, name);
    QCOMPARE(QByteArray::fromStdString(journal::safeFileName(target.toStdString())), name);
}

void JournalFilesTest::differentTargetsNeverShareAFile()
{
    const std::string base(300, 'a');
    QVERIFY(journal::safeFileName(base + "1") != journal::safeFileName(base + "2"));
    QVERIFY(journal::safeFileName(base).size() < 200);
    journal::StopFiles files(folder());
    QVERIFY(files.createStop(stopOf(TargetId(base + "1"))).ok());
    QVERIFY(!files.isStopped(TargetId(base + "2")));
    QVERIFY(files.isStopped(TargetId(base + "1")));
}

void JournalFilesTest::filesBelongToTheirOwnerOnly()
{
    journal::StopFiles files(folder());
    QVERIFY(files.writeSafe(kTarget, "{}").ok());
    QVERIFY(files.createStop(stopOf(kTarget)).ok());
    for (const char* name : {"safe", "stop", "safe/checkout%2Fproduction.json", "stop/checkout%2Fproduction.json"}) {
        const auto mode = QFile::permissions(file(name));
        QVERIFY2(!mode.testAnyFlags(QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), name);
    }
}

QTEST_GUILESS_MAIN(JournalFilesTest)
#include "journal_files_test.moc"
