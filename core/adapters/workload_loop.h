// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <compare>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/ports/clock.h"
#include "core/ports/workload_controller.h"

namespace sluice::adapters {

/// The blocking half of a deployer; used by one thread.
class DeployBackend {
public:
    virtual ~DeployBackend() = default;
    /// Brings the track to the order; absolute and repeatable. The fact is what is known after it, `known` false when
    /// the outcome is not. Gives up soon after `stop` becomes true.
    virtual rollout::WorkloadFact deploy(const ports::WorkloadOrder& order, const std::atomic<bool>& stop) = 0;
    virtual rollout::WorkloadFact status(const TargetId& target, Track track, const std::atomic<bool>& stop) = 0;
};

/// ports::WorkloadController over a backend that blocks: one thread, in which the newest order of each track wins.
///
/// An order is carried out once and then read back every `statusEvery`; when the read-back shows another version or
/// count, it is carried out again, at first after 2 s and then ever more seldom. An outcome that is not known is read
/// back first. One slow command delays the other targets of the same object: give each target its own where that
/// matters.
class WorkloadLoop final : public ports::WorkloadController {
public:
    static constexpr Duration kRepeatFirst = std::chrono::seconds(2);
    static constexpr Duration kRepeatMost = std::chrono::seconds(30);

    /// `statusEvery` at most 2 s: the port promises a fact that often.
    WorkloadLoop(std::unique_ptr<DeployBackend> backend, ports::Sink sink, const ports::Clock& clock,
                 Duration statusEvery);
    ~WorkloadLoop() override;

    void order(const ports::WorkloadOrder& order) override;
    void observe(const TargetId& target) override;

private:
    struct Key {
        TargetId target{};
        Track track{Track::Canary};
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Slot {
        std::optional<ports::WorkloadOrder> order{};
        bool fresh{false};   ///< the order was not carried out yet
        bool observe{false}; ///< one look was asked for
        BootTime repeatAt{};
        Duration repeatAfter{kRepeatFirst};
    };
    void run();
    void visit(const Key& key, const Slot& slot);
    void afterStatus(const Key& key, const rollout::WorkloadFact& fact);
    void post(const Key& key, const rollout::WorkloadFact& fact);

    const std::unique_ptr<DeployBackend> m_backend;
    const ports::Sink m_sink;
    const ports::Clock& m_clock;
    const Duration m_statusEvery;
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    std::map<Key, Slot> m_slots{}; // guarded by m_mutex
    bool m_asked{false};           // guarded by m_mutex
    std::atomic<bool> m_stopping{false};
    std::thread m_thread{};
};

} // namespace sluice::adapters
