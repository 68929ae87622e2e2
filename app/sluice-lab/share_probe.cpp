// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/share_probe.h"

#include <chrono>

#include <fmt/format.h>

#include "app/sluice-lab/http_swarm.h"
#include "app/sluice-lab/load.h"
#include "app/sluice-lab/service.h"

namespace sluice::app::lab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kInFlight = 32; // enough to keep two cores busy
constexpr Duration kTimeout = std::chrono::seconds(5);
constexpr Duration kTurn = std::chrono::milliseconds(20);

HttpSwarm::Ask request(int port, int user)
{
    return {.url = fmt::format("http://127.0.0.1:{}/", port),
            .headers = {"X-User-Id: " + userName(static_cast<uint64_t>(user)), std::string(kProbeHeader) + ": 1"}};
}

void count(ShareProbe& probe, const HttpSwarm::Answer& answer)
{
    if (answer.status != 200 || answer.track.empty()) {
        ++probe.failed;
        ++probe.failures[answer.status];
        return;
    }
    const bool canary = answer.track == "canary";
    ++(canary ? probe.canary : probe.stable);
    ++probe.versions[answer.version];
    if (canary != (answer.canary == "true")) ++probe.disagreed;
}

} // namespace

std::string failuresText(const ShareProbe& probe)
{
    if (probe.failed == 0) return {};
    std::string statuses;
    for (const auto& [status, times] : probe.failures)
        statuses += fmt::format("{}{}: {}", statuses.empty() ? "" : ", ",
                                status == 0 ? std::string("no answer") : std::to_string(status), times);
    return fmt::format("; {} not answered ({})", probe.failed, statuses.empty() ? "in time" : statuses);
}

ShareProbe probeShare(const std::vector<int>& proxyPorts, int users, Duration timeout)
{
    const Clock::time_point begin = Clock::now();
    ShareProbe probe{.users = users};
    HttpSwarm swarm(kInFlight, kTimeout);
    int next = 0;
    int answered = 0;
    while (answered < users && Clock::now() - begin < timeout) {
        for (; next < users && swarm.inFlight() < kInFlight; ++next) {
            const int port = proxyPorts[static_cast<size_t>(next) % proxyPorts.size()];
            if (!swarm.ask(request(port, next))) break;
        }
        for (const auto& answer : swarm.turn(kTurn)) {
            count(probe, answer);
            ++answered;
        }
    }
    probe.failed += users - answered;
    probe.took = std::chrono::duration_cast<Duration>(Clock::now() - begin);
    return probe;
}

bool canaryAnswers(const std::vector<int>& proxyPorts)
{
    HttpSwarm swarm(kInFlight, kTimeout);
    for (const int port : proxyPorts) {
        auto ask = request(port, 0);
        ask.headers.emplace_back("X-Canary-Route: true");
        if (!swarm.ask(ask)) return false;
    }
    ShareProbe probe;
    while (swarm.inFlight() > 0)
        for (const auto& answer : swarm.turn(kTurn))
            count(probe, answer);
    return probe.canary == static_cast<int>(proxyPorts.size());
}

} // namespace sluice::app::lab
