// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/metric_source.h"
#include "core/ports/safety_files.h"
#include "core/ports/traffic_router.h"
#include "core/ports/workload_controller.h"
#include "core/sim/simulated_world.h"

// The ports over a SimulatedWorld. Nothing happens in a call but taking the order down; `deliver` (called after each
// advance of the world) acts and posts, so a run is one deterministic sequence.

namespace sluice::sim {

class SimulatedMetricSource final : public ports::MetricSource {
public:
    SimulatedMetricSource(std::string name, SimulatedWorld& world, ports::Sink sink)
        : m_name(std::move(name))
        , m_world(&world)
        , m_sink(std::move(sink))
    {
    }
    const std::string& name() const override { return m_name; }
    void poll(const std::vector<std::string>& names) override;
    void backfill(const std::vector<std::string>& names, Duration range) override;
    int64_t requests() const override { return m_requests; }
    void deliver();

private:
    struct Request {
        std::vector<std::string> names{};
        Duration range{0};
        bool backfill{false};
    };
    std::string m_name;
    SimulatedWorld* m_world;
    ports::Sink m_sink;
    std::vector<Request> m_waiting{};
    int64_t m_requests{0};
};

class SimulatedRouter final : public ports::TrafficRouter {
public:
    SimulatedRouter(SimulatedWorld& world, ports::Sink sink)
        : m_world(&world)
        , m_sink(std::move(sink))
    {
    }

    void order(const ports::RouteOrder& order) override;
    void observe(const TargetId& target) override;
    void release(const TargetId& target) override { m_targets.erase(target); }
    int64_t highestEpochSeen(const TargetId& target) const override;
    std::string safeFile(const TargetId& target, int64_t epoch) const override;
    void deliver();
    /// What the engine has asked for, for invariants.
    const ports::RouteOrder* ordered(const TargetId& target) const;

private:
    struct Seen {
        bool admitted{false}; ///< `ready` was sent once; never again but after a reload
        uint64_t verified{0}; ///< newest generation that was read back equal
    };
    struct Target {
        std::optional<ports::RouteOrder> order{};
        std::map<std::string, Seen> seen{};
    };
    static rollout::ProxyFact converge(const ports::RouteOrder& order, Seen& seen, const std::string& name,
                                       SimulatedProxy& proxy);
    static ProxyWrite writeFor(const ports::RouteOrder& order);

    SimulatedWorld* m_world;
    ports::Sink m_sink;
    std::map<TargetId, Target> m_targets{};
    std::map<TargetId, int64_t> m_highest{};
};

class SimulatedWorkloads final : public ports::WorkloadController {
public:
    SimulatedWorkloads(SimulatedWorld& world, ports::Sink sink)
        : m_world(&world)
        , m_sink(std::move(sink))
    {
    }
    void order(const ports::WorkloadOrder& order) override;
    void observe(const TargetId& target) override { m_observed[target] = true; }
    void deliver();

    Duration startUp{std::chrono::seconds(3)};
    bool down{false}; ///< neither acts nor answers

private:
    SimulatedWorld* m_world;
    ports::Sink m_sink;
    std::vector<ports::WorkloadOrder> m_waiting{};
    std::map<TargetId, bool> m_observed{};
};

class SimulatedHealth final : public ports::HealthProbe {
public:
    SimulatedHealth(SimulatedWorld& world, ports::Sink sink)
        : m_world(&world)
        , m_sink(std::move(sink))
    {
    }
    void probe(const TargetId& target, const std::string& url, const std::string& expectedVersion) override;
    void deliver();
    bool broken{false};

private:
    SimulatedWorld* m_world;
    ports::Sink m_sink;
    std::vector<std::pair<TargetId, std::string>> m_waiting{};
};

/// Safety files in memory; they outlive an engine, as files do.
class SimulatedSafety final : public ports::SafetyFiles {
public:
    Outcome writeSafe(const TargetId& target, const std::string& content) override;
    std::optional<ports::StopRecord> stopped(const TargetId& target) override;
    Outcome createStop(const ports::StopRecord& record) override;
    Outcome explainStop(const ports::StopRecord& record) override;
    Outcome clearStop(const TargetId& target) override;
    bool freeSpaceOk() override { return !full; }
    bool full{false};

private:
    std::map<TargetId, std::string> m_safe{};
    std::map<TargetId, ports::StopRecord> m_stops{};
};

} // namespace sluice::sim
