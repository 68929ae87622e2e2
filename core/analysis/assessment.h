// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/model/playbook.h"

// What one tick of data says about a rollout: plain values, three-valued verdicts, every number with its
// count and age. Made by core/analysis/judge.h, read by the heart, the screens and the command line.

namespace sluice::analysis {

/// Fresh: age <= 2 intervals + 1 s. Late: <= 5 intervals, the bake clock stops. Beyond: no data.
enum class Freshness { Fresh, Late, NoData };

enum class NoDataReason {
    None,
    NeverSeen,      ///< no sample of this series since the stage was applied
    TooOld,         ///< beyond five intervals
    TooFewRequests, ///< under the metric's minimum
    NotFinite,      ///< NaN or infinity
    SourceDown,     ///< the source answers nothing or an error
    NoBaseline,     ///< neither stable nor `before` has enough
};

/// One metric, both tracks, this tick. Values in millionths of the metric's unit.
struct Reading {
    std::string metric{};
    std::optional<int64_t> canary{};
    std::optional<int64_t> stable{};
    std::optional<int64_t> baseline{}; ///< what the canary is compared with: stable, or `before`
    bool baselineIsBefore{false};
    int64_t canaryRequests{0}; ///< weight of evidence inside the window
    int64_t stableRequests{0};
    NoDataReason canaryNoData{NoDataReason::NeverSeen};
    NoDataReason stableNoData{NoDataReason::NeverSeen};
    friend bool operator==(const Reading&, const Reading&) = default;
};

enum class Verdict { Pass, Fail, NoData };

/// A requirement of the current stage (or of the watch), judged.
struct RequirementResult {
    std::string metric{};
    Verdict verdict{Verdict::NoData};
    bool warning{false};
    NoDataReason noData{NoDataReason::None};
    std::optional<int64_t> observed{};
    std::optional<int64_t> limit{}; ///< the absolute value it was compared with
    bool wantBelow{true};
    friend bool operator==(const RequirementResult&, const RequirementResult&) = default;
};

enum class TriggerState { Idle, Pending, Firing, Cooldown, NoData };

struct TriggerStatus {
    std::string id{};
    std::string metric{};
    TriggerState state{TriggerState::NoData};
    NoDataReason noData{NoDataReason::None};
    std::optional<int64_t> observed{};
    std::optional<int64_t> limit{};     ///< effective absolute limit, after the baseline
    std::optional<int64_t> marginPpm{}; ///< room left to the limit, ppm of the limit; negative = beyond
    Duration heldFor{0};                ///< observed time the condition has been true
    Duration firesIn{0};                ///< Pending: if it stays
    Duration cooldownLeft{0};
    friend bool operator==(const TriggerStatus&, const TriggerStatus&) = default;
};

enum class Band { Unknown, Proceed, Watch, Pause, Rollback };

struct ScorePartResult {
    std::string id{};
    std::string title{};
    int64_t weightPpm{0};
    std::optional<int64_t> milliPoints{}; ///< 0..100'000, clamped
    std::string because{};                ///< English: inputs of the formula, kept as the explanation
    friend bool operator==(const ScorePartResult&, const ScorePartResult&) = default;
};

struct ScoreResult {
    std::optional<int64_t> milli{}; ///< 0..100'000; none while a part has no data
    Band band{Band::Unknown};       ///< of this tick
    Band heldBand{Band::Unknown};   ///< the last band that held for the rule's `for`
    Duration bandFor{0};            ///< how long `band` has held
    std::vector<ScorePartResult> parts{};
    friend bool operator==(const ScoreResult&, const ScoreResult&) = default;
};

struct Assessment {
    WallTime sampleTime{}; ///< of the newest sample, source time
    Duration age{0};
    Freshness freshness{Freshness::NoData};
    int64_t canaryRequestsInStage{0}; ///< since the stage was applied
    std::vector<Reading> readings{};
    std::vector<RequirementResult> requirements{};
    std::vector<TriggerStatus> triggers{};
    ScoreResult score{};

    const Reading* reading(std::string_view metric) const;
    friend bool operator==(const Assessment&, const Assessment&) = default;
};

} // namespace sluice::analysis
