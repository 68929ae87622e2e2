// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTreeWidget>

#include "tests/support/sample_parts.h"
#include "tests/ui/console_stand.h"
#include "ui/rollout/evidence_presenter.h"
#include "ui/rollout/evidence_sheet.h"
#include "ui/widgets/stage_rail.h"

using namespace sluice;
using test::ConsoleStand;

class RolloutPageTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aDisabledPromoteNeverAsks()
    {
        ConsoleStand console;
        auto* promote = console.find<QPushButton>("header.rollout.promote");
        QVERIFY(promote != nullptr && !promote->isEnabled());
        QVERIFY(!promote->toolTip().isEmpty());
        QCOMPARE(promote->accessibleDescription(), promote->toolTip());
        QTest::mouseClick(promote, Qt::LeftButton);
        console.key(Qt::Key_U);
        QVERIFY(console.window.openSheet() == nullptr);
        QVERIFY(console.engine.asked.empty());
    }

    void singleLettersOpenAndNeverCommit()
    {
        for (const Qt::Key key : {Qt::Key_P, Qt::Key_B, Qt::Key_R, Qt::Key_Return, Qt::Key_Y, Qt::Key_G, Qt::Key_C,
                                  Qt::Key_M, Qt::Key_Question}) {
            ConsoleStand console;
            console.key(key);
            QVERIFY2(console.window.openSheet() != nullptr, qPrintable(QKeySequence(key).toString()));
            QVERIFY(console.engine.asked.empty());
        }
    }

    void pausingAsksWithItsReason()
    {
        ConsoleStand console;
        console.key(Qt::Key_P);
        QTest::keyClicks(console.find<QLineEdit>("reason.text"), QStringLiteral("looking at logs"));
        QTest::mouseClick(console.find<QPushButton>("reason.confirm"), Qt::LeftButton);
        const auto* asked = console.lastAsked<rollout::Pause>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->reason, std::string("looking at logs"));
        QVERIFY(console.window.openSheet() == nullptr);
    }

    void approvingSendsTheDigestThatWasReadAndTheComment()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return);
        auto* accept = console.find<QPushButton>("evidence.accept");
        QVERIFY(!accept->isEnabled());
        QTest::mouseClick(accept, Qt::LeftButton);
        QVERIFY(console.engine.asked.empty());
        QTest::keyClicks(console.find<QLineEdit>("evidence.comment"), QStringLiteral("latency is known"));
        QTest::mouseClick(accept, Qt::LeftButton);
        const auto* asked = console.lastAsked<rollout::Approve>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->digest, support::sampleCheckout().state.approval->digest);
        QCOMPARE(asked->comment, std::string("latency is known"));
    }

    void rejectingNeedsAReason()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return);
        auto* reject = console.find<QPushButton>("evidence.reject");
        QVERIFY(!reject->isEnabled());
        const auto* hint = console.find<QLabel>("evidence.hint");
        QVERIFY(hint->isVisible());
        QVERIFY2(hint->text().contains(QLatin1String("rejection")), qPrintable(hint->text()));
        QTest::keyClicks(console.find<QLineEdit>("evidence.comment"), QStringLiteral("too slow"));
        QVERIFY(!hint->isVisible());
        QTest::mouseClick(reject, Qt::LeftButton);
        const auto* asked = console.lastAsked<rollout::Reject>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->reason, std::string("too slow"));
    }

    void evidenceThatChangesUnderneathIsNotApproved()
    {
        ConsoleStand console;
        console.key(Qt::Key_Return);
        console.find<QLineEdit>("evidence.comment")->setText(QStringLiteral("fine"));
        auto later = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        auto view = support::sampleCheckout();
        view.state.approval->digest = std::string(64, 'a');
        later->rollouts.front() = std::make_shared<const engine::RolloutView>(view);
        console.engine.publish(later);
        test::settle();
        QVERIFY(!console.find<QPushButton>("evidence.accept")->isEnabled());
        QVERIFY(console.find<QPushButton>("evidence.accept")->toolTip().contains(QStringLiteral("changed")));
    }

    void whoMayApprove_data()
    {
        QTest::addColumn<QString>("person");
        QTest::addColumn<QStringList>("roles");
        QTest::addColumn<bool>("may");
        QTest::newRow("the role") << "lead" << QStringList{"engineering-lead"} << true;
        QTest::newRow("another role") << "ana" << QStringList{"release-manager"} << false;
        QTest::newRow("no role") << "guest" << QStringList{} << false;
        QTest::newRow("the author") << "release-bot" << QStringList{"engineering-lead"} << false;
    }
    void whoMayApprove()
    {
        QFETCH(QString, person);
        QFETCH(QStringList, roles);
        QFETCH(bool, may);
        rollout::Actor me{.person = PersonId(person.toStdString())};
        for (const QString& role : roles)
            me.roles.push_back(role.toStdString());
        ConsoleStand console(support::Scene::Live, me);
        console.key(Qt::Key_Return);
        console.find<QLineEdit>("evidence.comment")->setText(QStringLiteral("fine"));
        auto* accept = console.find<QPushButton>("evidence.accept");
        QCOMPARE(accept->isEnabled(), may);
        if (!may) QVERIFY(!accept->toolTip().isEmpty());
    }

    void thePlannedRollbackNeedsNoTyping()
    {
        ConsoleStand console;
        console.key(Qt::Key_R);
        QTest::mouseClick(console.find<QPushButton>("rollback.confirm"), Qt::LeftButton);
        QVERIFY(console.lastAsked<rollout::RollBack>() != nullptr);
    }

    void aTickIsAskedAndNotShownAsDone()
    {
        ConsoleStand console;
        console.key(Qt::Key_C);
        auto* box = console.find<QCheckBox>("checklist.routing");
        QVERIFY(box->isChecked());
        QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(10, box->height() / 2));
        QVERIFY(box->isChecked());
        QVERIFY(box->text().contains(QStringLiteral("asked")));
        const auto* asked = console.lastAsked<rollout::TickItem>();
        QVERIFY(asked != nullptr && !asked->ticked);
    }

    void aRefusalIsShownUntilTheNextAnswer()
    {
        ConsoleStand console;
        console.engine.answer = Error{Fault::Refused, "Somebody else was faster."};
        console.key(Qt::Key_R);
        QTest::mouseClick(console.find<QPushButton>("rollback.confirm"), Qt::LeftButton);
        test::settle();
        auto* notice = console.find<QLabel>("notice");
        QVERIFY(notice->isVisible());
        QVERIFY(notice->text().contains(QStringLiteral("Somebody else was faster.")));
    }

    void thePaletteFindsAnActionAndDoesIt()
    {
        ConsoleStand console;
        console.key(Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(console.find<QLineEdit>("palette.input"), QStringLiteral("roll back"));
        console.key(Qt::Key_Return);
        QVERIFY(console.find<QPushButton>("rollback.confirm") != nullptr);
    }

    void thePaletteSaysWhyAnActionIsDisabled()
    {
        ConsoleStand console;
        console.key(Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(console.find<QLineEdit>("palette.input"), QStringLiteral("promote"));
        auto* list = console.find<QTreeWidget>("palette.list");
        QVERIFY(list->topLevelItem(0)->text(1).contains(QStringLiteral("approve")));
    }

    void theRailIsAListForAssistiveTechnology()
    {
        ConsoleStand console;
        auto* rail =
            console.window.page(QStringLiteral("rollout"))->findChild<ui::StageRail*>(QStringLiteral("stages"));
        QAccessibleInterface* list = QAccessible::queryAccessibleInterface(rail);
        QVERIFY(list != nullptr);
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->childCount(), 5);
        QVERIFY(list->child(1)->state().selected);
        QVERIFY(list->child(1)->text(QAccessible::Description).contains(QStringLiteral("17:06 / 30:00")));
        QCOMPARE(list->indexOfChild(list->child(3)), 3);
    }

    void anEndedRolloutStaysOnTheScreen()
    {
        ConsoleStand console;
        auto later = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        auto view = support::sampleCheckout();
        view.state.phase = rollout::Phase::Stable;
        view.state.endedAt = support::sampleNow().wall;
        later->rollouts.front() = std::make_shared<const engine::RolloutView>(view);
        console.engine.publish(later);
        test::settle();
        QCOMPARE(console.window.page(QStringLiteral("rollout"))->shownObject(),
                 QStringLiteral("r-20261121-140000-1f3a"));
    }

    void withoutALiveRolloutThePageSaysWhatBelongsHere()
    {
        ConsoleStand console(support::Scene::Quiet);
        auto* next =
            console.window.page(QStringLiteral("rollout"))->findChild<QPushButton*>(QStringLiteral("empty.next"));
        QVERIFY(next->isVisible());
        QTest::mouseClick(next, Qt::LeftButton);
        QCOMPARE(console.window.currentPage(), QStringLiteral("fleet"));
    }

    void aSilentEngineIsSaidAloud()
    {
        ConsoleStand console;
        auto* banner = console.find<QLabel>("banner");
        for (int second = 0; second < ui::MainWindow::kSilentSeconds; ++second)
            console.window.silentSecond();
        QVERIFY(banner->isVisible());
        console.engine.publish(support::sampleSnapshot());
        test::settle();
        QVERIFY(!banner->isVisible());
    }

    void thePageOfAServiceUnderAStopSaysSoAndClearsThatOne()
    {
        ConsoleStand console(support::Scene::RollingBack);
        QVERIFY(!console.find<QWidget>("stopLine")->isVisible());
        auto stopped = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(support::Scene::RollingBack));
        const engine::StopView stop{.reason = "double charges", .since = stopped->now.wall};
        for (auto& target : stopped->targets)
            target.stop = stop;
        console.engine.publish(stopped);
        test::settle();
        QVERIFY(console.find<QWidget>("stopLine")->isVisible());
        QVERIFY(console.find<QWidget>("stopLine")->accessibleName().contains(QStringLiteral("double charges")));
        console.find<QPushButton>("stopLine.clear")->click();
        test::settle();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("it is over"));
        console.find<QPushButton>("reason.confirm")->click();
        const auto* asked = console.lastAsked<rollout::ClearStop>();
        QVERIFY(asked != nullptr);
        const auto* shown =
            stopped->rollout(RolloutId(ui::utf8(console.window.page(QStringLiteral("rollout"))->shownObject())));
        QCOMPARE(asked->target, shown->state.target);
    }

    void thePictureOfADriverThatHangsIsMarkedAsOld()
    {
        ConsoleStand console(support::Scene::Observing);
        QVERIFY(!console.find<QLabel>("banner")->isVisible());
        auto old = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(support::Scene::Observing));
        old->engine.renewedAgo = std::chrono::seconds(42);
        console.engine.publish(old);
        test::settle();
        QVERIFY(console.find<QLabel>("banner")->isVisible());
        QVERIFY(console.find<QLabel>("banner")->text().contains(QStringLiteral("42")));
        console.engine.publish(support::sampleSnapshot(support::Scene::Observing));
        test::settle();
        QVERIFY(!console.find<QLabel>("banner")->isVisible());
    }
};

SLUICE_UI_TEST_MAIN(RolloutPageTest)
#include "rollout_page_test.moc"
