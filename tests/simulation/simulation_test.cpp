// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

#include <QtTest>

#include "tests/simulation/simulation.h"

using namespace sluice;
using namespace sluice::simulation;
using rollout::Phase;

namespace {

constexpr int kSeeds = 500;

char g_running[64] = "no seed yet\n"; // read in a signal handler

void onAbort(int)
{
    const auto length = std::char_traits<char>::length(g_running);
    if (write(STDERR_FILENO, g_running, length) < 0) _exit(1);
}

void remember(uint64_t seed)
{
    qsnprintf(g_running, sizeof g_running, "aborted; SLUICE_SEED=%llu\n", static_cast<unsigned long long>(seed));
}

} // namespace

/// Whole fleets in virtual time: the same engine code, a seed instead of chance.
class SimulationTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { std::signal(SIGABRT, onAbort); }

    void everyPromiseHoldsWhateverGoesWrong()
    {
        const bool one = qEnvironmentVariableIsSet("SLUICE_SEED");
        const int seeds =
            qEnvironmentVariableIntValue("SLUICE_SEEDS") > 0 ? qEnvironmentVariableIntValue("SLUICE_SEEDS") : kSeeds;
        const auto first = one ? qEnvironmentVariable("SLUICE_SEED").toULongLong() : 1;
        const auto last = one ? first : static_cast<uint64_t>(seeds);
        for (uint64_t seed = first; seed <= last; ++seed) {
            remember(seed);
            Simulation simulation(seed);
            if (!simulation.run()) complain(simulation);
            count(simulation);
        }
        report();
        QCOMPARE(m_failures, 0);
        if (one) return;
        for (size_t kind = 0; kind < kFaultKinds; ++kind)
            QVERIFY2(m_witness[kind] > 0, std::string(faultName(static_cast<FaultKind>(kind))).c_str());
        QVERIFY(m_stable > 0 && m_rolledBack > 0 && m_cancelled > 0);
        QVERIFY(m_takeovers > 0 && m_accepted > 0 && m_refused > 0 && m_repeated > 0);
    }

    void aSeedThatOnceBrokeAPromiseKeepsIt_data()
    {
        QTest::addColumn<int>("seed");
        QTest::newRow("an observer that took over decided from what it had read long ago") << 1253;
        QTest::newRow("and changed the stable pool") << 1676;
        QTest::newRow("and took instances away that were serving") << 2298;
        QTest::newRow("the health answer of the release before held the next one for ever") << 3002;
    }
    void aSeedThatOnceBrokeAPromiseKeepsIt()
    {
        QFETCH(int, seed);
        Simulation simulation(static_cast<uint64_t>(seed));
        QVERIFY2(simulation.run(), simulation.failure().c_str());
    }

    void theSameSeedIsTheSameStory()
    {
        for (const uint64_t seed : {3U, 11U, 42U}) {
            Simulation first(seed);
            Simulation second(seed);
            (void)first.run();
            (void)second.run();
            QCOMPARE(first.steps(), second.steps());
            QVERIFY(!first.setting().store.events.empty());
            QCOMPARE(first.setting().store.events.back().hash, second.setting().store.events.back().hash);
        }
    }

private:
    void count(Simulation& simulation)
    {
        for (size_t kind = 0; kind < kFaultKinds; ++kind)
            m_witness[kind] += simulation.setting().witness[kind];
        m_stable += simulation.ended(Phase::Stable);
        m_rolledBack += simulation.ended(Phase::RolledBack);
        m_cancelled += simulation.ended(Phase::Cancelled);
        m_takeovers += simulation.setting().takeovers;
        m_accepted += simulation.people().accepted;
        m_refused += simulation.people().refused;
        m_repeated += simulation.people().repeated;
        m_events += simulation.record().events();
        m_steps += simulation.steps();
    }

    /// The first failures in full (Qt cuts long messages), then one line each.
    void complain(const Simulation& simulation)
    {
        constexpr int kInFull = 3;
        const std::string text = simulation.failure();
        const bool full = ++m_failures <= kInFull;
        std::fputs((full ? text : text.substr(0, text.find('\n') + 1)).c_str(), stderr);
    }

    void report()
    {
        for (size_t kind = 0; kind < kFaultKinds; ++kind)
            qInfo("%-20s seen %d times", faultName(static_cast<FaultKind>(kind)).data(), m_witness[kind]);
        qInfo("%d stable, %d rolled back, %d cancelled; %d takeovers; %d commands accepted, %d refused", m_stable,
              m_rolledBack, m_cancelled, m_takeovers, m_accepted, m_refused);
        qInfo("%zu events in %lld steps", m_events, static_cast<long long>(m_steps));
    }

    std::array<int, kFaultKinds> m_witness{};
    int m_failures{0};
    int m_stable{0};
    int m_rolledBack{0};
    int m_cancelled{0};
    int m_takeovers{0};
    int m_accepted{0};
    int m_refused{0};
    int m_repeated{0};
    size_t m_events{0};
    int64_t m_steps{0};
};

QTEST_GUILESS_MAIN(SimulationTest)
#include "simulation_test.moc"
