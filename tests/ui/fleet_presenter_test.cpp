// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/console_stand.h"
#include "tests/ui/plain_words.h"
#include "ui/emergency/stop_words.h"
#include "ui/fleet/fleet_presenter.h"

using namespace sluice;
using test::plain;
using ui::FleetData;
using ui::FleetRow;
using ui::Tone;

namespace {

FleetData shown(const rollout::Actor& me = test::lead(), support::Scene scene = support::Scene::Live)
{
    return ui::fleet(*support::sampleSnapshot(scene), me, test::formats());
}

FleetRow rowOf(const FleetData& data, const char* target)
{
    for (const FleetRow& row : data.rows)
        if (row.target == QLatin1String(target)) return row;
    return {};
}

/// Numbers and units are joined by no-break spaces; a test reads better with plain ones.
QStringList chips(const FleetData& data)
{
    QStringList out;
    for (const auto& chip : data.chips)
        out << chip.text;
    return out;
}

} // namespace

class FleetPresenterTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void whatNeedsMeIsFirstThenWhatFails()
    {
        const FleetData data = shown();
        QCOMPARE(data.rows.at(0).target, QStringLiteral("checkout/production"));
        QCOMPARE(data.rows.at(1).target, QStringLiteral("search/production"));
        QCOMPARE(data.rows.at(2).target, QStringLiteral("payments/production"));
    }

    void theChipsSayWhatWaitsForWhom()
    {
        QCOMPARE(chips(shown()),
                 (QStringList{QStringLiteral("▲ Needs you as engineering lead"), QStringLiteral("◆ 1 rolling back")}));
        const rollout::Actor guest{.person = PersonId("guest"), .roles = {}, .proof = "os"};
        QCOMPARE(chips(shown(guest)),
                 (QStringList{QStringLiteral("▲ 1 waiting for others"), QStringLiteral("◆ 1 rolling back")}));
        QCOMPARE(chips(shown(test::lead(), support::Scene::Quiet)), QStringList{});
    }

    void askedAndSeenAreTwoNumbers()
    {
        const FleetRow row = rowOf(shown(), "checkout/production");
        QCOMPARE(row.askedPpm, 100'000);
        QVERIFY(row.seenPpm > 0);
        QVERIFY2(plain(row.share).startsWith(QStringLiteral("10 %, seen ")), qPrintable(row.share));
    }

    void theStateOfAHealthyServiceIsGrey()
    {
        QCOMPARE(rowOf(shown(), "notify/production").stateTone, Tone::Text);
        QCOMPARE(rowOf(shown(), "payments/production").stateTone, Tone::Text);
        QCOMPARE(rowOf(shown(), "search/production").stateTone, Tone::Critical);
    }

    void theWaitNamesWhoAndSinceWhen()
    {
        const QString waits = rowOf(shown(), "checkout/production").waits;
        QVERIFY2(waits.contains(QStringLiteral("approval: engineering lead, asked ")), qPrintable(waits));
    }

    void nothingThatIsNotThereIsShownAsZero()
    {
        const FleetRow row = rowOf(shown(), "notify/production");
        QCOMPARE(row.askedPpm, -1);
        QCOMPARE(row.score, ui::dash());
        QCOMPARE(row.share, ui::dash());
        QCOMPARE(row.waits, ui::dash());
    }

    void aStopIsSaidInTheRow()
    {
        auto stopped = std::make_shared<engine::Snapshot>(*support::sampleSnapshot(support::Scene::Quiet));
        stopped->targets[0].stop = engine::StopView{
            .by = PersonId("ana"), .reason = "double charges", .since = stopped->now.wall - std::chrono::minutes(2)};
        const FleetData data = ui::fleet(*stopped, test::lead(), test::formats());
        QVERIFY(data.anyStopped);
        QCOMPARE(data.rows.at(0).target, QStringLiteral("checkout/production"));
        QCOMPARE(data.rows.at(0).stateTone, Tone::Critical);
        QCOMPARE(plain(data.rows.at(0).waits),
                 QStringLiteral("stopped by ana 2 min ago: double charges; nothing starts until somebody clears it"));
        stopped->targets[0].stop->by = PersonId();
        QVERIFY(ui::fleet(*stopped, test::lead(), test::formats())
                    .rows.at(0)
                    .waits.contains(ui::firedBy(*stopped->targets[0].stop)));
    }

    void howItEndedIsSaidForAnHour()
    {
        auto ended = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        auto view = std::make_shared<engine::RolloutView>(*ended->rollouts[0]);
        view->state.phase = rollout::Phase::RolledBack;
        view->state.endedAt = ended->now.wall - std::chrono::minutes(35);
        ended->rollouts[0] = view;
        ended->targets[0].live.reset();
        const FleetRow row = rowOf(ui::fleet(*ended, test::lead(), test::formats()), "checkout/production");
        QVERIFY2(plain(row.waits).endsWith(QStringLiteral("rolled back 35 min ago")), qPrintable(row.waits));
        QCOMPARE(row.rollout, ui::text(view->state.id.value));
    }

    void everyWordOfTheFilterHasToOccur()
    {
        const FleetData data = shown();
        QCOMPARE(ui::filtered(data.rows, QStringLiteral("  ")).size(), 8);
        QCOMPARE(ui::filtered(data.rows, QStringLiteral("STAGING")).size(), 1);
        QCOMPARE(ui::filtered(data.rows, QStringLiteral("production rolling")).size(), 1);
        QCOMPARE(ui::filtered(data.rows, QStringLiteral("staging rolling")).size(), 0);
    }
};

SLUICE_UI_TEST_MAIN(FleetPresenterTest)
#include "fleet_presenter_test.moc"
