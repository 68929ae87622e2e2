// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/simulated_ports.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sluice::sim {

namespace {
constexpr size_t kRequestsWaiting = 4; // a real client has one under way and drops what comes too early
} // namespace

void SimulatedMetricSource::poll(const std::vector<std::string>& names)
{
    ++m_requests;
    if (m_waiting.size() < kRequestsWaiting) m_waiting.push_back({names, 3 * std::chrono::seconds(1), false});
}

void SimulatedMetricSource::backfill(const std::vector<std::string>& names, Duration range)
{
    ++m_requests;
    if (m_waiting.size() < kRequestsWaiting) m_waiting.push_back({names, range, true});
}

void SimulatedMetricSource::deliver()
{
    for (const Request& request : std::exchange(m_waiting, {})) {
        ports::MetricAnswer answer{.source = m_name, .backfill = request.backfill};
        if (m_world->metrics().down)
            answer.batch = Error{Fault::Unreachable, "connection refused"};
        else
            answer.batch = m_world->metrics().read(
                request.names, request.range, {.wall = m_world->serverTime(), .boot = m_world->clock().now().boot});
        (void)m_sink(std::move(answer)); // a full queue loses this second; the next one comes
    }
}

void SimulatedRouter::order(const ports::RouteOrder& order)
{
    Target& target = m_targets[order.target];
    target.order = order;
    SimulatedService* service = m_world->service(order.target);
    if (service == nullptr) return;
    // The safe direction is written in the call, as the real router does before it returns to its queue.
    if (!order.safe) return;
    for (auto& [name, proxy] : service->proxies) {
        if (proxy.epoch() > order.epoch) continue;
        proxy.write(writeFor(order));
        target.seen[name].admitted = false;
    }
}

void SimulatedRouter::observe(const TargetId& target)
{
    m_targets[target].order.reset();
}

ProxyWrite SimulatedRouter::writeFor(const ports::RouteOrder& order)
{
    return {.epoch = order.epoch,
            .takeEpoch = true,
            .limit = order.safe ? Weight::none() : order.weight,
            .maint = order.safe,
            .ready = false};
}

int64_t SimulatedRouter::highestEpochSeen(const TargetId& target) const
{
    const auto found = m_highest.find(target);
    return found == m_highest.end() ? 0 : found->second;
}

std::string SimulatedRouter::safeFile(const TargetId& target, int64_t epoch) const
{
    return fmt::format(R"({{"epoch":{},"target":"{}"}})", epoch, target.value);
}

const ports::RouteOrder* SimulatedRouter::ordered(const TargetId& target) const
{
    const auto found = m_targets.find(target);
    return found == m_targets.end() || !found->second.order ? nullptr : &*found->second.order;
}

void SimulatedRouter::deliver()
{
    using State = rollout::ProxyFact::State;
    const BootTime now = m_world->clock().now().boot;
    for (auto& [id, target] : m_targets) {
        SimulatedService* service = m_world->service(id);
        if (service == nullptr) continue;
        for (auto& [name, proxy] : service->proxies) {
            rollout::ProxyFact fact{.name = name, .state = State::Converging};
            if (!proxy.answers()) {
                // What a frozen proxy is sent waits in its socket and runs when it thaws.
                if (target.order && proxy.frozen()) proxy.write(writeFor(*target.order));
                fact.state = State::Unreachable;
                fact.detail = "no answer";
            } else {
                if (target.order) fact = converge(*target.order, target.seen[name], name, proxy);
                m_highest[id] = std::max(m_highest[id], proxy.epoch());
                fact.limit = proxy.limit();
                fact.canaryMaint = proxy.maint();
                fact.canaryRequests = proxy.canaryRequests();
                fact.stableRequests = proxy.stableRequests();
            }
            (void)m_sink(ports::ProxyAnswer{id, fact, now});
        }
    }
}

rollout::ProxyFact SimulatedRouter::converge(const ports::RouteOrder& order, Seen& seen, const std::string& name,
                                             SimulatedProxy& proxy)
{
    using State = rollout::ProxyFact::State;
    rollout::ProxyFact fact{.name = name, .state = State::Converging};
    if (proxy.epoch() > order.epoch) {
        fact.state = State::TakenOver;
        return fact;
    }
    const Weight want = order.safe ? Weight::none() : order.weight;
    const bool reloaded = proxy.epoch() == 0;
    const bool admit = order.admit && (reloaded || !seen.admitted);
    const bool wrong = proxy.epoch() != order.epoch || proxy.limit() != want || (order.safe && !proxy.maint());
    if (wrong || admit) {
        fact.corrected = wrong && seen.verified == order.generation && order.generation != 0;
        fact.correction =
            fmt::format("{}: limit {} instead of {}", name, proxy.limit().perTenThousand(), want.perTenThousand());
        ProxyWrite command = writeFor(order);
        command.ready = admit;
        proxy.write(command);
        if (admit) seen.admitted = true;
    }
    if (order.safe) seen.admitted = false;
    const bool holds = proxy.epoch() == order.epoch && proxy.limit() == want && proxy.maint() == order.safe;
    if (holds) {
        fact.state = State::Verified;
        fact.generation = order.generation;
        seen.verified = order.generation;
    } else if (!order.safe && proxy.maint()) {
        fact.detail = "the canary servers are in maintenance by somebody else";
    }
    return fact;
}

void SimulatedWorkloads::order(const ports::WorkloadOrder& order)
{
    m_waiting.push_back(order);
}

void SimulatedWorkloads::deliver()
{
    if (down) return;
    for (const ports::WorkloadOrder& order : std::exchange(m_waiting, {})) {
        SimulatedService* service = m_world->service(order.target);
        if (service == nullptr) continue;
        m_observed[order.target] = true;
        SimulatedTrack& track = order.track == Track::Canary ? service->canary : service->stable;
        track.order(order.version, order.instances, startUp);
    }
    for (const auto& [id, wanted] : m_observed) {
        const SimulatedService* service = m_world->service(id);
        if (service == nullptr) continue;
        for (const Track which : {Track::Stable, Track::Canary}) {
            const SimulatedTrack& track = which == Track::Canary ? service->canary : service->stable;
            const rollout::WorkloadFact fact{.known = true,
                                             .version = track.version(),
                                             .ready = track.ready(),
                                             .wanted = track.wanted(),
                                             .problem = {}};
            (void)m_sink(ports::WorkloadAnswer{id, which, fact});
        }
    }
}

void SimulatedHealth::probe(const TargetId& target, const std::string&, const std::string& expectedVersion)
{
    m_waiting.emplace_back(target, expectedVersion);
}

void SimulatedHealth::deliver()
{
    for (const auto& [id, expected] : std::exchange(m_waiting, {})) {
        const SimulatedService* service = m_world->service(id);
        if (service == nullptr) continue;
        ports::HealthAnswer answer{.target = id,
                                   .ok = !broken && service->canary.ready() > 0,
                                   .version = service->canary.version(),
                                   .problem = {}};
        if (answer.ok && answer.version != expected) answer.ok = false;
        if (!answer.ok) answer.problem = "health probe failed";
        (void)m_sink(std::move(answer));
    }
}

Outcome SimulatedSafety::writeSafe(const TargetId& target, const std::string& content)
{
    m_safe[target] = content;
    return Done{};
}

std::optional<ports::StopRecord> SimulatedSafety::stopped(const TargetId& target)
{
    const auto found = m_stops.find(target);
    return found == m_stops.end() ? std::nullopt : std::optional(found->second);
}

Outcome SimulatedSafety::createStop(const ports::StopRecord& record)
{
    m_stops.try_emplace(record.target, record);
    return Done{};
}

Outcome SimulatedSafety::explainStop(const ports::StopRecord& record)
{
    const auto found = m_stops.find(record.target);
    if (found == m_stops.end()) return Error{Fault::Refused, "No stop is in force."};
    found->second = record;
    return Done{};
}

Outcome SimulatedSafety::clearStop(const TargetId& target)
{
    m_stops.erase(target);
    return Done{};
}

} // namespace sluice::sim
