// SPDX-License-Identifier: GPL-3.0-or-later
#include <QMultiHash>
#include <QPushButton>
#include <QSet>

#include "tests/ui/console_stand.h"
#include "tests/ui/walk.h"
#include "ui/screens/pseudo_language.h"

using namespace sluice;
using test::ConsoleStand;

namespace {

/// What can be opened over the pages.
const QStringList kOpened{QStringLiteral("fleet.new"),         QStringLiteral("rollout.review"),
                          QStringLiteral("rollout.rollback"),  QStringLiteral("rollout.pause"),
                          QStringLiteral("rollout.why"),       QStringLiteral("rollout.triggers"),
                          QStringLiteral("rollout.checklist"), QStringLiteral("shell.palette"),
                          QStringLiteral("shell.keys"),        QStringLiteral("emergency.arm")};

/// Calls `check` on every page, and with everything that can be opened over it.
template <class Check>
QStringList onEveryScreen(ConsoleStand& console, Check check)
{
    QStringList out;
    const auto look = [&out, &check, &console](const QString& screen) {
        test::settle();
        QStringList findings = check(&console.window);
        if (!findings.isEmpty()) { // an answer from the history's pool may have come while sizes were settling
            test::settle();
            findings = check(&console.window);
        }
        for (const QString& finding : findings)
            out << screen + QLatin1String(": ") + finding;
    };
    for (const QString& page : console.window.pageIds()) {
        console.window.showPage(page);
        look(page);
    }
    for (const QString& action : kOpened) {
        const QString page = action.section(QLatin1Char('.'), 0, 0);
        console.window.showPage(console.window.page(page) != nullptr ? page : QStringLiteral("rollout"));
        console.window.actions().trigger(action);
        look(action);
        if (console.window.openSheet() != nullptr) console.window.openSheet()->closeSheet();
        console.window.emergency().disarm();
        console.window.guard().calmPassed();
    }
    return out;
}

} // namespace

class WalkTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everythingThatTakesTheFocusHasAName_data() { scenes(); }
    void everythingThatTakesTheFocusHasAName()
    {
        QFETCH(int, scene);
        ConsoleStand console(static_cast<support::Scene>(scene));
        const QStringList found = onEveryScreen(console, test::unnamed);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    }

    void everythingDisabledSaysWhy_data() { scenes(); }
    void everythingDisabledSaysWhy()
    {
        QFETCH(int, scene);
        ConsoleStand console(static_cast<support::Scene>(scene));
        const QStringList found = onEveryScreen(console, test::silentlyDisabled);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    }

    void everyTargetIsLargeEnough()
    {
        ConsoleStand console;
        const QStringList found = onEveryScreen(console, test::tooSmall);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    }

    void noTextIsCut_data()
    {
        QTest::addColumn<int>("scene");
        QTest::addColumn<bool>("longText");
        QTest::addColumn<bool>("mirrored");
        for (const auto& [name, scene] : all()) {
            QTest::addRow("%s, English", name) << scene << false << false;
            QTest::addRow("%s, long text", name) << scene << true << false;
            QTest::addRow("%s, right to left", name) << scene << true << true;
        }
    }
    void noTextIsCut()
    {
        QFETCH(int, scene);
        QFETCH(bool, longText);
        QFETCH(bool, mirrored);
        ui::PseudoLanguage language;
        if (longText) QApplication::installTranslator(&language);
        ConsoleStand console(static_cast<support::Scene>(scene));
        console.window.setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        console.window.resize(1024, 700);
        QCOMPARE(console.window.size(), QSize(1024, 700));
        const QStringList found = onEveryScreen(console, [](QWidget* root) {
            return test::clipped(root) + test::elided(root) + test::besideTheView(root);
        });
        QApplication::removeTranslator(&language);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
    }

    void everyActionHasItsOwnKey()
    {
        ConsoleStand console;
        // On two pages a key may mean two things; never on one, and what works everywhere keeps its key to itself.
        QMultiHash<QString, QString> pagesOfKey;
        QStringList twice;
        for (const auto& row : console.window.actions().rows()) {
            const auto* action = console.window.actions().action(row.id);
            QVERIFY2(!row.text.isEmpty(), qPrintable(row.id));
            for (const QKeySequence& key : action->shortcuts()) {
                for (const QString& page : pagesOfKey.values(key.toString()))
                    if (page == row.page || page.isEmpty() || row.page.isEmpty())
                        twice << row.id + QLatin1Char(' ') + key.toString();
                pagesOfKey.insert(key.toString(), row.page);
            }
        }
        QVERIFY2(twice.isEmpty(), qPrintable(twice.join(QLatin1Char('\n'))));
    }

    void aKeyThatIsTakenIsNotGivenAgain()
    {
        ConsoleStand console;
        auto& actions = console.window.actions();
        QCOMPARE(actions.setKeys(QStringLiteral("rollout.pause"), {QKeySequence(Qt::Key_R)}),
                 QStringLiteral("rollout.rollback"));
        QCOMPARE(actions.setKeys(QStringLiteral("rollout.pause"), {QKeySequence(Qt::Key_J)}), QString());
        console.key(Qt::Key_J);
        QVERIFY(console.window.openSheet() != nullptr);
    }

    void tabReachesEveryButtonOfAPageAndComesBack()
    {
        ConsoleStand console;
        QSet<QWidget*> seen;
        for (int step = 0; step < 200; ++step) {
            console.key(Qt::Key_Tab);
            seen.insert(QApplication::focusWidget());
        }
        for (QPushButton* button : console.window.page(QStringLiteral("rollout"))->findChildren<QPushButton*>())
            if (button->isVisible() && button->isEnabled())
                QVERIFY2(seen.contains(button), qPrintable(button->objectName()));
    }

    void tabStaysInsideAnOpenSheet()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return);
        for (int step = 0; step < 10; ++step) {
            console.key(Qt::Key_Tab);
            QVERIFY(console.window.openSheet()->isAncestorOf(QApplication::focusWidget()));
        }
    }

    void anotherLanguageBuildsTheSameScreensAgain()
    {
        ConsoleStand console;
        ui::PseudoLanguage language;
        QApplication::installTranslator(&language);
        test::settle();
        QCOMPARE(console.window.currentPage(), QStringLiteral("rollout"));
        const QString pause = console.find<QPushButton>("header.rollout.pause")->text();
        QApplication::removeTranslator(&language);
        QVERIFY2(pause.startsWith(QLatin1Char('[')), qPrintable(pause));
    }

private:
    static std::vector<std::pair<const char*, int>> all()
    {
        using support::Scene;
        return {
            {"live", static_cast<int>(Scene::Live)},           {"rolling back", static_cast<int>(Scene::RollingBack)},
            {"no data", static_cast<int>(Scene::DataMissing)}, {"observing", static_cast<int>(Scene::Observing)},
            {"quiet", static_cast<int>(Scene::Quiet)},         {"empty", static_cast<int>(Scene::Empty)}};
    }
    static void scenes()
    {
        QTest::addColumn<int>("scene");
        for (const auto& [name, scene] : all())
            QTest::newRow(name) << scene;
    }
};

SLUICE_UI_TEST_MAIN(WalkTest)
#include "walk_test.moc"
