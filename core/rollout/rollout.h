// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/playbook.h"
#include "core/rollout/command.h"

namespace sluice::rollout {

enum class Phase {
    Preparing,        ///< canary starts, baseline is recorded, pre checklist; exposure zero
    Applying,         ///< replicas ready, then the stage's weight goes to all proxies
    Baking,           ///< observed time is credited
    Judging,          ///< bake done, gates not all green yet
    AwaitingApproval, ///< only people are missing
    Promoting,        ///< decided; the next stage is being entered
    Paused,
    SteppingBack,
    RollingBack,
    RolledBack, ///< end: old version serves everybody
    Watching,   ///< 100 %, triggers armed, old version kept
    Finalising, ///< stable pool takes the new version
    Stable,     ///< end: the release is the stable version
    Cancelled,  ///< end: nobody ever got the new version
};

bool isEnd(Phase phase);
/// Name in the journal and on the command line, e.g. "awaiting-approval".
std::string_view phaseName(Phase phase);
/// For a sentence after "while": "the stage is baking".
std::string_view phaseWords(Phase phase);

enum class RollbackCause { Trigger, Score, Requirement, Overrun, Person, Reject, Emergency, Superseded };

enum class StepState { Waiting, Running, Done, Failed, Skipped };

struct StepProgress {
    std::string title{};
    RollbackStep::Kind kind{RollbackStep::Kind::Application};
    StepState state{StepState::Waiting};
    bool reversible{true};
    std::string risk{};
    std::string note{};
    Duration usually{0};
    Duration took{0};
    WallTime startedAt{};
    friend bool operator==(const StepProgress&, const StepProgress&) = default;
};

/// Both clocks of a rollback, and what moved besides traffic.
struct RollbackProgress {
    RollbackCause cause{RollbackCause::Person};
    std::string because{};  ///< English sentence: which trigger, value, limit, since when
    std::string evidence{}; ///< canonical JSON as in StagePassed: the numbers at the moment of the decision
    std::string trigger{};  ///< id, when a trigger caused it
    int stage{0};
    PersonId by{};
    std::string toVersion{};
    WallTime badSince{}; ///< first sample beyond the limit (zero = unknown)
    WallTime decidedAt{};
    std::optional<Duration> verifiedAfter{}; ///< decision -> read back 0 and maint on all but `unreachable`
    std::optional<Duration> quietAfter{};    ///< decision -> canary requests stood still for 5 s
    std::vector<std::string> unreachable{};  ///< proxies out of reach when the others were last read back
    std::vector<StepProgress> steps{};
    friend bool operator==(const RollbackProgress&, const RollbackProgress&) = default;
};

struct GivenApproval {
    PersonId person{};
    std::string role{};
    std::string comment{};
    std::string digest{};
    WallTime at{};
    friend bool operator==(const GivenApproval&, const GivenApproval&) = default;
};

/// The approval round of the current stage.
struct ApprovalRound {
    std::string digest{};   ///< SHA-256 of the evidence, hex
    std::string evidence{}; ///< canonical JSON shown to the approver
    WallTime askedAt{};
    WallTime expiresAt{};
    std::vector<GivenApproval> given{};
    friend bool operator==(const ApprovalRound&, const ApprovalRound&) = default;
};

struct TickedItem {
    PersonId by{};
    WallTime at{};
    std::string note{};
    friend bool operator==(const TickedItem&, const TickedItem&) = default;
};

/// How a stage went, kept for the rail and the history.
struct StageRecord {
    WallTime enteredAt{};
    std::optional<WallTime> appliedAt{};
    std::optional<WallTime> passedAt{};
    Duration baked{0};
    std::optional<int64_t> scoreMilli{}; ///< at passing
    int warnings{0};                     ///< since entry, also past ones
    friend bool operator==(const StageRecord&, const StageRecord&) = default;
};

/// Folded state of one rollout. Serialised whole into snapshots; holds no playbook (that is pinned by hash
/// and kept as text in its first event) and nothing that changes without an event.
struct Rollout {
    RolloutId id{};
    int64_t version{0}; ///< number of the last event, contiguous from 1
    TargetId target{};
    std::string fromVersion{};
    std::string toVersion{};
    std::string playbookName{};
    std::string playbookHash{};
    PersonId startedBy{};
    PersonId owner{};
    WallTime startedAt{};
    WallTime phaseSince{};
    std::optional<WallTime> endedAt{};

    Phase phase{Phase::Preparing};
    Phase phaseBeforePause{Phase::Baking};
    std::string pausedBecause{};
    bool pausedByPerson{false};
    RollbackCause pausedCause{RollbackCause::Person}; ///< what paused it
    std::optional<WallTime> resumedAt{};              ///< last time a person resumed it
    int stage{0};                                     ///< index; meaningful from Applying on
    Weight weight{};                                  ///< asked now (stage weight, or a ramp inside the stage)
    Weight cap{};                                     ///< highest approved at this version (invariant S2)
    uint64_t generation{0};                           ///< rises with each change of the desired route
    bool admitted{false};                             ///< `ready` was sent once, at stage 1
    bool canaryReady{false};
    bool baselineRecorded{false};
    std::vector<StageRecord> stages{};
    std::vector<std::string> warnings{}; ///< codes seen in this stage
    std::optional<ApprovalRound> approval{};
    std::map<std::string, TickedItem> ticked{};
    std::map<std::string, WallTime> cooldownUntil{}; ///< trigger id -> end of its cooldown
    Duration watched{0};
    bool dataMissing{false};
    WallTime dataMissingSince{};
    bool promotionForced{false};     ///< Promoting: a person went beyond an open gate
    std::string promotionEvidence{}; ///< Promoting: what the decision to promote cited
    bool overrunSeen{false};         ///< the whole rollout took too long and that was acted on
    std::optional<RollbackProgress> rollback{};
    std::vector<StepProgress> finalise{};
    friend bool operator==(const Rollout&, const Rollout&) = default;
};

/// Canary instances may still be serving somebody.
bool hasExposure(const Rollout& rollout);

} // namespace sluice::rollout
