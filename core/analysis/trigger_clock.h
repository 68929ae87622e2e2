// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/analysis/condition.h"

namespace sluice::analysis {

/// Time without data after which a `for` clock starts again.
constexpr int64_t kNoDataResetsAfterSeconds = 30;

/// How long something has been true, in observed seconds. It runs on samples: from one sample that says yes to the
/// next, but never over more than the data may be old and still count as fresh. A no stops it at zero, missing data
/// stops it where it is, and 30 s of missing data set it to zero.
class HoldClock {
public:
    struct Pace {
        int64_t freshSeconds{3};
        int64_t intervalSeconds{1};
    };
    void yes(int64_t second, Pace pace);
    void no();
    void noData(int64_t second);

    bool running() const { return m_running; }
    int64_t heldSeconds() const { return m_held; }
    /// Samples in a row, at most one an interval (several replicas are still one check).
    int checks() const { return m_checks; }
    friend bool operator==(const HoldClock&, const HoldClock&) = default;

private:
    bool m_running{false};
    int64_t m_lastYes{0};
    int64_t m_held{0};
    int m_checks{0};
    int64_t m_lastCheck{0};
    std::optional<int64_t> m_noDataSince{};
};

/// One trigger of a playbook between two samples.
class TriggerClock {
public:
    /// A tick with a sample; returns whether the condition has now held long enough.
    bool sample(const Trigger& trigger, const Judged& judged, int64_t second, HoldClock::Pace pace);
    /// A tick without one, and the last is too old to stand for it.
    void tooOld(NoDataReason why, int64_t second);
    /// No exposure: nothing to watch.
    void disarm();

    bool ripe() const { return m_ripe; }
    TriggerStatus status(const Trigger& trigger, HoldClock::Pace pace, bool firedSince, Duration cooldownLeft) const;

private:
    HoldClock m_clock{};
    Judged m_last{};
    bool m_armed{false};
    bool m_ripe{false};
};

} // namespace sluice::analysis
