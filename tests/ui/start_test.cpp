// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "tests/ui/console_stand.h"
#include "ui/fleet/start_presenter.h"

using namespace sluice;
using test::ConsoleStand;
using ui::StartForm;
using ui::StartPresenter;

namespace {

/// The sheet as N opens it, on a service where nothing is live.
struct StartStand : ConsoleStand {
    StartStand()
        : ConsoleStand(support::Scene::Quiet)
    {
        window.showPage(QStringLiteral("fleet"));
        test::settle();
        key(Qt::Key_N);
    }
    QPushButton* start() const { return find<QPushButton>("start.start"); }
    QString problem() const { return find<QLabel>("start.problem")->text(); }
    void version(const QString& words)
    {
        QTest::keyClicks(find<QLineEdit>("start.version"), words);
        test::settle();
    }
    void press()
    {
        QTest::mouseClick(start(), Qt::LeftButton);
        test::settle();
    }
};

} // namespace

class StartTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void whyNothingCanBeStartedIsInSightInASmallWindow()
    {
        StartStand sheet;
        sheet.window.resize(1024, 700);
        test::settle();
        const auto* problem = sheet.find<QLabel>("start.problem");
        QCOMPARE(problem->text(), QStringLiteral("Which version is to be released?"));
        QCOMPARE(problem->visibleRegion().boundingRect(), problem->rect());
    }

    void aRolloutIsStartedWithThePlanThatWasShown()
    {
        StartStand sheet;
        sheet.version(QStringLiteral("2.5.0"));
        QCOMPARE(sheet.start()->text(), QStringLiteral("Start checkout 2.5.0"));
        sheet.press();
        const auto* asked = sheet.lastAsked<rollout::StartRollout>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->target, TargetId("checkout/production"));
        QCOMPARE(asked->toVersion, std::string("2.5.0"));
        QCOMPARE(asked->playbook, std::string("avalo-production"));
        QVERIFY(!asked->playbookText.empty());
    }

    void itClosesWhenTheEngineAccepts()
    {
        StartStand sheet;
        sheet.version(QStringLiteral("2.5.0"));
        sheet.press();
        QTRY_VERIFY(sheet.window.openSheet() == nullptr);
    }

    void itStaysOpenWithTheReasonWhenTheEngineRefuses()
    {
        StartStand sheet;
        sheet.engine.answer = Error{Fault::Refused, "Another engine drives this target."};
        sheet.version(QStringLiteral("2.5.0"));
        sheet.press();
        QTRY_COMPARE(sheet.problem(), QStringLiteral("◆ The engine refused: Another engine drives this target."));
        QVERIFY(sheet.window.openSheet() != nullptr);
    }

    void aSettingIsPartOfWhatIsAsked()
    {
        StartStand sheet;
        QTest::keyClicks(sheet.find<QLineEdit>("start.setting.tolerance"), QStringLiteral("7%"));
        sheet.version(QStringLiteral("2.5.0"));
        sheet.press();
        const auto* asked = sheet.lastAsked<rollout::StartRollout>();
        QVERIFY(asked != nullptr);
        const QString plan = ui::text(asked->playbookText);
        const QString line = plan.mid(plan.indexOf(QLatin1String("tolerance:")), 30);
        QVERIFY2(line.contains(QLatin1String("7%")), qPrintable(line));
    }

    void aSettingThatIsWrongIsNamedBeforeAnythingIsAsked()
    {
        StartStand sheet;
        QTest::keyClicks(sheet.find<QLineEdit>("start.setting.tolerance"), QStringLiteral("a lot"));
        sheet.version(QStringLiteral("2.5.0"));
        QVERIFY(!sheet.start()->isEnabled());
        QVERIFY2(sheet.problem().contains(QLatin1String("a lot")), qPrintable(sheet.problem()));
    }

    void whatIsMissingIsSaid_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("problem");
        QTest::newRow("no version") << "notify/production"
                                    << ""
                                    << "Which version is to be released?";
        QTest::newRow("stable already") << "notify/production"
                                        << "3.9.0"
                                        << "3.9.0 is the stable version already.";
        QTest::newRow("something is live") << "checkout/production"
                                           << "2.5.0"
                                           << "2.4.0 is being released to checkout already.";
        QTest::newRow("no service") << "nobody/nowhere"
                                    << "1"
                                    << "Choose a service.";
        QTest::newRow("all well") << "notify/production"
                                  << "3.10.0"
                                  << "";
    }
    void whatIsMissingIsSaid()
    {
        QFETCH(QString, target);
        QFETCH(QString, version);
        QFETCH(QString, problem);
        const StartForm form{.target = target, .version = version, .playbook = QStringLiteral("lab-canary")};
        QCOMPARE(StartPresenter::plan(form, *support::sampleSnapshot(), test::formats()).problem, problem);
    }

    void thePlanNamesEveryStage()
    {
        const StartForm form{.target = QStringLiteral("notify/production"),
                             .version = QStringLiteral("3.10.0"),
                             .playbook = QStringLiteral("avalo-production")};
        const auto plan = StartPresenter::plan(form, *support::sampleSnapshot(), test::formats());
        QCOMPARE(plan.stages.rows.size(), 5);
        QCOMPARE(plan.stages.rows.at(1).at(1).text, QStringLiteral("10\u00A0%"));
        QCOMPARE(plan.stages.rows.at(1).at(4).text, QStringLiteral("on warnings: engineering lead"));
        QCOMPARE(plan.lines.last(),
                 QStringLiteral("The way back: traffic to 0 % → Bring the stable version back to full "
                                "strength → All answers name the stable version and its error rate "
                                "is back."));
    }
};

SLUICE_UI_TEST_MAIN(StartTest)
#include "start_test.moc"
