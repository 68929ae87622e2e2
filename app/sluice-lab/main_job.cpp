// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/main_job.h"

#include <cstdlib>
#include <optional>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "app/composition/composition_root.h"
#include "app/composition/identity.h"
#include "app/sluice-lab/control.h"
#include "app/sluice-lab/fault.h"
#include "app/sluice-lab/lab_process.h"
#include "app/sluice-lab/layout.h"
#include "app/sluice-lab/release_witness.h"

namespace sluice::app::lab {

namespace {

constexpr const char* kLabLimit = "15m"; // the job takes some two minutes; the lab ends by itself whatever happens
constexpr Duration kJobLimit = std::chrono::minutes(10);
constexpr int kLookEveryMs = 50;
const TargetId kTarget("checkout/production");

int fail(const Error& error)
{
    fmt::print(stderr, "sluice-lab: {}\n", error.detail);
    if (error.fault == Fault::BadInput) return 2;
    return error.fault == Fault::Refused ? 3 : 4;
}

Result<std::filesystem::path> jobDirectory(const MainJobOptions& options)
{
    if (!options.dir.empty()) return labDirectory(options.dir.string());
    std::string name = "/tmp/sluice-job.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) return Error{Fault::Unreachable, "No folder can be made in /tmp."};
    return std::filesystem::path(name);
}

Outcome orderFault(const std::filesystem::path& dir, const std::string& text)
{
    if (text.empty()) return Done{};
    const auto asked = askLab(dir, {{"do", "fault"}, {"track", "canary"}, {"fault", text}});
    if (!asked) return asked.error();
    fmt::print("fault ordered for the canary: {}\n", text);
    return Done{};
}

/// Waits until the engine drives the target: leases, proxies and the first samples are there.
bool waitForDriver(engine::Engine& engine, const ports::Clock& clock)
{
    const BootTime until = clock.now().boot + std::chrono::seconds(30);
    while (clock.now().boot < until) {
        if (engine.latest()->engine.role == engine::EngineStatus::Role::Driver) return true;
        poll(nullptr, 0, kLookEveryMs);
    }
    return false;
}

int runRelease(Composition& composition, const std::filesystem::path& dir, const MainJobOptions& options)
{
    const auto bot = namedPerson(composition.connections(), "release-bot");
    const auto you = namedPerson(composition.connections(), "you");
    if (!bot.ok()) return fail(bot.error());
    if (!you.ok()) return fail(you.error());
    const auto status = askLab(dir, {{"do", "status"}});
    if (!status) return fail(status.error());
    ReleaseWitness witness(composition.engine(), you.value(), status.value()["proxy_ports"].get<std::vector<int>>(),
                           options.users);
    const auto started =
        witness.ask(rollout::StartRollout{.target = kTarget, .toVersion = kCanaryVersion, .note = "the lab's main job"},
                    bot.value());
    if (!started.ok()) return fail(started.error());
    fmt::print("rollout {} started: {} {} -> {}\n", started.value(), kTarget.value, kStableVersion, kCanaryVersion);
    const RolloutId id(started.value());
    const BootTime until = composition.clock().now().boot + kJobLimit;
    while (composition.clock().now().boot < until) {
        if (witness.look(id)) return witness.report(id);
        poll(nullptr, 0, kLookEveryMs);
    }
    return fail({Fault::Unreachable, "The release did not end within " + durationText(kJobLimit) + "."});
}

} // namespace

int runMainJob(const MainJobOptions& options)
{
    if (!options.fault.empty()) {
        const auto parsed = parseFault(options.fault);
        if (!parsed) return fail(Error{Fault::BadInput, "--fault: " + parsed.error().detail});
    }
    const auto dir = jobDirectory(options);
    if (!dir.ok()) return fail(dir.error());
    auto lab = LabProcess::start(options.self, dir.value(), {"--for", kLabLimit});
    if (!lab.ok()) return fail(lab.error());
    auto composition = Composition::start({.connectionsFile = Layout{dir.value()}.connections().string(),
                                           .store = {},
                                           .engineTitle = "the lab's main job",
                                           .person = PersonId("release-bot"),
                                           .drive = true});
    if (!composition.ok()) return fail(composition.error());
    if (!waitForDriver(composition.value()->engine(), composition.value()->clock()))
        return fail({Fault::Unreachable, "The engine could not take the lease of " + kTarget.value + "."});
    if (Outcome ordered = orderFault(dir.value(), options.fault); !ordered.ok()) return fail(ordered.error());
    const int code = runRelease(*composition.value(), dir.value(), options);
    fmt::print("journal: {}\n", (dir.value() / "journal.db").string());
    return code;
}

} // namespace sluice::app::lab
