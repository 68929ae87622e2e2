// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/router_stand.h"

#include <vector>

#include "core/adapters/haproxy_router.h"
#include "core/adapters/system_clock.h"
#include "core/sim/simulated_ports.h"
#include "tests/core/adapters/fact_box.h"
#include "tests/core/adapters/real_haproxy.h"

namespace sluice::contract {

namespace {

using Fits = std::function<bool(const rollout::ProxyFact&)>;

class SimulatedEnd final : public RouterUnderTest {
public:
    explicit SimulatedEnd(sim::SimulatedWorld& world)
        : m_world(&world)
        , m_router(world, [this](ports::PortMessage message) {
            if (const auto* answer = std::get_if<ports::ProxyAnswer>(&message)) m_newest = answer->fact;
            return true;
        })
    {
    }
    ports::TrafficRouter& router() override { return m_router; }
    std::optional<rollout::ProxyFact> await(const Fits& fits) override
    {
        for (int quarter = 0; quarter < 40; ++quarter) {
            m_world->advance(std::chrono::milliseconds(250));
            m_router.deliver();
            if (m_newest && fits(*m_newest)) return m_newest;
        }
        return std::nullopt;
    }

private:
    sim::SimulatedWorld* m_world;
    std::optional<rollout::ProxyFact> m_newest{};
    sim::SimulatedRouter m_router;
};

class SimulatedStand final : public RouterStand {
public:
    SimulatedStand()
    {
        TargetConfig target{.id = kTarget, .service = "checkout", .routers = {"edge-1"}};
        m_proxy = &m_world.add(target, "v1", 2).proxies.at("edge-1");
    }
    std::unique_ptr<RouterUnderTest> connect() override { return std::make_unique<SimulatedEnd>(m_world); }
    void reload() override { m_proxy->reload(); }
    void freeze() override { m_proxy->freeze(); }
    void thaw() override { m_proxy->thaw(); }
    void foreignLimit(int64_t epoch, Weight limit) override { m_proxy->write({.epoch = epoch, .limit = limit}); }

private:
    sim::SimulatedWorld m_world{1, wallTime(1'795'000'000'000'000)};
    sim::SimulatedProxy* m_proxy{nullptr};
};

class HaproxyEnd final : public RouterUnderTest {
public:
    explicit HaproxyEnd(const test::RealHaproxy& proxy)
        : m_router({proxy.binding("edge-1")}, m_box.sink(), m_clock)
    {
    }
    ports::TrafficRouter& router() override { return m_router; }
    std::optional<rollout::ProxyFact> await(const Fits& fits) override
    {
        std::optional<rollout::ProxyFact> found;
        const auto keep = [&](const rollout::ProxyFact& fact) {
            if (!fits(fact)) return false;
            found = fact;
            return true;
        };
        m_box.waitForFact("edge-1", keep, m_box.count());
        return found;
    }

private:
    adapters::SystemClock m_clock{};
    test::MessageBox m_box{};
    adapters::HaproxyRouter m_router;
};

class HaproxyStand final : public RouterStand {
public:
    bool start() { return m_proxy.start(); }
    std::unique_ptr<RouterUnderTest> connect() override { return std::make_unique<HaproxyEnd>(m_proxy); }
    void reload() override { m_proxy.reload(); }
    void freeze() override { m_proxy.freeze(); }
    void thaw() override { m_proxy.thaw(); }
    void foreignLimit(int64_t epoch, Weight limit) override
    {
        m_proxy.command("set map " + m_proxy.path("split.map") + " checkout@" + std::to_string(epoch) + " " +
                        std::to_string(limit.perTenThousand()));
    }

private:
    test::RealHaproxy m_proxy{};
};

} // namespace

std::unique_ptr<RouterStand> simulatedStand()
{
    return std::make_unique<SimulatedStand>();
}

std::unique_ptr<RouterStand> haproxyStand()
{
    if (!test::RealHaproxy::installed()) return nullptr;
    auto stand = std::make_unique<HaproxyStand>();
    if (!stand->start()) qFatal("haproxy does not start");
    return stand;
}

} // namespace sluice::contract
