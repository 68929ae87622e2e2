// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

// What the console says to wrong options: exit code 2, and a sentence that names what was wrong and what would be
// right.

class ConsoleArgumentsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private slots:
    void initTestCase()
    {
        for (const char* name : {"good.yaml", "notes.txt"}) {
            QFile file(m_folder.filePath(QLatin1String(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("people: []\n# more than the first bytes of a journal\n");
        }
    }

    void aWrongOptionIsNamedAndTheExitCodeIsTwo_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("wrong");
        QTest::addColumn<QString>("right");
        const auto row = [](const char* arguments, const char* wrong, const char* right) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << QString::fromLatin1(wrong)
                                     << QString::fromLatin1(right);
        };
        row("--bogus", "--bogus", "--help");
        row("--screenshots out --only pink", "pink", "light-small, long-text");
        row("--only dark", "--only", "--screenshots");
        row("--theme pink", "pink", "{dark,light}");
        row("--demo --speed 0", "--speed", "0.1");
        row("--connections nothing.yaml", "'nothing.yaml' cannot be read: No such file", "name a file");
        row("--connections .", "'.' is a folder", "name the file in it");
        row("--demo --connections good.yaml", "--demo", "--connections");
        row("--demo --store journal.db", "--store", "--demo");
        row("--connections good.yaml --store .", "'.' is a folder", "journal.db");
        row("--connections good.yaml --store none/journal.db", "there is no folder", "make it first");
        row("--connections good.yaml --store notes.txt", "'notes.txt' is not a journal", "name a journal");
    }
    void aWrongOptionIsNamedAndTheExitCodeIsTwo()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, wrong);
        QFETCH(QString, right);
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral(SLUICE_BIN_DIR "/sluice"), arguments.split(QLatin1Char(' ')));
        if (!process.waitForFinished(20'000)) process.kill();
        const QString said = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 2, qPrintable(said));
        QVERIFY2(said.contains(wrong) && said.contains(right), qPrintable(said));
    }
};

QTEST_GUILESS_MAIN(ConsoleArgumentsTest)
#include "console_arguments_test.moc"
