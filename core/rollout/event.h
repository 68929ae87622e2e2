// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/playbook.h"
#include "core/rollout/rollout.h"

// What was decided. Stored, folded, never re-decided. A change of meaning is a new event with a new name;
// old names stay readable for ever (core/journal/event_codec.h).

namespace sluice::rollout {

struct RolloutStarted {
    TargetId target{};
    std::string fromVersion{};
    std::string toVersion{};
    std::string playbookName{};
    std::string playbookHash{};
    std::string playbookText{};
    std::map<std::string, std::string> settings{};
    int stageCount{0};
    std::string note{};
    friend bool operator==(const RolloutStarted&, const RolloutStarted&) = default;
};
struct CanaryReady {
    int instances{0};
    friend bool operator==(const CanaryReady&, const CanaryReady&) = default;
};
struct BaselineRecorded {
    Duration length{0};
    std::string baseline{}; ///< as analysis::Judge::baselineText() wrote it; a restart may need it
    friend bool operator==(const BaselineRecorded&, const BaselineRecorded&) = default;
};
struct StageEntered {
    int stage{0};
    Weight weight{};
    std::string because{};
    friend bool operator==(const StageEntered&, const StageEntered&) = default;
};
/// Every proxy read the weight back; the bake clock may run.
struct StageApplied {
    int stage{0};
    int proxies{0};
    Duration took{0};
    friend bool operator==(const StageApplied&, const StageApplied&) = default;
};
struct BakeCredited {
    int stage{0};
    Duration credit{0};
    friend bool operator==(const BakeCredited&, const BakeCredited&) = default;
};
struct BakeDone {
    int stage{0};
    friend bool operator==(const BakeDone&, const BakeDone&) = default;
};
struct WarningRaised {
    int stage{0};
    std::string code{}; ///< e.g. "band:watch", "trigger:p95-2", "requirement:p95"
    std::string text{};
    friend bool operator==(const WarningRaised&, const WarningRaised&) = default;
};
struct ApprovalRequested {
    int stage{0};
    std::string digest{};
    std::string evidence{};
    WallTime expiresAt{};
    friend bool operator==(const ApprovalRequested&, const ApprovalRequested&) = default;
};
struct ApprovalGiven {
    int stage{0};
    GivenApproval approval{};
    friend bool operator==(const ApprovalGiven&, const ApprovalGiven&) = default;
};
struct ApprovalVoided {
    int stage{0};
    std::string because{};
    friend bool operator==(const ApprovalVoided&, const ApprovalVoided&) = default;
};
struct StagePassed {
    int stage{0};
    std::optional<int64_t> scoreMilli{};
    std::string evidence{}; ///< canonical JSON: each verdict with value, limit, count and sample time
    bool forced{false};
    std::string forcedReason{};
    PersonId second{};
    friend bool operator==(const StagePassed&, const StagePassed&) = default;
};
struct RolloutPaused {
    std::string because{};
    bool byPerson{false};
    RollbackCause cause{RollbackCause::Person};
    friend bool operator==(const RolloutPaused&, const RolloutPaused&) = default;
};
struct RolloutResumed {
    std::string reason{};
    friend bool operator==(const RolloutResumed&, const RolloutResumed&) = default;
};
struct SteppedBack {
    int from{0};
    int to{0};
    Weight weight{};
    std::string because{};
    friend bool operator==(const SteppedBack&, const SteppedBack&) = default;
};
struct WeightRamped {
    Weight weight{};
    bool forced{false};
    std::string reason{};
    PersonId second{};
    friend bool operator==(const WeightRamped&, const WeightRamped&) = default;
};
struct TriggerFired {
    std::string trigger{};
    std::string text{}; ///< English: metric, value, limit, how long
    FailureAction action{FailureAction::AlertOnly};
    int stage{0};
    std::optional<int64_t> observed{};
    std::optional<int64_t> limit{};
    Duration heldFor{0};
    WallTime cooldownUntil{};
    friend bool operator==(const TriggerFired&, const TriggerFired&) = default;
};
struct RollbackStarted {
    RollbackProgress plan{};
    friend bool operator==(const RollbackStarted&, const RollbackStarted&) = default;
};
struct TrafficVerified {
    Duration took{0};
    int proxies{0};
    std::vector<std::string> unreachable{};
    friend bool operator==(const TrafficVerified&, const TrafficVerified&) = default;
};
struct TrafficQuiet {
    Duration took{0};
    std::string note{}; ///< empty = seen; else who went on without seeing it, and why
    friend bool operator==(const TrafficQuiet&, const TrafficQuiet&) = default;
};
struct StepChanged {
    int step{0};
    StepState state{StepState::Running};
    Duration took{0};
    std::string note{};
    friend bool operator==(const StepChanged&, const StepChanged&) = default;
};
struct RolledBack {
    std::string version{};
    friend bool operator==(const RolledBack&, const RolledBack&) = default;
};
struct WatchStarted {
    Duration length{0};
    friend bool operator==(const WatchStarted&, const WatchStarted&) = default;
};
struct WatchCredited {
    Duration credit{0};
    friend bool operator==(const WatchCredited&, const WatchCredited&) = default;
};
struct FinaliseStarted {
    std::vector<StepProgress> steps{};
    friend bool operator==(const FinaliseStarted&, const FinaliseStarted&) = default;
};
struct MarkedStable {
    std::string version{};
    friend bool operator==(const MarkedStable&, const MarkedStable&) = default;
};
struct RolloutCancelled {
    std::string reason{};
    friend bool operator==(const RolloutCancelled&, const RolloutCancelled&) = default;
};
struct ItemTicked {
    std::string item{};
    bool ticked{true};
    std::string note{};
    friend bool operator==(const ItemTicked&, const ItemTicked&) = default;
};
struct HandedOver {
    PersonId to{};
    std::string note{};
    friend bool operator==(const HandedOver&, const HandedOver&) = default;
};
struct Commented {
    std::string text{};
    friend bool operator==(const Commented&, const Commented&) = default;
};
struct DriftCorrected {
    std::string proxy{};
    std::string text{};
    friend bool operator==(const DriftCorrected&, const DriftCorrected&) = default;
};
struct DataLost {
    std::string text{};
    friend bool operator==(const DataLost&, const DataLost&) = default;
};
struct DataRestored {
    Duration gap{0};
    friend bool operator==(const DataRestored&, const DataRestored&) = default;
};
/// An engine took this rollout over (start, restart, lost lease); bake before it stays credited.
struct DriverChanged {
    std::string holder{};
    int64_t epoch{0};
    std::string because{};
    friend bool operator==(const DriverChanged&, const DriverChanged&) = default;
};

using Event = std::variant<RolloutStarted, CanaryReady, BaselineRecorded, StageEntered, StageApplied, BakeCredited,
                           BakeDone, WarningRaised, ApprovalRequested, ApprovalGiven, ApprovalVoided, StagePassed,
                           RolloutPaused, RolloutResumed, SteppedBack, WeightRamped, TriggerFired, RollbackStarted,
                           TrafficVerified, TrafficQuiet, StepChanged, RolledBack, WatchStarted, WatchCredited,
                           FinaliseStarted, MarkedStable, RolloutCancelled, ItemTicked, HandedOver, Commented,
                           DriftCorrected, DataLost, DataRestored, DriverChanged>;

/// An event as decided, with who and when; the journal adds version, epoch and hash.
struct Decided {
    Event event{};
    Actor actor{};
    WallTime at{};
    std::string inboxId{}; ///< the request it answers, if any
    friend bool operator==(const Decided&, const Decided&) = default;
};

/// One English line for the event log, e.g. "Weight 10 % applied on 2 proxies in 38 ms".
std::string eventText(const Event& event);
/// The same with the names of steps, which the event itself does not carry. `after`: with the event folded in.
std::string eventText(const Event& event, const Rollout& after);
/// Name in the journal, e.g. "stage_applied".
std::string_view eventName(const Event& event);

} // namespace sluice::rollout
