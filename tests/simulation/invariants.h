// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>

#include "tests/simulation/record.h"
#include "tests/simulation/setting.h"

namespace sluice::simulation {

/// What the world itself knows of a target: how long data could be seen, how long somebody drove.
struct Account {
    BootTime scraped{};     ///< last moment with a finite sample
    BootTime known{};       ///< last moment at which such a sample could be read
    Duration observed{0};   ///< sum of time with data and an engine awake
    BootTime freshSince{};  ///< data without a hole since then
    BootTime drivenSince{}; ///< the same engine has driven without a break since then
    std::string drivenBy{};
    int64_t drivenEpoch{0};
    std::map<std::string, BootTime> aboveSince{}; ///< proxies above the cap
    BootTime stopSince{};                         ///< an emergency stop is in force
    BootTime badSince{};                          ///< a bad canary in sight, and nothing in the way
};

/// The promises of the reliability page, checked from outside: against the journal as stored, the orders as sent and
/// the world as it is. Names are those of the page.
class Invariants final : public Watcher {
public:
    explicit Invariants(Setting& setting);

    void routeOrdered(const Life& life, const ports::RouteOrder& order) override;
    void workloadOrdered(const Life& life, const ports::WorkloadOrder& order) override;
    void appended(const Life& life, const ports::Append& append, ports::Appended answer) override;

    void beforeStep(Duration by);
    void afterStep();
    /// After the healing phase.
    void atEnd();
    std::string waitsOn(const TargetId& target) const;

    Record& record() { return m_record; }
    const Record& record() const { return m_record; }

private:
    // invariants_events.cpp: what was decided
    void seen(const Step& step);
    void S1_oneDecider(const Step& step);
    void S4_noAdvanceOnMissingData(const Step& step);
    void S8_honestOutcome(const Step& step);
    void S10_veto(const Step& step);
    void S12_time(const Step& step);
    void S13_durable(const Step& step);
    void S14_approval(const Step& step);
    void S15_capacity(const Step& step);
    void S20_bounds(const Step& step);

    // invariants_state.cpp: what is
    void S2_cap(const TargetId& target, Account& account);
    void S3_oneDriver(const TargetId& target);
    void S5_replay();
    void S11_wayBackIsOpen(const rollout::Rollout& rollout);
    void S16_stopIsObeyed(const TargetId& target, Account& account);
    void S21_guardrails(const TargetId& target, Account& account);
    void followDriver(const TargetId& target, Account& account);

    bool drivenFor(const Account& account, Duration length) { return m_setting.now() - account.drivenSince >= length; }

    Setting& m_setting;
    Record m_record;
    std::map<TargetId, Account> m_accounts{};
    std::map<RolloutId, Duration> m_observedAtStage{};
    std::map<TargetId, int64_t> m_epochs{};
    std::map<TargetId, std::string> m_stable{};                            ///< last version marked stable
    std::map<std::string, std::pair<RolloutId, uint64_t>> m_generations{}; ///< "engine target" -> newest ordered
    std::map<RolloutId, int64_t> m_asked{};                                ///< version at which S11 was asked
    std::map<TargetId, std::deque<BootTime>> m_eventTimes{};
    int64_t m_lastGseq{0};
};

/// Share of the users behind this proxy that it sends to the canary, in 1/10,000.
int exposed(const sim::SimulatedProxy& proxy);

} // namespace sluice::simulation
