// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "tests/ui/console_stand.h"
#include "ui/history/evidence_table.h"
#include "ui/history/history_presenter.h"
#include "ui/history/history_rows.h"

using namespace sluice;

Q_DECLARE_METATYPE(sluice::engine::RolloutSummary)
using ui::HistoryPresenter;

namespace {

struct Seen {
    engine::RolloutHistory history{support::sampleRollback()};
    std::shared_ptr<const engine::Snapshot> snapshot{support::sampleSnapshot()};
    rollout::Actor me{test::lead()};
    ui::Formats formats{test::formats()};

    ui::HistoryDetailData detail() const
    {
        return HistoryPresenter::detail(history, {history.view, *snapshot, me, formats});
    }
};

const ui::Decision* named(const QList<ui::Decision>& all, const char* words)
{
    const auto found =
        std::ranges::find_if(all, [words](const ui::Decision& one) { return one.text.contains(QLatin1String(words)); });
    return found == all.end() ? nullptr : &*found;
}

QString cells(const ui::FactTableData& table)
{
    QStringList words;
    for (const auto& row : table.rows)
        for (const auto& cell : row)
            words << cell.text;
    return words.join(QLatin1Char('|')).replace(QChar(0x00A0), QLatin1Char(' '));
}

} // namespace

class HistoryPresenterTest : public QObject {
    Q_OBJECT

private slots:
    void everyDecisionIsThereWithTimeAndPerson()
    {
        const Seen seen;
        const auto all = seen.detail().decisions;
        QCOMPARE(static_cast<size_t>(all.size()), seen.history.events.size());
        QCOMPARE(all.first().time, QStringLiteral("12:50:00"));
        QCOMPARE(all.first().by, QStringLiteral("ana (release manager)"));
        QCOMPARE(all.last().by, QStringLiteral("the engine"));
    }

    void aHashIsShortAndStandsWholeInItsToolTip()
    {
        const Seen seen;
        const auto detail = seen.detail();
        const auto& facts = detail.decisions.first().facts;
        for (const auto& row : facts.rows) {
            if (row.first().text != QStringLiteral("Playbook hash")) continue;
            QCOMPARE(row.last().text.size(), qsizetype{12});
            QCOMPARE(row.last().whole.size(), qsizetype{64});
            QVERIFY(row.last().whole.startsWith(row.last().text));
            return;
        }
        QFAIL("no hash");
    }

    void aTriggerShowsItsValueAgainstItsLimit()
    {
        const Seen seen;
        const auto all = seen.detail().decisions;
        const ui::Decision* fired = named(all, "fired");
        QVERIFY(fired != nullptr);
        QCOMPARE(cells(fired->numbers), QStringLiteral("Latency p95|980 ms|824 ms|5 min"));
        QCOMPARE(fired->tone, ui::Tone::Critical);
        QVERIFY(cells(fired->facts).contains(QStringLiteral("more than 100 % above its baseline")));
    }

    void anApprovalShowsTheDigestOfWhatWasSeen()
    {
        const Seen seen;
        const auto all = seen.detail().decisions;
        const ui::Decision* asked = named(all, "requested");
        const ui::Decision* given = named(all, "approved");
        QVERIFY(asked != nullptr && given != nullptr);
        for (const ui::Decision* one : {asked, given})
            QCOMPARE(std::ranges::count_if(one->facts.rows,
                                           [](const auto& row) {
                                               return row.last().text == QStringLiteral("9b1e4d0c2f7a") &&
                                                      row.last().whole.startsWith(QStringLiteral("9b1e4d0c2f7a86b35d"));
                                           }),
                     1);
        QVERIFY(cells(asked->numbers).contains(QStringLiteral("Latency p95|412 ms|503 ms|1 200 ms|✓ within")));
        QVERIFY(asked->note.contains(QStringLiteral("0.8")));
    }

    void aRollbackShowsTheEvidenceItWasDecidedOn()
    {
        const Seen seen;
        const auto all = seen.detail().decisions;
        const ui::Decision* started = named(all, "Rollback to 11.1.9 started");
        QVERIFY(started != nullptr);
        QVERIFY(cells(started->numbers).contains(QStringLiteral("Latency p95|—|980 ms|824 ms|◆ trigger fires")));
        QVERIFY(cells(started->facts).contains(QStringLiteral("13:46:00 CET")));
    }

    void bookkeepingIsMarkedAsMinor()
    {
        const Seen seen;
        const auto all = seen.detail().decisions;
        QVERIFY(named(all, "credited")->minor);
        QVERIFY(!named(all, "fired")->minor);
    }

    void whatDecidedTheEndIsSelectedFirst()
    {
        const Seen seen;
        const auto detail = seen.detail();
        QVERIFY(detail.decisions.at(detail.decisive).text.contains(QStringLiteral("fired")));
    }

    void bothClocksOfTheRollbackAreShown()
    {
        const Seen seen;
        const auto detail = seen.detail();
        QVERIFY(detail.rollback.has_value());
        QCOMPARE(detail.rollback->promiseValue, QStringLiteral("0.04\u00A0s"));
        QCOMPARE(detail.rollback->clock, QStringLiteral("2:04"));
    }

    void aRollbackThatIsUnderWayIsNotToldAsFinished()
    {
        Seen seen;
        QVERIFY(seen.detail().rollbackTimes.endsWith(QStringLiteral("plan finished after 2:04")));
        seen.history.view.state.endedAt.reset();
        QVERIFY(seen.detail().rollbackTimes.contains(QStringLiteral("plan running for")));
    }

    void stagesSayHowFarTheyCame()
    {
        const Seen seen;
        const auto stages = seen.detail().stages.stages;
        QCOMPARE(stages.size(), 5);
        QVERIFY(stages.at(0).corner.startsWith(QStringLiteral("✓")));
        QVERIFY(stages.at(2).detail.contains(QStringLiteral("not passed")));
        QCOMPARE(stages.at(4).detail, QStringLiteral("not reached"));
    }

    void theChartThatDecidedComesFirstAndCoversTheWholeRollout()
    {
        const Seen seen;
        const auto charts = seen.detail().charts;
        QCOMPARE(charts.size(), 6);
        QCOMPARE(charts.first().metric, QStringLiteral("p95"));
        QCOMPARE(charts.first().picture.fromUs, micros(support::sampleTime(13, 57)));
    }

    void goneSamplesAreSaidAndNotDrawn()
    {
        Seen seen;
        seen.history.view.charts = {std::make_shared<const engine::Chart>(engine::Chart{.metric = "p95"})};
        const auto detail = seen.detail();
        QVERIFY(detail.charts.isEmpty());
        QVERIFY(detail.chartsNote.contains(QStringLiteral("gone")));
    }

    void anEndedRolloutSaysWhereItEnded()
    {
        const Seen seen;
        QCOMPARE(seen.detail().outcome.replace(QChar(0x00A0), QLatin1Char(' ')),
                 QStringLiteral("↩ rolled back at 25 %"));
    }

    void evidenceThatCannotBeReadIsNoTable()
    {
        QVERIFY(ui::evidenceRows("not json", nullptr, test::formats()).table.rows.isEmpty());
        QVERIFY(ui::evidenceRows("{}", nullptr, test::formats()).table.rows.isEmpty());
    }

    void theChainsAnswerIsOneSentence_data()
    {
        QTest::addColumn<bool>("intact");
        QTest::addColumn<QString>("says");
        QTest::newRow("intact") << true << "✓ Audit chain verified. Events: 1 203, head: 9b1e4d0c";
        QTest::newRow("damaged") << false << "◆ The audit chain is damaged from event 312 on: its hash does not fit";
    }
    void theChainsAnswerIsOneSentence()
    {
        QFETCH(bool, intact);
        QFETCH(QString, says);
        const ports::ChainVerdict verdict{.intact = intact,
                                          .events = 1203,
                                          .firstDamaged = 312,
                                          .what = "its hash does not fit",
                                          .head = "9b1e4d0c2f7a"};
        const QString words = HistoryPresenter::chain(verdict, test::formats()).text;
        QCOMPARE(QString(words).replace(QChar(0x00A0), QLatin1Char(' ')), says);
    }

    void theCountSaysWhetherTheJournalGoesOn_data()
    {
        QTest::addColumn<int>("rolledBack");
        QTest::addColumn<bool>("more");
        QTest::addColumn<QString>("says");
        QTest::newRow("all") << 0 << false << "Rollouts: 2";
        QTest::newRow("some back") << 1 << false << "Rollouts: 3, rolled back: 1";
        QTest::newRow("newest") << 0 << true << "Newest rollouts: 2";
        QTest::newRow("newest, some back") << 2 << true << "Newest rollouts: 4, rolled back: 2";
    }
    void theCountSaysWhetherTheJournalGoesOn()
    {
        QFETCH(int, rolledBack);
        QFETCH(bool, more);
        QFETCH(QString, says);
        std::vector<ports::RolloutRow> rows(2, support::sampleRow("media/dev", "1", "2", "stable", 0, "ana"));
        rows.insert(rows.end(), static_cast<size_t>(rolledBack),
                    support::sampleRow("media/dev", "1", "2", "rolled-back", 0, "ana"));
        QCOMPARE(ui::countWords(rows, more), says);
    }

    void aLiveRowSaysWhatTheEngineShows()
    {
        const auto snapshot = support::sampleSnapshot();
        ports::RolloutRow row = support::sampleRow("checkout/production", "2.3.0", "2.4.0", "", 0, "release-bot");
        row.id = snapshot->rollouts.front()->state.id;
        const ui::HistoryRow shown = ui::historyRow(row, ui::targetNames(*snapshot), *snapshot, test::formats());
        QVERIFY(shown.live);
        QCOMPARE(QString(shown.outcome).replace(QChar(0x00A0), QLatin1Char(' ')), QStringLiteral("▲ Watch at 10 %"));
    }

    void aLineSaysWhoEndedItAndWhoAgreed_data()
    {
        using rollout::RollbackCause;
        QTest::addColumn<engine::RolloutSummary>("summary");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<QString>("why");
        const auto back = [](RollbackCause cause, const char* why) {
            return rollout::RollbackProgress{.cause = cause, .because = why, .by = PersonId("ana")};
        };
        const Weight quarter = *Weight::parse(2500);
        QTest::newRow("agreed") << engine::RolloutSummary{.approvedBy = {PersonId("lead"), PersonId("ben")}}
                                << QStringLiteral("x") << QStringLiteral("approved by lead, ben");
        QTest::newRow("by itself") << engine::RolloutSummary{.rollback = back(RollbackCause::Trigger, "p95"),
                                                             .share = quarter,
                                                             .approvedBy = {PersonId("lead")}}
                                   << QStringLiteral("x at 25 %")
                                   << QStringLiteral("by itself: p95 · approved by lead");
        QTest::newRow("a person") << engine::RolloutSummary{.rollback = back(RollbackCause::Person, "data"),
                                                            .share = quarter}
                                  << QStringLiteral("x at 25 %") << QStringLiteral("by ana: data");
        QTest::newRow("cancelled") << engine::RolloutSummary{.cancelledBecause = "wrong build",
                                                             .cancelledBy = PersonId("ana")}
                                   << QStringLiteral("x") << QStringLiteral("by ana: wrong build");
        QTest::newRow("nothing to say") << engine::RolloutSummary{} << QStringLiteral("x") << QString();
    }
    void aLineSaysWhoEndedItAndWhoAgreed()
    {
        QFETCH(engine::RolloutSummary, summary);
        QFETCH(QString, outcome);
        QFETCH(QString, why);
        ui::HistoryRow row{.outcome = QStringLiteral("x")};
        ui::showSummary(row, summary, test::formats());
        QCOMPARE(row.outcome.replace(QChar(0x00A0), QLatin1Char(' ')), outcome);
        QCOMPARE(row.why, why);
    }

    void rowsAreReadPageByPageUntilThereAreEnough()
    {
        support::FakeEngine engine(support::sampleSnapshot());
        for (int i = 0; i < 1300; ++i) {
            engine.rows.push_back(support::sampleRow(i % 10 == 0 ? "checkout/production" : "search/production", "1",
                                                     std::to_string(i), "stable", i, "ana"));
        }
        const auto now = support::sampleNow().wall;
        const auto filter = ui::HistoryFilter::read(QStringLiteral("service:checkout"), now, test::formats());
        const ui::HistoryRead all = ui::readRows(engine, filter, {}, std::nullopt);
        QCOMPARE(all.rows.size(), size_t{130});
        QVERIFY(!all.last);
        const ui::HistoryRead first = ui::readRows(engine, {}, {}, std::nullopt);
        QCOMPARE(first.rows.size(), size_t{ui::kRowsShown});
        const ui::HistoryRead second = ui::readRows(engine, {}, {}, first.last);
        QCOMPARE(second.rows.front().toVersion, std::to_string(ui::kRowsShown));
    }

    void aDayAlreadyPassedEndsTheReading()
    {
        support::FakeEngine engine(support::sampleSnapshot());
        for (int i = 0; i < 1300; ++i)
            engine.rows.push_back(
                support::sampleRow("checkout/production", "1", std::to_string(i), "stable", i, "ana"));
        const auto filter =
            ui::HistoryFilter::read(QStringLiteral("since:3d"), support::sampleNow().wall, test::formats());
        const ui::HistoryRead read = ui::readRows(engine, filter, {}, std::nullopt);
        QCOMPARE(read.rows.size(), size_t{3});
        QVERIFY(!read.last);
    }
};

SLUICE_UI_TEST_MAIN(HistoryPresenterTest)
#include "history_presenter_test.moc"
