// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/model/value.h"

namespace sluice::rollout {

/// Why a rollout is not moving: one structured value for screen, command line, report and notification.
enum class WaitCode {
    CanaryStarting, ///< observed / required instances ready
    BaselineRecording,
    WeightApplying,  ///< observed / required proxies verified
    BakeLeft,        ///< observed / required µs of bake
    RequestsMissing, ///< observed / required canary requests
    ShareMissing, ///< a hint beside others: none of the observed requests reached the canary, which is due `required`
                  ///< ppm
    RequirementFailing,
    RequirementNoData,
    ScoreBelowProceed,
    TriggerPending,
    CriticalAlert,
    ApprovalMissing, ///< observed / required approvals
    ChecklistOpen,   ///< observed / required items ticked
    ManualAdvance,   ///< somebody must say promote
    PausedByPerson,
    PausedByScore,
    PausedByTrigger,
    DataLate,
    DataMissing,
    ProxyUnreachable,
    StopFile,     ///< an emergency stop is in force until a person clears it
    QuietMissing, ///< rollback: canary requests still arrive
    StepRunning,  ///< rollback or finalise step
    StepFailed,   ///< a person must retry or skip
    WatchLeft,
    NotDriving, ///< another engine holds the lease, or nobody does
};

struct WaitReason {
    WaitCode code{WaitCode::BakeLeft};
    bool holds{false};                 ///< true: this gate is already satisfied (shown with a tick)
    std::string subject{};             ///< metric, proxy, role, item or step the code is about
    std::optional<int64_t> observed{}; ///< in the code's own unit (see the enum), or the metric's millionths
    std::optional<int64_t> required{};
    WallTime since{};
    std::optional<WallTime> expectedEnd{};
    std::vector<std::string> unblockedBy{}; ///< roles or acts that can end it, e.g. "engineering-lead", "resume"
    std::string title{};                    ///< the subject in words, e.g. the metric's title; empty = use `subject`
    Unit unit{Unit::Plain};                 ///< of observed and required where the subject is a metric
    bool wantBelow{true};                   ///< a requirement's limit is an upper one
    friend bool operator==(const WaitReason&, const WaitReason&) = default;
};

/// A sentence with %1, %2, … still open, so that ui can translate the text (context "wait") and then fill it.
struct Sentence {
    std::string_view text{};
    std::vector<std::string> arguments{};
};
Sentence waitSentence(const WaitReason& reason);
/// One English sentence, filled.
std::string waitText(const WaitReason& reason);
/// Name in JSON output, e.g. "bake-left".
std::string_view waitCodeName(WaitCode code);

} // namespace sluice::rollout
