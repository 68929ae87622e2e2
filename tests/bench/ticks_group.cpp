// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "tests/bench/groups.h"
#include "tests/bench/measure.h"
#include "tests/bench/proxy_farm.h"
#include "tests/bench/rig.h"

namespace sluice::bench {

namespace {

using namespace std::chrono_literals;

constexpr int kPolls = 4;
constexpr Duration kLimit = 30s;

/// HTTP requests that arrived at the source's server between two of its answers, while so many releases bake.
void requests(Sheet& sheet, int rollouts)
{
    const std::string bar = fmt::format("requests-{}", rollouts);
    const ProxyFarm farm(rollouts, 0us);
    Rig rig({.targets = Rig::bindings(farm, rollouts, 1)});
    if (!rig.bake()) return sheet.skip(bar, rig.why());
    const auto waitFor = [&rig](int answers) {
        return rig.until([&](const engine::Snapshot&) { return rig.answers() >= answers; }, kLimit).has_value();
    };
    if (!waitFor(rig.answers() + 1)) return sheet.skip(bar, "the source gave no more answers");
    const int answers = rig.answers();
    const int asked = rig.metrics().requests();
    if (!waitFor(answers + kPolls)) return sheet.skip(bar, "the source gave no more answers");
    const int ticks = rig.answers() - answers;
    const int sent = rig.metrics().requests() - asked;
    // One that is under way at the end has no answer yet.
    const int begun = std::max(0, sent - ticks);
    sheet.put(bar, static_cast<double>(sent - std::min(begun, 1)) / ticks,
              fmt::format("{} HTTP requests for {} ticks with {} rollouts", sent, ticks, rollouts));
}

/// Rounds of the engine from the one that took the last samples in to the one after which a proxy had read the zero
/// from its socket. The caller steps, and waits after each round for the wire.
void ticksToWire(Sheet& sheet)
{
    constexpr int kTargets = 10;
    constexpr int kEach = 2;
    ProxyFarm farm(kTargets * kEach, 0us);
    Rig rig({.targets = Rig::bindings(farm, kTargets, kEach), .stepped = true});
    if (!rig.bake()) return sheet.skip("ticks-to-wire", rig.why());
    const int before = rig.answers();
    std::vector<int> reachedAt(kTargets * kEach, -1);
    std::vector<int> zeroedBefore;
    for (int i = 0; i < farm.size(); ++i)
        zeroedBefore.push_back(farm.zeroed(i));
    rig.metrics().fail();
    int fed = before; // answers that the engine had taken in
    int fedAt = 0;    // the round that did
    int worst = 0;
    int reached = 0;
    const double deadline = seconds() + 20;
    for (int round = 1; reached < farm.size() && seconds() < deadline; ++round) {
        const int there = rig.answers();
        if (there > fed) {
            fed = there;
            fedAt = round;
        }
        rig.engine().stepNow();
        const double wire = seconds() + 0.1;
        do {
            for (int i = 0; i < farm.size(); ++i) {
                const auto at = static_cast<size_t>(i);
                if (reachedAt[at] >= 0 || farm.zeroed(i) == zeroedBefore[at]) continue;
                reachedAt[at] = round;
                worst = std::max(worst, round - fedAt);
                ++reached;
            }
            std::this_thread::sleep_for(1ms);
        } while (seconds() < wire && reached < farm.size());
    }
    if (reached < farm.size())
        return sheet.skip("ticks-to-wire", fmt::format("only {} of {} proxies were told", reached, farm.size()));
    sheet.put("ticks-to-wire", worst,
              fmt::format("worst of {} rollouts x {} proxies, after {} rounds without one", kTargets, kEach,
                          reachedAt.front() - 1));
}

/// CPU of the engine's thread for a round. Of each second the dearest round counts: it takes the samples in, judges
/// everything, publishes the picture and writes it as JSON. Parsing the answer is the I/O thread's and not in it.
void tick(Sheet& sheet)
{
    constexpr int kRollouts = 200;
    constexpr int kSeconds = 8;
    const ProxyFarm farm(kRollouts, 0us);
    Rig rig({.targets = Rig::bindings(farm, kRollouts, 1), .stepped = true, .twentyMetrics = true});
    if (!rig.bake()) return sheet.skip("tick", rig.why());
    std::vector<double> dearest;
    double all = 0;
    for (int second = 0; second <= kSeconds; ++second) {
        double most = 0;
        double sum = 0;
        const double end = seconds() + 1;
        while (seconds() < end) {
            const double begin = threadCpuSeconds();
            rig.engine().stepNow();
            const double used = threadCpuSeconds() - begin;
            most = std::max(most, used);
            sum += used;
            std::this_thread::sleep_for(std::chrono::duration<double>(std::max(0.0, 0.25 - used)));
        }
        if (second == 0) continue;
        dearest.push_back(most);
        all += sum;
    }
    sheet.put("tick", median(dearest) * 1e3,
              fmt::format("dearest of the rounds of each second, median of {}; {:.0f} ms of CPU a second in all",
                          kSeconds, all / kSeconds * 1e3));
}

} // namespace

Group tickGroup()
{
    return {.name = "engine-tick",
            .bars = {{"tick", "CPU of one engine tick for 200 rollouts x 20 metrics", Sense::AtMost, 100, "ms"}},
            .measure = tick};
}

std::vector<Group> requestGroups()
{
    std::vector<Group> groups;
    for (const int rollouts : {1, 20, 200})
        groups.push_back({.name = "requests",
                          .bars = {{fmt::format("requests-{}", rollouts),
                                    fmt::format("Prometheus requests a tick and source at {} rollouts", rollouts),
                                    Sense::AtMost, 1, ""}},
                          .measure = [rollouts](Sheet& sheet) { requests(sheet, rollouts); }});
    return groups;
}

Group ticksGroup()
{
    return {
        .name = "ticks",
        .bars = {{"ticks-to-wire", "ticks between the deciding sample and the rollback's bytes", Sense::AtMost, 0, ""}},
        .measure = ticksToWire};
}

} // namespace sluice::bench
