// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/connection_check.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/composition/real_ports.h"
#include "core/adapters/haproxy_setup.h"
#include "core/base/overloaded.h"
#include "core/model/value.h"

namespace sluice::app {

namespace {

constexpr Duration kSetupLimit = std::chrono::seconds(2);  // of a proxy that has just answered
constexpr Duration kHealthLimit = std::chrono::seconds(6); // the probe itself gives up after 5

constexpr const char* kRouter = "router";

using State = EndpointCheck::State;
using Series = std::map<std::string, std::vector<std::string>>;

/// The newest answer of each endpoint.
struct Answers {
    std::map<std::string, ports::MetricAnswer> metrics{};
    std::map<std::string, rollout::ProxyFact> proxies{};
    std::map<std::pair<TargetId, Track>, rollout::WorkloadFact> workloads{};
    std::map<TargetId, ports::HealthAnswer> health{};
};

/// Where the ports post, from their own threads.
class Box {
public:
    bool take(const ports::PortMessage& message)
    {
        const std::scoped_lock lock(m_mutex);
        std::visit(
            overloaded{
                [&](const ports::MetricAnswer& answer) { m_answers.metrics.insert_or_assign(answer.source, answer); },
                [&](const ports::ProxyAnswer& answer) { m_answers.proxies[answer.fact.name] = answer.fact; },
                [&](const ports::WorkloadAnswer& answer) {
                    m_answers.workloads[{answer.target, answer.track}] = answer.fact;
                },
                [&](const ports::HealthAnswer& answer) { m_answers.health.insert_or_assign(answer.target, answer); },
            },
            message);
        m_changed.notify_all();
        return true;
    }
    /// What is there when `done` is content, or when `limit` has passed.
    template <class Done>
    Answers waitFor(const Done& done, Duration limit)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, limit, [&] { return done(m_answers); });
        return m_answers;
    }

private:
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    Answers m_answers{};
};

bool answered(const rollout::ProxyFact& proxy)
{
    return proxy.state != rollout::ProxyFact::State::Unreachable && proxy.state != rollout::ProxyFact::State::Unknown;
}

EndpointCheck routerCheck(const std::string& name, const RouterConfig& config, const Answers& answers)
{
    EndpointCheck check{.kind = kRouter, .name = name, .address = config.address, .detail = "no answer"};
    const auto found = answers.proxies.find(name);
    if (found == answers.proxies.end()) return check;
    const rollout::ProxyFact& proxy = found->second;
    if (proxy.state == rollout::ProxyFact::State::Refused || !answered(proxy)) {
        if (!proxy.detail.empty()) check.detail = proxy.detail;
        check.configuration = proxy.state == rollout::ProxyFact::State::Refused;
        return check;
    }
    check.state = State::Good;
    check.detail = fmt::format("answers; the canary gets {}{}", percentText(proxy.limit.ppm()),
                               proxy.canaryMaint ? " and is in maintenance" : "");
    return check;
}

/// Reading a share says nothing about a service whose name the proxy does not know: what Sluice will use is asked for,
/// of all proxies at once (one after the other where the system gives no threads).
void checkSetups(std::vector<EndpointCheck>& checks, const Connections& connections, const ports::Clock& clock)
{
    std::vector<std::pair<EndpointCheck*, std::future<Outcome>>> asked;
    for (EndpointCheck& check : checks) {
        const bool answers = check.state == State::Good || check.configuration;
        if (check.kind != kRouter || !answers) continue;
        asked.emplace_back(&check, std::async([&config = connections.routers.at(check.name), &clock] {
            return adapters::checkProxySetup(config, clock, kSetupLimit);
        }));
    }
    for (auto& [check, answer] : asked) {
        const Outcome setup = answer.get();
        if (setup.ok()) continue;
        check->state = State::Wrong;
        check->configuration = setup.error().fault == Fault::Refused;
        check->detail = setup.error().detail;
    }
}

EndpointCheck metricsCheck(const std::string& name, const std::string& address, const std::vector<std::string>& wanted,
                           const Answers& answers)
{
    EndpointCheck check{.kind = "metrics", .name = name, .address = address, .detail = "no answer"};
    const auto found = answers.metrics.find(name);
    if (found == answers.metrics.end()) return check;
    if (!found->second.batch.ok()) {
        check.detail = found->second.batch.error().detail;
        return check;
    }
    std::set<std::string> seen;
    for (const analysis::RawSeries& series : found->second.batch.value().series)
        seen.insert(series.name);
    std::string missing;
    for (const std::string& one : wanted)
        if (!seen.contains(one)) missing += (missing.empty() ? "" : ", ") + one;
    check.state = missing.empty() ? State::Good : State::Wrong;
    check.detail = missing.empty() ? fmt::format("answers; {} series names with fresh samples", seen.size())
                                   : "answers, but has no fresh sample of " + missing + "; does it scrape the service?";
    return check;
}

std::string deployerAddress(const DeployerConfig& config)
{
    if (config.kind == DeployerConfig::Kind::Command && !config.argv.empty()) return config.argv.front();
    return config.socket;
}

EndpointCheck deployerCheck(const TargetConfig& target, const DeployerConfig& config, const Answers& answers)
{
    EndpointCheck check{.kind = "deployer",
                        .name = target.deployer + " of " + target.id.value,
                        .address = deployerAddress(config),
                        .detail = "no answer"};
    const auto found = answers.workloads.find({target.id, Track::Stable});
    if (found == answers.workloads.end()) return check;
    const rollout::WorkloadFact& fact = found->second;
    if (!fact.known) {
        if (!fact.problem.empty()) check.detail = fact.problem;
        return check;
    }
    check.state = State::Good;
    check.detail = fmt::format("{} of {} stable instances ready, version {}", fact.ready, fact.wanted, fact.version);
    return check;
}

EndpointCheck healthCheck(const TargetConfig& target, const Answers& answers)
{
    EndpointCheck check{.kind = "health", .name = target.id.value, .address = target.health, .detail = "no answer"};
    const auto canary = answers.workloads.find({target.id, Track::Canary});
    const bool runs = canary != answers.workloads.end() && canary->second.known && canary->second.ready > 0;
    const auto found = answers.health.find(target.id);
    if (found != answers.health.end()) {
        check.state = found->second.ok ? State::Good : State::Wrong;
        check.detail = found->second.ok ? "answers, version " + found->second.version : found->second.problem;
    }
    if (check.state == State::Wrong && !runs) {
        check.state = State::Idle;
        check.detail = "no canary runs that could answer";
    }
    return check;
}

/// The version that the health answer should name: what the canary is said to run.
void probeHealth(const Connections& connections, const RealPorts& ports, const Answers& answers)
{
    for (const TargetConfig& target : connections.targets) {
        if (target.health.empty()) continue;
        const auto canary = answers.workloads.find({target.id, Track::Canary});
        const std::string version = canary == answers.workloads.end() ? std::string() : canary->second.version;
        ports.health->probe(target.id, target.health, version);
    }
}

bool allAnswered(const Connections& connections, const Series& series, Deployers deployers, const Answers& answers)
{
    for (const auto& [name, wanted] : series)
        if (!wanted.empty() && !answers.metrics.contains(name)) return false;
    return std::ranges::all_of(connections.targets, [&](const TargetConfig& target) {
        const bool routers = std::ranges::all_of(target.routers, [&](const std::string& name) {
            const auto found = answers.proxies.find(name);
            return found != answers.proxies.end() && answered(found->second);
        });
        const bool workloads = answers.workloads.contains({target.id, Track::Stable}) &&
                               answers.workloads.contains({target.id, Track::Canary});
        return routers && (workloads || deployers == Deployers::LeftOut);
    });
}

} // namespace

std::string endpointText(const EndpointCheck& check)
{
    return check.kind + " " + check.name + (check.address.empty() ? "" : " (" + check.address + ")");
}

std::vector<EndpointCheck> checkEndpoints(const Connections& connections, const Series& series,
                                          const ports::Clock& clock, Duration limit, Deployers deployers)
{
    Box box;
    const RealPorts ports = makeRealPorts(
        connections, [&](const ports::PortMessage& message) { return box.take(message); }, clock);
    for (const auto& [name, wanted] : series)
        if (const auto source = ports.sources.find(name); source != ports.sources.end()) source->second->poll(wanted);
    for (const TargetConfig& target : connections.targets) {
        ports.router->observe(target.id);
        if (deployers == Deployers::Asked) ports.deployers.at(target.deployer)->observe(target.id);
    }
    const auto askedAnswered = [&](const Answers& answers) {
        return allAnswered(connections, series, deployers, answers);
    };
    probeHealth(connections, ports, box.waitFor(askedAnswered, limit));
    const auto healthAnswered = [&](const Answers& answers) {
        return std::ranges::all_of(connections.targets, [&](const TargetConfig& target) {
            return target.health.empty() || answers.health.contains(target.id);
        });
    };
    const Answers answers = box.waitFor(healthAnswered, kHealthLimit);

    std::vector<EndpointCheck> checks;
    for (const auto& [name, wanted] : series) {
        const auto source = connections.sources.find(name);
        const std::string address = source == connections.sources.end() ? "" : source->second.url;
        checks.push_back(metricsCheck(name, address, wanted, answers));
    }
    for (const TargetConfig& target : connections.targets) {
        for (const std::string& router : target.routers)
            checks.push_back(routerCheck(router, connections.routers.at(router), answers));
        if (deployers == Deployers::Asked)
            checks.push_back(deployerCheck(target, connections.deployers.at(target.deployer), answers));
        if (!target.health.empty()) checks.push_back(healthCheck(target, answers));
    }
    checkSetups(checks, connections, clock);
    return checks;
}

} // namespace sluice::app
