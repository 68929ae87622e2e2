// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <set>

#include "tests/ui/console_stand.h"
#include "ui/emergency/stop_words.h"
#include "ui/rollout/evidence_sheet.h"

using namespace sluice;
using std::chrono::milliseconds;
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

/// The sample fleet after an emergency.
struct Fleet {
    engine::Snapshot snapshot{*support::sampleSnapshot()};

    void goesBack(const std::string& service, std::optional<Duration> verifiedAfter,
                  std::vector<std::string> unreachable = {})
    {
        for (auto& shared : snapshot.rollouts) {
            if (shared->service != service) continue;
            auto view = std::make_shared<engine::RolloutView>(*shared);
            view->state.phase = rollout::Phase::RollingBack;
            view->state.rollback = rollout::RollbackProgress{.cause = rollout::RollbackCause::Emergency,
                                                             .by = PersonId("lead"),
                                                             .decidedAt = snapshot.now.wall - milliseconds(80),
                                                             .verifiedAfter = verifiedAfter,
                                                             .unreachable = std::move(unreachable)};
            shared = view;
        }
    }
    void stopEverything()
    {
        for (engine::TargetView& target : snapshot.targets)
            target.stop = engine::StopView{.by = PersonId("lead"), .reason = {}, .since = snapshot.now.wall};
    }
};

struct EmergencyStand : test::ConsoleStand {
    using ConsoleStand::ConsoleStand;
    void show(const Fleet& fleet)
    {
        engine.publish(std::make_shared<engine::Snapshot>(fleet.snapshot));
        test::settle();
    }
};

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
        EmergencyStand console;
        console.key(Qt::Key_E, kArm);
        fire(console);
        QVERIFY(console.lastAsked<rollout::EmergencyStop>() != nullptr);
        Fleet fleet;
        // checkout and payments are live; search has been at zero since before.
        fleet.goesBack("payments", milliseconds(40));
        fleet.goesBack("checkout", std::nullopt);
        fleet.stopEverything();
        console.show(fleet);
        QString words = wordsOf(console.window.emergency());
        for (const char* part : {"▶ 1 of 2 verified at zero", "checkout: ▶ Traffic is on its way back",
                                 "Emergency stops in force: 8 (checkout, search, payments, gateway, notify, profile"})
            QVERIFY2(words.contains(QString::fromUtf8(part)), qPrintable(words));
        QVERIFY2(!words.contains(QStringLiteral("safe:")), qPrintable(words));
        fleet.goesBack("checkout", milliseconds(60));
        console.show(fleet);
        words = wordsOf(console.window.emergency());
        QVERIFY2(words.contains(QStringLiteral("✓ Users are safe: 2 of 2 verified at zero")), qPrintable(words));
    }

    void ofEverythingAProxyOutOfReachIsNamed()
    {
        EmergencyStand console;
        console.key(Qt::Key_E, kArm);
        fire(console);
        Fleet fleet;
        fleet.goesBack("payments", milliseconds(40));
        fleet.goesBack("checkout", milliseconds(40), {"edge-9"});
        console.show(fleet);
        const QString words = wordsOf(console.window.emergency());
        QVERIFY2(words.contains(QStringLiteral("▶ 1 of 2 verified at zero")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("out of reach: edge-9")), qPrintable(words));
    }

    void theReasonOfAStopOfEverythingGoesToEveryRolloutItConcerns()
    {
        EmergencyStand console;
        console.key(Qt::Key_E, kArm);
        fire(console);
        Fleet fleet;
        fleet.goesBack("payments", std::nullopt);
        fleet.stopEverything();
        console.show(fleet);
        QTest::keyClicks(console.find<QLineEdit>("emergency.reason"), QStringLiteral("the network burns"));
        console.key(Qt::Key_Return);
        std::set<std::string> told;
        for (const rollout::Command& command : console.engine.asked)
            if (const auto* comment = std::get_if<rollout::Comment>(&command)) {
                QCOMPARE(comment->text, std::string("the network burns"));
                QVERIFY(told.insert(comment->rollout.value).second);
            }
        QCOMPARE(told,
                 (std::set<std::string>{"r-20261121-140000-1f3a", "r-20261121-133000-2b7c", "r-20261121-120500-77aa"}));
    }

    void aStopOfAFleetWithNothingLiveSaysSoAndAsksForNoReason()
    {
        EmergencyStand console(support::Scene::Quiet);
        console.key(Qt::Key_E, kArm);
        fire(console);
        QVERIFY(console.lastAsked<rollout::EmergencyStop>() != nullptr);
        QVERIFY(wordsOf(console.window.emergency()).contains(QStringLiteral("Nothing is live")));
        QVERIFY(!console.find<QLineEdit>("emergency.reason")->isVisible());
        console.key(Qt::Key_Escape);
        QVERIFY(!console.window.emergency().isVisible());
    }

    void aStopWithoutAReasonSaysNothingAboutOne_data()
    {
        QTest::addColumn<QString>("by");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("says");
        QTest::newRow("none yet") << "ana"
                                  << ""
                                  << "fired by ana. Nothing starts there";
        QTest::newRow("given") << "ana"
                               << "double charges"
                               << "fired by ana: double charges. Nothing starts there";
        QTest::newRow("a login nobody knows") << ""
                                              << ""
                                              << "fired by somebody whose login is not known. Nothing starts there";
    }
    void aStopWithoutAReasonSaysNothingAboutOne()
    {
        QFETCH(QString, by);
        QFETCH(QString, reason);
        QFETCH(QString, says);
        Fleet fleet;
        fleet.snapshot.targets.front().stop = engine::StopView{
            .by = PersonId(ui::utf8(by)), .reason = ui::utf8(reason), .since = fleet.snapshot.now.wall};
        const QString words = ui::stopSentence(fleet.snapshot, TargetId("checkout/production"), test::formats());
        QVERIFY2(words.contains(says), qPrintable(words));
    }
};

SLUICE_UI_TEST_MAIN(EmergencyTest)
#include "emergency_test.moc"
