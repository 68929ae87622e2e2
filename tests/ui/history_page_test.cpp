// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSemaphore>
#include <QTableWidget>
#include <QTemporaryDir>
#include <set>

#include "tests/ui/console_stand.h"
#include "ui/history/evidence_export.h"
#include "ui/history/history_list.h"

using namespace sluice;

namespace {

/// Counts how often a widget gets another size.
struct Resizes : QObject {
    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        if (event->type() == QEvent::Resize) ++count;
        return false;
    }
    int count{0};
};

/// The console on the History page, everything read.
struct HistoryStand : test::ConsoleStand {
    explicit HistoryStand(support::Scene scene = support::Scene::Live)
        : ConsoleStand(scene)
    {
        key(Qt::Key_3);
        answers();
    }
    void answers()
    {
        bridge.finishReads();
        test::settle();
    }
    QTableWidget* list() const { return find<QTableWidget>("history.list"); }
    QListWidget* timeline() const { return find<QListWidget>("history.timeline"); }
    QLabel* label(const char* name) const { return find<QLabel>(name); }
    QLineEdit* line() const { return find<QLineEdit>("history.filter"); }
    QString service(int row) const { return list()->item(row, 1)->text(); }
    void type(const QString& words)
    {
        key(Qt::Key_Slash);
        QTest::keyClicks(QApplication::focusWidget(), words);
        answers();
    }
};

} // namespace

class HistoryPageTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void liveAndPastRolloutsAreListedNewestFirst()
    {
        const HistoryStand stand;
        QCOMPARE(stand.list()->rowCount(), 7);
        QCOMPARE(stand.service(0), QStringLiteral("checkout"));
        QCOMPARE(stand.service(3), QStringLiteral("recommend"));
        QVERIFY(stand.list()->hasFocus());
    }

    void theFilterIsReachedAndUsedByKeys()
    {
        HistoryStand stand;
        stand.type(QStringLiteral("service:payments outcome:stable"));
        QCOMPARE(stand.list()->rowCount(), 1);
        QVERIFY(stand.label("history.count")->text().startsWith(QStringLiteral("Rollouts: 1")));
        stand.key(Qt::Key_Return);
        QVERIFY(stand.list()->hasFocus());
    }

    void aFilterThatIsNotUnderstoodSaysWhereAndKeepsTheList()
    {
        HistoryStand stand;
        stand.type(QStringLiteral("by:ana -since:7d"));
        QVERIFY(stand.label("history.problem")->isVisible());
        QVERIFY(stand.label("history.problem")->text().contains(QStringLiteral("Column 8")));
        QCOMPARE(stand.list()->rowCount(), 1);
    }

    void aFilterWithoutMatchOffersToClearIt()
    {
        HistoryStand stand;
        stand.type(QStringLiteral("service:nobody"));
        auto* next =
            stand.window.page(QStringLiteral("history"))->findChild<QPushButton*>(QStringLiteral("empty.next"));
        QVERIFY(next != nullptr && next->isVisible());
        next->click();
        stand.answers();
        QCOMPARE(stand.list()->rowCount(), 7);
    }

    void aFilterWithoutMatchNeverSaysThatTheJournalIsEmpty()
    {
        HistoryStand stand;
        stand.type(QStringLiteral("service:nobody"));
        QTest::keyClicks(stand.find<QLineEdit>("history.filter"), QStringLiteral(" outcome:"));
        stand.answers();
        // Something happens in the fleet, so the list is read again.
        auto next = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        next->rollouts.pop_back();
        stand.engine.publish(next);
        stand.answers();
        const auto* page = stand.window.page(QStringLiteral("history"));
        QStringList words;
        for (const QLabel* label : page->findChildren<QLabel*>())
            if (label->isVisible()) words << label->text();
        QVERIFY2(words.contains(QStringLiteral("No rollout matches this filter")),
                 qPrintable(words.join(QLatin1Char('|'))));
        QVERIFY(page->findChild<QPushButton*>(QStringLiteral("empty.next"))->text().contains(QStringLiteral("filter")));
    }

    void theListSaysWhyAndWhoAgreedWhereThereIsRoom()
    {
        HistoryStand stand;
        constexpr int kWhy = 7;
        int back = -1;
        for (int row = 0; row < stand.list()->rowCount(); ++row)
            if (stand.list()->item(row, 4)->text().contains(QStringLiteral("rolled back"))) back = row;
        QVERIFY(back >= 0);
        const QString why = stand.list()->item(back, kWhy)->text();
        QVERIFY2(why.startsWith(QStringLiteral("by itself: Latency p95 was 980 ms")), qPrintable(why));
        QVERIFY2(why.endsWith(QStringLiteral("approved by ben")), qPrintable(why));
        QVERIFY(stand.list()->item(back, 4)->text().contains(QStringLiteral("at 25")));
        QCOMPARE(stand.list()->item(back, 1)->toolTip(), why);
        QVERIFY(stand.list()->isColumnHidden(kWhy));
        stand.window.resize(2200, 900);
        stand.answers();
        QVERIFY(!stand.list()->isColumnHidden(kWhy));
    }

    void aSummaryIsAskedForOnceAndInPortions()
    {
        constexpr int kPatienceMs = 10'000;
        QSemaphore mayAnswer;
        HistoryStand stand;
        const auto known = static_cast<std::ptrdiff_t>(stand.engine.summariesAsked().size());
        constexpr int kMore = 50;
        for (int i = 0; i < kMore; ++i)
            stand.engine.rows.push_back(
                support::sampleRow("media/dev", "1", std::to_string(i), "stable", 20 + i, "ana"));
        stand.engine.beforeSummaries = [&mayAnswer] { mayAnswer.tryAcquire(1, kPatienceMs); };
        auto next = std::make_shared<engine::Snapshot>(*support::sampleSnapshot());
        // While the first answer is not there, the list is read again and again.
        for (int version = 1; version <= 3; ++version) {
            auto moved = std::make_shared<engine::RolloutView>(*next->rollouts.front());
            moved->state.version += version;
            next->rollouts.front() = moved;
            stand.engine.rows.push_back(
                support::sampleRow("media/dev", "1", "live" + std::to_string(version), "", 80, "ana"));
            stand.engine.publish(std::make_shared<engine::Snapshot>(*next));
            QTRY_COMPARE(stand.list()->rowCount(), 7 + kMore + version);
        }
        mayAnswer.release(kMore);
        stand.answers();
        std::set<RolloutId> once;
        const auto asked = stand.engine.summariesAsked();
        for (auto portion = asked.begin() + known; portion != asked.end(); ++portion) {
            QVERIFY(portion->size() <= 20);
            for (const RolloutId& id : *portion)
                QVERIFY2(once.insert(id).second, id.value.c_str());
        }
        QCOMPARE(once.size(), size_t{kMore});
    }

    void theWhyColumnComesOnceWithTheWidthAndStays()
    {
        QWidget root;
        ui::applyTheme(&root, ui::ThemeKind::Dark);
        ui::HistoryList list(&root);
        ui::HistoryRow row{
            .id = QStringLiteral("r"), .started = QStringLiteral("12:50"), .outcome = QStringLiteral("✓")};
        // Wrapped lines are taller: with them the list needs a scroll bar, without them it needs none.
        row.why = QStringLiteral("by itself: Latency p95 was 980 ms over 2 × baseline for 5 min · approved by ben");
        list.present(QList<ui::HistoryRow>(8, row));
        Resizes resizes;
        list.viewport()->installEventFilter(&resizes);
        root.resize(1000, 320);
        root.show();
        constexpr int kWhy = 7;
        bool shown = false;
        for (int width = 300; width < 1000; ++width) {
            resizes.count = 0;
            list.setGeometry(0, 0, width, 320);
            test::settle();
            QVERIFY2(resizes.count <= 4, qPrintable(QString::number(width)));
            QVERIFY2(!shown || !list.isColumnHidden(kWhy), qPrintable(QString::number(width)));
            shown = !list.isColumnHidden(kWhy);
        }
        QVERIFY(shown);
    }

    void enterOpensARolloutAndBackspaceGoesBackToIt()
    {
        HistoryStand stand;
        for (int i = 0; i < 3; ++i)
            stand.key(Qt::Key_Down);
        stand.answers();
        stand.key(Qt::Key_Return);
        QVERIFY(!stand.list()->isVisible());
        QVERIFY(stand.timeline()->hasFocus());
        QVERIFY(stand.timeline()
                    ->currentItem()
                    ->data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("Trigger p95-1 fired")));
        stand.key(Qt::Key_Backspace);
        QVERIFY(stand.list()->isVisible() && stand.list()->hasFocus());
        QCOMPARE(stand.service(stand.list()->currentRow()), QStringLiteral("recommend"));
    }

    void anArrowKeyShowsTheNextDecisionWithItsNumbers()
    {
        HistoryStand stand;
        stand.window.showObject(QStringLiteral("history"), QStringLiteral("r-20261121-125000-5e1d"));
        stand.answers();
        stand.key(Qt::Key_Down);
        auto* decision = stand.find<QWidget>("history.decision");
        QStringList words;
        for (const QLabel* label : decision->findChildren<QLabel*>())
            words << label->text();
        QVERIFY2(words.join(QLatin1Char('|')).contains(QStringLiteral("trigger fires")),
                 qPrintable(words.join(QLatin1Char('|'))));
    }

    void bookkeepingIsShownOnRequest()
    {
        HistoryStand stand;
        stand.window.showObject(QStringLiteral("history"), QStringLiteral("r-20261121-125000-5e1d"));
        stand.answers();
        const auto hidden = [&stand] {
            int count = 0;
            for (int row = 0; row < stand.timeline()->count(); ++row)
                count += stand.timeline()->isRowHidden(row) ? 1 : 0;
            return count;
        };
        QCOMPARE(hidden(), 3);
        stand.key(Qt::Key_K);
        QCOMPARE(hidden(), 0);
    }

    void aFilterLineOpensThePageOnIt()
    {
        HistoryStand stand;
        stand.window.showObject(QStringLiteral("history"), QStringLiteral("service:gateway"));
        stand.answers();
        QCOMPARE(stand.list()->rowCount(), 1);
        QCOMPARE(stand.line()->text(), QStringLiteral("service:gateway"));
    }

    void theRolloutPageLeadsHereWithItsRollout()
    {
        HistoryStand stand;
        stand.key(Qt::Key_2);
        stand.window.actions().trigger(QStringLiteral("rollout.history"));
        stand.answers();
        QCOMPARE(stand.window.currentPage(), QStringLiteral("history"));
        QVERIFY(!stand.list()->isVisible());
    }

    void aRolloutThatEndedLongAgoOpensHere()
    {
        HistoryStand stand;
        stand.key(Qt::Key_1);
        stand.window.showRollout(QStringLiteral("r-20261121-125000-5e1d"));
        stand.answers();
        QCOMPARE(stand.window.currentPage(), QStringLiteral("history"));
        QVERIFY(stand.timeline()->isVisible() && stand.timeline()->count() > 0);
    }

    void theFleetLeadsToThePastRolloutsOfAService()
    {
        HistoryStand stand;
        stand.key(Qt::Key_1);
        stand.key(Qt::Key_I);
        stand.answers();
        QCOMPARE(stand.line()->text(), QStringLiteral("target:checkout/production"));
        QCOMPARE(stand.list()->rowCount(), 1);
    }

    void theChainIsVerifiedByKeyWithOneAnswer()
    {
        HistoryStand stand;
        stand.key(Qt::Key_V);
        stand.answers();
        QVERIFY(stand.label("history.said")->text().startsWith(QStringLiteral("✓ Audit chain verified")));
        stand.engine.verdict = {.intact = false, .firstDamaged = 312, .what = "its hash does not fit"};
        stand.key(Qt::Key_V);
        stand.answers();
        QVERIFY(stand.label("history.said")->text().contains(QStringLiteral("damaged from event 312")));
    }

    void aRolloutThatStartsAppearsByItself()
    {
        HistoryStand stand(support::Scene::Quiet);
        const int before = stand.list()->rowCount();
        stand.engine.rows.insert(stand.engine.rows.begin(), support::sampleRow("media/dev", "1", "2", "", 0, "ana"));
        stand.engine.publish(support::sampleSnapshot(support::Scene::Live));
        test::settle();
        stand.answers();
        QCOMPARE(stand.list()->rowCount(), before + 1);
    }

    void anEmptyJournalSaysWhatBelongsHere()
    {
        HistoryStand stand(support::Scene::Empty);
        stand.engine.rows.clear();
        stand.engine.publish(support::sampleSnapshot(support::Scene::Live));
        test::settle();
        stand.answers();
        auto* empty =
            stand.window.page(QStringLiteral("history"))->findChild<QPushButton*>(QStringLiteral("empty.next"));
        QVERIFY(empty->isVisible());
        QCOMPARE(empty->text(), QStringLiteral("Open Fleet"));
    }

    void exportedEvidenceHoldsEveryEventWithItsHash()
    {
        const auto history = support::sampleRollback();
        const QJsonObject root = QJsonDocument::fromJson(ui::evidenceJson(history)).object();
        QCOMPARE(root[QLatin1String("zone")].toString(), QStringLiteral("UTC"));
        const QJsonArray events = root[QLatin1String("events")].toArray();
        QCOMPARE(static_cast<size_t>(events.size()), history.events.size());
        QCOMPARE(events.first()[QLatin1String("hash")].toString(), ui::text(history.events.front().hash));
        QCOMPARE(events.first()[QLatin1String("at")].toString(), QStringLiteral("2026-11-21T11:50:00.000Z"));
        QCOMPARE(events.first()[QLatin1String("body")][QLatin1String("to_version")].toString(),
                 QStringLiteral("11.2.0"));
    }

    void anExportThatFailsLeavesWhatWasThere()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("evidence.json"));
        QVERIFY(ui::writeWhole(path, "old").ok());
        QVERIFY(!ui::writeWhole(folder.filePath(QStringLiteral("none/evidence.json")), "new").ok());
        QVERIFY(ui::writeWhole(path, "new").ok());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("new"));
    }

    void aFileNameTakesNothingStrange()
    {
        QCOMPARE(ui::evidenceFileName(QStringLiteral("a/b c"), QStringLiteral("x:y"), QStringLiteral("r-1")),
                 QStringLiteral("a_b_c-x_y-r-1.json"));
    }
};

SLUICE_UI_TEST_MAIN(HistoryPageTest)
#include "history_page_test.moc"
