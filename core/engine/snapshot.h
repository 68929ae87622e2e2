// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/assessment.h"
#include "core/analysis/judge.h"
#include "core/model/playbook.h"
#include "core/rollout/decide.h"
#include "core/rollout/input.h"
#include "core/rollout/rollout.h"
#include "core/rollout/wait_reason.h"

// An immutable picture of everything, published by the engine after each tick and each decision, and shared by
// pointer. Screens and the command line read nothing else. Also stored as JSON for observers in other processes.

namespace sluice::engine {

/// A metric's last hour on both tracks, with what to draw beside it.
struct Chart {
    std::string metric{};
    std::string title{};
    Unit unit{Unit::Ratio};
    Worse worse{Worse::Higher};
    std::vector<analysis::ChartPoint> stable{};
    std::vector<analysis::ChartPoint> canary{}; ///< since the rollout's first exposure
    struct Limit {
        int64_t value{0};
        std::string text{}; ///< e.g. "rollback above 2 %"
    };
    std::vector<Limit> limits{};
    struct StageMark {
        int64_t atUs{0};
        Weight weight{};
    };
    std::vector<StageMark> marks{};
};

struct LogLine {
    WallTime at{};
    int64_t version{0};
    std::string name{}; ///< event name, e.g. "stage_applied"
    std::string text{}; ///< English, rollout::eventText
    PersonId by{};
    std::string step{}; ///< of a step_changed: the English title of that step then, StepProgress::title
    /// Without its playbook, baseline and evidence. Null in a picture of a program whose events this one does not know.
    std::shared_ptr<const rollout::Event> event{};
};

/// What of an event stands in the log of a rollout; `after` is the state with it, or a later one.
LogLine logLine(const rollout::Decided& decided, int64_t version, const rollout::Rollout& after);

/// One rollout, live or ended, ready to show.
struct RolloutView {
    rollout::Rollout state{};
    std::shared_ptr<const Playbook> playbook{};
    std::string service{};
    std::string environment{};
    bool lab{false};
    rollout::World world{};
    analysis::Assessment assessment{};
    std::vector<rollout::WaitReason> waits{};
    std::vector<rollout::MoveState> moves{};
    std::vector<std::shared_ptr<const Chart>> charts{};
    std::vector<LogLine> log{}; ///< newest last, at most 200
    std::optional<WallTime> expectedEnd{};
    bool drivenHere{false};
};

/// An emergency stop in force: nothing starts on its target until a person clears it.
struct StopView {
    PersonId by{}; ///< empty: a login that nobody knows
    std::string reason{};
    WallTime since{};
    friend bool operator==(const StopView&, const StopView&) = default;
};

/// One row of the fleet.
struct TargetView {
    TargetId id{};
    std::string service{};
    std::string environment{};
    std::string stableVersion{};
    std::optional<RolloutId> live{}; ///< its rollout in Snapshot::rollouts
    std::optional<StopView> stop{};
    bool lab{false};
    std::string playbook{};
    std::vector<analysis::ChartPoint> sparkline{}; ///< error rate (first metric) of the canary or stable, last hour
};

/// A source, router or store with the age of its last answer.
struct SourceStatus {
    /// Idle: nothing that runs needs it, so it is not asked.
    enum class State { Fresh, Late, Gone, Never, Idle };
    std::string name{}; ///< "Prometheus", "edge-1", "lab deployer"
    std::string kind{}; ///< "metrics", "router", "deployer", "store"
    State state{State::Never};
    Duration age{0};
    std::string problem{};
};

struct EngineStatus {
    enum class Role { Driver, Observer, Alone };
    Role role{Role::Observer};
    std::string holder{}; ///< who drives, as people say it: "the console (ana)", "sluicectl engine on build-7 (ana)"
    Duration renewedAgo{0};
    std::string problem{};          ///< e.g. "journal damaged from event 312; observing only"
    Duration rollbackCheckedAgo{0}; ///< every safe request was last read back this long ago
    bool demo{false};
};

struct Snapshot {
    uint64_t number{0};
    Now now{};
    EngineStatus engine{};
    std::vector<TargetView> targets{};
    std::vector<std::shared_ptr<const RolloutView>> rollouts{}; ///< unfinished ones, and ended within the last hour
    std::vector<SourceStatus> sources{};

    const RolloutView* rollout(const RolloutId& id) const;
    const RolloutView* liveOn(const TargetId& target) const;
    const TargetView* target(const TargetId& id) const;
};

} // namespace sluice::engine
