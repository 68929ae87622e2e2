// SPDX-License-Identifier: GPL-3.0-or-later
#include <vector>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "tests/tidy/readme_blocks.h"

namespace sluice::tidy {

namespace {

constexpr int kBlockMs = 120'000; ///< a block of the README that takes longer is not for the first five minutes

QString readText(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

struct Ran {
    int exit{-1};
    QString output{};
};

/// Bash, with everything that the script started ended when it ends.
Ran runBash(const QStringList& arguments, const QString& directory)
{
    QProcess bash;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), directory);
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    bash.setProcessEnvironment(environment);
    bash.setWorkingDirectory(directory);
    bash.setProcessChannelMode(QProcess::MergedChannels);
    bash.start(QStringLiteral("bash"), arguments);
    if (!bash.waitForFinished(kBlockMs)) {
        bash.kill();
        bash.waitForFinished();
        return {.output = QStringLiteral("still running after %1 s").arg(kBlockMs / 1000)};
    }
    return {bash.exitStatus() == QProcess::NormalExit ? bash.exitCode() : -1, QString::fromUtf8(bash.readAll())};
}

} // namespace

/// What the README tells people to type is typed here.
class ReadmeTest : public QObject {
    Q_OBJECT

private:
    std::vector<ShellBlock> m_blocks{};
    QStringList m_problems{};
    QStringList m_devCommands{};

private slots:
    void initTestCase()
    {
        const QDir root(QStringLiteral(SLUICE_SOURCE_DIR));
        m_blocks = testedBlocks(readText(root.filePath(QStringLiteral("README.md"))), m_problems);
        const Ran help = runBash({QStringLiteral("./dev"), QStringLiteral("help")}, root.path());
        QCOMPARE(help.exit, 0);
        static const QRegularExpression command(QStringLiteral(R"(^  (\w+))"), QRegularExpression::MultilineOption);
        for (auto it = command.globalMatch(help.output); it.hasNext();)
            m_devCommands << it.next().captured(1);
        QVERIFY2(m_devCommands.contains(QStringLiteral("test")), qPrintable(help.output));
    }

    void everyMarkHasItsBlock() { QCOMPARE(m_problems.join(u'\n'), QString()); }

    void theReadmeHasTestedCommands() { QVERIFY(!m_blocks.empty()); }

    void everyTestedBlockIsValidShell()
    {
        for (const ShellBlock& block : m_blocks) {
            const Ran ran = runBash({QStringLiteral("-nc"), block.lines.join(u'\n')}, QDir::tempPath());
            QVERIFY2(ran.exit == 0, qPrintable(QStringLiteral("README.md:%1: %2").arg(block.line).arg(ran.output)));
        }
    }

    void everyDevCommandOfTheReadmeExists()
    {
        static const QRegularExpression dev(QStringLiteral(R"(^\s*\./dev\s+(\S+))"));
        for (const ShellBlock& block : m_blocks) {
            for (const QString& line : block.lines) {
                const auto match = dev.match(line);
                if (!match.hasMatch()) continue;
                QVERIFY2(m_devCommands.contains(match.captured(1)),
                         qPrintable(QStringLiteral("README.md:%1: %2").arg(block.line).arg(line)));
            }
        }
    }

    void everyTestedBlockEndsAsTheReadmeSays_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < m_blocks.size(); ++i)
            QTest::addRow("README.md:%d", m_blocks[i].line) << static_cast<int>(i);
    }

    void everyTestedBlockEndsAsTheReadmeSays()
    {
        QFETCH(const int, index);
        const ShellBlock& block = m_blocks[static_cast<size_t>(index)];
        // As in a checkout after the first build, but nothing here can change the checkout.
        const QTemporaryDir directory(QDir::tempPath() + QStringLiteral("/sluice-readme-XXXXXX"));
        QVERIFY(directory.isValid());
        QVERIFY(QDir(directory.path()).mkpath(QStringLiteral("build/dev")));
        QVERIFY(QFile::link(QStringLiteral(SLUICE_BIN_DIR), directory.filePath(QStringLiteral("build/dev/bin"))));
        const QString script = QStringLiteral("set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n") +
                               runnableScript(block);
        const Ran ran = runBash({QStringLiteral("-c"), script}, directory.path());
        QVERIFY2(ran.exit == block.expectedExit,
                 qPrintable(
                     QStringLiteral("exit %1, expected %2\n%3").arg(ran.exit).arg(block.expectedExit).arg(ran.output)));
    }

    void onlyMarkedBlocksAreTaken()
    {
        QStringList problems;
        const auto blocks =
            testedBlocks(QStringLiteral("```sh\na\n```\n<!-- tested exit=3 -->\n```sh\nb\n./dev run\n```\n"
                                        "<!-- tested -->\n\n```sh\nc\n```\n"),
                         problems);
        QCOMPARE(blocks.size(), size_t{2});
        QCOMPARE(blocks[0].expectedExit, 3);
        QCOMPARE(blocks[0].line, 5);
        QCOMPARE(runnableScript(blocks[0]), QStringLiteral("b\n:"));
        QCOMPARE(blocks[1].lines, QStringList{QStringLiteral("c")});
        QVERIFY(problems.isEmpty());
    }

    void aMarkWithoutABlockIsReported()
    {
        QStringList problems;
        QVERIFY(testedBlocks(QStringLiteral("<!-- tested -->\nwords\n<!-- tested -->\n```sh\nopen"), problems).empty());
        QCOMPARE(problems.size(), 2);
    }
};

} // namespace sluice::tidy

QTEST_GUILESS_MAIN(sluice::tidy::ReadmeTest)
#include "readme_test.moc"
