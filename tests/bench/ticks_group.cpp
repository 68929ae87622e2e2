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

std::vector<std::vector<adapters::RouterBinding>> bindings(const ProxyFarm& farm, int targets, int each)
{
    std::vector<std::vector<adapters::RouterBinding>> out(static_cast<size_t>(targets));
    for (int i = 0; i < targets * each; ++i)
        out[static_cast<size_t>(i / each)].push_back(farm.binding(i, Rig::target(i / each), fmt::format("p{}", i)));
    return out;
}

/// HTTP requests that arrived at the source's server between two of its answers, while so many releases bake.
void requests(Sheet& sheet, int rollouts)
{
    const std::string bar = fmt::format("requests-{}", rollouts);
    const ProxyFarm farm(rollouts, 0us);
    Rig rig(bindings(farm, rollouts, 1), false);
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
    Rig rig(bindings(farm, kTargets, kEach), true);
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

} // namespace

Group requestGroup()
{
    Group group{.name = "requests", .bars = {}, .measure = [](Sheet& sheet) {
                    for (const int rollouts : {1, 20, 200})
                        requests(sheet, rollouts);
                }};
    for (const int rollouts : {1, 20, 200})
        group.bars.push_back({fmt::format("requests-{}", rollouts),
                              fmt::format("Prometheus requests a tick and source at {} rollouts", rollouts),
                              Sense::AtMost, 1, ""});
    return group;
}

Group ticksGroup()
{
    return {.name = "ticks",
            .bars = {{"ticks-to-wire", "ticks between the deciding sample and the rollback's bytes", Sense::AtMost, 0,
                      ""}},
            .measure = ticksToWire};
}

} // namespace sluice::bench
