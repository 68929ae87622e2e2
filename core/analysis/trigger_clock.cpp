// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/trigger_clock.h"

#include <algorithm>

#include "core/analysis/fixed.h"

namespace sluice::analysis {

void HoldClock::yes(int64_t second, Pace pace)
{
    if (m_running) m_held += std::min(second - m_lastYes, pace.freshSeconds);
    if (m_checks == 0 || second - m_lastCheck >= pace.intervalSeconds) {
        ++m_checks;
        m_lastCheck = second;
    }
    m_running = true;
    m_lastYes = second;
    m_noDataSince.reset();
}

void HoldClock::no()
{
    *this = {};
}

void HoldClock::noData(int64_t second)
{
    m_running = false;
    if (!m_noDataSince) m_noDataSince = second;
    if (second - *m_noDataSince < kNoDataResetsAfterSeconds) return;
    m_held = 0;
    m_checks = 0;
}

bool TriggerClock::sample(const Trigger& trigger, const Judged& judged, int64_t second, HoldClock::Pace pace)
{
    m_armed = true;
    m_last = judged;
    switch (judged.truth) {
    case Truth::True: m_clock.yes(second, pace); break;
    case Truth::False: m_clock.no(); break;
    case Truth::NoData: m_clock.noData(second); break;
    }
    m_ripe = judged.truth == Truth::True && m_clock.heldSeconds() >= wholeSeconds(trigger.hold) &&
             m_clock.checks() >= trigger.checks;
    return m_ripe;
}

void TriggerClock::tooOld(NoDataReason why, int64_t second)
{
    m_armed = true;
    m_ripe = false;
    m_last.truth = Truth::NoData;
    m_last.why = why;
    m_last.observed.reset();
    m_clock.noData(second);
}

void TriggerClock::disarm()
{
    *this = {};
}

TriggerStatus TriggerClock::status(const Trigger& trigger, HoldClock::Pace pace, bool firedSince,
                                   Duration cooldownLeft) const
{
    TriggerStatus status{.id = trigger.id, .metric = trigger.when.metric, .state = TriggerState::Idle};
    status.cooldownLeft = std::max(cooldownLeft, Duration(0));
    if (!m_armed) return status;
    status.observed = m_last.observed;
    status.limit = m_last.limit;
    status.marginPpm = marginPpm(trigger.when.kind, m_last);
    status.heldFor = std::chrono::seconds(m_clock.heldSeconds());
    status.noData = m_last.why;
    const bool cooling = cooldownLeft > Duration(0);
    if (firedSince || (m_ripe && !cooling)) {
        status.state = TriggerState::Firing;
        return status;
    }
    switch (m_last.truth) {
    case Truth::NoData: status.state = TriggerState::NoData; break;
    case Truth::False: status.state = cooling ? TriggerState::Cooldown : TriggerState::Idle; break;
    case Truth::True:
        status.state = cooling ? TriggerState::Cooldown : TriggerState::Pending;
        status.firesIn = std::max<Duration>(
            {trigger.hold - status.heldFor,
             std::chrono::seconds((trigger.checks - m_clock.checks()) * pace.intervalSeconds), status.cooldownLeft});
        break;
    }
    return status;
}

} // namespace sluice::analysis
