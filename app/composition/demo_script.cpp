// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/demo_script.h"

#include "app/composition/identity.h"

namespace sluice::app {

using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<DemoService>& demoServices()
{
    static const std::vector<DemoService> services = {
        {"checkout", "production", "v2.3.0", 2, 3000, 42000, "avalo-production"},
        {"search", "production", "v8.1.4", 3, 260, 26000, "avalo-production"},
        {"payments", "production", "v5.0.1", 2, 2400, 36000, "avalo-production"},
        {"gateway", "staging", "v1.0.2", 1, 80, 300, "avalo-staging"},
        {"notify", "production", "v3.9.0", 2, 60, 900, "avalo-production"},
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
    connections.sources["sim"] = {};
    connections.deployers["sim"] = {};
    for (const DemoService& one : demoServices()) {
        TargetConfig target{.id = TargetId(one.service + "/" + one.environment),
                            .service = one.service,
                            .environment = one.environment,
                            .metrics = "sim",
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

const std::vector<DemoRelease>& demoReleases()
{
    sim::Behaviour healthy;
    healthy.errorRate = 0.001;
    healthy.cpu = 0.10;
    healthy.memory = 0.08;
    healthy.paymentFailure = 0;
    sim::Behaviour slower;
    slower.errorRate = 0.0068;
    slower.latencyMedianMs = 150;
    slower.latencySpread = 0.8;
    slower.cpu = 0.38;
    slower.memory = 0.31;
    slower.paymentFailure = 0; // Avalo rolls back at the second failed payment in ten minutes
    sim::Behaviour failing;
    failing.errorRate = 0.12;
    failing.latencyMedianMs = 70;
    static const std::vector<DemoRelease> releases = {
        {.at = seconds(20),
         .target = TargetId("recommend/production"),
         .toVersion = "v11.2.0",
         .playbook = "lab-canary",
         .canary = {},
         .badFrom = seconds(82),
         .bad = failing},
        {.at = seconds(30), .target = TargetId("profile/production"), .toVersion = "v2.20.1", .playbook = "lab-canary"},
        {.at = minutes(3),
         .target = TargetId("checkout/production"),
         .toVersion = "v2.4.0",
         .playbook = "avalo-production",
         .canary = slower,
         .badFrom = {},
         .bad = {},
         .approveUntil = minutes(30)},
        {.at = minutes(4),
         .target = TargetId("payments/production"),
         .toVersion = "v5.0.2",
         .playbook = "avalo-production"},
        {.at = minutes(6), .target = TargetId("media/dev"), .toVersion = "v0.9.17", .playbook = "lab-canary"},
        {.at = minutes(32),
         .target = TargetId("search/production"),
         .toVersion = "v8.2.0",
         .playbook = "lab-canary",
         .canary = {},
         .badFrom = minutes(44) + seconds(52),
         .bad = failing},
    };
    return releases;
}

} // namespace sluice::app
