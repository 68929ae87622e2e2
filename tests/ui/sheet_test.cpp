// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>

#include "tests/ui/console_stand.h"

using namespace sluice;
using support::Scene;
using test::ConsoleStand;

namespace {

/// What a person leaves as it is.
const QStringList kKept{QStringLiteral("palette.input"), QStringLiteral("start.setting")};

/// A fleet that nothing runs on and that an emergency stop holds.
std::shared_ptr<const engine::Snapshot> stopped()
{
    auto out = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(Scene::Quiet));
    for (auto& target : out->targets)
        target.stop = engine::StopView{};
    return out;
}

/// A rollback whose first step has failed.
std::shared_ptr<const engine::Snapshot> failed()
{
    auto out = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(Scene::RollingBack));
    auto view = std::make_shared<engine::RolloutView>(*out->rollouts.front());
    view->state.rollback->steps.front().state = rollout::StepState::Failed;
    for (auto& move : view->moves)
        move.legal = move.legal || move.move == rollout::Move::SkipStep;
    out->rollouts.front() = view;
    return out;
}

/// A sheet that is open and filled in, as far as it asks for something.
struct OpenedSheet {
    OpenedSheet(const QString& page, const QString& action, std::shared_ptr<const engine::Snapshot> shown,
                bool mirrored)
    {
        console.window.setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        if (shown) console.engine.publish(std::move(shown));
        test::settle();
        console.window.showPage(page);
        console.window.actions().trigger(action);
        test::settle();
        sheet = console.window.openSheet();
        if (sheet == nullptr) return;
        first = QApplication::focusWidget();
        for (auto* field : sheet->findChildren<QLineEdit*>())
            if (!kKept.contains(field->objectName().section(QLatin1Char('.'), 0, 1)))
                field->setText(QStringLiteral("v9"));
        test::settle();
    }
    QRect place(const QWidget* stop) const { return {stop->mapTo(sheet, QPoint(0, 0)), stop->size()}; }
    QList<QWidget*> byTab()
    {
        QList<QWidget*> out{QApplication::focusWidget()};
        for (int step = 0; step < 100; ++step) {
            console.key(Qt::Key_Tab);
            if (QApplication::focusWidget() == out.first()) break;
            out.append(QApplication::focusWidget());
        }
        return out;
    }

    ConsoleStand console{};
    ui::Sheet* sheet{nullptr};
    QWidget* first{nullptr};
};

QString names(const QList<QWidget*>& stops)
{
    QStringList out;
    for (const QWidget* stop : stops)
        out << stop->objectName();
    return out.join(QLatin1Char(' '));
}

} // namespace

class SheetTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void tabGoesThroughASheetAsItIsRead_data() { sheets(); }
    void tabGoesThroughASheetAsItIsRead()
    {
        QFETCH(QString, page);
        QFETCH(QString, action);
        QFETCH(std::shared_ptr<const engine::Snapshot>, shown);
        QFETCH(bool, mirrored);
        QFETCH(QString, begins);
        QFETCH(QString, ends);
        OpenedSheet opened(page, action, shown, mirrored);
        QVERIFY(opened.sheet != nullptr);
        QCOMPARE(opened.first->objectName(), begins);
        const QList<QWidget*> stops = opened.byTab();
        QCOMPARE(stops.last()->objectName(), ends);
        for (qsizetype i = 1; i < stops.size(); ++i) {
            const QRect before = opened.place(stops.at(i - 1));
            const QRect after = opened.place(stops.at(i));
            const bool further = mirrored ? after.right() < before.left() : after.left() > before.right();
            const bool sameRow = after.top() <= before.bottom() && after.bottom() >= before.top();
            QVERIFY2(after.top() > before.bottom() || (sameRow && further), qPrintable(names(stops)));
        }
        for (QWidget* widget : opened.sheet->findChildren<QWidget*>())
            if (widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0)
                QVERIFY2(stops.contains(widget), qPrintable(widget->objectName()));
    }

    void whatTabReachesInALowWindowIsInSight()
    {
        OpenedSheet opened(QStringLiteral("fleet"), QStringLiteral("fleet.new"), nullptr, false);
        opened.console.window.resize(1024, 700);
        test::settle();
        for (QWidget* stop : opened.byTab()) {
            stop->setFocus();
            opened.console.key(Qt::Key_Tab);
            const QWidget* now = QApplication::focusWidget();
            QVERIFY2(now->visibleRegion().boundingRect() == now->rect(), qPrintable(now->objectName()));
        }
    }

    void returnInAFieldPressesWhatGoesOn_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<std::shared_ptr<const engine::Snapshot>>("shown");
        QTest::addColumn<bool>("fires");
        const auto row = [](const char* action, bool fires, std::shared_ptr<const engine::Snapshot> shown = {}) {
            QTest::newRow(action) << QString::fromLatin1(action) << std::move(shown) << fires;
        };
        row("fleet.new", true, support::sampleSnapshot(Scene::Quiet));
        row("fleet.clearStop", true, stopped());
        row("rollout.review", true);
        row("rollout.pause", true);
        row("rollout.stepBack", true);
        row("rollout.comment", true);
        row("rollout.handOver", true);
        row("rollout.skipStep", true, failed());
        row("rollout.rollback", false); // what destroys has no default button
    }
    void returnInAFieldPressesWhatGoesOn()
    {
        QFETCH(QString, action);
        QFETCH(std::shared_ptr<const engine::Snapshot>, shown);
        QFETCH(bool, fires);
        OpenedSheet opened(action.section(QLatin1Char('.'), 0, 0), action, shown, false);
        QVERIFY(opened.sheet != nullptr);
        opened.sheet->findChild<QLineEdit*>()->setFocus();
        opened.console.key(Qt::Key_Return);
        QCOMPARE(opened.console.engine.asked.size(), fires ? 1U : 0U);
    }

    void returnPressesNothingThatIsStillGrey()
    {
        OpenedSheet opened(QStringLiteral("rollout"), QStringLiteral("rollout.comment"), nullptr, false);
        opened.console.find<QLineEdit>("reason.text")->clear();
        opened.console.key(Qt::Key_Return);
        QVERIFY(opened.console.engine.asked.empty());
        QVERIFY(opened.console.window.openSheet() == opened.sheet);
    }

    void aReturnThatIsHeldDownPressesNothing()
    {
        OpenedSheet opened(QStringLiteral("rollout"), QStringLiteral("rollout.pause"), nullptr, false);
        QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, QStringLiteral("\r"), true);
        QApplication::sendEvent(QApplication::focusWidget(), &held);
        QVERIFY(opened.console.engine.asked.empty());
    }

    void escapeClosesAndGivesTheFocusBack_data() { sheets(); }
    void escapeClosesAndGivesTheFocusBack()
    {
        QFETCH(QString, page);
        QFETCH(QString, action);
        QFETCH(std::shared_ptr<const engine::Snapshot>, shown);
        ConsoleStand console;
        if (shown) console.engine.publish(std::move(shown));
        test::settle();
        console.window.showPage(page);
        const QWidget* before = QApplication::focusWidget();
        QVERIFY(before != nullptr);
        console.window.actions().trigger(action);
        test::settle();
        QVERIFY(QApplication::focusWidget() != before);
        console.key(Qt::Key_Escape);
        QVERIFY(console.window.openSheet() == nullptr);
        QCOMPARE(QApplication::focusWidget(), before);
    }

    void whatCommitsStaysInSightInALowWindow_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("button");
        const std::pair<const char*, const char*> rows[]{{"fleet.new", "start.start"},
                                                         {"rollout.review", "evidence.accept"},
                                                         {"rollout.review", "evidence.reject"},
                                                         {"rollout.rollback", "rollback.confirm"},
                                                         {"shell.keys", "keys.close"}};
        for (const auto& [action, button] : rows)
            QTest::newRow(button) << QString::fromLatin1(action) << QString::fromLatin1(button);
    }
    void whatCommitsStaysInSightInALowWindow()
    {
        QFETCH(QString, action);
        QFETCH(QString, button);
        OpenedSheet opened(action.section(QLatin1Char('.'), 0, 0), action, nullptr, false);
        opened.console.window.resize(1024, 700);
        test::settle();
        const auto* widget = opened.sheet->findChild<QWidget*>(button);
        QCOMPARE(widget->visibleRegion().boundingRect(), widget->rect());
    }

private:
    static void sheets()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("action");
        QTest::addColumn<std::shared_ptr<const engine::Snapshot>>("shown");
        QTest::addColumn<bool>("mirrored");
        QTest::addColumn<QString>("begins");
        QTest::addColumn<QString>("ends");
        struct Case {
            const char* action;
            const char* begins;
            const char* ends;
            std::shared_ptr<const engine::Snapshot> shown{};
        };
        const Case cases[]{{"fleet.new", "start.target", "start.start", support::sampleSnapshot(Scene::Quiet)},
                           {"fleet.clearStop", "reason.text", "reason.confirm", stopped()},
                           {"rollout.review", "evidence.comment", "evidence.accept"},
                           {"rollout.rollback", "rollback.reason", "rollback.confirm"},
                           {"rollout.pause", "reason.text", "reason.confirm"},
                           {"rollout.stepBack", "reason.text", "reason.confirm"},
                           {"rollout.comment", "reason.text", "reason.confirm"},
                           {"rollout.skipStep", "reason.text", "reason.confirm", failed()},
                           {"rollout.why", "sheet.close", "sheet.close"},
                           {"rollout.triggers", "sheet.close", "sheet.close"},
                           {"rollout.checklist", "checklist.routing", "sheet.close"},
                           {"shell.palette", "palette.input", "palette.list"},
                           {"shell.keys", "keys.close", "keys.close"}};
        for (const Case& one : cases)
            for (const bool mirrored : {false, true}) {
                const QString page = QString::fromLatin1(one.action).section(QLatin1Char('.'), 0, 0);
                QTest::addRow("%s%s", one.action, mirrored ? ", right to left" : "")
                    << (page == QLatin1String("shell") ? QStringLiteral("rollout") : page)
                    << QString::fromLatin1(one.action) << one.shown << mirrored << QString::fromLatin1(one.begins)
                    << QString::fromLatin1(one.ends);
            }
    }
};

SLUICE_UI_TEST_MAIN(SheetTest)
#include "sheet_test.moc"
