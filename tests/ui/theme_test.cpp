// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileDialog>
#include <QFontInfo>
#include <QFontMetrics>
#include <QLabel>

#include "tests/ui/console_stand.h"
#include "ui/theme/fonts.h"
#include "ui/theme/look.h"
#include "ui/theme/palette.h"
#include "ui/theme/style_sheet.h"

using namespace sluice;
using ui::ThemeKind;

class ThemeTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyTextReachesItsContrast_data()
    {
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("ground");
        for (const auto& [name, kind] : {std::pair{"dark", ThemeKind::Dark}, std::pair{"light", ThemeKind::Light},
                                         std::pair{"high contrast", ThemeKind::HighContrast}})
            for (const ui::TextPair& pair : ui::textPairs(ui::palette(kind)))
                QTest::addRow("%s: %s", name, qPrintable(pair.name)) << pair.text << pair.ground;
    }
    void everyTextReachesItsContrast()
    {
        QFETCH(QColor, text);
        QFETCH(QColor, ground);
        const double ratio = ui::contrast(text, ground);
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("only %1").arg(ratio)));
    }

    void contrastOfBlackOnWhiteIsTwentyOne()
    {
        QCOMPARE(qRound(ui::contrast(Qt::black, Qt::white) * 10), 210);
        QCOMPARE(qRound(ui::contrast(Qt::white, Qt::white) * 10), 10);
    }

    void theTokensStandAtTheirPixels_data()
    {
        QTest::addColumn<bool>("light");
        QTest::newRow("dark") << false;
        QTest::newRow("light") << true;
    }
    void theTokensStandAtTheirPixels()
    {
        QFETCH(bool, light);
        const ThemeKind kind = light ? ThemeKind::Light : ThemeKind::Dark;
        test::ConsoleStand console;
        console.window.setTheme(kind);
        console.window.showPage(QStringLiteral("fleet"));
        test::settle();
        const QImage picture = console.window.grab().toImage();
        const auto at = [&](const char* name, QPoint inside) {
            const auto* widget = console.find<QWidget>(name);
            if (inside.x() < 0) inside.rx() += widget->width();
            return picture.pixelColor(widget->mapTo(&console.window, inside)).name();
        };
        const ui::Palette p = ui::palette(kind);
        QCOMPARE(at("page.fleet", {4, 4}), p.window.name());
        QCOMPARE(at("navigation", {4, 300}), p.panel.name());
        QCOMPARE(at("navigation", {-1, 300}), p.line.name());
        QCOMPARE(at("status", {4, 10}), p.panel.name());
        QCOMPARE(at("fleet.table", {4, 600}), p.panel.name());
        QCOMPARE(at("fleet.table", {0, 60}), p.canary.name()); // the edge of the current row
        QCOMPARE(at("fleet.stopAll", {60, 1}), p.critical.name());
        QCOMPARE(at("fleet.new", {4, 10}), p.raised.name());
    }

    void everyRoleOfTheStyleSheetIsFilledIn()
    {
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light, ThemeKind::HighContrast})
            QVERIFY(!ui::styleSheet(ui::palette(kind)).contains(QLatin1Char('@')));
    }

    void aWindowThatIsMirroredMirrorsItsAccentBars()
    {
        test::ConsoleStand console;
        const ui::Palette p = ui::palette(ui::ThemeKind::Dark);
        const auto* waits = console.find<QWidget>("waits");
        const auto bars = [&] {
            test::settle();
            const QImage seen =
                console.window.grab(QRect(waits->mapTo(&console.window, QPoint(0, 0)), waits->size())).toImage();
            const int middle = waits->height() / 2;
            return std::pair{seen.pixelColor(1, middle) == p.warning,
                             seen.pixelColor(seen.width() - 2, middle) == p.warning};
        };
        QCOMPARE(bars(), std::pair(true, false));
        console.window.setLayoutDirection(Qt::RightToLeft);
        QCOMPARE(bars(), std::pair(false, true));
        console.window.setLayoutDirection(Qt::LeftToRight);
        QCOMPARE(bars(), std::pair(true, false));
    }

    void aLatinSentenceStandsAtTheLeadingEdgeOfAMirroredPlace()
    {
        QWidget place;
        const QLabel* sentence = ui::makeWrapped(&place, "body", QStringLiteral("A sentence."));
        QLabel* figure = ui::makeLabel(&place, "body", QStringLiteral("12"));
        ui::setSide(figure, Qt::AlignRight);
        place.setLayoutDirection(Qt::RightToLeft);
        QVERIFY((sentence->alignment() & (Qt::AlignRight | Qt::AlignAbsolute)) == (Qt::AlignRight | Qt::AlignAbsolute));
        QVERIFY((figure->alignment() & (Qt::AlignLeft | Qt::AlignAbsolute)) == (Qt::AlignLeft | Qt::AlignAbsolute));
        const QLabel* later = ui::makeLabel(&place, "body", QStringLiteral("Made later."));
        QVERIFY((later->alignment() & Qt::AlignRight) != 0);
        place.setLayoutDirection(Qt::LeftToRight);
        QVERIFY((sentence->alignment() & Qt::AlignLeft) != 0);
    }

    void aDialogOfQtsOwnHasTheColoursOfItsWindow_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("dark") << static_cast<int>(ui::ThemeKind::Dark);
        QTest::newRow("light") << static_cast<int>(ui::ThemeKind::Light);
    }
    void aDialogOfQtsOwnHasTheColoursOfItsWindow()
    {
        QFETCH(int, kind);
        const auto theme = static_cast<ui::ThemeKind>(kind);
        QWidget window;
        ui::applyTheme(&window, theme);
        QFileDialog dialog(&window);
        dialog.setOption(QFileDialog::DontUseNativeDialog);
        ui::dressDialog(&dialog);
        dialog.resize(760, 480);
        const ui::Palette p = ui::palette(theme);
        const QImage picture = dialog.grab().toImage();
        QCOMPARE(picture.pixelColor(2, 2), p.window);
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            if (!label->isHidden()) QCOMPARE(label->palette().color(QPalette::WindowText), p.text);
    }

    void theCompiledInFontsAreTheOnesThatAreUsed()
    {
        QCOMPARE(QFontInfo(ui::textFont()).family(), QStringLiteral("Roboto"));
        QCOMPARE(QFontInfo(ui::monoFont()).family(), QStringLiteral("JetBrains Mono"));
        QCOMPARE(QFontInfo(ui::textFont()).pixelSize(), 13);
    }

    void digitsAreAllEquallyWide()
    {
        const QFontMetrics metrics(ui::textFont(13, QFont::Medium));
        for (int digit = 1; digit <= 9; ++digit)
            QCOMPARE(metrics.horizontalAdvance(QString::number(digit)), metrics.horizontalAdvance(QStringLiteral("0")));
    }
};

SLUICE_UI_TEST_MAIN(ThemeTest)
#include "theme_test.moc"
