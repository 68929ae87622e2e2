// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/analysis/assessment.h"
#include "core/base/time.h"
#include "core/rollout/command.h"

// What the heart is told: a command of a person, or what the world looks like at a tick.

namespace sluice::rollout {

/// A proxy as last read back.
struct ProxyFact {
    enum class State { Verified, Converging, Unreachable, Refused, Unknown, TakenOver };
    std::string name{};
    State state{State::Unknown};
    uint64_t generation{0}; ///< newest desired generation that the read-back equals (Verified)
    Weight limit{};         ///< read back
    bool canaryMaint{false};
    int64_t canaryRequests{0}; ///< counted by the proxy since its start
    int64_t stableRequests{0};
    Duration sinceAnswer{0};
    Duration zeroFor{0};   ///< so long it has answered, each time read back at limit 0 with the canary in maintenance
    std::string detail{};  ///< exact reply text when refused
    bool corrected{false}; ///< drift was found and put right since the last tick
    std::string correction{};
    friend bool operator==(const ProxyFact&, const ProxyFact&) = default;
};

struct WorkloadFact {
    bool known{false}; ///< false: the deployer has not answered yet or failed
    std::string version{};
    int ready{0};
    int wanted{0};
    std::string problem{};
    friend bool operator==(const WorkloadFact&, const WorkloadFact&) = default;
};

/// Everything known of one rollout's world, as of now.
struct World {
    std::vector<ProxyFact> proxies{};
    std::optional<int64_t> observedSharePpm{}; ///< canary / all, from proxy counters over the last 10 s
    int64_t observedRequests{0};               ///< of both tracks, in the same 10 s
    Duration canaryQuietFor{0}; ///< no canary request counted, by proxies that answer, and by the canary for the others
    std::optional<Duration> zeroProven{}; ///< so long after an emergency was fired elsewhere all proxies read back zero
    WorkloadFact canary{};
    WorkloadFact stable{};
    bool healthProbed{false};       ///< a health probe is configured
    std::optional<bool> healthOk{}; ///< its answer; none = not configured or none yet
    std::string healthProblem{};
    bool criticalAlert{false};
    friend bool operator==(const World&, const World&) = default;
};

/// One engine tick, about once a second while data arrives.
struct Tick {
    Duration observed{0}; ///< BOOTTIME since the last tick that was spent driving, awake and with fresh data
    /// Sum of `observed` since the rollout's clock was last credited. The engine adds `observed` to it each tick and
    /// sets it to zero (in the tick it keeps as the latest, too) after a fold for which observationRestarts()
    /// (decide.h) is true; a restart begins at zero.
    Duration observedSinceCredit{0};
    analysis::Assessment assessment{};
    World world{};
    bool baselineReady{false};  ///< `before` has been recorded long enough
    std::string baselineText{}; ///< `before` as the judge writes it, once it is ready to be recorded
};

/// A command with its asker and, when it came through the inbox, the row it answers.
///
/// `actor.person` is empty for a login that the connections file does not know: it may only fire an emergency.
struct Asked {
    Command command{};
    Actor actor{};
    std::optional<Actor> second{}; ///< the second person of a forced act, already looked up
    std::string inboxId{};
    Tick latest{};          ///< the rollout's newest tick: Promote and Ramp judge the gates on it
    bool supersedes{false}; ///< the engine itself rolls back to make room for a newer start
    /// When a stop was fired without the engine: the decision is that old, and its clock runs since then.
    std::optional<WallTime> decidedAt{};
};

using Input = std::variant<Asked, Tick>;

} // namespace sluice::rollout
