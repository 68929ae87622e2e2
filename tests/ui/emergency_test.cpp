// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "tests/ui/console_stand.h"
#include "ui/rollout/evidence_sheet.h"

using namespace sluice;
using test::ConsoleStand;

namespace {

constexpr auto kArm = Qt::ControlModifier | Qt::ShiftModifier;

void arm(ConsoleStand& console)
{
    console.key(Qt::Key_R, kArm);
}

void fire(ConsoleStand& console)
{
    console.key(Qt::Key_Return, Qt::ControlModifier);
}

QString wordsOf(const QWidget& widget)
{
    QStringList words;
    for (const QLabel* label : widget.findChildren<QLabel*>())
        if (label->isVisible()) words << label->text();
    return words.join(QLatin1Char('|')).replace(QChar(0x00A0), QLatin1Char(' '));
}

} // namespace

class EmergencyTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void twoKeystrokesSendTheRolloutOnTheScreenBack()
    {
        ConsoleStand console;
        arm(console);
        QVERIFY(console.window.emergency().armed());
        QVERIFY(console.engine.asked.empty());
        fire(console);
        const auto* asked = console.lastAsked<rollout::EmergencyRollback>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->rollout.value, std::string("r-20261121-140000-1f3a"));
        QVERIFY(asked->reason.empty());
    }

    void theFiringKeyDoesNothingUnlessArmed()
    {
        ConsoleStand console;
        fire(console);
        QVERIFY(console.engine.asked.empty());
        arm(console);
        console.key(Qt::Key_Escape);
        fire(console);
        QVERIFY(console.engine.asked.empty());
    }

    void firingTwiceAsksOnce()
    {
        ConsoleStand console;
        arm(console);
        fire(console);
        fire(console);
        QCOMPARE(console.engine.asked.size(), size_t{1});
    }

    void afterFifteenSecondsItDisarmsByItself()
    {
        ConsoleStand console;
        arm(console);
        for (int second = 1; second < ui::EmergencyStrip::kArmedSeconds; ++second)
            console.window.emergency().secondPassed();
        QVERIFY(console.window.emergency().armed());
        console.window.emergency().secondPassed();
        QVERIFY(!console.window.emergency().armed());
        fire(console);
        QVERIFY(console.engine.asked.empty());
    }

    void itArmsAndFiresOverAnOpenSheet()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return); // the approval sheet
        QVERIFY(console.window.openSheet() != nullptr);
        arm(console);
        QVERIFY(console.window.emergency().armed());
        fire(console);
        QVERIFY(console.lastAsked<rollout::EmergencyRollback>() != nullptr);
        QCOMPARE(console.engine.asked.size(), size_t{1});
    }

    void escapeDisarmsFirstAndLeavesTheSheetOpen()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return);
        arm(console);
        console.key(Qt::Key_Escape);
        QVERIFY(!console.window.emergency().armed());
        QVERIFY(console.window.openSheet() != nullptr);
    }

    void whileArmedAndTwoSecondsAfterNothingElseCommits()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return);
        console.find<QLineEdit>("evidence.comment")->setText(QStringLiteral("looks fine"));
        auto* accept = console.find<QPushButton>("evidence.accept");
        QVERIFY(accept->isEnabled());
        arm(console);
        QVERIFY(!accept->isEnabled());
        QVERIFY(!accept->toolTip().isEmpty());
        QCOMPARE(accept->accessibleDescription(), accept->toolTip());
        console.key(Qt::Key_Escape);
        QVERIFY(!accept->isEnabled());
        console.window.guard().calmPassed();
        QVERIFY(accept->isEnabled());
    }

    void aDigitSelectsAnotherLiveRollout()
    {
        ConsoleStand console;
        arm(console);
        console.key(Qt::Key_3); // payments
        QCOMPARE(console.window.currentPage(), QStringLiteral("rollout"));
        fire(console);
        const auto* asked = console.lastAsked<rollout::EmergencyRollback>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->rollout.value, std::string("r-20261121-120500-77aa"));
    }

    void theReasonIsAskedAfterwards()
    {
        ConsoleStand console;
        arm(console);
        fire(console);
        auto* reason = console.find<QLineEdit>("emergency.reason");
        QVERIFY(reason->isVisible());
        QTest::keyClicks(reason, QStringLiteral("double charges"));
        console.key(Qt::Key_Return);
        const auto* comment = console.lastAsked<rollout::Comment>();
        QVERIFY(comment != nullptr);
        QCOMPARE(comment->text, std::string("double charges"));
    }

    void escapeClosesTheStripWhileItsReasonIsTyped()
    {
        ConsoleStand console;
        arm(console);
        fire(console);
        auto* reason = console.find<QLineEdit>("emergency.reason");
        QTRY_VERIFY(reason->hasFocus());
        QTest::keyClick(reason, Qt::Key_Escape);
        QVERIFY(!reason->isVisible());
    }

    void enterPressesTheButtonThatHasTheFocus()
    {
        ConsoleStand console;
        console.key(Qt::Key_R);
        ui::Sheet* sheet = console.window.openSheet();
        QVERIFY(sheet != nullptr);
        QPushButton* commits = nullptr;
        for (QPushButton* button : sheet->findChildren<QPushButton*>())
            if (button->text().startsWith(QStringLiteral("Roll back to"))) commits = button;
        QVERIFY(commits != nullptr);
        commits->setFocus();
        QTest::keyClick(commits, Qt::Key_Return);
        QVERIFY(console.lastAsked<rollout::RollBack>() != nullptr);
    }

    void missingDataDoesNotDisableIt()
    {
        ConsoleStand console(support::Scene::DataMissing);
        arm(console);
        fire(console);
        QVERIFY(console.lastAsked<rollout::EmergencyRollback>() != nullptr);
    }

    void anObserverMayFireToo()
    {
        ConsoleStand console(support::Scene::Observing);
        arm(console);
        fire(console);
        QVERIFY(console.lastAsked<rollout::EmergencyRollback>() != nullptr);
    }

    void withNothingLiveItSaysSoAndAsksNothing()
    {
        ConsoleStand console(support::Scene::Quiet);
        arm(console);
        fire(console);
        QVERIFY(console.engine.asked.empty());
        QVERIFY(!console.find<QPushButton>("emergency.fire")->toolTip().isEmpty());
    }

    void aFiredStripSaysWhichStopItLeftAndLeadsToItsEnd()
    {
        ConsoleStand console;
        arm(console);
        fire(console);
        QVERIFY(!console.find<QPushButton>("emergency.clearStop")->isVisible());
        auto stopped = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        stopped->targets.front().stop = engine::StopView{
            .by = PersonId("ana"), .reason = "double charges", .since = stopped->now.wall - std::chrono::seconds(3)};
        console.engine.publish(stopped);
        test::settle();
        const QString words = wordsOf(console.window.emergency());
        for (const char* part : {"in force on checkout", "since 14:32:03", "(3 s ago)", "fired by ana",
                                 "double charges", "until a person clears it"})
            QVERIFY2(words.contains(QLatin1String(part)), qPrintable(words));
        QTest::mouseClick(console.find<QPushButton>("emergency.clearStop"), Qt::LeftButton);
        test::settle();
        console.window.guard().calmPassed();
        QVERIFY(console.window.openSheet() != nullptr);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("charges are right again"));
        QTest::mouseClick(console.find<QPushButton>("reason.confirm"), Qt::LeftButton);
        const auto* asked = console.lastAsked<rollout::ClearStop>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->target, TargetId("checkout/production"));
        QCOMPARE(asked->reason, std::string("charges are right again"));
    }

    void everythingStopsAtOnce()
    {
        ConsoleStand console;
        console.key(Qt::Key_E, kArm);
        fire(console);
        QVERIFY(console.lastAsked<rollout::EmergencyStop>() != nullptr);
    }
};

SLUICE_UI_TEST_MAIN(EmergencyTest)
#include "emergency_test.moc"
