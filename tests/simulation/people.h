// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "tests/simulation/record.h"
#include "tests/simulation/setting.h"

namespace sluice::simulation {

/// Release managers who help, guests who press everything, and one asker who repeats himself.
class People {
public:
    People(Setting& setting, const Record& record)
        : m_setting(setting)
        , m_record(record)
        , m_random(setting.scenario.seed ^ 0x5bd1e995ULL)
    {
    }

    /// One step of the busy phase.
    void act();
    /// One step of the healing phase: only what brings things to an end.
    void help(double chance);

    int refused{0};  ///< commands that were answered with no
    int accepted{0}; ///< and with yes
    int repeated{0}; ///< requests left in the inbox twice

private:
    void start(const TargetId& target);
    void helpWith(const TargetId& target, const rollout::Rollout& rollout);
    void meddle(const TargetId& target, const rollout::Rollout& rollout);
    rollout::Command anyCommand(const rollout::Rollout& rollout);
    void repeat(const rollout::Rollout& rollout);
    void ask(rollout::Command command, const std::string& person);
    Life* anybody();

    Setting& m_setting;
    const Record& m_record;
    sim::Random m_random;
    int m_versions{1};
    std::map<TargetId, BootTime> m_startedAt{};
};

} // namespace sluice::simulation
