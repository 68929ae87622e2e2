// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

namespace {

/// Lines of the findings, e.g. "2 5".
QString linesOf(const Findings& findings)
{
    QStringList lines;
    for (const Finding& finding : findings)
        lines << QString::number(finding.line);
    return lines.join(u' ');
}

SourceFile sample(const char* path, const char* text)
{
    return readSource(QLatin1String(path), QByteArray(text));
}

} // namespace

/// Each check on samples: what it must find, and what it must leave alone.
class ChecksTest : public QObject {
    Q_OBJECT

    static void columns()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("lines");
    }

    static void row(const char* name, const char* path, const char* text, const char* lines)
    {
        QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(text) << QString::fromLatin1(lines);
    }

    static void compare(Check check)
    {
        QFETCH(const QString, path);
        QFETCH(const QString, text);
        QFETCH(const QString, lines);
        QCOMPARE(linesOf(check(readSource(path, text.toLatin1()))), lines);
    }

private slots:
    void anIncludeAgainstTheArrowIsFound_data()
    {
        columns();
        row("down is fine", "core/rollout/a.cpp", "#include \"core/model/weight.h\"\n", "");
        row("own room is fine", "core/sim/a.cpp", "#include \"core/sim/world.h\"\n", "");
        row("up", "core/model/a.h", "#include <map>\n#include \"core/rollout/event.h\"\n", "2");
        row("sideways: journal and adapters", "core/journal/a.cpp", "#include \"core/adapters/http.h\"\n", "1");
        row("sideways: analysis and policy", "core/policy/a.h", "#include \"core/analysis/judge.h\"\n", "1");
        row("engine sees all of core", "core/engine/a.cpp", "#include \"core/sim/world.h\"\n", "");
        row("engine does not see ui", "core/engine/a.cpp", "#include \"ui/theme/style.h\"\n", "1");
        row("ui sees the snapshot", "ui/fleet/a.h", "#include \"core/engine/snapshot.h\"\n", "");
        row("ui does not see the loop", "ui/fleet/a.h", "#include \"core/engine/engine_loop.h\"\n", "1");
        row("ui does not decide", "ui/fleet/a.h", "#include \"core/rollout/decide.h\"\n", "1");
        row("ui does not see a port", "ui/fleet/a.h", "#include \"core/ports/traffic_router.h\"\n", "1");
        row("ui does not see app", "ui/fleet/a.h", "#include \"app/root.h\"\n", "1");
        row("the console sees ui", "app/sluice/main.cpp", "#include \"ui/shell/main_window.h\"\n", "");
        row("the command line does not", "app/sluicectl/main.cpp", "#include \"ui/shell/main_window.h\"\n", "1");
        row("not from the root", "core/base/a.cpp", "#include \"check.h\"\n", "1");
        row("a room in <>", "core/base/a.cpp", "#include <core/base/check.h>\n", "1");
        row("own moc file", "tests/ui/rail_test.cpp", "#include \"rail_test.moc\"\n", "");
        row("commented out", "core/base/a.cpp", "// #include \"ui/a.h\"\n/*\n#include \"ui/b.h\"\n*/\n", "");
        row("in a literal", "core/base/a.cpp", "auto t = R\"(\n#include \"ui/b.h\"\n)\";\n", "");
    }
    void anIncludeAgainstTheArrowIsFound() { compare(&checkIncludeArrows); }

    void qtInCoreIsFound_data()
    {
        columns();
        row("class header", "core/base/a.h", "#include <vector>\n#include <QString>\n", "2");
        row("module header", "app/sluicectl/a.cpp", "#include <QtCore/QString>\n", "1");
        row("linked", "core/base/CMakeLists.txt", "\ntarget_link_libraries(x PUBLIC Qt6::Core)\n", "2");
        row("ui may", "ui/a.h", "#include <QWidget>\n", "");
        row("the console may", "app/sluice/main.cpp", "#include <QApplication>\n", "");
        row("core with others", "core/base/a.h", "#include <queue>\n#include <Queue.hpp>\n", "");
    }
    void qtInCoreIsFound() { compare(&checkQtFreeRooms); }

    void theOutsideInAPureRoomIsFound_data()
    {
        columns();
        row("file", "core/rollout/a.cpp", "#include <fstream>\n", "1");
        row("thread", "core/analysis/a.h", "#include <map>\n#include <thread>\n", "2");
        row("log", "core/policy/a.cpp", "#include <spdlog/spdlog.h>\n", "1");
        row("adapters may", "core/adapters/a.cpp", "#include <sys/socket.h>\n", "");
        row("text streams are fine", "core/model/a.cpp", "#include <sstream>\n", "");
    }
    void theOutsideInAPureRoomIsFound() { compare(&checkPureRooms); }

    void aSleepInATestIsFound_data()
    {
        columns();
        row("posix", "tests/a.cpp", "void f()\n{\n    sleep(1);\n    ::usleep(5);\n}\n", "3 4");
        row("standard", "tests/a.cpp", "std::this_thread::sleep_for(1ms);\n", "1");
        row("Qt", "tests/a.cpp", "QTest::qSleep(5);\nQThread::msleep(5);\nQTest::qWait(5);\n", "1 2 3");
        row("a condition is fine", "tests/a.cpp", "QTRY_VERIFY(x);\nQTest::qWaitFor(done, 5000);\n", "");
        row("of a world is fine", "tests/a.cpp", "world.sleep(5min);\nlaptop->sleep(1h);\n", "");
        row("in words is fine", "tests/a.cpp", "// sleep(1)\nauto t = \"sleep(1)\";\n", "");
        row("elsewhere is fine", "app/sluice-lab/a.cpp", "sleep(1);\n", "");
    }
    void aSleepInATestIsFound() { compare(&checkSleepInTests); }

    void clockAndChanceOutsideTheirRoomsAreFound_data()
    {
        columns();
        row("clocks", "core/engine/a.cpp",
            "std::chrono::system_clock::now();\nauto t = time(nullptr);\n::clock_gettime(1, &t);\n", "1 2 3");
        row("Qt's clocks", "ui/a.cpp", "QDateTime::currentDateTimeUtc();\nQTime::currentTime();\n", "1 2");
        row("chance", "app/sluicectl/a.cpp", "std::random_device d;\nstd::mt19937 g;\nint x = rand();\n", "1 2 3");
        row("also in tests", "tests/a.cpp", "steady_clock::now();\n", "1");
        row("the clock adapter", "core/adapters/system_clock.cpp", "system_clock::now();\n", "");
        row("another adapter", "core/adapters/http_client.cpp", "system_clock::now();\n", "1");
        row("the simulated world", "core/sim/world.cpp", "std::mt19937_64 g(seed);\n", "");
        row("the lab", "app/sluice-lab/load.cpp", "steady_clock::now();\n", "");
        row("the bench", "tests/bench/a.cpp", "steady_clock::now();\n", "");
        row("members of that name", "ui/a.cpp", "clock.now();\nrow.time(nullptr);\noperand(1);\n", "");
    }
    void clockAndChanceOutsideTheirRoomsAreFound() { compare(&checkClockAndRandomness); }

    void aQtTrapIsFound_data()
    {
        columns();
        row("sender", "ui/a.cpp", "auto* b = qobject_cast<QPushButton*>(sender());\n", "1");
        row("events", "tests/a.cpp", "QCoreApplication::processEvents();\n", "1");
        row("strings", "ui/a.cpp", "connect(a, SIGNAL(b()), c, SLOT(d()));\n", "1 1");
        row("nested loop", "ui/a.cpp", "QEventLoop loop;\n", "1");
        row("another sender", "core/a.cpp", "mail.sender();\nMail::sender();\n", "");
    }
    void aQtTrapIsFound() { compare(&checkQtTraps); }

    void aGlobIsFound_data()
    {
        columns();
        row("glob", "core/CMakeLists.txt", "x()\nfile(GLOB_RECURSE all *.cpp)\n", "2");
        row("writing a file is fine", "core/CMakeLists.txt", "file(WRITE x y)\n", "");
    }
    void aGlobIsFound() { compare(&checkGlobs); }

    void aMissingLicenceLineIsFound_data()
    {
        columns();
        row("missing", "core/a.cpp", "#include <map>\n", "1");
        row("after the shebang", "dev", "#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n", "");
        row("missing in a script", "dev", "#!/bin/sh\nset -e\n", "2");
        row("another licence", "core/CMakeLists.txt", "# SPDX-License-Identifier: MIT\n", "1");
        row("a playbook is made to be copied", "resources/playbooks/a.yaml", "playbook: a\n", "");
        row("prose needs none", "README.md", "# Sluice\n", "");
    }
    void aMissingLicenceLineIsFound() { compare(&checkLicenceLine); }

    void aPlaceOutsideTheProjectIsFound_data()
    {
        columns();
        row("a home", "README.md",
            "see\n`/"
            "root/x`\n",
            "2");
        row("a desk", "core/a.cpp",
            "// from /"
            "work/main\n",
            "1");
        row("a shelf", "core/a.cpp",
            "// see shared/"
            "design/details.md\n",
            "1");
        row("a URL is fine", "core/a.cpp", "// https://example.org/network/works\n", "");
        row("a path of the system is fine", "core/a.cpp", "auto p = \"/run/haproxy/root.sock\";\n", "");
    }
    void aPlaceOutsideTheProjectIsFound() { compare(&checkWorkplaceWords); }

    void anUnfinishedPlaceIsFound_data()
    {
        columns();
        row("in a comment", "core/a.cpp", "int a;\n// TODO: b\n", "2");
        row("as a word of the program", "core/a.cpp", "int TODO = 1;\n", "");
    }
    void anUnfinishedPlaceIsFound() { compare(&checkMarkers); }

    void aLongFileIsFound()
    {
        const QByteArray full = QByteArray("//\n").repeated(kLongestFile);
        QCOMPARE(linesOf(checkFileLength(sample("core/a.h", full.constData()))), QString());
        QCOMPARE(linesOf(checkFileLength(sample("core/a.h", (full + "//").constData()))), QStringLiteral("401"));
        QCOMPARE(linesOf(checkFileLength(sample("notes.md", (full + "//").constData()))), QString());
        QCOMPARE(linesOf(checkFileLength(sample("dev", ("#!" + full + "\n").constData()))), QStringLiteral("401"));
    }
};

} // namespace sluice::tidy

QTEST_APPLESS_MAIN(sluice::tidy::ChecksTest)
#include "checks_test.moc"
