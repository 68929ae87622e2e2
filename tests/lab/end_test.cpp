// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <csignal>

#include <QFile>
#include <QTest>

#include "app/sluice-lab/loopback_port.h"
#include "tests/lab/lab_under_test.h"

namespace sluice::app::lab {

namespace {

constexpr int kPatienceMs = 15'000;
const QString kRunning = QStringLiteral("everything runs");

bool allGone(const std::vector<pid_t>& pids)
{
    return QTest::qWaitFor([&] { return std::ranges::none_of(pids, lives); }, kPatienceMs);
}

/// The guard is a fork of the lab; everything else below it is another program, or the same with other arguments.
QByteArray commandOf(pid_t pid)
{
    QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class EndTest : public QObject {
    Q_OBJECT

private slots:
    void nothingIsLeftOfALabThatEnds_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<bool>("frozen");
        QTest::newRow("asked to end") << SIGTERM << false;
        QTest::newRow("interrupted") << SIGINT << false;
        QTest::newRow("killed") << SIGKILL << false;
        QTest::newRow("killed while parts are frozen") << SIGKILL << true;
    }
    void nothingIsLeftOfALabThatEnds()
    {
        QFETCH(int, signal);
        QFETCH(bool, frozen);
        LabUnderTest lab;
        QVERIFY2(lab.start({}, kRunning), lab.said());
        const auto below = descendantsOf(static_cast<pid_t>(lab.process().processId()));
        QVERIFY(below.size() >= 8); // guard, Prometheus, two masters, two workers, two replicas
        if (frozen) {
            for (const char* part : {"edge-1", "prometheus", "s1"}) {
                QVERIFY(lab.ask({{"do", "stop"}, {"part", part}})["ok"].get<bool>());
            }
        }
        kill(static_cast<pid_t>(lab.process().processId()), signal);
        QVERIFY(lab.process().waitForFinished(kPatienceMs));
        QVERIFY(allGone(below));
        if (signal != SIGKILL) QCOMPARE(lab.process().exitCode(), 0);
    }

    void aLabEndsByItselfAtItsTimeLimit()
    {
        LabUnderTest lab;
        QVERIFY2(lab.start({QStringLiteral("--for"), QStringLiteral("3s")}, kRunning), lab.said());
        const auto below = descendantsOf(static_cast<pid_t>(lab.process().processId()));
        QVERIFY(lab.process().waitForFinished(kPatienceMs));
        QCOMPARE(lab.process().exitCode(), 0);
        QVERIFY(allGone(below));
    }

    void aLabSaysWhenItEndsAndWarnsAMinuteBefore()
    {
        LabUnderTest lab;
        QVERIFY2(lab.start({QStringLiteral("--for"), QStringLiteral("62s")}, QStringLiteral("the lab ends in 1 min")),
                 lab.said());
        QVERIFY2(lab.said().contains("the lab ends by itself at "), lab.said());
        QVERIFY2(lab.said().contains(", in 62 s; 'up --for 2h' gives it longer"), lab.said());
    }

    void whatIsBrokenOnPurposeIsSaidAfterEachChange()
    {
        LabUnderTest lab;
        QVERIFY2(lab.start({}, kRunning), lab.said());
        const auto say = [&](const nlohmann::json& request) {
            return QString::fromStdString(lab.ask(request).value("now", std::string()));
        };
        QCOMPARE(say({{"do", "fault"}, {"track", "stable"}, {"fault", "errors=10%"}, {"replica", 1}}),
                 QStringLiteral("errors=10% on s1"));
        QCOMPARE(say({{"do", "fault"}, {"track", "canary"}, {"fault", "latency=+400ms@10%"}}),
                 QStringLiteral("errors=10% on s1; latency=+400ms on every canary replica once the canary's share "
                                "reaches 10%"));
        QCOMPARE(say({{"do", "clear"}}), QStringLiteral("no fault on any replica"));
    }

    void aLabWithoutItsGuardEnds()
    {
        LabUnderTest lab;
        QVERIFY2(lab.start({}, kRunning), lab.said());
        const auto self = static_cast<pid_t>(lab.process().processId());
        const auto below = descendantsOf(self);
        const auto guard = std::ranges::find_if(below, [&](pid_t pid) { return commandOf(pid) == commandOf(self); });
        QVERIFY(guard != below.end());
        kill(*guard, SIGKILL);
        QVERIFY(lab.process().waitForFinished(kPatienceMs));
        QCOMPARE(lab.process().exitCode(), 4);
        QVERIFY2(lab.said().contains("guard was killed"), lab.said());
        QVERIFY(allGone(below));
    }

    void aSecondLabInTheFolderIsRefused()
    {
        LabUnderTest lab;
        QVERIFY2(lab.start({}, kRunning), lab.said());
        const auto second = runLabCommand({QStringLiteral("up"), QStringLiteral("--dir"), lab.dir()});
        QCOMPARE(second.code, 3);
        QVERIFY2(second.err.contains(QLatin1String("runs in")), qPrintable(second.err));
    }

    void aMissingProgramIsSaidWithTheLineThatInstallsIt_data()
    {
        QTest::addColumn<QString>("program");
        QTest::newRow("haproxy") << "haproxy";
        QTest::newRow("prometheus") << "prometheus";
    }
    void aMissingProgramIsSaidWithTheLineThatInstallsIt()
    {
        QFETCH(QString, program);
        const QTemporaryDir dir;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("SLUICE_" + program.toUpper(), QStringLiteral("/nowhere"));
        const auto result = runLabCommand({QStringLiteral("up"), QStringLiteral("--dir"), dir.path()}, environment);
        QCOMPARE(result.code, 4);
        QVERIFY2(result.err.contains("apt-get install -y " + program), qPrintable(result.err));
        QCOMPARE(result.err.count(u'\n'), 1);
    }

    void aCommandLineEndsWithTheRightCode_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        const QString dir = QStringLiteral("--dir");
        const QString nowhere = QStringLiteral("/nowhere");
        QTest::newRow("nothing") << QStringList{} << 2;
        QTest::newRow("help") << QStringList{"--help"} << 0;
        QTest::newRow("unknown command") << QStringList{"dance"} << 2;
        QTest::newRow("unknown option") << QStringList{"up", dir, nowhere, "--speed", "9"} << 2;
        QTest::newRow("no folder") << QStringList{"status"} << 2;
        QTest::newRow("too many proxies") << QStringList{"up", dir, nowhere, "--proxies", "10"} << 2;
        QTest::newRow("bad time") << QStringList{"up", dir, nowhere, "--for", "20"} << 2;
        QTest::newRow("long folder") << QStringList{"up", dir, "/" + QString(100, u'x')} << 2;
        QTest::newRow("wrong fault") << QStringList{"fault", dir, nowhere, "eror=1%"} << 2;
        QTest::newRow("no lab") << QStringList{"status", dir, nowhere} << 4;
        QTest::newRow("no lab for a fault") << QStringList{"fault", dir, nowhere, "errors=1%"} << 4;
    }
    void aCommandLineEndsWithTheRightCode()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const auto result = runLabCommand(arguments);
        QVERIFY2(result.code == code, qPrintable(result.out + result.err));
        QVERIFY(!(result.out + result.err).isEmpty());
    }

    void aReservedPortIsNobodysUntilSomebodyListens()
    {
        const auto port = LoopbackPort::reserve();
        QVERIFY(port.ok());
        QCOMPARE(portOwner(port.value().number(), getpgrp()), PortOwner::Nobody);
    }

    void aForeignListenerIsSeen()
    {
        LabUnderTest lab;
        QVERIFY2(lab.start({}, kRunning), lab.said());
        const int port = lab.proxyPorts().front();
        QCOMPARE(portOwner(port, getpgrp()), PortOwner::Foreign);
        const auto programs = lab.ask({{"do", "status"}})["programs"];
        QCOMPARE(portOwner(port, programs[0]["pid"].get<pid_t>()), PortOwner::Ours);
    }
};

} // namespace sluice::app::lab

QTEST_GUILESS_MAIN(sluice::app::lab::EndTest)
#include "end_test.moc"
