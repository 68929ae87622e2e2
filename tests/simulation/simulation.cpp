// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulation.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/engine/engine_parts.h"

namespace sluice::simulation {

using namespace std::chrono_literals;

namespace {
constexpr Duration kCalm = 5s; // after the last rollout has ended the world must also look like it
} // namespace

Simulation::Simulation(uint64_t seed, Mutant mutant)
    : Simulation(makeScenario(seed), mutant)
{
}

Simulation::Simulation(Scenario scenario, Mutant mutant)
    : m_setting(std::move(scenario), mutant)
    , m_invariants(m_setting)
    , m_faults(m_setting, m_invariants.record())
    , m_people(m_setting, m_invariants.record())
{
}

bool Simulation::run()
{
    const BootTime begin = m_setting.now();
    while (m_setting.now() - begin < m_setting.scenario.busy) {
        m_faults.step(m_setting.now() - begin);
        m_people.act();
        if (!step()) return false;
    }
    m_faults.heal();
    const BootTime healed = m_setting.now();
    constexpr double kEager = 0.3;
    BootTime live = healed; // what was asked in the last busy moment may start only now
    while (m_setting.now() - healed < m_setting.scenario.healing && m_setting.now() - live < kCalm) {
        if (!quiet()) live = m_setting.now();
        m_people.help(kEager);
        if (!step()) return false;
    }
    m_invariants.atEnd();
    return !m_setting.broken;
}

bool Simulation::step()
{
    ++m_step;
    const bool due = m_setting.now() >= m_nextBoot;
    if (due && static_cast<int>(m_setting.living().size()) < m_setting.wantedEngines) {
        m_nextBoot = m_setting.now() + 1s;
        (void)m_setting.boot();
    }
    const Duration by = engine::kTick + m_faults.takeSleep();
    m_invariants.beforeStep(by);
    m_setting.fleet.step(by);
    m_invariants.afterStep();
    return !m_setting.broken;
}

bool Simulation::quiet()
{
    return std::ranges::all_of(m_invariants.record().rollouts(),
                               [](const auto& entry) { return rollout::isEnd(entry.second.phase); });
}

int Simulation::ended(rollout::Phase phase)
{
    return static_cast<int>(std::ranges::count_if(m_invariants.record().rollouts(),
                                                  [&](const auto& entry) { return entry.second.phase == phase; }));
}

std::string Simulation::failure() const
{
    if (!m_setting.broken) return {};
    std::string text = fmt::format("seed {}, step {}: {} does not hold: {}\n", m_setting.scenario.seed, m_step,
                                   m_setting.broken->invariant, m_setting.broken->text);
    for (const FaultPlan& plan : m_setting.scenario.faults)
        text += fmt::format("  fault {:>6.2f} s for {:>2} s: {}\n", static_cast<double>(micros(plan.begin)) / 1e6,
                            micros(plan.length) / 1'000'000, faultName(plan.kind));
    return text + m_invariants.record().lastEvents() +
           fmt::format("Again with SLUICE_SEED={}\n", m_setting.scenario.seed);
}

} // namespace sluice::simulation
