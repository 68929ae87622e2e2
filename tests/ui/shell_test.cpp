// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QTimer>
#include <QTreeWidget>

#include "tests/ui/console_stand.h"
#include "ui/shell/window_place.h"

using namespace sluice;
using test::ConsoleStand;

namespace {

/// The places of everything visible on the page.
QList<QRect> places(const ConsoleStand& console)
{
    QList<QRect> out;
    for (const QWidget* widget : console.window.page(QStringLiteral("rollout"))->findChildren<QWidget*>())
        if (widget->isVisible()) out.append({widget->mapTo(&console.window, QPoint(0, 0)), widget->size()});
    return out;
}

/// The palette, open and with these letters typed.
QTreeWidget* palette(ConsoleStand& console, const QString& letters)
{
    console.key(Qt::Key_K, Qt::ControlModifier);
    QTest::keyClicks(console.find<QLineEdit>("palette.input"), letters);
    return console.find<QTreeWidget>("palette.list");
}

} // namespace

class ShellTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aWindowOpensNoLargerThanItsScreen_data()
    {
        QTest::addColumn<QSize>("wanted");
        QTest::newRow("the console") << QSize(1440, 900);
        QTest::newRow("the first run") << QSize(1200, 900);
        QTest::newRow("small enough") << QSize(640, 480);
    }
    void aWindowOpensNoLargerThanItsScreen()
    {
        QFETCH(QSize, wanted);
        const QRect room = QGuiApplication::primaryScreen()->availableGeometry();
        QVERIFY(room.width() < 1024); // the screen of these tests is smaller than what the console asks for
        QWidget window;
        window.setMinimumSize(std::min(1024, wanted.width()), std::min(700, wanted.height()));
        ui::sizeForScreen(&window, wanted);
        QCOMPARE(window.size(), wanted.boundedTo(room.size()));
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(room.contains(window.geometry()));
    }

    void aNoticeMovesNothingOnThePage()
    {
        ConsoleStand console;
        auto* notice = console.find<QLabel>("notice");
        const QList<QRect> before = places(console);
        QVERIFY(!notice->isVisible());
        console.engine.answer = Error{Fault::Refused, "Somebody else was faster."};
        console.key(Qt::Key_R);
        QTest::mouseClick(console.find<QPushButton>("rollback.confirm"), Qt::LeftButton);
        test::settle();
        QVERIFY(notice->isVisible());
        QVERIFY(console.window.rect().contains(QRect(notice->mapTo(&console.window, QPoint(0, 0)), notice->size())));
        QCOMPARE(places(console), before);
        QTest::mouseClick(notice, Qt::LeftButton);
        QVERIFY(!notice->isVisible());
    }

    void aRefusalLeavesWithItsPageOrUnderASheet_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("another page") << static_cast<int>(Qt::Key_1);
        QTest::newRow("a sheet") << static_cast<int>(Qt::Key_Question);
    }
    void aRefusalLeavesWithItsPageOrUnderASheet()
    {
        QFETCH(int, key);
        ConsoleStand console;
        const auto* notice = console.find<QLabel>("notice");
        emit console.bridge.answered(QStringLiteral("pause"), false, QStringLiteral("It is paused already."));
        QVERIFY(notice->isVisible());
        console.key(static_cast<Qt::Key>(key));
        QVERIFY(!notice->isVisible());
    }

    void aRefusalLeavesByItselfLaterThanTheRest()
    {
        ConsoleStand console;
        const auto* notice = console.find<QLabel>("notice");
        auto* timer = notice->findChild<QTimer*>();
        emit console.bridge.answered(QStringLiteral("pause"), true, {});
        const int shown = timer->interval();
        emit console.bridge.answered(QStringLiteral("pause"), false, QStringLiteral("It is paused already."));
        QVERIFY(timer->interval() > shown);
        QVERIFY(timer->interval() <= 20'000);
        timer->setInterval(0);
        QTRY_VERIFY(!notice->isVisible());
    }

    void thePaletteFindsWordsBeforeScatteredLetters_data()
    {
        QTest::addColumn<QString>("letters");
        QTest::addColumn<QString>("first");
        QTest::newRow("theme") << QStringLiteral("theme") << QStringLiteral("shell.theme");
        QTest::newRow("two words") << QStringLiteral("roll back") << QStringLiteral("rollout.rollback");
        QTest::newRow("keys") << QStringLiteral("keys") << QStringLiteral("shell.keys");
        QTest::newRow("pause") << QStringLiteral("pau") << QStringLiteral("rollout.pause");
        QTest::newRow("emergency") << QStringLiteral("emerg") << QStringLiteral("emergency.arm");
    }
    void thePaletteFindsWordsBeforeScatteredLetters()
    {
        QFETCH(QString, letters);
        QFETCH(QString, first);
        ConsoleStand console;
        const QTreeWidget* list = palette(console, letters);
        QVERIFY(list->currentItem() != nullptr);
        QCOMPARE(list->currentItem()->data(0, Qt::UserRole).toString(), first);
        QCOMPARE(list->currentItem(), list->topLevelItem(0));
    }

    void anOpenedPaletteOffersNothingThatCannotBeTakenBack_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("letters");
        for (const char* page : {"fleet", "rollout", "history"})
            for (const char* letters : {"", " "})
                QTest::addRow("%s, '%s'", page, letters) << QString::fromLatin1(page) << QString::fromLatin1(letters);
    }
    void anOpenedPaletteOffersNothingThatCannotBeTakenBack()
    {
        QFETCH(QString, page);
        QFETCH(QString, letters);
        ConsoleStand console;
        console.window.showPage(page);
        const QTreeWidget* list = palette(console, letters);
        QVERIFY(list->currentItem() != nullptr);
        const QString id = list->currentItem()->data(0, Qt::UserRole).toString();
        QVERIFY2(id.startsWith(page), qPrintable(id));
        // Everything that is an emergency comes after everything that is none.
        bool emergencies = false;
        for (int row = 0; row < list->topLevelItemCount(); ++row) {
            const QString one = list->topLevelItem(row)->data(0, Qt::UserRole).toString();
            const bool emergency = one.startsWith(QStringLiteral("emergency."));
            QVERIFY2(emergency || !emergencies || one == QLatin1String("rollout.retryStep"), qPrintable(one));
            emergencies = emergencies || emergency;
        }
    }

    void bothFilterKeysWorkOnBothPages_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<int>("key");
        for (const char* page : {"fleet", "history"})
            for (const Qt::Key key : {Qt::Key_Slash, Qt::Key_F})
                QTest::addRow("%s, %c", page, static_cast<char>(key)) << QString::fromLatin1(page) << int{key};
    }
    void bothFilterKeysWorkOnBothPages()
    {
        QFETCH(QString, page);
        QFETCH(int, key);
        ConsoleStand console;
        console.window.showPage(page);
        test::settle();
        console.key(static_cast<Qt::Key>(key));
        auto* field = console.window.findChild<QLineEdit*>(page + QStringLiteral(".filter"));
        QVERIFY(field->hasFocus());
        QVERIFY(field->placeholderText().endsWith(QLatin1Char('/')));
        const auto rows = console.window.actions().rows();
        const auto row = std::ranges::find(rows, page + QStringLiteral(".filter"), &ui::ActionCatalog::Row::id);
        QVERIFY(row != rows.end());
        QCOMPARE(row->key, QStringLiteral("/"));
    }
};

SLUICE_UI_TEST_MAIN(ShellTest)
#include "shell_test.moc"
