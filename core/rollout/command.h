// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/model/weight.h"

// What a person asks for. Data: comparable, printable, storable (core/journal/command_codec.h).

namespace sluice::rollout {

/// Who asks, and how we know: "os" (login looked up), "asserted" (`--as`, lab only), "engine".
struct Actor {
    PersonId person{};
    std::vector<std::string> roles{};
    std::string proof{"os"};
    friend bool operator==(const Actor&, const Actor&) = default;
};

struct StartRollout {
    TargetId target{};
    std::string toVersion{};
    std::string fromVersion{};  ///< empty = what is stable now
    std::string playbook{};     ///< name; empty = the target's own
    std::string playbookText{}; ///< filled by the asker: YAML with settings applied, so the driver needs no file
    std::map<std::string, std::string> settings{};
    bool supersede{false};
    std::string note{};
    std::string exception{}; ///< why it starts outside its schedule
    PersonId second{};       ///< who agrees to that
    friend bool operator==(const StartRollout&, const StartRollout&) = default;
};
struct Approve {
    RolloutId rollout{};
    std::string digest{}; ///< of the evidence the approver saw; empty = the newest
    std::string comment{};
    friend bool operator==(const Approve&, const Approve&) = default;
};
struct Reject {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const Reject&, const Reject&) = default;
};
struct Pause {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const Pause&, const Pause&) = default;
};
struct Resume {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const Resume&, const Resume&) = default;
};
/// Go to the next stage when all gates hold; beyond an open gate only with force, reason and second person.
struct Promote {
    RolloutId rollout{};
    bool force{false};
    std::string reason{};
    PersonId second{};
    friend bool operator==(const Promote&, const Promote&) = default;
};
struct StepBack {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const StepBack&, const StepBack&) = default;
};
/// Before any exposure only.
struct Cancel {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const Cancel&, const Cancel&) = default;
};
struct RollBack {
    RolloutId rollout{};
    std::string toVersion{}; ///< empty = the release's from-version
    std::string reason{};
    friend bool operator==(const RollBack&, const RollBack&) = default;
};
/// Anyone, in every state with exposure, without approval, metrics or database.
struct EmergencyRollback {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const EmergencyRollback&, const EmergencyRollback&) = default;
};
struct Ramp {
    RolloutId rollout{};
    Weight weight{};
    bool force{false};
    std::string reason{};
    PersonId second{};
    friend bool operator==(const Ramp&, const Ramp&) = default;
};
struct TickItem {
    RolloutId rollout{};
    std::string item{};
    bool ticked{true};
    std::string note{};
    friend bool operator==(const TickItem&, const TickItem&) = default;
};
struct HandOver {
    RolloutId rollout{};
    PersonId to{};
    std::string note{};
    friend bool operator==(const HandOver&, const HandOver&) = default;
};
struct Comment {
    RolloutId rollout{};
    std::string text{};
    friend bool operator==(const Comment&, const Comment&) = default;
};
/// A failed step of a rollback: try again, or skip with a reason.
struct RetryStep {
    RolloutId rollout{};
    friend bool operator==(const RetryStep&, const RetryStep&) = default;
};
struct SkipStep {
    RolloutId rollout{};
    std::string reason{};
    friend bool operator==(const SkipStep&, const SkipStep&) = default;
};
/// Everything live goes to its safe state and nothing new starts until `ClearStop`.
struct EmergencyStop {
    std::string reason{};
    friend bool operator==(const EmergencyStop&, const EmergencyStop&) = default;
};
struct ClearStop {
    TargetId target{}; ///< empty = all
    std::string reason{};
    friend bool operator==(const ClearStop&, const ClearStop&) = default;
};

using Command =
    std::variant<StartRollout, Approve, Reject, Pause, Resume, Promote, StepBack, Cancel, RollBack, EmergencyRollback,
                 Ramp, TickItem, HandOver, Comment, RetryStep, SkipStep, EmergencyStop, ClearStop>;

/// What a person may do to one rollout; the rows of the move table.
enum class Move {
    Approve,
    Reject,
    Pause,
    Resume,
    Promote,
    StepBack,
    Cancel,
    RollBack,
    EmergencyRollback,
    Ramp,
    TickItem,
    HandOver,
    Comment,
    RetryStep,
    SkipStep,
};

} // namespace sluice::rollout
