// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <utility>

#include "core/engine/snapshot_json.h"
#include "tests/ui/console_stand.h"
#include "ui/history/decision_presenter.h"
#include "ui/rollout/event_words.h"
#include "ui/rollout/rollout_presenter.h"
#include "ui/screens/pseudo_language.h"
#include "ui/shell/status_presenter.h"

using namespace sluice;
using namespace std::chrono_literals;

namespace {

/// One event of each type.
template <size_t... I>
std::vector<rollout::Event> oneOfEach(std::index_sequence<I...> /*types*/)
{
    return {rollout::Event(std::in_place_index<I>)...};
}

std::vector<rollout::Event> oneOfEach()
{
    return oneOfEach(std::make_index_sequence<std::variant_size_v<rollout::Event>>());
}

/// While it lives every translated text stands in brackets.
struct LongText {
    LongText() { QApplication::installTranslator(&language); }
    ~LongText() { QApplication::removeTranslator(&language); }
    ui::PseudoLanguage language{};
};

QStringList logWords(const engine::RolloutView& view)
{
    const auto snapshot = support::sampleSnapshot();
    const auto me = test::lead();
    const auto formats = test::formats();
    QStringList words;
    for (const auto& line : ui::RolloutPresenter::log({view, *snapshot, me, formats}).lines)
        words << line.text;
    return words;
}

} // namespace

class EventWordsTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyTypeOfEventIsToldInTheLanguageOfTheConsole()
    {
        const LongText language;
        for (const rollout::Event& event : oneOfEach()) {
            if (std::holds_alternative<rollout::Commented>(event)) continue; // what a person wrote
            const QString words = ui::eventWords(event, {}, test::formats());
            QVERIFY2(words.startsWith(QLatin1Char('[')) && words.endsWith(QLatin1Char(']')), qPrintable(words));
            QVERIFY2(!words.contains(QLatin1Char('%') + QString::number(1)), qPrintable(words));
        }
    }

    void anEventIsToldWithItsNumbers_data()
    {
        QTest::addColumn<rollout::Event>("event");
        QTest::addColumn<QString>("words");
        const auto row = [](rollout::Event event, const char* words) {
            QTest::newRow(words) << std::move(event) << QString::fromUtf8(words);
        };
        row(rollout::StageApplied{.stage = 1, .proxies = 2, .took = 2s},
            "Weight of stage 2 applied in 2.0 s; proxies: 2");
        row(rollout::StagePassed{.stage = 0, .scoreMilli = 94'300}, "Stage 1 passed with score 94");
        row(rollout::SteppedBack{.from = 1, .to = 0, .because = "ana stepped back"},
            "Stepped back from stage 2 to stage 1, 0 %: ana stepped back");
        row(rollout::TriggerFired{.trigger = "p95-1", .text = "p95 was high since 2026-11-21T13:00:00Z"},
            "Trigger p95-1 fired: p95 was high since 14:00:00");
        row(rollout::RolloutResumed{}, "Resumed");
        row(rollout::Commented{.text = "100 %1 sure"}, "100 %1 sure");
    }
    void anEventIsToldWithItsNumbers()
    {
        QFETCH(rollout::Event, event);
        QFETCH(QString, words);
        QCOMPARE(ui::eventWords(event, {}, test::formats()).replace(QChar(0xA0), QLatin1Char(' ')), words);
    }

    void theLogTellsEventsAndTakesSentencesWhereThereIsNothingElse()
    {
        const auto snapshot = support::sampleSnapshot();
        engine::RolloutView view = *snapshot->rollouts.front();
        const rollout::Decided decided{.event = rollout::BakeDone{.stage = 2}};
        view.log = {engine::logLine(decided, 7, view.state), {.name = "bake_done", .text = "Told elsewhere"}};
        const LongText language;
        const QStringList lines = logWords(view);
        QCOMPARE(lines.first(), QStringLiteral("Told elsewhere"));
        QVERIFY2(lines.last().startsWith(QLatin1Char('[')), qPrintable(lines.last()));
    }

    void aWatchingConsoleTellsTheSameWords()
    {
        engine::Snapshot snapshot = *support::sampleSnapshot();
        engine::RolloutView view = *snapshot.rollouts.front();
        view.state.finalise = {{.title = "Retire the canary"}};
        view.state.rollback.reset();
        view.log.clear();
        for (const rollout::Event& event : oneOfEach())
            view.log.push_back(engine::logLine({.event = event}, 1, view.state));
        snapshot.rollouts = {std::make_shared<const engine::RolloutView>(view)};
        std::map<std::string, std::shared_ptr<const Playbook>> playbooks;
        const auto seen = engine::decodeSnapshot(engine::encodeSnapshot(snapshot), playbooks);
        QVERIFY2(seen.ok(), seen.ok() ? "" : seen.error().detail.c_str());
        const LongText language;
        const QStringList told = logWords(view);
        QCOMPARE(logWords(*seen.value().rollouts.front()), told);
        QCOMPARE(static_cast<size_t>(told.size()), view.log.size() - 2); // credits are not in this log
    }

    void thePictureHasNoEvidenceAndNoEventBeyondItsLimit()
    {
        engine::Snapshot snapshot = *support::sampleSnapshot();
        engine::RolloutView view = *snapshot.rollouts.front();
        const std::string large(100'000, 'x');
        const std::vector<rollout::Event> heavy{
            rollout::RolloutStarted{.playbookText = large}, rollout::BaselineRecorded{.baseline = large},
            rollout::ApprovalRequested{.evidence = large},  rollout::StagePassed{.evidence = large},
            rollout::RollbackStarted{{.evidence = large}},  rollout::DriftCorrected{.proxy = large}};
        view.log.clear();
        for (const rollout::Event& event : heavy)
            view.log.push_back(engine::logLine({.event = event}, 1, view.state));
        view.log.back().text = "Told in one sentence";
        snapshot.rollouts = {std::make_shared<const engine::RolloutView>(view)};
        const std::string json = engine::encodeSnapshot(snapshot);
        QVERIFY2(json.find(large) == std::string::npos,
                 "what only History shows, or what is too large, stays in the journal");
        std::map<std::string, std::shared_ptr<const Playbook>> playbooks;
        const auto seen = engine::decodeSnapshot(json, playbooks);
        QVERIFY(seen.ok());
        const auto& lines = seen.value().rollouts.front()->log;
        for (size_t i = 0; i < lines.size(); ++i)
            QCOMPARE(lines[i].event != nullptr, i + 1 < lines.size());
        QCOMPARE(logWords(*seen.value().rollouts.front()).first(), QStringLiteral("Told in one sentence"));
    }

    void aStepOfTheFinaliseKeepsItsNameAfterARollback()
    {
        engine::RolloutHistory history;
        rollout::Rollout& state = history.view.state;
        const std::vector<rollout::Event> events{
            rollout::FinaliseStarted{{{.title = "New version on the stable pool"}}},
            rollout::StepChanged{.step = 0, .state = rollout::StepState::Failed},
            rollout::RollbackStarted{{.decidedAt = support::sampleTime(14, 3), .steps = {{.title = "All back"}}}},
            rollout::StepChanged{.step = 0, .state = rollout::StepState::Running}};
        for (const rollout::Event& event : events) {
            const auto minute = static_cast<int>(history.decided.size()) + 1;
            history.decided.push_back({.event = event, .at = support::sampleTime(14, minute)});
            history.events.push_back({.version = minute});
            rollout::foldInto(state, history.decided.back());
        }
        // A restarted engine makes the lines with the state that it went on from.
        for (const rollout::Decided& one : history.decided)
            history.view.log.push_back(engine::logLine(one, 1, state));
        const QStringList wanted{QStringLiteral("Step 1 failed: New version on the stable pool"),
                                 QStringLiteral("Step 1 is running: All back")};
        const QStringList log = logWords(history.view);
        QCOMPARE((QStringList{log[2], log[0]}), wanted);
        QVERIFY2(history.view.log[1].text.ends_with("New version on the stable pool"),
                 history.view.log[1].text.c_str());
        const auto decisions = ui::decisions(history, test::formats());
        QCOMPARE((QStringList{decisions[1].text, decisions[3].text}), wanted);
    }

    void whatTheProgramItselfHasIsNamedInItsLanguage()
    {
        auto snapshot = *support::sampleSnapshot();
        snapshot.sources = {{.name = "Journal", .kind = "store", .state = engine::SourceStatus::State::Fresh}};
        snapshot.engine.role = engine::EngineStatus::Role::Driver;
        snapshot.engine.holder = "the console (ana)";
        const LongText language;
        const auto strip = ui::statusStrip(snapshot, test::formats());
        QVERIFY(!strip.sources.first().text.contains(QLatin1String("Journal")));
        for (const auto& part : strip.engine)
            QVERIFY2(!part.text.contains(QLatin1String("console")), qPrintable(part.text));
    }
};

SLUICE_UI_TEST_MAIN(EventWordsTest)
#include "event_words_test.moc"
