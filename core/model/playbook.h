// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/model/smoke.h"
#include "core/model/value.h"
#include "core/model/weight.h"

// The plan of a release, as values that cannot be wrong: core/model/playbook_reader.h is the only way
// from text to a Playbook, so nobody inside asks again whether a percentage is above 100.

namespace sluice {

enum class Strategy { Canary, BlueGreen, BlueGreenWithCanary, Direct };

/// Which version's instances a series belongs to.
enum class Track { Stable, Canary };

/// One label condition of a series: name, and what its value must be.
struct LabelMatch {
    enum class Kind { Equal, NotEqual, Matches, NotMatches };
    std::string label{};
    Kind kind{Kind::Equal};
    std::string value{}; ///< "$track" stands for stable or canary; Matches: an anchored RE2-like expression
    friend bool operator==(const LabelMatch&, const LabelMatch&) = default;
};

/// A series selector as written in the playbook: `http_requests_total{track="$track",code=~"5.."}`.
struct Selector {
    std::string name{};
    std::vector<LabelMatch> labels{};
    friend bool operator==(const Selector&, const Selector&) = default;
};

enum class MetricKind {
    Ratio,    ///< sum(of) / sum(over) inside the window
    Rate,     ///< sum(of) per second inside the window
    Count,    ///< sum(of) inside the window
    Quantile, ///< from histogram buckets
    Gauge,    ///< last value, aggregated over replicas
};
enum class Aggregate { Sum, Max, Mean };

/// How one number is made from counters (details: window, minimum, which way is worse).
struct Metric {
    std::string id{};    ///< key of the playbook, e.g. "error_rate"
    std::string title{}; ///< for people, e.g. "Error rate"
    MetricKind kind{MetricKind::Ratio};
    Selector of{};
    std::optional<Selector> over{};      ///< Ratio only
    int64_t quantilePpm{0};              ///< Quantile only, 950'000 = p95
    Aggregate aggregate{Aggregate::Sum}; ///< Gauge only
    Duration window{std::chrono::seconds(60)};
    int64_t minRequests{0}; ///< fewer in the window is "no data" (for Ratio: `over`; Quantile: the count)
    Worse worse{Worse::Higher};
    Unit unit{Unit::Ratio};
    bool scalesWithShare{false}; ///< requests, users, connections: divided by the asked share before comparing
    friend bool operator==(const Metric&, const Metric&) = default;
};

/// What a canary value is compared with.
enum class Baseline {
    Stable, ///< the stable instances now; `before` steps in when they have less than the minimum
    Before, ///< stable as recorded while preparing
    Fixed,  ///< a number written in the playbook
};

/// A limit on a metric. Exactly one comparison.
struct Condition {
    enum class Kind {
        Above,         ///< value > limit
        Below,         ///< value < limit
        AboveBaseline, ///< value > baseline * (1 + limit), limit in ppm
        Drops,         ///< share-corrected value < baseline * (1 - limit), limit in ppm
    };
    std::string metric{};
    Kind kind{Kind::Above};
    int64_t limit{0}; ///< millionths of the metric's unit, or ppm for the two relative kinds
    Baseline baseline{Baseline::Stable};
    int64_t fixedBaseline{0};         ///< Baseline::Fixed only
    std::optional<Duration> window{}; ///< overrides the metric's window ("more than 10 in 1 min")
    friend bool operator==(const Condition&, const Condition&) = default;
};

enum class Severity { Info, Warning, Critical };

/// What happens on a firing trigger, a failed stage or an overrun.
enum class FailureAction { AlertOnly, Pause, Abort, PreviousStage, Rollback };

/// A rollback condition, watched in every state with exposure above zero.
struct Trigger {
    std::string id{}; ///< stable inside the playbook, made from metric and position, e.g. "error_rate-1"
    Condition when{};
    Duration hold{0}; ///< `for`: must stay true this long of observed time
    int checks{0};    ///< or: true in so many ticks in a row (0 = not used)
    Duration cooldown{0};
    Severity severity{Severity::Critical};
    FailureAction action{FailureAction::Rollback};
    friend bool operator==(const Trigger&, const Trigger&) = default;
};

/// What must hold to leave a stage: Above and Below state what is GOOD (`below: 2%`). The two relative kinds
/// (`not_worse_by: 10%`) state what must NOT be: AboveBaseline passes while value <= baseline * (1 + limit), Drops
/// while the share-corrected value >= baseline * (1 - limit). The reader picks the one that fits the metric's `worse`.
struct Requirement {
    Condition good{};
    std::optional<int64_t> warnAt{}; ///< from here on a warning, still passing
    friend bool operator==(const Requirement&, const Requirement&) = default;
};

enum class ApproveWhen { Never, Always, Warnings };

struct ApprovalRule {
    ApproveWhen when{ApproveWhen::Never};
    std::vector<std::string> roles{}; ///< any of these; empty = any role that may approve
    int count{1};
    bool fourEyes{true}; ///< whoever started the rollout cannot approve it
    Duration expires{std::chrono::minutes(30)};
    friend bool operator==(const ApprovalRule&, const ApprovalRule&) = default;
};

/// How many canary instances must be ready before the weight rises.
struct Replicas {
    enum class Kind { Unchanged, Count, PercentOfStable };
    Kind kind{Kind::Unchanged};
    int64_t amount{0}; ///< instances, or ppm (rounded up, at least one)
    friend bool operator==(const Replicas&, const Replicas&) = default;
};

struct Overrun {
    Duration longest{0}; ///< 0 = no limit
    FailureAction action{FailureAction::Pause};
    friend bool operator==(const Overrun&, const Overrun&) = default;
};

struct Stage {
    std::string name{};
    Weight weight{};
    Replicas replicas{};
    Duration bake{0};
    std::vector<Requirement> require{};
    int64_t minRequests{0}; ///< canary requests since the stage was applied
    ApprovalRule approve{};
    FailureAction onFailure{FailureAction::Rollback};
    bool noCriticalAlerts{false};
    Overrun overrun{};
    friend bool operator==(const Stage&, const Stage&) = default;
};

/// One weighted part of the health score; every part is clamped to 0..100 points.
struct ScorePart {
    enum class Kind {
        Linear,     ///< 100 at `full`, 0 at `zero`, of the worst of `metrics`
        OfBaseline, ///< value / baseline * 100
    };
    std::string id{};
    std::string title{};
    int64_t weightPpm{0};
    Kind kind{Kind::Linear};
    std::vector<std::string> metrics{};
    int64_t full{0};
    int64_t zero{0};
    friend bool operator==(const ScorePart&, const ScorePart&) = default;
};

/// Bands compare the unrounded integer score (1/1000 point).
struct ScoreRule {
    std::vector<ScorePart> parts{}; ///< empty = this playbook has no score
    int64_t proceedMilli{90'000};
    int64_t watchMilli{80'000};
    int64_t pauseMilli{70'000};
    Duration window{std::chrono::seconds(60)};
    Duration hold{std::chrono::seconds(30)};
    bool shareCorrected{true};
    friend bool operator==(const ScoreRule&, const ScoreRule&) = default;
};

struct ChecklistItem {
    std::string id{};
    std::string text{};
    friend bool operator==(const ChecklistItem&, const ChecklistItem&) = default;
};

/// Pre gates the start of exposure, during the last promotion, post the word "stable".
struct Checklists {
    std::vector<ChecklistItem> pre{};
    std::vector<ChecklistItem> during{};
    std::vector<ChecklistItem> post{};
    friend bool operator==(const Checklists&, const Checklists&) = default;
};

/// After the last stage: triggers stay armed this long before the release is called stable.
struct Watch {
    Duration length{0};
    std::vector<Requirement> require{};
    friend bool operator==(const Watch&, const Watch&) = default;
};

/// A step of the rollback plan after traffic, which always comes first.
struct RollbackStep {
    enum class Kind { Application, Validation };
    Kind kind{Kind::Application};
    std::string title{};
    Duration usually{0}; ///< first estimate; measured durations replace it
    bool reversible{true};
    std::string risk{};
    friend bool operator==(const RollbackStep&, const RollbackStep&) = default;
};

struct Playbook {
    std::string name{};
    std::string title{};
    Strategy strategy{Strategy::Canary};
    bool labOnly{false};
    bool advanceManually{false}; ///< `advance: manual`: the engine waits for `promote` even when all gates hold
    Duration before{std::chrono::minutes(10)};     ///< length of the recorded baseline
    std::map<std::string, std::string> settings{}; ///< values that `--set` may replace, as given
    std::vector<Metric> metrics{};
    std::vector<std::string> charts{}; ///< metric ids shown live, at most six
    std::vector<Stage> stages{};
    std::vector<Trigger> triggers{};
    ScoreRule score{};
    Checklists checklists{};
    Watch watch{};
    Overrun overrun{}; ///< of the whole rollout
    std::vector<RollbackStep> rollbackSteps{};
    SmokeSuite smoke{};
    Duration promiseAutomatic{std::chrono::seconds(30)};
    Duration promiseManual{std::chrono::minutes(2)};
    Duration promiseEmergency{std::chrono::seconds(10)};
    std::string text{}; ///< the YAML it was read from, with settings applied
    std::string hash{}; ///< SHA-256 of name, text and settings, hex

    const Metric* metric(std::string_view id) const;
    friend bool operator==(const Playbook&, const Playbook&) = default;
};

} // namespace sluice
