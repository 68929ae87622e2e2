// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

#include "tests/ui/console_stand.h"
#include "ui/fleet/fleet_table.h"

using namespace sluice;
using test::ConsoleStand;

namespace {

/// The fleet page with the keyboard on its table.
struct FleetStand : ConsoleStand {
    explicit FleetStand(support::Scene scene = support::Scene::Live)
        : ConsoleStand(scene)
    {
        window.showPage(QStringLiteral("fleet"));
        test::settle();
    }
    ui::FleetTable* table() const { return find<ui::FleetTable>("fleet.table"); }
    void type(const QString& words)
    {
        QTest::keyClicks(QApplication::focusWidget(), words);
        test::settle();
    }
    void show(const std::shared_ptr<const engine::Snapshot>& snapshot)
    {
        engine.publish(snapshot);
        QTRY_COMPARE(bridge.latest(), snapshot);
        test::settle();
    }
};

} // namespace

class FleetTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void enterOpensTheRolloutOfTheRow()
    {
        FleetStand fleet;
        QCOMPARE(fleet.table()->current(), QStringLiteral("checkout/production"));
        fleet.key(Qt::Key_J);
        fleet.key(Qt::Key_Return);
        QCOMPARE(fleet.window.currentPage(), QStringLiteral("rollout"));
        QCOMPARE(fleet.window.page(QStringLiteral("rollout"))->shownObject(), QStringLiteral("r-20261121-133000-2b7c"));
    }

    void aChipLeadsToWhatWaitsForMe()
    {
        FleetStand fleet;
        auto* chip = fleet.find<QPushButton>("fleet.chip.0");
        QCOMPARE(chip->text(), QStringLiteral("▲ Needs you as engineering lead"));
        QTest::mouseClick(chip, Qt::LeftButton);
        QCOMPARE(fleet.window.currentPage(), QStringLiteral("rollout"));
    }

    void theFilterKeyFiltersAndEnterGoesBackToTheRows()
    {
        FleetStand fleet;
        fleet.key(Qt::Key_F);
        fleet.type(QStringLiteral("pay"));
        QCOMPARE(fleet.table()->rows().rowCount(), 1);
        fleet.key(Qt::Key_Return);
        QCOMPARE(QApplication::focusWidget(), fleet.table());
        QCOMPARE(fleet.table()->current(), QStringLiteral("payments/production"));
    }

    void aFilterThatFitsNothingSaysSoAndCanBeCleared()
    {
        FleetStand fleet;
        fleet.key(Qt::Key_F);
        fleet.type(QStringLiteral("zebra"));
        auto* clear = fleet.window.page(QStringLiteral("fleet"))->findChild<QPushButton*>(QStringLiteral("empty.next"));
        QVERIFY(clear != nullptr && clear->isVisible());
        QTest::mouseClick(clear, Qt::LeftButton);
        test::settle();
        QCOMPARE(fleet.table()->rows().rowCount(), 8);
    }

    void theKeyboardStaysOnItsServiceWhenRowsMove()
    {
        FleetStand fleet;
        fleet.key(Qt::Key_J);
        fleet.key(Qt::Key_J);
        const QString before = fleet.table()->current();
        fleet.show(support::sampleSnapshot(support::Scene::Quiet));
        QCOMPARE(fleet.table()->current(), before);
    }

    void stopEverythingIsArmedFirstAndFiredByItsOwnKey()
    {
        FleetStand fleet;
        QTest::mouseClick(fleet.find<QPushButton>("fleet.stopAll"), Qt::LeftButton);
        test::settle();
        QVERIFY(fleet.window.emergency().armed());
        QVERIFY(fleet.engine.asked.empty());
        fleet.key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(fleet.lastAsked<rollout::EmergencyStop>() != nullptr);
    }

    void aStopInForceIsClearedWithAReason()
    {
        FleetStand fleet(support::Scene::Quiet);
        auto stopped = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(support::Scene::Quiet));
        for (auto& target : stopped->targets)
            target.stop = engine::StopView{};
        fleet.show(stopped);
        QTest::mouseClick(fleet.find<QPushButton>("fleet.clearStop"), Qt::LeftButton);
        test::settle();
        auto* confirm = fleet.find<QPushButton>("reason.confirm");
        QVERIFY(!confirm->isEnabled());
        fleet.type(QStringLiteral("the database is back"));
        QTest::mouseClick(confirm, Qt::LeftButton);
        const auto* asked = fleet.lastAsked<rollout::ClearStop>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->reason, std::string("the database is back"));
    }

    void ofThousandsOfServicesOnlyThoseThatChangedAreShownAnew()
    {
        auto many = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        engine::TargetView pattern = many->targets.back();
        pattern.sparkline.clear();
        many->targets.reserve(many->targets.size() + 5000);
        for (int i = 0; i < 5000; ++i) {
            pattern.id = TargetId("service-" + std::to_string(i) + "/dev");
            pattern.service = "service-" + std::to_string(i);
            many->targets.push_back(pattern);
        }
        FleetStand fleet;
        fleet.show(many);
        QCOMPARE(fleet.table()->rows().rowCount(), 5008);
        QSignalSpy anew(&fleet.table()->rows(), &QAbstractItemModel::dataChanged);
        auto next = std::make_shared<engine::Snapshot>(*many);
        next->number = 2;
        next->targets.back().stableVersion = "v9.9.9";
        fleet.window.page(QStringLiteral("fleet"))->showSnapshot(*next);
        QCOMPARE(anew.count(), 1);
    }
};

SLUICE_UI_TEST_MAIN(FleetTest)
#include "fleet_test.moc"
