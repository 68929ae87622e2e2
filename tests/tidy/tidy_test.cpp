// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <vector>

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include "tests/tidy/checks.h"

namespace sluice::tidy {

namespace {

const QStringList kFolders = {QStringLiteral("app"),   QStringLiteral("core"),      QStringLiteral("ui"),
                              QStringLiteral("tests"), QStringLiteral("resources"), QStringLiteral("translations"),
                              QStringLiteral(".ci"),   QStringLiteral("installer")};
const QStringList kPictures = {QStringLiteral(".png"), QStringLiteral(".ttf"), QStringLiteral(".otf"),
                               QStringLiteral(".ico"), QStringLiteral(".qm"),  QStringLiteral(".db")};

constexpr int kReadmeLines = 60; ///< of a room: a screen

bool isText(const QString& path)
{
    return std::ranges::none_of(kPictures, [&](const QString& ending) { return path.endsWith(ending); });
}

SourceFile read(const QDir& root, const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(path));
    return readSource(root.relativeFilePath(path), file.readAll());
}

/// Every text file of the project: its folders, and the files beside the top CMakeLists.txt.
std::vector<SourceFile> readProject()
{
    const QDir root(QStringLiteral(SLUICE_SOURCE_DIR));
    std::vector<SourceFile> out;
    const auto top = root.entryInfoList(QDir::Files | QDir::Hidden, QDir::Name);
    for (const QFileInfo& info : top) {
        if (isText(info.fileName()) && info.fileName() != u".git") out.push_back(read(root, info.filePath()));
    }
    for (const QString& folder : kFolders) {
        QDirIterator walk(root.filePath(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            const QString path = walk.next();
            if (isText(path)) out.push_back(read(root, path));
        }
    }
    return out;
}

} // namespace

/// Runs every house rule over every file of the project.
class TidyTest : public QObject {
    Q_OBJECT

private:
    std::vector<SourceFile> m_files = readProject();

private slots:
    void theWalkFindsTheRooms()
    {
        for (const char* file : {"dev", "core/base/result.h", "core/CMakeLists.txt", "tests/tidy/tidy_test.cpp"}) {
            const bool found = std::ranges::any_of(
                m_files, [&](const SourceFile& source) { return source.path == QLatin1String(file); });
            QVERIFY2(found, file);
        }
    }

    void everyRoomSaysWhatItIs()
    {
        static const QRegularExpression room(QStringLiteral(R"(^(core|core/[^/]+|ui|app|tests)/CMakeLists\.txt$)"));
        QStringList wrong;
        for (const SourceFile& file : m_files) {
            if (!room.match(file.path).hasMatch()) continue;
            const QString path = file.path.section(u'/', 0, -2) + QStringLiteral("/README.md");
            const auto readme = std::ranges::find(m_files, path, &SourceFile::path);
            const bool fits = readme != m_files.end() && readme->text.count(u'\n') <= kReadmeLines;
            if (!fits) wrong << path;
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("missing, or longer than a screen: ") + wrong.join(u' ')));
    }

    void theHouseRuleHolds_data()
    {
        QTest::addColumn<Check>("check");
        QTest::newRow("includes follow the arrows") << &checkIncludeArrows;
        QTest::newRow("core and windowless programs are free of Qt") << &checkQtFreeRooms;
        QTest::newRow("pure rooms see no outside") << &checkPureRooms;
        QTest::newRow("functions have at most 60 lines") << &checkFunctionLength;
        QTest::newRow("files have at most 400 lines") << &checkFileLength;
        QTest::newRow("tests do not sleep") << &checkSleepInTests;
        QTest::newRow("clock and chance stay in their rooms") << &checkClockAndRandomness;
        QTest::newRow("no Qt traps") << &checkQtTraps;
        QTest::newRow("CMake names each source") << &checkGlobs;
        QTest::newRow("files begin with their licence") << &checkLicenceLine;
        QTest::newRow("the project names no place outside itself") << &checkWorkplaceWords;
        QTest::newRow("nothing is marked as unfinished") << &checkMarkers;
        QTest::newRow("text for people is translated") << &checkUntranslatedText;
        QTest::newRow("focusable widgets have accessible names") << &checkAccessibleNames;
    }

    void theHouseRuleHolds()
    {
        QFETCH(const Check, check);
        int count = 0;
        for (const SourceFile& file : m_files) {
            for (const Finding& finding : check(file)) {
                std::printf("%s\n", qPrintable(finding.toString()));
                ++count;
            }
        }
        QVERIFY2(count == 0, qPrintable(QStringLiteral("%1 places, listed above").arg(count)));
    }
};

} // namespace sluice::tidy

QTEST_APPLESS_MAIN(sluice::tidy::TidyTest)
#include "tidy_test.moc"
