// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include <QProcess>
#include <QTest>

#include "tests/tidy/readme_blocks.h"

namespace sluice::tidy {

namespace {

/// Exit code and output of a script made of these blocks.
std::pair<int, QString> run(const char* markdown)
{
    QStringList problems;
    const QString script = runnableScript(testedBlocks(QString::fromLatin1(markdown), problems));
    QProcess bash;
    bash.setProcessChannelMode(QProcess::MergedChannels);
    bash.start(QStringLiteral("bash"), {QStringLiteral("-c"), script});
    bash.waitForFinished();
    return {bash.exitCode(), QString::fromUtf8(bash.readAll()).trimmed()};
}

} // namespace

/// How the README's blocks are found and turned into a script.
class ReadmeBlocksTest : public QObject {
    Q_OBJECT

private slots:
    void onlyMarkedBlocksAreTaken()
    {
        QStringList problems;
        const auto blocks =
            testedBlocks(QStringLiteral("```sh\na\n```\n<!-- tested exit=3 -->\n```sh\nb\n```\n"
                                        "<!-- tested lab -->\n\n```sh\nc\nd\n```\n<!-- wait: e f -->\n"),
                         problems);
        QVERIFY(problems.isEmpty());
        QCOMPARE(blocks.size(), size_t{3});
        QCOMPARE(blocks[0].expectedExit, 3);
        QCOMPARE(blocks[0].line, 5);
        QVERIFY(!blocks[0].inLab);
        QVERIFY(blocks[1].inLab);
        QCOMPARE(blocks[1].lines, (QStringList{QStringLiteral("c"), QStringLiteral("d")}));
        QVERIFY(blocks[2].isWait);
        QCOMPARE(blocks[2].lines, QStringList{QStringLiteral("e f")});
    }

    void aMarkWithoutABlockIsReported()
    {
        QStringList problems;
        QVERIFY(testedBlocks(QStringLiteral("<!-- tested -->\nwords\n<!-- tested -->\n```sh\nopen"), problems).empty());
        QCOMPARE(problems.size(), 2);
    }

    void theStateOfTheShellGoesOnFromBlockToBlock()
    {
        const auto [exit, output] = run("<!-- tested lab -->\n```sh\nsay() { echo \"it's $1\"; }\n```\n"
                                        "<!-- tested lab -->\n```sh\nsay fine\n```\n");
        QCOMPARE(output, QStringLiteral("it's fine"));
        QCOMPARE(exit, 0);
    }

    void aFailureNamesItsLine()
    {
        const auto [exit, output] = run("<!-- tested -->\n```sh\ntrue\nfalse\necho never\n```\n");
        QCOMPARE(output, QStringLiteral("README.md:2: exit 1"));
        QCOMPARE(exit, 1);
    }

    void aWaitGoesOnWhenItsCommandSucceeds()
    {
        const auto [exit, output] =
            run("<!-- tested lab -->\n```sh\nn=0; more() { n=$((n + 1)); }\n```\n"
                "<!-- wait: more; [ $n -ge 3 ] -->\n<!-- tested lab -->\n```sh\necho $n\n```\n");
        QCOMPARE(output, QStringLiteral("3"));
        QCOMPARE(exit, 0);
    }

    void commandsThatInstallAreOnlyLookedUp()
    {
        QVERIFY(isOnlyLookedUp(QStringLiteral("./dev run --headless")));
        QVERIFY(isOnlyLookedUp(QStringLiteral("sudo apt-get update")));
        QVERIFY(!isOnlyLookedUp(QStringLiteral("sluicectl status")));
        QCOMPARE(run("<!-- tested -->\n```sh\n./dev nosuch\necho on\n```\n").second, QStringLiteral("on"));
    }
};

} // namespace sluice::tidy

QTEST_GUILESS_MAIN(sluice::tidy::ReadmeBlocksTest)
#include "readme_blocks_test.moc"
