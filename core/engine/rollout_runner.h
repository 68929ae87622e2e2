// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/judge.h"
#include "core/engine/engine_parts.h"
#include "core/engine/metric_feed.h"
#include "core/engine/snapshot.h"
#include "core/engine/stored_events.h"
#include "core/engine/world_tracker.h"
#include "core/rollout/decide.h"

namespace sluice::engine {

/// What a runner may touch while it drives: its target's lease and the doors.
struct DriveContext {
    const EngineParts* parts{nullptr};
    const TargetConfig* target{nullptr};
    int64_t epoch{0};
    std::string stableVersion{};
    bool stopInForce{false};
};

/// One rollout being driven (or shown after its end): state, judge, latest tick, and what was ordered last.
/// Belongs to the engine thread.
class RolloutRunner {
public:
    RolloutRunner(rollout::Rollout state, std::shared_ptr<const Playbook> playbook, const TargetConfig& target);

    const rollout::Rollout& state() const { return m_state; }
    const Playbook& playbook() const { return *m_playbook; }
    std::shared_ptr<const Playbook> playbookPointer() const { return m_playbook; }
    const analysis::Judge& judge() const { return m_judge; }
    const rollout::Tick& latest() const { return m_latest; }
    const std::vector<LogLine>& log() const { return m_log; }
    void replayed(const rollout::Decided& decided);

    /// Reads the newest samples and the world; credits observed time only if the last tick was recent and good.
    void observe(const MetricFeed* feed, const rollout::World& world, Now now);
    /// After a restart: folds what is stored; windows and `for` clocks are rebuilt from a backfill before anything is
    /// judged. `past.state` is the state that this runner was made with.
    void goOn(Past past, Now now);
    /// False while the backfill or the proxies' first answers are missing (for a limited time).
    bool readyToJudge(const MetricFeed* feed, bool proxiesAnswered, Now now);
    void noteCorrections(const std::vector<rollout::ProxyFact>& corrections);
    /// Not driving for a while: the time until the next observe() was not observed by us.
    void interrupt() { m_lastGood.reset(); }

    /// Asks the heart until it has nothing to add, stores and converges. Fenced when the lease has moved on.
    ports::Appended drive(const DriveContext& context, Now now);
    /// One command; the reply text, or why not. `stored` tells what the journal said.
    Result<std::string> command(const DriveContext& context, const rollout::Asked& asked, Now now,
                                ports::Appended& stored);
    /// Sends the safe state for this command before anything is stored; the caller stores later with `command`.
    void safeFirst(const DriveContext& context);
    /// Desired minus ordered. Raising waits for the safe file, free space and no stop; lowering never waits.
    void converge(const DriveContext& context, Now now);
    /// Stores and folds events; towards the safe state the order leaves first.
    ports::Appended apply(const DriveContext& context, const std::vector<rollout::Event>& events,
                          const rollout::Actor& actor, const std::string& inboxId, Now now);

private:
    void lookForCanaryTraffic(const MetricFeed* feed, Now now);
    void show(const rollout::Decided& decided, int64_t version);
    void keepState(const DriveContext& context, Now now);
    void rebuild(const MetricFeed& feed, Now now);
    void replaySamples(const MetricFeed& feed, Now now);
    void useKeptBaseline();
    void orderRoute(const DriveContext& context, const rollout::Desired& want);
    void orderWorkload(const DriveContext& context, const rollout::Desired& want, Now now);
    bool mayRaise(const DriveContext& context);
    bool isStopped(const DriveContext& context) const;

    rollout::Rollout m_state;
    std::shared_ptr<const Playbook> m_playbook;
    const TargetConfig* m_target;
    analysis::Judge m_judge;
    rollout::Tick m_latest{};
    Duration m_uncredited{0};
    std::optional<Past> m_past{};              ///< the judge is still to be rebuilt from it
    std::optional<ports::StateRow> m_toKeep{}; ///< handed to the journal when no window reaches back to it any more
    WallTime m_toKeepSince{};
    BootTime m_rebuildUntil{};
    std::optional<BootTime> m_lastGood{};
    int64_t m_canaryRequests{0}; ///< as the canary counts them
    BootTime m_canaryMovedAt{};  ///< when that changed
    std::vector<LogLine> m_log{};
    std::optional<ports::RouteOrder> m_route{};
    std::optional<ports::WorkloadOrder> m_canaryOrder{};
    BootTime m_canaryOrderedAt{};
    std::optional<ports::WorkloadOrder> m_stableOrder{};
    int64_t m_safeFileEpoch{0};
};

/// What the engine itself signs events with.
const rollout::Actor& engineActor();

} // namespace sluice::engine
