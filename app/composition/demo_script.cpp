// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/demo_script.h"

#include "app/composition/identity.h"

namespace sluice::app {

using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<DemoService>& demoServices()
{
    static const std::vector<DemoService> services = {
        {"checkout", "production", "v2.3.0", 2, 3000, 42000, "avalo-production", 4},
        {"search", "production", "v8.1.4", 3, 260, 26000, "lab-canary"},
        {"payments", "production", "v5.0.1", 2, 2400, 36000, "avalo-production", 3},
        {"gateway", "staging", "v1.0.2", 1, 120, 300, "avalo-staging"},
        {"notify", "production", "v3.9.0", 2, 60, 900, "lab-canary"},
        {"profile", "production", "v2.20.0", 2, 220, 22000, "lab-canary"},
        {"recommend", "production", "v11.1.9", 2, 240, 24000, "lab-canary"},
        {"media", "dev", "v0.9.16", 1, 210, 21000, "lab-canary"},
    };
    return services;
}

Connections demoConnections()
{
    Connections connections;
    connections.people = {
        {.id = PersonId("release-bot"), .name = "Release bot", .roles = {"release-manager"}},
        {.id = PersonId("you"),
         .name = "You",
         .roles = {"release-manager", "engineering-lead", "on-call"},
         .logins = {osLogin()}},
        {.id = PersonId("colleague"),
         .name = "A colleague",
         .roles = {"engineering-lead", "release-manager"},
         .approvesAfter = seconds(5)},
    };
    connections.sources[kDemoMetrics] = {};
    connections.deployers["sim"] = {};
    for (const DemoService& one : demoServices()) {
        TargetConfig target{.id = TargetId(one.service + "/" + one.environment),
                            .service = one.service,
                            .environment = one.environment,
                            .metrics = kDemoMetrics,
                            .deployer = "sim",
                            .playbook = one.playbook,
                            .health = "simulated",
                            .stableVersion = one.stableVersion,
                            .lab = true};
        for (int i = 1; i <= one.proxies; ++i) {
            const std::string name = one.service + "-edge-" + std::to_string(i);
            target.routers.push_back(name);
            connections.routers[name] = {.service = one.service};
        }
        connections.targets.push_back(std::move(target));
    }
    return connections;
}

namespace {

sim::Behaviour healthy()
{
    sim::Behaviour healthy;
    healthy.errorRate = 0.001;
    healthy.latencyMedianMs = 130;
    healthy.latencySpread = 0.7;
    healthy.paymentFailure = 0; // Avalo rolls back at the second failed payment in ten minutes
    return healthy;
}

/// Not bad enough for any trigger, not good enough to go on without a person.
sim::Behaviour slower()
{
    sim::Behaviour slower = healthy();
    slower.errorRate = 0.0058;
    slower.latencyMedianMs = 150;
    slower.latencySpread = 0.8;
    slower.cpu = 0.38;
    slower.memory = 0.36;
    return slower;
}

sim::Behaviour failing()
{
    sim::Behaviour failing;
    failing.errorRate = 0.12;
    failing.latencyMedianMs = 70;
    return failing;
}

} // namespace

const std::vector<DemoRelease>& demoReleases()
{
    static const std::vector<DemoRelease> releases = {
        {.at = seconds(10),
         .target = TargetId("payments/production"),
         .toVersion = "v5.0.2",
         .playbook = "avalo-production",
         .canary = healthy()},
        {.at = seconds(20),
         .target = TargetId("checkout/production"),
         .toVersion = "v2.4.0",
         .playbook = "avalo-production",
         .canary = healthy(),
         .badFrom = minutes(26),
         .bad = slower(),
         .approveUntil = minutes(30)},
        {.at = minutes(19), .target = TargetId("gateway/staging"), .toVersion = "v1.0.3", .playbook = "avalo-staging"},
        {.at = minutes(25),
         .target = TargetId("recommend/production"),
         .toVersion = "v11.2.0",
         .playbook = "lab-canary",
         .canary = {},
         .badFrom = minutes(26) + seconds(2),
         .bad = failing()},
        {.at = minutes(40), .target = TargetId("profile/production"), .toVersion = "v2.20.1", .playbook = "lab-canary"},
        {.at = minutes(50), .target = TargetId("media/dev"), .toVersion = "v0.9.17", .playbook = "lab-canary"},
        {.at = minutes(60) + seconds(40),
         .target = TargetId("search/production"),
         .toVersion = "v8.2.0",
         .playbook = "lab-canary",
         .canary = {},
         .badFrom = minutes(61) + seconds(50),
         .bad = failing()},
    };
    return releases;
}

} // namespace sluice::app
