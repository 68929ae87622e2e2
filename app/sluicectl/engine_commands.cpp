// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <csignal>
#include <map>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "app/composition/identity.h"
#include "app/sluicectl/checks.h"
#include "app/sluicectl/commands.h"
#include "app/sluicectl/print.h"
#include "core/model/count_text.h"

namespace sluice::app::ctl {

namespace {

struct EngineOptions {
    std::string file{};
    bool observe{false};
    bool snippet{false};
};

constexpr long kLookEveryNs = 200'000'000;

void say(bool json, const std::string& text)
{
    if (json)
        printJson({{"engine", text}});
    else
        fmt::print("engine: {}\n", text);
}

void printLine(bool json, const std::string& target, const engine::LogLine& line)
{
    if (!json) {
        fmt::print("{}  {}\n", target, logText(line));
        return;
    }
    nlohmann::json document = lineJson(line);
    document["target"] = target;
    printJson(document);
}

/// Prints what the engine does; returns at SIGINT or SIGTERM.
void follow(engine::Engine& engine, const sigset_t& signals, bool json)
{
    std::map<std::string, int64_t> printed;
    std::string role;
    for (;;) {
        const auto snapshot = engine.latest();
        const bool drives = snapshot->engine.role == engine::EngineStatus::Role::Driver;
        const std::string now = !snapshot->engine.problem.empty() ? snapshot->engine.problem
                                : drives                          ? std::string("driving")
                                         : "observing; " + (snapshot->engine.holder.empty() ? "waiting for the lease"
                                                                                            : snapshot->engine.holder);
        if (now != role) say(json, role = now);
        for (const auto& view : snapshot->rollouts) {
            int64_t& last = printed[view->state.id.value];
            for (const engine::LogLine& line : view->log) {
                if (line.version <= last) continue;
                last = line.version;
                if (!isCredit(line)) printLine(json, view->state.target.value, line);
            }
        }
        std::fflush(stdout);
        const timespec wait{.tv_sec = 0, .tv_nsec = kLookEveryNs};
        if (sigtimedwait(&signals, nullptr, &wait) > 0) return;
    }
}

int runEngine(const Globals& globals, const EngineOptions& options)
{
    // Blocked before any thread exists, so that only follow() sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const auto file = connectionsFile(globals);
    if (!file.ok()) return fail(globals.json, file.error());
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return fail(globals.json, connections.error());
    const bool lab = std::ranges::all_of(connections.value().targets, &TargetConfig::lab);
    const auto actor = identify(connections.value(), globals.as, lab);
    if (!actor.ok()) return fail(globals.json, actor.error());
    auto composition = Composition::start({.connectionsFile = file.value().path,
                                           .store = globals.store,
                                           .engineTitle = "sluicectl engine (" + osLogin() + ")",
                                           .person = actor.value().person,
                                           .drive = !options.observe});
    if (!composition.ok()) return fail(globals.json, composition.error());
    say(globals.json, countText(connections.value().targets.size(), "target", "targets") + ", journal " +
                          composition.value()->store().journalPath);
    follow(composition.value()->engine(), signals, globals.json);
    say(globals.json, "ended; what was decided is in the journal, another engine goes on from there");
    return kYes;
}

} // namespace

void addEngineCommands(Registry& registry)
{
    auto& o = registry.keep<EngineOptions>();
    CLI::App* engine = registry.add("engine", "Drive without a window until SIGINT or SIGTERM");
    engine->add_flag("--observe", o.observe, "Never take the lease");
    registry.run(engine, [&registry, &o] { return runEngine(registry.globals(), o); });
    CLI::App* connections = registry.add("connections", "The connections file");
    connections->require_subcommand(1);
    CLI::App* check = registry.add("check", "Test every line of it", connections);
    check->add_flag("--snippet", o.snippet, "Print the HAProxy configuration to paste, whatever the answers are");
    registry.run(check, [&registry, &o] { return checkConnections(registry.globals(), o.snippet); });
    registry.run(registry.add("doctor", "What is wrong here and what to do about it"),
                 [&registry] { return doctor(registry.globals()); });
    CLI::App* bundle = registry.add("support-bundle", "A folder with logs, versions and the record, without secrets");
    bundle->add_option("folder", o.file, "A name that is free")->required();
    registry.run(bundle, [&registry, &o] { return supportBundle(registry.globals(), o.file); });
}

} // namespace sluice::app::ctl
