// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QtTest>

#include "tests/app/driven_release.h"
#include "tests/core/adapters/fake_haproxy.h"
#include "tests/core/adapters/real_haproxy.h"

// What a connections file names and what is there instead.

using namespace sluice;
using sluice::testing::DrivenRelease;
using sluice::testing::Said;
using sluice::testing::says;
using sluice::testing::words;

class FilesTest : public QObject {
    Q_OBJECT

    /// Has run four minutes ago: nobody drives now.
    DrivenRelease m_longAgo{};

    /// A copy of the connections file where `from` is `to`.
    bool writeOdd(const QString& from, const QString& to) const
    {
        QFile whole(m_longAgo.file("connections.yaml"));
        QFile odd(m_longAgo.file("odd.yaml"));
        if (!whole.open(QIODevice::ReadOnly) || !odd.open(QIODevice::WriteOnly)) return false;
        const QString text = QString::fromUtf8(whole.readAll());
        return text.contains(from) && odd.write(QString(text).replace(from, to).toUtf8()) > 0;
    }
    Said odd(const char* command) { return m_longAgo.sluicectl(words(command) + words("--connections odd.yaml")); }

private slots:
    void initTestCase() { QVERIFY(m_longAgo.begin()); }

    void aProxyThatAnswersWithoutWhatTheFileNamesIsCalledConfiguration()
    {
        test::FakeHaproxy proxy;
        proxy.setSplit("none", "many");
        QVERIFY(writeOdd(QStringLiteral("unix:edge-1.sock"), QString::fromStdString(proxy.address())));
        const Said said = odd("status");
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, ("CONFIGURATION: router edge-1 (" + proxy.address() + "): ").c_str()));
        QVERIFY(!said.err.contains(QLatin1String("OUT OF REACH: router")));
    }

    void aMetricSourceThatFellSilentIsNamedWithItsAddress()
    {
        DrivenRelease deaf;
        QVERIFY(deaf.begin());
        QVERIFY(deaf.startUntilApprovalIsAsked()); // what was never asked is not out of reach
        deaf.silenceMetrics();
        QVERIFY(deaf.until([&] {
            const auto& sources = deaf.snapshot()->sources;
            const auto sim = std::ranges::find(sources, std::string("sim"), &engine::SourceStatus::name);
            return sim != sources.end() && sim->state == engine::SourceStatus::State::Gone;
        }));
        deaf.catchUp();
        const Said said = deaf.sluicectl(words("status"));
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, "OUT OF REACH: metrics sim (http://127.0.0.1:1) for "));
    }

    void aStoreThatCannotBeOneIsSaidWithItsLine_data()
    {
        QTest::addColumn<QString>("store");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("a folder") << "folder" << 2 << "is a folder; name a file in it, e.g. ";
        QTest::newRow("a device") << "/dev/null" << 2 << "/dev/null is no file; a journal is one, e.g. journal.db.";
        QTest::newRow("in a file") << "connections.yaml/journal.db" << 2
                                   << "connections.yaml is a file and no folder that could hold a journal.";
        QTest::newRow("another file") << "connections.yaml" << 4
                                      << "Put a backup in its place, or name another file, e.g. journal.db.";
    }
    void aStoreThatCannotBeOneIsSaidWithItsLine()
    {
        QFETCH(QString, store);
        QFETCH(int, code);
        QFETCH(QString, said);
        QVERIFY(QDir(m_longAgo.file("")).mkpath(QStringLiteral("folder")));
        QVERIFY(writeOdd(QStringLiteral("store: journal.db"), "store: " + store));
        for (const char* command : {"status", "history", "engine --as you"}) {
            const Said answer = odd(command);
            QVERIFY(says(answer, "sluicectl: odd.yaml:2:8: store: "));
            QVERIFY(says(answer, qPrintable(said)));
            QCOMPARE(answer.code, code);
        }
        const Said named = m_longAgo.sluicectl(words("history --store") << store);
        QVERIFY(says(named, "sluicectl: --store: "));
        QCOMPARE(named.code, code);
    }

    void aDoctorSaysTheSame()
    {
        test::FakeHaproxy proxy;
        QVERIFY(writeOdd(QStringLiteral("unix:edge-1.sock"), QString::fromStdString(proxy.address())));
        const Said said = m_longAgo.sluicectl(words("doctor --connections odd.yaml --store /dev/null"));
        QCOMPARE(said.code, 4);
        QVERIFY(says(said, "WRONG journal /dev/null: --store: /dev/null is no file"));
    }

    /// What is printed can be pasted, also for a proxy whose servers' weights are moved.
    void whatAProxyNeedsIsPrintedForEachSplit_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("map") << "" << QStringList{"frontend", "map_str(DIR/epoch.map,none)", "use_backend canary"};
        QTest::newRow("weights") << ", split: weights"
                                 << QStringList{"backend checkout\n", "    server stable1 ", "    server canary1 "};
        QTest::newRow("weights, named") << ", split: weights, backends: {stable: old-, canary: new-}"
                                        << QStringList{"backend checkout\n", "    server old-1 ", "    server new-1 "};
    }
    void whatAProxyNeedsIsPrintedForEachSplit()
    {
        QFETCH(QString, options);
        QFETCH(QStringList, lines);
        test::FakeHaproxy proxy; // one that answers is not waited for
        const QString address = QString::fromStdString(proxy.address());
        QVERIFY(writeOdd(QStringLiteral("unix:edge-1.sock', service: checkout}"),
                         address + "', service: checkout" + options + "}"));
        const Said said = odd("connections check --snippet");
        const QString needs = said.out.section(QStringLiteral("What a proxy needs (HAProxy 2.6 or later):"), 1);
        for (const QString& line : lines)
            QVERIFY2(needs.contains(line), qPrintable(said.out));
        if (options.isEmpty() || !test::RealHaproxy::installed()) return;
        QFile config(m_longAgo.file("pasted.cfg"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("defaults\n    mode http\n    timeout connect 1s\n    timeout client 1s\n    timeout server "
                     "1s\nfrontend f\n    bind 127.0.0.1:8080\n");
        config.write(needs.toUtf8());
        config.close();
        QProcess haproxy;
        haproxy.start(QStringLiteral("/usr/sbin/haproxy"), {"-c", "-f", config.fileName()});
        QVERIFY(haproxy.waitForFinished());
        QVERIFY2(haproxy.exitCode() == 0, haproxy.readAllStandardError());
    }
};

QTEST_GUILESS_MAIN(FilesTest)
#include "files_test.moc"
