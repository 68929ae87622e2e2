// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bounded_queue.h"
#include "core/engine/engine.h"
#include "core/engine/engine_parts.h"
#include "core/engine/metric_feed.h"
#include "core/engine/target_slot.h"

namespace sluice::engine {

/// The engine without a thread: read inputs, decide, append, fold, publish, converge. `step()` is called by one thread
/// (ThreadedEngine) or by the simulation with a virtual clock; the same code either way.
class EngineCore {
public:
    /// `parts` may still be filled (ports need our sink first) until start().
    EngineCore();
    ~EngineCore();

    /// Where ports post what they saw. Any thread.
    ports::Sink sink();
    /// Verifies the journal, folds unfinished rollouts, starts to observe. Fails only on a damaged or unreadable store.
    Outcome start(EngineParts parts);

    /// Any thread.
    void submit(rollout::Command command, rollout::Actor actor, Reply reply);
    std::shared_ptr<const Snapshot> latest() const;
    /// Whether an observer sends this by itself, and does so: files and sockets only, blocks up to 2 s a target. Any
    /// thread, also while the engine's own one waits for a journal that a frozen driver holds.
    bool firesWithoutLease(const rollout::Command& command) const;
    void fireWithoutLease(const rollout::Command& command, const rollout::Actor& actor, const Reply& reply) const;
    /// Called from step() with each new picture.
    void onPublished(std::function<void(std::shared_ptr<const Snapshot>)> callback)
    {
        m_published = std::move(callback);
    }

    /// One round. Never waits but for commits.
    void step();
    /// Blocks until there is something to do, at most one tick.
    void wait() { m_queue.waitFor(kTick); }
    void wake() { m_queue.wake(); }

private:
    struct Submitted {
        rollout::Command command{};
        rollout::Actor actor{};
        Reply reply{};
        std::string inboxId{};
    };
    using Item = std::variant<ports::PortMessage, Submitted>;
    struct Waiting { ///< asked through the inbox while observing
        std::string id{};
        Reply reply{};
        BootTime deadline{};
    };

    // engine_core.cpp: the round
    void drain();
    void take(const ports::PortMessage& message);
    void driveTargets();
    bool hasProbe(const TargetSlot& target) const;
    bool isProbed(const TargetSlot& target) const;
    void pollPorts();
    TargetSlot* slot(const TargetId& target);
    TargetSlot* slotOf(const RolloutId& rollout);
    MetricFeed* feedOf(const TargetSlot& target);
    DriveContext context(const TargetSlot& target) const;
    void settle(TargetSlot& target, ports::Appended stored);
    void ended(TargetSlot& target);

    // core_start.cpp: from the journal to runners
    Now steadyNow() const;
    void notBefore(WallTime journaled);
    void learnStable(const std::vector<ports::RolloutRow>& rows);
    Outcome loadUnfinished();
    Outcome loadRollout(const ports::RolloutRow& row);
    void rereadRollout(TargetSlot& target); ///< with a reopened journal: a commit may or may not be there
    void readRollout(TargetSlot& target);
    void readLater(TargetSlot& target, const Error& why);
    void adopt(TargetSlot& target, const std::string& because);

    // core_lease.cpp: who drives
    /// Every rollout ends with the canary at zero. A proxy that was out of reach until the end learns it from us, also
    /// when we were not the engine that saw the end.
    void reassertSafeStates();
    void renewLease();
    void takeLeases();
    bool acquire(TargetSlot& target, const std::string& reason, bool force);
    void fenced(TargetSlot& target);
    bool mayDrive() const;
    void checkStops();
    /// The runner has a live rollout and every event of it that the journal has.
    bool isCurrent(const TargetSlot& target) const;
    static bool isJournaled(const TargetSlot& target);

    // core_commands.cpp: what people ask
    void handle(Submitted submitted);
    Result<std::string> perform(const Submitted& submitted);
    Outcome clearOne(TargetSlot& target, const rollout::ClearStop& command, const Submitted& submitted);
    void markJournaled(TargetSlot& target, const rollout::Actor& actor) const;
    void tellNewReason(TargetSlot& target, const std::optional<ports::StopRecord>& before);
    Outcome explainStop(TargetSlot& target, const rollout::Comment& comment, const rollout::Actor& actor);
    Outcome keepStop(TargetSlot& target, const std::string& reason, const rollout::Actor& actor);
    Error unread() const; ///< why a command finds no rollout while the journal cannot be read
    Result<std::string> emergencyStop(const rollout::EmergencyStop& command, const rollout::Actor& actor);
    Result<std::string> clearStop(const rollout::ClearStop& command, const Submitted& submitted);
    Outcome tellCleared(TargetSlot& target, const rollout::ClearStop& command, const Submitted& submitted);
    Result<std::string> commandRollout(TargetSlot& target, const Submitted& submitted, bool supersedes = false);
    void readInbox();
    void labColleagues();

    // core_release.cpp: a release begins
    Result<std::string> startRollout(const rollout::StartRollout& command, const Submitted& submitted);
    Result<rollout::StartRollout> noteException(rollout::StartRollout command, const TargetConfig& target,
                                                const rollout::Actor& actor) const;
    Outcome mayFollow(const rollout::StartRollout& command, const TargetSlot& target, const Playbook& playbook) const;
    Result<std::string> supersede(TargetSlot& target, const Submitted& submitted);

    // core_observe.cpp: somebody else drives
    void ask(Submitted submitted);
    void collectAnswers();
    std::vector<TargetId> toStop(const rollout::Command& command) const;

    // core_publish.cpp
    void publish();
    bool isShown(const TargetSlot& target) const;
    void renewCharts();
    std::shared_ptr<const RolloutView> makeView(const TargetSlot& target) const;
    EngineStatus status() const;
    void storeSamples(const Snapshot& snapshot);
    std::shared_ptr<const Snapshot> observed(std::shared_ptr<Snapshot> own);
    void observeCharts(Snapshot& snapshot);

    EngineParts m_parts{};
    Now m_now{};
    Duration m_wallMinusBoot{0}; ///< fixed at the start: somebody setting the clock moves no deadline of a rollout
    BoundedQueue<Item> m_queue{kInputQueueLimit};
    std::map<TargetId, std::unique_ptr<TargetSlot>> m_targets{};
    std::map<std::string, std::unique_ptr<MetricFeed>> m_feeds{};
    std::vector<Waiting> m_waiting{};
    std::shared_ptr<Snapshot> m_observed{};                                       ///< the driver's picture as last read
    std::map<std::string, std::shared_ptr<const Playbook>> m_observedPlaybooks{}; ///< by hash
    bool m_driving{false};
    std::string m_problem{};       ///< damaged journal and the like: observing only
    std::string m_rereadProblem{}; ///< the journal did not confirm and cannot be read: holding
    std::set<TargetId> m_toReread{};
    std::string m_otherDriver{};
    BootTime m_startedAt{};
    BootTime m_lastRenewed{};
    BootTime m_nextRenew{};
    BootTime m_nextAcquire{};
    BootTime m_nextInbox{};
    BootTime m_nextStore{};
    BootTime m_lastStep{};
    uint64_t m_asked{0};
    uint64_t m_snapshotNumber{0};
    int64_t m_storedToUs{0};
    std::function<void(std::shared_ptr<const Snapshot>)> m_published{};
    mutable std::mutex m_latestMutex{};
    std::shared_ptr<const Snapshot> m_latest; // guarded by m_latestMutex
};

} // namespace sluice::engine
