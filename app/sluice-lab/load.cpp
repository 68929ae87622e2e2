// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/load.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include <fmt/format.h>

#include "app/sluice-lab/http_swarm.h"

namespace sluice::app::lab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kMaxInFlight = 512; // all proxies together; 200 requests/s at +2 s still fit
constexpr Duration kTimeout = std::chrono::seconds(10);
constexpr Duration kLongestTurn = std::chrono::milliseconds(50); // how soon stop() is seen
constexpr uint64_t kMaxBacklog = 50; // requests to catch up after a pause of this process; older ones are missed

/// A stride without a common factor with `users` visits everyone; near the golden section it mixes well.
uint64_t strideFor(uint64_t users)
{
    uint64_t stride = std::max<uint64_t>(1, users * 618 / 1000);
    while (std::gcd(stride, users) != 1)
        ++stride;
    return stride;
}

} // namespace

std::string userName(uint64_t index)
{
    return fmt::format("u{}", index);
}

LoadStep loadStep(uint64_t n, uint64_t users, size_t proxies)
{
    const uint64_t round = n / users;
    // Shifted by the round, because users may be a multiple of proxies and a user should meet more than one.
    return {.user = n % users * strideFor(users) % users, .proxy = static_cast<size_t>((n + round) % proxies)};
}

LoadGenerator::LoadGenerator(LoadPlan plan)
    : m_plan(std::move(plan))
    , m_thread([this] { run(); })
{
}

LoadGenerator::~LoadGenerator()
{
    m_stop = true;
    m_thread.join();
}

void LoadGenerator::run()
{
    const size_t proxies = m_plan.proxyPorts.size();
    const auto users = static_cast<uint64_t>(m_plan.users);
    const auto rps = static_cast<uint64_t>(m_plan.rps);
    HttpSwarm swarm(kMaxInFlight, kTimeout);
    std::vector<int> inFlight(proxies, 0);
    const int share = kMaxInFlight / static_cast<int>(proxies);
    const Clock::time_point begin = Clock::now();

    for (uint64_t n = 0; !m_stop && Clock::now() - begin < m_plan.limit;) {
        const auto elapsed = std::chrono::duration_cast<Duration>(Clock::now() - begin);
        const uint64_t due = static_cast<uint64_t>(micros(elapsed)) * rps / 1'000'000;
        if (due > n + kMaxBacklog) {
            m_counts.missed += due - kMaxBacklog - n;
            n = due - kMaxBacklog;
        }
        for (; n < due; ++n) {
            const LoadStep step = loadStep(n, users, proxies);
            const bool sent = inFlight[step.proxy] < share &&
                              swarm.ask({.url = fmt::format("http://127.0.0.1:{}/", m_plan.proxyPorts[step.proxy]),
                                         .headers = {"X-User-Id: " + userName(step.user)},
                                         .tag = step.proxy});
            ++(sent ? m_counts.sent : m_counts.missed);
            if (sent) ++inFlight[step.proxy];
        }
        const auto nextDue = begin + Duration((n + 1) * 1'000'000 / rps);
        const auto wait = std::chrono::duration_cast<Duration>(nextDue - Clock::now());
        for (const auto& answer : swarm.turn(std::clamp(wait, Duration(0), kLongestTurn))) {
            --inFlight[answer.tag];
            const bool served = !answer.track.empty();
            ++(answer.status == 0 ? m_counts.failed : served ? m_counts.answered : m_counts.unserved);
        }
    }
}

} // namespace sluice::app::lab
