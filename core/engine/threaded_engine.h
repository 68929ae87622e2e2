// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/engine/engine_core.h"

namespace sluice::engine {

/// EngineCore on its own thread: what programs use.
class ThreadedEngine final : public Engine {
public:
    ThreadedEngine();
    ~ThreadedEngine() override; ///< ends the thread; releases nothing: a successor takes the lease over at once

    ports::Sink sink() { return m_core.sink(); }
    /// Blocks while the journal is verified and folded; then the thread runs. `beforeStep` is called on that thread
    /// before each round (a simulated world moves there).
    Outcome start(EngineParts parts, std::function<void()> beforeStep = {});
    /// start() in two halves, for a world that is played forward before anybody looks: prepare(), any number of
    /// stepNow() on this thread, then run().
    Outcome prepare(EngineParts parts);
    void stepNow() { m_core.step(); }
    void run(std::function<void()> beforeStep);
    /// Ends the thread (also called by the destructor); ports may be destroyed afterwards.
    void stop();

    void submit(rollout::Command command, rollout::Actor actor, Reply reply) override;
    std::shared_ptr<const Snapshot> latest() const override { return m_core.latest(); }
    std::unique_ptr<Subscription> subscribe(std::function<void(std::shared_ptr<const Snapshot>)> callback) override;
    Result<std::vector<ports::RolloutRow>> history(int limit,
                                                   const std::optional<ports::RolloutRow>& after) const override;
    Result<RolloutHistory> rolloutHistory(const RolloutId& id) const override;
    Result<std::vector<RolloutSummary>> rolloutSummaries(const std::vector<RolloutId>& ids) const override;
    Result<ports::ChainVerdict> verifyJournal() const override;

private:
    class Handle;
    /// An observer's emergency on a thread of its own; false when too many are under way.
    bool fireBeside(const rollout::Command& command, const rollout::Actor& actor, const Reply& reply);
    struct Callbacks {
        std::mutex mutex{};
        std::map<uint64_t, std::function<void(std::shared_ptr<const Snapshot>)>> all{}; // guarded by mutex
        uint64_t next{1};                                                               // guarded by mutex
    };

    EngineCore m_core{};
    Connections m_connections{};
    std::function<Result<std::unique_ptr<ports::Journal>>()> m_openJournal{};
    std::function<Result<std::unique_ptr<ports::SampleStore>>()> m_openSamples{};
    std::shared_ptr<Callbacks> m_callbacks{std::make_shared<Callbacks>()};
    std::function<void()> m_beforeStep{};
    std::atomic<bool> m_ending{false};
    std::thread m_thread{};
    std::mutex m_emergenciesMutex{};
    std::vector<std::future<void>> m_emergencies{}; // guarded by m_emergenciesMutex
};

} // namespace sluice::engine
