// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "core/base/check.h"
#include "tests/bench/bare_loop.h"
#include "tests/bench/groups.h"
#include "tests/bench/measure.h"
#include "tests/bench/proxy_farm.h"
#include "tests/bench/rig.h"
#include "tests/core/adapters/real_haproxy.h"

namespace sluice::bench {

namespace {

using namespace std::chrono_literals;

constexpr Duration kLimit = 20s;
constexpr int kRounds = 3;

/// Zero on proxies that no engine has touched; their split map knows only `none`.
std::unique_ptr<BareLoop> bareLoop(const ProxyFarm& farm)
{
    std::vector<BareLoop::Proxy> proxies;
    for (int i = 0; i < farm.size(); ++i)
        proxies.push_back(BareLoop::zeroing(farm.socketOf(i), "/m", "checkout", "none", "canary"));
    return std::make_unique<BareLoop>(std::move(proxies));
}

struct Stopped {
    double readBack{0};  ///< the last healthy proxy was read back at zero, and the engine told
    double published{0}; ///< the engine had stored the decision and shown all of them at zero
};

/// From the order of a person on.
std::optional<Stopped> stopAll(Rig& rig, int targets, size_t healthy, const std::string& except)
{
    rollout::Command command = rollout::EmergencyStop{.reason = "bench"};
    if (targets == 1)
        command = rollout::EmergencyRollback{.rollout = Rig::rolloutOn(*rig.engine().latest(), 0), .reason = "bench"};
    rig.countZeros();
    const double begin = seconds();
    rig.submit(std::move(command));
    const auto end = rig.until(
        [&](const engine::Snapshot& snapshot) {
            for (int target = 0; target < targets; ++target)
                if (!atZero(snapshot, Rig::target(target), except)) return false;
            return true;
        },
        kLimit);
    const auto zero = rig.zeroAt(healthy, kLimit);
    if (!end || !zero) return std::nullopt;
    return Stopped{.readBack = *zero - begin, .published = *end - begin};
}

struct Times {
    std::vector<double> ours{};
    std::vector<double> published{};
    std::vector<double> bare{};
    std::string problem{};
};

/// A fresh engine on fresh proxies each round, and right before each stop a bare loop over as many idle ones.
Times rounds(int count, int targets, int each, std::chrono::microseconds roundTrip, bool frozen)
{
    Times times;
    const ProxyFarm idle(targets * each, roundTrip);
    const auto bare = bareLoop(idle);
    bare->run();
    for (int round = 0; round < count; ++round) {
        ProxyFarm farm(targets * each, roundTrip);
        Rig rig({.targets = Rig::bindings(farm, targets, each)});
        if (!rig.bake()) {
            times.problem = rig.why();
            return times;
        }
        times.bare.push_back(timed([&] { bare->run(); }));
        if (frozen) farm.freeze(each / 2);
        const auto healthy = static_cast<size_t>(targets * each - (frozen ? 1 : 0));
        const auto took = stopAll(rig, targets, healthy, frozen ? fmt::format("p{}", each / 2) : "");
        if (!took) {
            times.problem = "the proxies did not reach zero within 20 s";
            return times;
        }
        times.ours.push_back(took->readBack);
        times.published.push_back(took->published);
    }
    return times;
}

void hundred(Sheet& sheet)
{
    const Times good = rounds(kRounds + 2, 1, 100, 0us, false);
    const Times frozen = rounds(kRounds + 2, 1, 100, 0us, true);
    if (!good.problem.empty()) {
        sheet.skip("rollback-100", good.problem);
        sheet.skip("rollback-frozen", good.problem);
        return;
    }
    const double ours = median(good.ours);
    sheet.put(
        "rollback-100", ours / median(good.bare),
        fmt::format(
            "100 doubles: {:.1f} ms until read back, bare loop {:.1f} ms; decision stored and shown after {:.1f} ms",
            ours * 1e3, median(good.bare) * 1e3, median(good.published) * 1e3));
    if (!frozen.problem.empty()) return sheet.skip("rollback-frozen", frozen.problem);
    sheet.put("rollback-frozen", median(frozen.ours) / ours,
              fmt::format("99 of 100 doubles at zero in {:.1f} ms while one is frozen, all of 100 in {:.1f} ms",
                          median(frozen.ours) * 1e3, ours * 1e3));
}

/// The same with Debian's HAProxy: real processes, as many as a small machine carries beside everything else.
void real(Sheet& sheet)
{
    constexpr int kProxies = 10;
    if (!test::RealHaproxy::installed()) return sheet.skip("rollback-real", "haproxy is not installed");
    std::vector<std::unique_ptr<test::RealHaproxy>> proxies;
    std::vector<adapters::RouterBinding> bindings;
    std::vector<BareLoop::Proxy> targets;
    for (int i = 0; i < kProxies; ++i) {
        proxies.push_back(std::make_unique<test::RealHaproxy>());
        if (!proxies.back()->start()) return sheet.skip("rollback-real", "a haproxy did not start");
        bindings.push_back(proxies.back()->binding(fmt::format("p{}", i).c_str(), Rig::target(0).value.c_str()));
        const std::string socket = proxies.back()->path("admin.sock");
        targets.push_back(BareLoop::zeroing(socket, socket.substr(0, socket.rfind('/')), "checkout", "none", "canary"));
    }
    BareLoop bare(std::move(targets));
    bare.run();
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < kRounds; ++round) {
        for (int again = 0; again < kRounds; ++again)
            theirs.push_back(timed([&] { bare.run(); }));
        Rig rig({.targets = {bindings}});
        if (!rig.bake()) return sheet.skip("rollback-real", rig.why());
        const auto took = stopAll(rig, 1, kProxies, "");
        if (!took) return sheet.skip("rollback-real", "the proxies did not reach zero within 20 s");
        ours.push_back(took->readBack);
    }
    sheet.put("rollback-real", median(ours) / median(theirs),
              fmt::format("{} HAProxy processes: {:.1f} ms until read back, bare loop {:.1f} ms", kProxies,
                          median(ours) * 1e3, median(theirs) * 1e3));
}

void many(Sheet& sheet)
{
    const Times times = rounds(kRounds, 200, 5, 0us, false);
    if (!times.problem.empty()) return sheet.skip("rollback-200x5", times.problem);
    sheet.put("rollback-200x5", median(times.ours) / median(times.bare),
              fmt::format("1,000 doubles: {:.0f} ms until read back, bare loop {:.0f} ms; 200 decisions stored and "
                          "shown after {:.0f} ms",
                          median(times.ours) * 1e3, median(times.bare) * 1e3, median(times.published) * 1e3));
}

void far(Sheet& sheet)
{
    const Times times = rounds(kRounds, 1, 100, 5ms, false);
    if (!times.problem.empty()) return sheet.skip("rollback-far", times.problem);
    sheet.put("rollback-far", median(times.bare) / median(times.ours),
              fmt::format("100 doubles with 5 ms round trip: {:.1f} ms, one after the other {:.0f} ms",
                          median(times.ours) * 1e3, median(times.bare) * 1e3));
}

} // namespace

std::vector<Group> fanoutGroups()
{
    return {{.name = "fanout",
             .bars = {{"rollback-100", "decision to zero read back on 100 proxies against a bare loop", Sense::AtMost,
                       3, "x"},
                      {"rollback-frozen", "one proxy of a hundred frozen: the others against no fault", Sense::AtMost,
                       1.5, "x"}},
             .measure = hundred},
            {.name = "real",
             .bars = {{"rollback-real", "the same on real HAProxy processes", Sense::AtMost, 3, "x"}},
             .measure = real},
            {.name = "many",
             .bars = {{"rollback-200x5", "200 rollouts x 5 proxies stopped at once against a bare loop", Sense::AtMost,
                       3, "x"}},
             .measure = many},
            {.name = "far",
             .bars = {{"rollback-far", "100 proxies with 5 ms round trip against one after the other", Sense::AtLeast,
                       10, "x faster"}},
             .measure = far}};
}

} // namespace sluice::bench
