// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QListWidget>
#include <QTableWidget>
#include <QTemporaryDir>

#include "core/engine/history.h"
#include "core/journal/sqlite_journal.h"
#include "core/journal/sqlite_sample_store.h"
#include "tests/core/engine/simulated_release.h"
#include "tests/ui/console_stand.h"

// The page over a journal that the engine itself wrote, in SQLite.

using namespace sluice;
using namespace std::chrono_literals;

namespace {

/// Reads as the real engine does: each look opens the files anew.
class JournalEngine : public support::FakeEngine {
public:
    JournalEngine(Shown snapshot, std::string folder, const ports::Clock& clock, const Connections& connections)
        : FakeEngine(std::move(snapshot))
        , m_folder(std::move(folder))
        , m_clock(clock)
        , m_connections(connections)
    {
    }
    Result<std::vector<ports::RolloutRow>> history(int limit,
                                                   const std::optional<ports::RolloutRow>& after) const override
    {
        auto journal = open();
        return after ? journal->rolloutsAfter(*after, limit) : journal->rollouts(false, limit);
    }
    Result<engine::RolloutHistory> rolloutHistory(const RolloutId& id) const override
    {
        auto samples = journal::SqliteSampleStore::open(m_folder + "/samples.db", m_clock, journal::OpenMode::Observe);
        return engine::readHistory(*open(), samples.ok() ? samples.value().get() : nullptr, m_connections, id);
    }
    Result<std::vector<engine::RolloutSummary>> rolloutSummaries(const std::vector<RolloutId>& ids) const override
    {
        std::vector<engine::RolloutSummary> out;
        for (const RolloutId& id : ids)
            out.push_back(engine::readSummary(*open(), id).value());
        return out;
    }
    Result<ports::ChainVerdict> verifyJournal() const override { return open()->verify(); }

private:
    std::unique_ptr<journal::SqliteJournal> open() const
    {
        auto opened = journal::SqliteJournal::open(m_folder + "/journal.db", m_clock, journal::OpenMode::Observe);
        SLUICE_CHECK(opened.ok());
        return std::move(opened).value();
    }

    std::string m_folder;
    const ports::Clock& m_clock;
    const Connections& m_connections;
};

/// A release over SQLite whose new version turns bad at its second stage.
struct BadRelease {
    explicit BadRelease(const std::string& folder)
    {
        const ports::Clock& clock = release.fleet.world().clock();
        auto opened = journal::SqliteJournal::open(folder + "/journal.db", clock, journal::OpenMode::Create);
        auto stored = journal::SqliteSampleStore::open(folder + "/samples.db", clock, journal::OpenMode::Create);
        SLUICE_CHECK(opened.ok() && stored.ok());
        journal = std::move(opened).value();
        samples = std::move(stored).value();
        release.kill();
        auto started = release.fleet.startEngine("over-sqlite", *journal, samples.get());
        SLUICE_CHECK(started.ok());
        release.engine = started.value();
    }
    bool play()
    {
        if (!release.start().ok()) return false;
        const auto bakes = [this] {
            release.helpAlong();
            return release.view() != nullptr && release.view()->state.stage == 1 &&
                   release.phase() == rollout::Phase::Baking;
        };
        if (!release.until(bakes, 3min)) return false;
        release.service->canaryBehaviour.errorRate = 0.3;
        return release.toTheEnd(2min) && release.phase() == rollout::Phase::RolledBack;
    }

    std::unique_ptr<journal::SqliteJournal> journal{};
    std::unique_ptr<journal::SqliteSampleStore> samples{};
    testing::SimulatedRelease release{};
};

QString wordsOf(const QWidget* widget)
{
    QStringList words;
    for (const QLabel* label : widget->findChildren<QLabel*>())
        if (label->isVisible()) words << label->text();
    return words.join(QLatin1Char('|')).replace(QChar(0x00A0), QLatin1Char(' '));
}

} // namespace

class HistoryJournalTest : public QObject {
    Q_OBJECT

private slots:
    void theTriggerOfARollbackIsShownWithTheNumbersThatTheJournalHolds()
    {
        const QTemporaryDir folder;
        BadRelease bad(folder.path().toStdString());
        QVERIFY(bad.play());
        JournalEngine engine(bad.release.engine->core.latest(), folder.path().toStdString(),
                             bad.release.fleet.world().clock(), bad.release.fleet.connections());
        const auto written = engine.rolloutHistory(bad.release.rollout);
        QVERIFY(written.ok());
        const rollout::TriggerFired* fired = nullptr;
        for (const auto& decided : written.value().decided)
            if (fired == nullptr) fired = std::get_if<rollout::TriggerFired>(&decided.event);
        QVERIFY(fired != nullptr && fired->observed && fired->limit);

        const engine::RolloutSummary summary = engine.rolloutSummaries({bad.release.rollout}).value().front();
        QVERIFY(summary.rollback && summary.rollback->trigger == fired->trigger);
        QVERIFY(summary.share == *Weight::parse(1000));

        const ui::Formats formats = test::formats();
        ui::EngineBridge bridge(engine, test::lead());
        ui::MainWindow window(bridge, formats, ui::consolePages());
        window.resize(1440, 900);
        window.show();
        window.showObject(QStringLiteral("history"), ui::text(bad.release.rollout.value));
        bridge.finishReads();
        test::settle();

        const auto* timeline = window.findChild<QListWidget*>(QStringLiteral("history.timeline"));
        QCOMPARE(static_cast<size_t>(timeline->count()), written.value().events.size());
        const QString shown = wordsOf(window.findChild<QWidget*>(QStringLiteral("history.decision")));
        QVERIFY2(shown.contains(QStringLiteral("Trigger ") + ui::text(fired->trigger)), qPrintable(shown));
        for (const int64_t value : {*fired->observed, *fired->limit}) {
            const QString number = ui::valueText(value, Unit::Ratio, formats,
                                                 value == *fired->limit ? ui::Digits::Trimmed : ui::Digits::Even)
                                       .replace(QChar(0x00A0), QLatin1Char(' '));
            QVERIFY2(shown.contains(number), qPrintable(number + QStringLiteral(" in ") + shown));
        }
        QVERIFY(!window.findChild<QLabel*>(QStringLiteral("history.chartsNote"))->isVisible());

        window.actions().trigger(QStringLiteral("history.verify"));
        bridge.finishReads();
        QVERIFY(window.findChild<QLabel*>(QStringLiteral("history.said"))->text().startsWith(QStringLiteral("✓")));
    }
};

SLUICE_UI_TEST_MAIN(HistoryJournalTest)
#include "history_journal_test.moc"
