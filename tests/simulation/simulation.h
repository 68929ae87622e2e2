// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "tests/simulation/faults.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/people.h"

namespace sluice::simulation {

/// One run: a fleet, people and faults from one seed; every invariant after every step; then everything heals.
class Simulation {
public:
    explicit Simulation(uint64_t seed, Mutant mutant = Mutant::None);
    explicit Simulation(Scenario scenario, Mutant mutant = Mutant::None);

    /// True when every promise held.
    bool run();
    /// Seed, step, invariant, what happened last.
    std::string failure() const;

    const Setting& setting() const { return m_setting; }
    const People& people() const { return m_people; }
    const Record& record() { return m_invariants.record(); }
    int steps() const { return m_step; }
    /// Rollouts that ended this way.
    int ended(rollout::Phase phase);

private:
    bool step();
    bool quiet();

    Setting m_setting;
    Invariants m_invariants;
    Faults m_faults;
    People m_people;
    int m_step{0};
    BootTime m_nextBoot{};
};

} // namespace sluice::simulation
