// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTest>

#include "core/journal/ballast.h"
#include "tests/core/journal/faulty_disk.h"
#include "tests/core/journal/journal_support.h"

using namespace sluice;
using namespace sluice::journal_test;
using ports::Appended;

namespace {

const RolloutId kRollout("r1");

int64_t bytesIn(const QString& folder)
{
    int64_t bytes = 0;
    for (const auto& info : QDir(folder).entryInfoList(QDir::Files))
        bytes += info.size();
    return bytes;
}

ports::Append large(int64_t after, int64_t epoch)
{
    return appendOf(kRollout, after, epoch, {eventOf("\"" + std::string(20'000, 'x') + "\"")});
}

} // namespace

class JournalDiskTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { FaultyDisk::install(); }
    void init() { FaultyDisk::heal(); }

    void onAFullDiskNothingIsStoredAndNothingIsLost();
    void onAFullDiskARollbackIsStillStored();
    void theReserveIsLaidAgainAtTheNextOpening();
    void anyFailedSyncStopsTheWriterAndInventsNothing();
    void anyFailedWriteStopsTheWriterAndInventsNothing();

private:
    /// Fails the k-th `what` of one append for k = 1, 2 … until none fails, and checks what is left each time.
    void failEach(int64_t& failAt, int64_t& count);
};

void JournalDiskTest::onAFullDiskNothingIsStoredAndNothingIsLost()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(kRollout, 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
    FaultyDisk::folder = place.folder.path().toStdString();
    FaultyDisk::room = bytesIn(place.folder.path()) + 4096;
    const auto full = journal->append(large(1, epoch));
    QVERIFY(FaultyDisk::faults > 0);
    QVERIFY(!full.ok());
    QCOMPARE(full.error().fault, Fault::Unreachable);
    QVERIFY2(full.error().detail.find("full") != std::string::npos, full.error().detail.c_str());
    QVERIFY(QFile::exists(QString::fromStdString(journal::ballastPath(place.path()))));
    QCOMPARE(journal->events(kRollout, 0, 10).value().size(), 1U);

    FaultyDisk::heal(); // somebody made room: the same object goes on
    QCOMPARE(journal->append(large(1, epoch)).value(), Appended::Stored);
    QVERIFY(journal->verify().value().intact);
}

void JournalDiskTest::onAFullDiskARollbackIsStillStored()
{
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(kRollout, 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
    FaultyDisk::folder = place.folder.path().toStdString();
    FaultyDisk::room = bytesIn(place.folder.path()) + 4096;
    auto rollback = large(1, epoch);
    rollback.safeDirection = true;
    QCOMPARE(journal->append(rollback).value(), Appended::Stored);
    QVERIFY(FaultyDisk::faults > 0);
    QVERIFY(!QFile::exists(QString::fromStdString(journal::ballastPath(place.path()))));
    FaultyDisk::heal();
    journal.reset();
    QCOMPARE(place.open()->events(kRollout, 0, 10).value().size(), 2U);
    QVERIFY(place.open()->verify().value().intact);
}

void JournalDiskTest::theReserveIsLaidAgainAtTheNextOpening()
{
    const Place place;
    place.open();
    QFile reserve(QString::fromStdString(journal::ballastPath(place.path())));
    QCOMPARE(reserve.size(), journal::kBallastBytes);
    QVERIFY(journal::dropBallast(place.path()));
    QVERIFY(!journal::dropBallast(place.path()));
    QVERIFY(!reserve.exists());
    place.open();
    QCOMPARE(reserve.size(), journal::kBallastBytes);
}

void JournalDiskTest::failEach(int64_t& failAt, int64_t& count)
{
    constexpr int kMost = 200;
    const Place place;
    int64_t epoch = 0;
    auto journal = place.driver("one", &epoch);
    QCOMPARE(journal->append(appendOf(kRollout, 0, epoch, {eventOf("{}")})).value(), Appended::Stored);
    int64_t version = 1;
    int k = 1;
    for (; k < kMost; ++k) {
        const auto append = appendOf(kRollout, version, epoch, {eventOf(R"({"n":)" + std::to_string(version) + "}")});
        FaultyDisk::heal();
        count = 0;
        failAt = k;
        const auto first = journal->append(append);
        if (FaultyDisk::faults == 0) break;
        QVERIFY(!first.ok() || first.value() == Appended::Unknown);
        QVERIFY(!journal->append(append).ok()); // sqlite would accept it: the journal does not
        QVERIFY(!journal->renew("one").ok());
        FaultyDisk::heal();
        QVERIFY(journal->reopen().ok());
        const auto stored = journal->events(kRollout, version, 10);
        QVERIFY(stored.ok());
        QVERIFY(stored.value().size() <= 1);
        QCOMPARE(journal->append(append).value(), Appended::Stored); // found or written: there once
        ++version;
        QCOMPARE(journal->events(kRollout, version - 1, 10).value().size(), 1U);
        const auto verdict = journal->verify().value();
        QVERIFY2(verdict.intact, verdict.what.c_str());
    }
    QVERIFY2(k > 2, "the fault never happened");
    QVERIFY2(k < kMost, "an append with this many steps is not believed");
}

void JournalDiskTest::anyFailedSyncStopsTheWriterAndInventsNothing()
{
    failEach(FaultyDisk::failSyncAt, FaultyDisk::syncs);
}

void JournalDiskTest::anyFailedWriteStopsTheWriterAndInventsNothing()
{
    failEach(FaultyDisk::failWriteAt, FaultyDisk::writes);
}

QTEST_GUILESS_MAIN(JournalDiskTest)
#include "journal_disk_test.moc"
