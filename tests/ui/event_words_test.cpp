// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "tests/ui/console_stand.h"
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
        const auto me = test::lead();
        const auto formats = test::formats();
        const LongText language;
        const auto lines = ui::RolloutPresenter::log({view, *snapshot, me, formats}).lines;
        QCOMPARE(lines.first().text, QStringLiteral("Told elsewhere"));
        QVERIFY2(lines.last().text.startsWith(QLatin1Char('[')), qPrintable(lines.last().text));
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
