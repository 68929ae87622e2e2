// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <QTemporaryDir>

#include "core/adapters/haproxy_router.h"
#include "core/adapters/system_clock.h"
#include "core/engine/threaded_engine.h"
#include "core/journal/sqlite_journal.h"
#include "core/journal/sqlite_sample_store.h"
#include "core/journal/stop_files.h"
#include "tests/bench/metric_server.h"
#include "tests/bench/proxy_farm.h"

namespace sluice::bench {

/// Has what it was ordered at once.
class ReadyWorkloads final : public ports::WorkloadController {
public:
    explicit ReadyWorkloads(ports::Sink sink)
        : m_sink(std::move(sink))
    {
    }
    void order(const ports::WorkloadOrder& order) override;
    void observe(const TargetId& target) override;

private:
    void post(const TargetId& target, Track track, const std::string& version, int instances);
    ports::Sink m_sink;
};

/// The engine as users run it (real router, real Prometheus client, real journal on the disk) with a release at 10 % on
/// each target; the proxies are given.
class Rig {
public:
    struct Setup {
        std::vector<std::vector<adapters::RouterBinding>> targets{}; ///< the proxies of each
        bool stepped{false};                                         ///< no thread, the caller steps
        bool twentyMetrics{false};                                   ///< instead of the error rate alone
    };
    explicit Rig(const Setup& setup);
    ~Rig();

    /// Starts a release on every target and waits until all of them bake. False = why() says what is missing.
    bool bake();
    const std::string& why() const { return m_why; }

    /// Blocks until a published picture fits, at most `limit`; the moment it was published, seconds().
    std::optional<double> until(const std::function<bool(const engine::Snapshot&)>& fits, Duration limit);
    /// From now on counts the proxies that are read back at zero and in maintenance.
    void countZeros();
    /// When the last of so many was, seconds(); the router had just told the engine.
    std::optional<double> zeroAt(size_t proxies, Duration limit);
    /// Fires and does not wait for the answer.
    void submit(rollout::Command command);

    engine::ThreadedEngine& engine() { return *m_engine; }
    MetricServer& metrics() { return m_metrics; }
    /// Answers of the metric source that have been handed to the engine.
    int answers() const { return m_answers; }
    static TargetId target(int number);
    /// So many targets with so many doubles of the farm each, named p0, p1, …
    static std::vector<std::vector<adapters::RouterBinding>> bindings(const ProxyFarm& farm, int targets, int each);
    static const RolloutId& rolloutOn(const engine::Snapshot& snapshot, int number);

private:
    engine::EngineParts parts();
    bool start(int number);

    Connections m_connections{};
    QTemporaryDir m_folder{};
    adapters::SystemClock m_clock{};
    MetricServer m_metrics;
    Setup m_setup;
    std::unique_ptr<journal::SqliteJournal> m_journal{};
    std::unique_ptr<journal::SqliteSampleStore> m_samples{};
    std::unique_ptr<journal::StopFiles> m_safety{};
    std::unique_ptr<engine::ThreadedEngine> m_engine{std::make_unique<engine::ThreadedEngine>()};
    std::unique_ptr<adapters::HaproxyRouter> m_router{};
    std::unique_ptr<ports::MetricSource> m_source{};
    std::unique_ptr<ReadyWorkloads> m_workloads{};
    ports::Sink watched(ports::Sink sink);

    std::atomic<int> m_answers{0};
    std::mutex m_mutex{};
    std::condition_variable m_zeroed{};
    std::map<std::string, double> m_zeros{}; ///< guarded by m_mutex; by proxy, the first time
    std::string m_why{};
};

/// Every proxy of the target but `except` was read back at zero and in maintenance, under the newest order.
bool atZero(const engine::Snapshot& snapshot, const TargetId& target, const std::string& except = {});

} // namespace sluice::bench
