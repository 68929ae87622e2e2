// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/scenario.h"

#include <variant>

#include "core/base/check.h"
#include "core/model/playbook_reader.h"

namespace sluice::simulation {

using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, kFaultKinds> kNames{
    "engine killed",       "engine frozen", "lease stolen",        "metrics down",        "metrics blind",
    "metrics not finite",  "proxy frozen",  "proxy dead",          "proxy reloaded",      "foreign limit",
    "foreign maintenance", "append lost",   "append unanswered",   "journal unreachable", "disk full",
    "deployer down",       "slow start",    "canary errors",       "canary slow",         "shared outage",
    "clock jump",          "suspend",       "emergency elsewhere", "instances restart",   "no traffic",
    "health broken"};

// Stages of seconds: a whole release is some ninety simulated seconds.
constexpr const char* kPlaybook = R"(playbook: simulated
title: Simulated
strategy: canary
before: 5s
metrics:
  error_rate:
    title: Error rate
    kind: ratio
    of: 'http_requests_total{service="$service",track="$track",code=~"5.."}'
    over: 'http_requests_total{service="$service",track="$track"}'
    window: 10s
    min_requests: 20
  p95:
    title: Latency p95
    kind: quantile
    q: 0.95
    of: 'http_request_duration_seconds_bucket{service="$service",track="$track"}'
    window: 10s
    min_requests: 20
charts: [error_rate]
stages:
  - name: First
    weight: 5%
    replicas: 1
    bake: 6s
    min_requests: 20
    require: [{metric: error_rate, below: 5%}, {metric: p95, below: 250ms}]
  - name: Second
    weight: 25%
    replicas: 50%
    bake: 5s
    require: [{metric: error_rate, below: 5%}, {metric: p95, below: 250ms}]
    approve: {when: always, roles: [release-manager], expires: 10m}
  - name: Third
    weight: 60%
    replicas: 100%
    bake: 5s
    require: [{metric: error_rate, below: 5%}, {metric: p95, below: 250ms}]
    approve: {when: warnings, roles: [engineering-lead], expires: 10m}
  - name: Full
    weight: 100%
    replicas: 100%
    bake: 5s
    require: [{metric: error_rate, below: 5%}, {metric: p95, below: 250ms}]
triggers:
  - {metric: error_rate, above: 12%, for: 2s, action: rollback}
  - {metric: p95, above: 400ms, for: 3s, action: rollback}
checklist:
  pre:
    - {id: way-back, text: I know the way back}
  post:
    - {id: told, text: Everybody was told}
watch:
  for: 6s
  require: [{metric: error_rate, below: 5%}]
longest: {after: 2h, then: pause}
rollback:
  - {kind: application, title: Stop the canary, usually: 5s}
  - {kind: validation, title: The old version is well, usually: 5s}
)";

FaultPlan makeFault(sim::Random& random, Duration busy)
{
    const auto second = [&](int from, int to) {
        return Duration(std::chrono::seconds(from + static_cast<int>(random.below(static_cast<uint64_t>(to - from)))));
    };
    FaultPlan plan;
    plan.kind = static_cast<FaultKind>(random.below(kFaultKinds));
    plan.begin = 5s + Duration(static_cast<int64_t>(random.below(static_cast<uint64_t>((busy - 10s).count()))));
    plan.length = second(2, 20);
    plan.dice = random.next();
    return plan;
}

} // namespace

std::string_view faultName(FaultKind kind)
{
    return kNames.at(static_cast<size_t>(kind));
}

Scenario makeScenario(uint64_t seed)
{
    sim::Random random(sim::Random(seed).next()); // neighbouring seeds must not be the same sequence, shifted
    Scenario scenario{.seed = seed};
    scenario.targets = random.chance(0.2) ? 2 : 1;
    scenario.proxies = random.chance(0.4) ? 3 : 2;
    scenario.engines = random.chance(0.4) ? 2 : 1;
    scenario.instances = 2 + static_cast<int>(random.below(3));
    scenario.mischief = random.chance(0.5) ? 0.0 : 0.005 + 0.03 * random.uniform();
    // One seed in ten has no faults: what then goes wrong is nobody's fault but ours.
    const auto faults = random.chance(0.1) ? 0 : 1 + random.below(6);
    for (uint64_t i = 0; i < faults; ++i)
        scenario.faults.push_back(makeFault(random, scenario.busy));
    return scenario;
}

Connections connectionsOf(const Scenario& scenario)
{
    Connections connections;
    connections.people = {
        {.id = PersonId("release-bot"), .name = "Release bot", .roles = {"release-manager"}},
        {.id = PersonId("you"), .name = "You", .roles = {"release-manager", "engineering-lead", "on-call"}},
        {.id = PersonId("colleague"), .name = "A colleague", .roles = {"engineering-lead", "release-manager"}},
        {.id = PersonId("guest"), .name = "A guest", .roles = {}},
    };
    connections.sources["sim"] = {};
    connections.deployers["sim"] = {};
    for (int t = 0; t < scenario.targets; ++t) {
        const std::string service = "shop-" + std::to_string(t + 1);
        TargetConfig target{.id = TargetId(service + "/production"),
                            .service = service,
                            .environment = "production",
                            .metrics = "sim",
                            .deployer = "sim",
                            .playbook = "simulated",
                            .health = "sim",
                            .stableVersion = "v1"};
        for (int p = 0; p < scenario.proxies; ++p) {
            target.routers.push_back(service + "-edge-" + std::to_string(p + 1));
            connections.routers[target.routers.back()] = {.service = service};
        }
        connections.targets.push_back(std::move(target));
    }
    return connections;
}

const std::string& playbookText()
{
    static const std::string text = kPlaybook;
    return text;
}

std::shared_ptr<const Playbook> playbook()
{
    static const auto read = [] {
        auto result = readPlaybook(playbookText(), "simulated");
        if (const auto* problems = std::get_if<std::vector<Problem>>(&result))
            checkFailed(problemText(problems->front()).c_str(), __FILE__, __LINE__);
        return std::make_shared<const Playbook>(std::get<Playbook>(std::move(result)));
    }();
    return read;
}

} // namespace sluice::simulation
