// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <thread>

#include "core/adapters/command_deployer.h"
#include "core/adapters/command_runner.h"
#include "core/adapters/process_tree.h"
#include "core/adapters/system_clock.h"
#include "tests/core/adapters/fact_box.h"

using namespace sluice;
using namespace sluice::adapters;
using End = CommandResult::End;

namespace {

const std::atomic<bool> kNever{false};

CommandResult shell(const std::string& script, std::chrono::milliseconds limit = std::chrono::seconds(20),
                    std::chrono::milliseconds grace = std::chrono::milliseconds(200))
{
    return runCommand({.argv = {"/bin/sh", "-c", script}, .limit = limit, .grace = grace}, kNever);
}

CommandResult exited(int code, const std::string& output, const std::string& errors = "")
{
    return {.end = End::Exited, .code = code, .output = output, .errors = errors};
}

} // namespace

class CommandTest : public QObject {
    Q_OBJECT

private slots:
    void outputCodeAndErrorsComeBack()
    {
        const auto result = shell("echo out; echo err >&2; exit 3");
        QCOMPARE(result.end, End::Exited);
        QCOMPARE(result.code, 3);
        QCOMPARE(result.output, std::string("out\n"));
        QCOMPARE(result.errors, std::string("err\n"));
    }

    void argumentsAreNotReadByAShell()
    {
        const auto result = runCommand({.argv = {"printf", "%s|", "a b", "$(id)", ";", ""}}, kNever);
        QCOMPARE(result.output, std::string("a b|$(id)|;||"));
    }

    void aProgramThatIsNotThereIsSaid()
    {
        const auto result = runCommand({.argv = {"/nonexistent/program"}}, kNever);
        QCOMPARE(result.end, End::NotStarted);
        QCOMPARE(result.code, ENOENT);
        QCOMPARE(runCommand({}, kNever).end, End::NotStarted);
    }

    void aSignalIsNoExit()
    {
        const auto result = shell("kill -9 $$");
        QCOMPARE(result.end, End::Signalled);
        QCOMPARE(result.code, 9);
    }

    void standardInputIsEmpty() { QCOMPARE(shell("cat; echo done").output, std::string("done\n")); }

    void aHangingTreeIsEndedAtItsLimit_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::newRow("it sleeps") << QByteArray("exec sleep 1000");
        QTest::newRow("it ignores TERM") << QByteArray("trap '' TERM; while :; do sleep 1000; done");
        QTest::newRow("a child in a session of its own")
            << QByteArray("setsid sleep 1000 & echo $! > pids; exec sleep 1000");
        QTest::newRow("orphaned grandchildren in sessions of their own")
            << QByteArray("(setsid sh -c 'setsid sleep 1000 & sleep 1000' &); exec sleep 1000");
        QTest::newRow("it closed its streams") << QByteArray("exec >&- 2>&-; exec sleep 1000");
        QTest::newRow("it floods") << QByteArray("exec yes");
    }
    void aHangingTreeIsEndedAtItsLimit()
    {
        QFETCH(QByteArray, script);
        QTemporaryDir folder;
        const std::string move = "cd '" + folder.path().toStdString() + "'; ";
        QElapsedTimer timer;
        timer.start();
        const auto result = shell(move + script.toStdString(), std::chrono::milliseconds(300));
        QCOMPARE(result.end, End::TimedOut);
        QVERIFY(timer.elapsed() < 3000);
        QVERIFY(descendantsOf(getpid()).empty());
        QVERIFY(result.output.size() <= size_t(1) << 20);
    }

    void whatItLeavesBehindIsNotWaitedForAndEnded()
    {
        QElapsedTimer timer;
        timer.start();
        // The background child holds the pipe open and left its session.
        const auto result = shell("setsid sleep 1000 & echo finished");
        QVERIFY(timer.elapsed() < 5000);
        QCOMPARE(result.end, End::Exited);
        QCOMPARE(result.output, std::string("finished\n"));
        QVERIFY(descendantsOf(getpid()).empty());
    }

    void outputBeyondTheLimitKeepsItsEnd()
    {
        const auto result = shell("head -c 3000000 /dev/zero; echo; echo last");
        QCOMPARE(result.end, End::Exited);
        QVERIFY(result.outputCut);
        QCOMPARE(result.output.size(), size_t(1) << 20);
        QVERIFY(result.output.ends_with("\nlast\n"));
    }

    void stoppingEndsItSoon()
    {
        std::atomic<bool> stop{false};
        CommandResult result;
        std::thread thread([&] { result = runCommand({.argv = {"/bin/sh", "-c", "exec sleep 1000"}}, stop); });
        bool started = false;
        started = QTest::qWaitFor([] { return descendantsOf(getpid()).size() == 2; });
        stop = true;
        thread.join();
        QVERIFY(started);
        QCOMPARE(result.end, End::Stopped);
        QVERIFY(result.took < std::chrono::seconds(15));
        QVERIFY(descendantsOf(getpid()).empty());
    }

    void theLastStatusLineTells_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<bool>("known");
        QTest::addColumn<int>("ready");
        const QByteArray good = R"({"ready":1,"wanted":2,"version":"v2"})";
        QTest::newRow("alone") << good << true << 1;
        QTest::newRow("behind a log") << "starting\n" + good + "\n" << true << 1;
        QTest::newRow("before a last word") << good + "\nbye\n\n" << true << 1;
        QTest::newRow("the last of two") << R"({"ready":0,"wanted":2,"version":"v2"})" + QByteArray("\n") + good << true
                                         << 1;
        QTest::newRow("none") << QByteArray("done\n") << false << 0;
        QTest::newRow("nothing") << QByteArray() << false << 0;
        QTest::newRow("a number is missing") << QByteArray(R"({"ready":1,"version":"v2"})") << false << 0;
        QTest::newRow("a number is a text") << QByteArray(R"({"ready":"1","wanted":2,"version":"v2"})") << false << 0;
        QTest::newRow("negative") << QByteArray(R"({"ready":-1,"wanted":2,"version":"v2"})") << false << 0;
        QTest::newRow("cut off") << good.left(20) << false << 0;
    }
    void theLastStatusLineTells()
    {
        QFETCH(QByteArray, output);
        const auto fact = factOf(exited(0, output.toStdString()));
        QTEST(fact.known, "known");
        QTEST(fact.ready, "ready");
        QCOMPARE(fact.problem.empty(), fact.known);
    }

    void aFailureIsToldWithItsLastWord()
    {
        const auto fact =
            factOf(exited(4, R"({"ready":2,"wanted":2,"version":"v2"})", "first\n\x1b[31mno quota\xff\n"));
        QVERIFY(!fact.known);
        QCOMPARE(fact.problem, std::string("The deploy command ended with 4:  [31mno quota?"));
    }

    void aTimeoutLeavesTheOutcomeUnknown()
    {
        const auto fact = factOf({.end = End::TimedOut, .took = std::chrono::minutes(5)});
        QVERIFY(!fact.known);
        QVERIFY(fact.problem.starts_with("The outcome is unknown: "));
    }

    void anOrderRunsTheProgramAndIsReadBack()
    {
        QTemporaryDir folder;
        const QString program = folder.filePath("deploy");
        QFile file(program);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho \"$@\" >> calls\n"
                   "case \"$*\" in *--status) ;; *) echo \"$4 $6\" > state ;; esac\n"
                   "read version wanted < state\n"
                   "echo \"{\\\"ready\\\":$wanted,\\\"wanted\\\":$wanted,\\\"version\\\":\\\"$version\\\"}\"\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));

        test::MessageBox box;
        const auto deployer = makeCommandDeployer({.argv = {program.toStdString()}}, box.sink(), m_clock);
        deployer->order({.target = TargetId("a/b"), .track = Track::Canary, .version = "v2", .instances = 3});
        const auto fits = [](const ports::WorkloadAnswer& answer) {
            return answer.fact.known && answer.fact.version == "v2" && answer.fact.ready == 3;
        };
        QVERIFY(box.waitFor<ports::WorkloadAnswer>(fits));
        QVERIFY(box.waitFor<ports::WorkloadAnswer>(fits, box.count()));
        QFile calls(folder.filePath("calls"));
        QVERIFY(calls.open(QIODevice::ReadOnly));
        const QByteArray text = calls.readAll();
        QVERIFY(text.startsWith("--track canary --version v2 --instances 3\n--track canary --status\n"));
        QCOMPARE(text.count("--instances"), 1);
    }

private:
    SystemClock m_clock{};
};

QTEST_GUILESS_MAIN(CommandTest)
#include "command_test.moc"
