// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/connections_text.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "app/sluice-lab/haproxy_text.h"

namespace sluice::app::lab {

namespace {

constexpr const char* kPeople = R"(# Written by sluice-lab; a new `sluice-lab up` writes it again.
store: journal.db
people:
  - {{id: release-bot, name: Release bot, roles: [release-manager]}}
  - {{id: you, name: You, roles: [release-manager, engineering-lead, on-call], logins: ['{}']}}
  - {{id: colleague, name: A colleague, roles: [engineering-lead, release-manager], approves_after: 5s}}
sources:
  prom: {{prometheus: 'http://127.0.0.1:{}'}}
routers:
)";

constexpr const char* kTarget = R"(deployers:
  lab: {{lab: '{}'}}
targets:
  {}/production:
    routers: [{}]
    metrics: prom
    deployer: lab
    playbook: lab-canary
    health: 'http://127.0.0.1:{}/health'
    stable_version: {}
    lab: true
)";

} // namespace

std::string connectionsText(const Layout& layout, int proxies, int prometheusPort, int healthPort,
                            const std::string& login)
{
    std::string text = fmt::format(fmt::runtime(kPeople), login, prometheusPort);
    std::string names;
    for (int number = 1; number <= proxies; ++number) {
        text += fmt::format("  {}: {{haproxy: 'unix:{}', split: map, service: {}}}\n", proxyName(number),
                            layout.runtimeSocket(number).string(), kService);
        names += (number > 1 ? ", " : "") + proxyName(number);
    }
    return text + fmt::format(fmt::runtime(kTarget), layout.controlSocket().string(), kService, names, healthPort,
                              kStableVersion);
}

std::string currentLogin()
{
    const passwd* entry = getpwuid(getuid());
    return entry != nullptr ? entry->pw_name : std::to_string(getuid());
}

} // namespace sluice::app::lab
