// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "tests/simulation/record.h"
#include "tests/simulation/setting.h"

namespace sluice::simulation {

/// Makes the planned faults happen and sees to it that they really did: a fault that nobody met proves nothing.
class Faults {
public:
    Faults(Setting& setting, const Record& record)
        : m_setting(setting)
        , m_record(record)
    {
    }

    /// Begins and ends what is due; `busy` is the time since the run began.
    void step(Duration busy);
    /// All faults are over.
    void heal();
    /// Extra time that passes in the next step because the machine sleeps.
    Duration takeSleep();

private:
    struct Active {
        FaultPlan plan{};
        BootTime began{};
        std::function<void()> undo{};
        std::function<bool()> seen{}; ///< the witness
        bool witnessed{false};
    };
    void begin(const FaultPlan& plan);
    bool beginEngine(const FaultPlan& plan, Active& active);
    bool beginMetrics(const FaultPlan& plan, Active& active);
    bool beginProxy(const FaultPlan& plan, Active& active);
    bool beginJournal(const FaultPlan& plan, Active& active);
    bool beginService(const FaultPlan& plan, Active& active);
    bool beginMachine(const FaultPlan& plan, Active& active);
    bool beginEmergency(const FaultPlan& plan, Active& active);
    bool stealLease(const FaultPlan& plan, Active& active);

    TargetId target(const FaultPlan& plan) const;
    /// What the driver of a target shows of its live rollout, or null.
    const engine::RolloutView* view(const TargetId& target);
    size_t storedSince(size_t before, const std::string& type) const;

    Setting& m_setting;
    const Record& m_record;
    size_t m_next{0};
    std::vector<Active> m_active{};
    Duration m_sleep{0};
    std::shared_ptr<const engine::Snapshot> m_picture{}; ///< keeps what view() points into
};

} // namespace sluice::simulation
