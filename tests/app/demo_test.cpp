// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <vector>

#include <QTest>

#include "app/composition/demo_fleet.h"

using namespace sluice;
using rollout::Phase;

namespace {

constexpr int64_t kStart = 1'795'260'000'000'000;

const engine::RolloutView* on(const engine::Snapshot& snapshot, const char* target)
{
    for (const auto& view : snapshot.rollouts)
        if (view->state.target == TargetId(target)) return view.get();
    return nullptr;
}

/// Everything that was decided, and the scores at the end.
std::string story(const engine::Snapshot& snapshot)
{
    std::string out;
    for (const auto& view : snapshot.rollouts) {
        out += view->state.target.value + std::to_string(view->assessment.score.milli.value_or(-1)) + "\n";
        for (const engine::LogLine& line : view->log)
            out += std::to_string(micros(line.at)) + " " + line.text + "\n";
    }
    return out;
}

std::shared_ptr<const engine::Snapshot> played(uint64_t seed, const std::function<void(Duration)>& progress = {})
{
    auto demo = app::DemoFleet::create({.seed = seed, .start = wallTime(kStart), .frozen = true, .progress = progress});
    return demo.ok() ? demo.value()->engine().latest() : nullptr;
}

} // namespace

Q_DECLARE_METATYPE(sluice::rollout::Phase)

/// The fleet is played forward once; every sentence looks at the same minute.
class DemoTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_snapshot = played(7, [this](Duration played) { m_told.push_back(played); });
        QVERIFY(m_snapshot != nullptr);
    }

    void checkoutWaitsForAPersonInTheWatchBand()
    {
        const engine::RolloutView* view = on(*m_snapshot, "checkout/production");
        QVERIFY(view != nullptr);
        QCOMPARE(view->state.phase, Phase::AwaitingApproval);
        QCOMPARE(view->state.weight.ppm(), 100'000);
        QVERIFY(view->state.approval.has_value());
        QVERIFY(!view->state.warnings.empty());
        QCOMPARE(view->assessment.score.band, analysis::Band::Watch);
    }

    void theOthersAreInOtherStates_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<Phase>("phase");
        QTest::newRow("bakes") << QByteArray("payments/production") << Phase::Baking;
        QTest::newRow("bakes for everybody") << QByteArray("gateway/staging") << Phase::Baking;
        QTest::newRow("goes back") << QByteArray("search/production") << Phase::RollingBack;
        QTest::newRow("went back") << QByteArray("recommend/production") << Phase::RolledBack;
        QTest::newRow("was completed") << QByteArray("profile/production") << Phase::Stable;
        QTest::newRow("was completed in dev") << QByteArray("media/dev") << Phase::Stable;
    }
    void theOthersAreInOtherStates()
    {
        QFETCH(QByteArray, target);
        QFETCH(Phase, phase);
        const engine::RolloutView* view = on(*m_snapshot, target.constData());
        QVERIFY(view != nullptr);
        QCOMPARE(phaseName(view->state.phase), phaseName(phase));
    }

    void whereNothingWasReleasedNothingIsShown()
    {
        QVERIFY(on(*m_snapshot, "notify/production") == nullptr);
        QCOMPARE(m_snapshot->targets.size(), size_t(8));
    }

    void whoeverWaitsHearsHowFarItIs()
    {
        QCOMPARE(m_told.size(), static_cast<size_t>(app::DemoFleet::kPlayed / std::chrono::minutes(1)));
        QCOMPARE(m_told.front(), Duration(0));
        QVERIFY(std::ranges::is_sorted(m_told));
    }

    void theSameSeedPlaysTheSameHour()
    {
        const auto again = played(7);
        QVERIFY(again != nullptr);
        QCOMPARE(story(*again), story(*m_snapshot));
    }

private:
    std::vector<Duration> m_told{};
    std::shared_ptr<const engine::Snapshot> m_snapshot{};
};

QTEST_APPLESS_MAIN(DemoTest)
#include "demo_test.moc"
