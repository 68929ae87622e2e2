// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace sluice::rollout {

/// Why a rollout is not moving: one structured value for screen, command line, report and notification.
enum class WaitCode {
    CanaryStarting,   ///< observed / required instances ready
    BaselineRecording,
    WeightApplying,   ///< observed / required proxies verified
    BakeLeft,         ///< observed / required µs of bake
    RequestsMissing,  ///< observed / required canary requests
    RequirementFailing,
    RequirementNoData,
    ScoreBelowProceed,
    TriggerPending,
    CriticalAlert,
    ApprovalMissing,  ///< observed / required approvals
    ChecklistOpen,    ///< observed / required items ticked
    ManualAdvance,    ///< everything holds; somebody must say promote
    PausedByPerson,
    PausedByScore,
    PausedByTrigger,
    DataLate,
    DataMissing,
    ProxyUnreachable,
    StopFile,         ///< an emergency stop is in force until a person clears it
    QuietMissing,     ///< rollback: canary requests still arrive
    StepRunning,      ///< rollback or finalise step
    StepFailed,       ///< a person must retry or skip
    WatchLeft,
    NotDriving,       ///< another engine holds the lease, or nobody does
};

struct WaitReason {
    WaitCode code{WaitCode::BakeLeft};
    bool holds{false};          ///< true: this gate is already satisfied (shown with a tick)
    std::string subject{};      ///< metric, proxy, role, item or step the code is about
    std::optional<int64_t> observed{}; ///< in the code's own unit (see the enum), or the metric's millionths
    std::optional<int64_t> required{};
    WallTime since{};
    std::optional<WallTime> expectedEnd{};
    std::vector<std::string> unblockedBy{}; ///< roles or acts that can end it, e.g. "engineering-lead", "resume"
    friend bool operator==(const WaitReason&, const WaitReason&) = default;
};

/// One English sentence; `metricTitle`/unit come from the playbook where the subject is a metric.
std::string waitText(const WaitReason& reason);

} // namespace sluice::rollout
