// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <thread>

#include "tests/ui/console_stand.h"
#include "ui/bridge/wish.h"

using namespace sluice;

namespace {

std::shared_ptr<const engine::Snapshot> numbered(uint64_t number)
{
    auto snapshot = std::make_shared<engine::Snapshot>();
    snapshot->number = number;
    return snapshot;
}

} // namespace

class BridgeTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void manyPicturesBecomeFewWakeUpsAndTheLastOneArrives()
    {
        support::FakeEngine engine(numbered(0));
        ui::EngineBridge bridge(engine, test::lead());
        constexpr uint64_t kPublished = 10'000;
        std::thread publisher([&engine] {
            for (uint64_t number = 1; number <= kPublished; ++number)
                engine.publish(numbered(number));
        });
        QTRY_COMPARE_WITH_TIMEOUT(bridge.latest()->number, kPublished, 20'000);
        publisher.join();
        QVERIFY(bridge.wakeUps() < static_cast<int>(kPublished));
    }

    void withoutTheEventLoopOneWakeUpIsPending()
    {
        support::FakeEngine engine(numbered(0));
        ui::EngineBridge bridge(engine, test::lead());
        for (uint64_t number = 1; number <= 500; ++number)
            engine.publish(numbered(number));
        test::settle();
        QCOMPARE(bridge.wakeUps(), 1);
        QCOMPARE(bridge.latest()->number, uint64_t{500});
    }

    void thePictureOfBeforeIsThereAtOnce()
    {
        support::FakeEngine engine(numbered(7));
        const ui::EngineBridge bridge(engine, test::lead());
        QCOMPARE(bridge.latest()->number, uint64_t{7});
    }

    void aRefusalComesBackWithItsSentence()
    {
        support::FakeEngine engine(numbered(0));
        engine.answer = Error{Fault::Refused, "The rollout is not paused."};
        ui::EngineBridge bridge(engine, test::lead());
        QSignalSpy answered(&bridge, &ui::EngineBridge::answered);
        bridge.submit({rollout::Resume{RolloutId("r-1"), {}}, QStringLiteral("Resume checkout")});
        test::settle();
        QCOMPARE(answered.count(), 1);
        QCOMPARE(answered.first().at(1).toBool(), false);
        QCOMPARE(answered.first().at(2).toString(), QStringLiteral("The rollout is not paused."));
        QCOMPARE(engine.askers.front(), test::lead());
    }

    void anAnswerAfterTheBridgeIsGoneIsDropped()
    {
        support::FakeEngine engine(numbered(0));
        auto bridge = std::make_unique<ui::EngineBridge>(engine, test::lead());
        bridge->submit({rollout::Pause{RolloutId("r-1"), {}}, QStringLiteral("Pause checkout")});
        engine.publish(numbered(1));
        bridge.reset();
        test::settle();
        engine.publish(numbered(2));
        QCOMPARE(engine.asked.size(), size_t{1});
    }

    void aHistoryReadRunsElsewhereAndItsAnswerComesHome()
    {
        support::FakeEngine engine(numbered(0));
        engine.rows.resize(3);
        ui::EngineBridge bridge(engine, test::lead());
        const auto here = std::this_thread::get_id();
        size_t rows = 0;
        std::thread::id readOn;
        std::thread::id shownOn;
        bridge.ask(
            this,
            [&readOn](const engine::Engine& asked) {
                readOn = std::this_thread::get_id();
                return asked.history(10, std::nullopt);
            },
            [&rows, &shownOn](const Result<std::vector<ports::RolloutRow>>& answer) {
                shownOn = std::this_thread::get_id();
                rows = answer.value().size();
            });
        QTRY_COMPARE(rows, size_t{3});
        QVERIFY(readOn != here);
        QVERIFY(shownOn == here);
    }

    void aHistoryAnswerForAPageThatIsGoneIsDropped()
    {
        support::FakeEngine engine(numbered(0));
        auto page = std::make_unique<QObject>();
        bool shown = false;
        {
            ui::EngineBridge bridge(engine, test::lead());
            bridge.ask(
                page.get(), [](const engine::Engine& asked) { return asked.verifyJournal(); },
                [&shown](const Result<ports::ChainVerdict>& /*verdict*/) { shown = true; });
            page.reset();
        }
        test::settle();
        QVERIFY(!shown);
    }
};

SLUICE_UI_TEST_MAIN(BridgeTest)
#include "bridge_test.moc"
