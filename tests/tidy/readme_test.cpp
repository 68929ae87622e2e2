// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
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

constexpr int kBlockMs = 120'000; ///< a block that takes longer is not for the first minutes
constexpr int kLabMs = 60'000;    ///< until the lab has its first samples
constexpr int kSessionMs = 270'000;
constexpr qsizetype kMessageShown = 900; // Qt Test cuts a message at 1,024, and the end is what failed
const QString kLabFolder = QStringLiteral("/tmp/sluice-lab"); ///< as the README writes it

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

Ran runBash(const QStringList& arguments, const QString& directory, int atMostMs = kBlockMs)
{
    QProcess bash;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), directory);
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    bash.setProcessEnvironment(environment);
    bash.setWorkingDirectory(directory);
    bash.setProcessChannelMode(QProcess::MergedChannels);
    bash.start(QStringLiteral("bash"), arguments);
    if (!bash.waitForFinished(atMostMs)) {
        bash.terminate(); // its trap ends what it started
        if (!bash.waitForFinished(5'000)) bash.kill();
        return {.output = QStringLiteral("still running after %1 s\n%2")
                              .arg(atMostMs / 1000)
                              .arg(QString::fromUtf8(bash.readAll()))};
    }
    return {bash.exitStatus() == QProcess::NormalExit ? bash.exitCode() : -1, QString::fromUtf8(bash.readAll())};
}

/// A folder as a checkout is after the first build, but nothing done there can change the checkout.
class Checkout {
public:
    Checkout()
        : m_folder(QDir::tempPath() + QStringLiteral("/slr-XXXXXX"))
    {
        QDir(m_folder.path()).mkpath(QStringLiteral("build/dev"));
        QFile::link(QStringLiteral(SLUICE_BIN_DIR), m_folder.filePath(QStringLiteral("build/dev/bin")));
    }
    bool isValid() const { return m_folder.isValid(); }
    QString path() const { return m_folder.path(); }
    QString lab() const { return m_folder.filePath(QStringLiteral("lab")); }

private:
    QTemporaryDir m_folder;
};

/// A lab that runs as long as this lives.
class Lab {
public:
    bool start(const QString& folder)
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral(SLUICE_BIN_DIR "/sluice-lab"),
                        {QStringLiteral("up"), QStringLiteral("--dir"), folder});
        return QTest::qWaitFor(
                   [this] {
                       m_output += QString::fromUtf8(m_process.readAll());
                       return m_output.contains(QLatin1String("lab ready")) ||
                              m_process.state() == QProcess::NotRunning;
                   },
                   kLabMs) &&
               m_process.state() == QProcess::Running;
    }
    ~Lab()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(10'000)) m_process.kill();
        m_process.waitForFinished(5'000);
    }
    QString output() const { return m_output; }

private:
    QProcess m_process{};
    QString m_output{};
};

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

    void everyTestedBlockEndsAsTheReadmeSays()
    {
        for (const ShellBlock& block : m_blocks) {
            if (block.inLab) continue;
            const Checkout checkout;
            QVERIFY(checkout.isValid());
            const Ran ran = runBash({QStringLiteral("-c"), runnableScript({block})}, checkout.path());
            QVERIFY2(ran.exit == block.expectedExit, qPrintable(ran.output.right(kMessageShown)));
        }
    }

    void theFirstMinutesCanBeFollowedWordByWord()
    {
        std::vector<ShellBlock> session;
        std::ranges::copy_if(m_blocks, std::back_inserter(session), &ShellBlock::inLab);
        if (session.empty()) return; // the README shows no session in a lab
        const Checkout checkout;
        QVERIFY(checkout.isValid());
        Lab lab;
        QVERIFY2(lab.start(checkout.lab()), qPrintable(lab.output()));
        const QString script = runnableScript(session).replace(kLabFolder, checkout.lab());
        const Ran ran = runBash({QStringLiteral("-c"), script}, checkout.path(), kSessionMs);
        QVERIFY2(ran.exit == 0, qPrintable(ran.output.right(kMessageShown)));
    }
};

} // namespace sluice::tidy

QTEST_GUILESS_MAIN(sluice::tidy::ReadmeTest)
#include "readme_test.moc"
