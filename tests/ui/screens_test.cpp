// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

#include "tests/ui/console_stand.h"
#include "ui/screens/render_screens.h"
#include "ui/theme/palette.h"

using namespace sluice;

namespace {

QStringList rendered(const QString& directory, const QStringList& only = {})
{
    support::FakeEngine engine(support::sampleSnapshot());
    const auto files = ui::renderScreens(engine, test::formats(), directory, only);
    return files ? files.value() : QStringList{};
}

QByteArray bytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class ScreensTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_first.isValid() && m_second.isValid());
        m_files = rendered(m_first.path());
        QVERIFY(!m_files.isEmpty());
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyScreenIsThereInBothThemesAndSizes()
    {
        for (const char* screen : {"fleet", "rollout", "approve", "rollback-plan", "emergency", "rolling-back", "why"})
            for (const char* variant : {"dark", "light", "dark-small", "light-small", "long-text", "right-to-left"})
                QVERIFY2(m_files.contains(m_first.filePath(QStringLiteral("%1-%2.png").arg(screen, variant))),
                         qPrintable(QStringLiteral("%1 %2").arg(screen, variant)));
    }

    void theSamePictureGivesTheSameBytes()
    {
        const QStringList again = rendered(m_second.path(), {QStringLiteral("light-small")});
        QVERIFY(again.size() >= 10);
        for (const QString& file : again) {
            const QString name = QDir(m_second.path()).relativeFilePath(file);
            QVERIFY2(bytes(file) == bytes(m_first.filePath(name)), qPrintable(name));
        }
    }

    void groundsAndLinesHaveTheColoursOfTheirRoles_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("theme");
        QTest::newRow("dark") << "rollout-dark.png" << static_cast<int>(ui::ThemeKind::Dark);
        QTest::newRow("light") << "rollout-light.png" << static_cast<int>(ui::ThemeKind::Light);
    }
    void groundsAndLinesHaveTheColoursOfTheirRoles()
    {
        QFETCH(QString, file);
        QFETCH(int, theme);
        const QImage image(m_first.filePath(file));
        const ui::Palette p = ui::palette(static_cast<ui::ThemeKind>(theme));
        QCOMPARE(image.size(), QSize(1440, 900));
        QCOMPARE(image.pixelColor(100, 400), p.panel);  // navigation rail
        QCOMPARE(image.pixelColor(195, 400), p.line);   // its edge
        QCOMPARE(image.pixelColor(205, 400), p.window); // margin of the page
        QCOMPARE(image.pixelColor(4, 895), p.panel);    // status strip
    }

    void anUnknownVariantIsRefusedWithTheNamesThatThereAre()
    {
        support::FakeEngine engine(support::sampleSnapshot());
        const auto files = ui::renderScreens(engine, test::formats(), m_second.path(),
                                             {QStringLiteral("dark"), QStringLiteral("pink")});
        QVERIFY(!files.ok());
        QCOMPARE(files.error().fault, Fault::BadInput);
        QVERIFY(files.error().detail.find("pink") != std::string::npos);
        QVERIFY(files.error().detail.find("light-small") != std::string::npos);
    }

    void aFolderThatCannotBeMadeIsAnAnswerNotACrash()
    {
        support::FakeEngine engine(support::sampleSnapshot());
        const auto files = ui::renderScreens(engine, test::formats(), QStringLiteral("/proc/none/here"));
        QVERIFY(!files.ok());
        QCOMPARE(files.error().fault, Fault::Unreachable);
    }

private:
    QTemporaryDir m_first{};
    QTemporaryDir m_second{};
    QStringList m_files{};
};

SLUICE_UI_TEST_MAIN(ScreensTest)
#include "screens_test.moc"
