// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include "core/journal/stop_files.h"
#include "tests/core/journal/journal_helper.h"
#include "tests/core/journal/journal_support.h"

using namespace sluice;
using namespace sluice::journal_test;
using namespace std::chrono_literals;
using ports::Appended;

namespace {

const RolloutId kRollout("r1");

std::vector<ports::StoredEvent> all(journal::SqliteJournal& journal)
{
    std::vector<ports::StoredEvent> events;
    while (true) {
        const auto page = journal.events(kRollout, static_cast<int64_t>(events.size()), journal::kRowsPerRead);
        if (!page) qFatal("%s", page.error().detail.c_str());
        if (page.value().empty()) return events;
        events.insert(events.end(), page.value().begin(), page.value().end());
    }
}

void end(QProcess& process)
{
    process.kill();
    process.waitForFinished();
}

} // namespace

/// Several processes on one file.
class JournalProcessTest : public QObject {
    Q_OBJECT

private slots:
    void aKilledHolderIsReplacedAtOnce();
    void aFrozenHolderIsReplacedAfterFifteenSecondsAndFencedWhenItWakes();
    void aHolderFrozenInsideAWriteKeepsOthersOutButNotTheStop();
    void twoEnginesNeverDecideTheSameVersion();
    void whateverWasAcknowledgedSurvivesKill();
};

void JournalProcessTest::aKilledHolderIsReplacedAtOnce()
{
    const Place place;
    auto journal = place.open();
    QVERIFY(journal->announce("me", kAna).ok());
    QProcess holder;
    startHelper(holder, QStringLiteral("hold"), place.path(), QStringLiteral("holder"));
    QCOMPARE(nextLine(holder), QStringLiteral("held"));
    QVERIFY(!journal->lease(kTarget).value()->holderProvenDead);
    QCOMPARE(journal->acquire(kTarget, "me", kAna, 0, false, "").error().fault, Fault::Refused);
    end(holder);
    QVERIFY(journal->lease(kTarget).value()->holderProvenDead);
    QVERIFY(journal->acquire(kTarget, "me", kAna, 0, false, "").ok());
}

void JournalProcessTest::aFrozenHolderIsReplacedAfterFifteenSecondsAndFencedWhenItWakes()
{
    Place place;
    auto journal = place.open();
    QVERIFY(journal->announce("me", kAna).ok());
    QProcess holder;
    startHelper(holder, QStringLiteral("hold"), place.path(), QStringLiteral("holder"));
    QCOMPARE(nextLine(holder), QStringLiteral("held"));
    QCOMPARE(::kill(static_cast<pid_t>(holder.processId()), SIGSTOP), 0);
    QVERIFY(!journal->acquire(kTarget, "me", kAna, 0, false, "").ok());
    place.clock.advance(14s);
    QVERIFY(!journal->acquire(kTarget, "me", kAna, 0, false, "").ok());
    place.clock.advance(1s);
    const auto lease = journal->acquire(kTarget, "me", kAna, 0, false, "");
    QVERIFY(lease.ok());
    QCOMPARE(journal->append(appendOf(kRollout, 0, lease.value().epoch, {eventOf("{}")})).value(), Appended::Stored);

    QCOMPARE(::kill(static_cast<pid_t>(holder.processId()), SIGCONT), 0);
    holder.write("append\n");
    QCOMPARE(nextLine(holder), QStringLiteral("fenced"));
    QCOMPARE(all(*journal).size(), 1U);
    end(holder);
}

void JournalProcessTest::aHolderFrozenInsideAWriteKeepsOthersOutButNotTheStop()
{
    const Place place;
    auto journal = place.open();
    QVERIFY(journal->announce("me", kAna).ok());
    QProcess holder;
    startHelper(holder, QStringLiteral("hold"), place.path(), QStringLiteral("holder"));
    QCOMPARE(nextLine(holder), QStringLiteral("held"));
    holder.write("lock\n");
    QCOMPARE(nextLine(holder), QStringLiteral("locked"));
    QCOMPARE(::kill(static_cast<pid_t>(holder.processId()), SIGSTOP), 0);

    const auto refused = journal->acquire(kTarget, "me", kAna, 0, true, "it hangs");
    QCOMPARE(refused.error().fault, Fault::Unreachable);
    QCOMPARE(journal->eventsSince(0, 10).error().fault, Fault::Unreachable);
    const auto hasty = journal::SqliteJournal::open(place.path(), place.clock, journal::OpenMode::Existing, 100ms);
    QVERIFY2(!hasty && hasty.error().detail.find("since 100 ms") != std::string::npos, "an emergency waits as it says");
    journal::StopFiles files(place.folder.path().toStdString());
    QVERIFY(files.createStop({.target = kTarget, .person = kAna, .reason = "it hangs"}).ok());
    QVERIFY(files.isStopped(kTarget));

    end(holder); // dead: its half transaction is undone by whoever comes next
    QVERIFY(journal->acquire(kTarget, "me", kAna, 0, false, "").ok());
    QVERIFY(journal->verify().value().intact);
}

void JournalProcessTest::twoEnginesNeverDecideTheSameVersion()
{
    const Place place;
    auto journal = place.open();
    QProcess a;
    QProcess b;
    startHelper(a, QStringLiteral("race"), place.path(), QStringLiteral("a"));
    startHelper(b, QStringLiteral("race"), place.path(), QStringLiteral("b"));
    QMap<qint64, std::string> acknowledged;
    for (QProcess* engine : {&a, &b}) {
        const std::string name = engine == &a ? "a" : "b";
        for (QString line = nextLine(*engine); line != QLatin1String("end"); line = nextLine(*engine)) {
            bool isNumber = false;
            const qint64 version = line.toLongLong(&isNumber);
            QVERIFY2(isNumber, qPrintable(line));
            QVERIFY2(!acknowledged.contains(version), "one version was given to both");
            acknowledged.insert(version, name);
        }
    }
    QVERIFY(a.waitForFinished() && b.waitForFinished());
    QCOMPARE(a.exitCode(), 0);
    QCOMPARE(b.exitCode(), 0);
    const auto events = all(*journal);
    QCOMPARE(events.size(), 150U);
    for (const auto& event : events) {
        const std::string by = "\"by\":\"" + acknowledged.value(event.version) + "\"";
        QVERIFY2(event.event.body.find(by) != std::string::npos, event.event.body.c_str());
    }
    const auto verdict = journal->verify().value();
    QVERIFY2(verdict.intact, verdict.what.c_str());
    QVERIFY2(events.back().epoch > events.front().epoch, "the lease never moved: this was no race");
}

void JournalProcessTest::whateverWasAcknowledgedSurvivesKill()
{
    const Place place;
    place.open();
    qint64 acknowledged = 0;
    for (int round = 0; round < 20; ++round) {
        QProcess engine;
        startHelper(engine, QStringLiteral("pour"), place.path(), QStringLiteral("engine-%1").arg(round));
        const int lines = 1 + round * 37 % 23;
        for (int i = 0; i < lines; ++i) {
            acknowledged = nextLine(engine).toLongLong();
            QVERIFY(acknowledged > 0);
        }
        end(engine); // in whatever it does just then
        while (engine.canReadLine())
            acknowledged = nextLine(engine).toLongLong();
        auto journal = place.open(journal::OpenMode::Existing);
        const auto verdict = journal->verify();
        QVERIFY(verdict.ok());
        QVERIFY2(verdict.value().intact, verdict.value().what.c_str());
        const auto events = all(*journal);
        QVERIFY(static_cast<qint64>(events.size()) >= acknowledged);
        QVERIFY2(static_cast<qint64>(events.size()) <= acknowledged + 1, "an event that nobody asked for");
        for (size_t i = 0; i < events.size(); ++i) {
            QVERIFY(events[i].event.body.find("\"n\":" + std::to_string(i + 1) + "}") != std::string::npos);
        }
    }
}

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    const int helped = helperMain(QCoreApplication::arguments());
    if (helped >= 0) return helped;
    JournalProcessTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "journal_process_test.moc"
