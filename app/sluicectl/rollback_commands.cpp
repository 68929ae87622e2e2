// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "app/sluicectl/commands.h"
#include "app/sluicectl/people_commands.h"
#include "app/sluicectl/print.h"
#include "core/model/count_text.h"

namespace sluice::app::ctl {

namespace {

constexpr int kLookEveryMs = 100;
constexpr Duration kVerifyLimit = std::chrono::seconds(30);
constexpr Duration kEmergencyLimit = std::chrono::seconds(2);

struct RollbackOptions {
    std::string rollout{};
    std::string to{};
    std::string reason{};
    bool dryRun{false};
    bool noWait{false};
};

struct EmergencyOptions {
    std::string target{};
    std::string reason{};
};

struct ListOptions {
    bool past{false};
};

constexpr int kPastStops = 1000;

struct ClearOptions {
    std::string target{};
    std::string reason{};
};

int dryRun(const engine::RolloutView& view)
{
    fmt::print("{}, {}:\n", view.state.target.value, countText(view.world.proxies.size(), "proxy", "proxies"));
    if (!view.playbook) return kYes;
    for (const rollout::StepProgress& step : rollout::rollbackPlan(*view.playbook))
        fmt::print("  {:<40} about {:<8} {}{}\n", step.title, durationText(step.usually),
                   step.reversible ? "reversible" : "NOT reversible", step.risk.empty() ? "" : "; risk: " + step.risk);
    return kYes;
}

/// Until every reachable proxy has read back zero, or the limit.
int waitForZero(Context& context, const std::string& id)
{
    const BootTime until = context.store.clock->now().boot + kVerifyLimit;
    while (context.store.clock->now().boot < until) {
        const auto picture = context.client->picture();
        if (!picture.ok()) return fail(picture.error());
        const auto view = pickAny(picture.value().snapshot, id);
        if (view.ok() && view.value()->state.rollback && view.value()->state.rollback->verifiedAfter) {
            const rollout::RollbackProgress& back = *view.value()->state.rollback;
            fmt::print("decision to verified zero: {} ms\n", back.verifiedAfter->count() / 1000);
            for (const std::string& proxy : back.unreachable)
                fmt::print("out of reach: {}\n", proxy);
            return back.unreachable.empty() ? kYes : kOut;
        }
        poll(nullptr, 0, kLookEveryMs);
    }
    return fail(
        {Fault::Unknown, "Not verified at zero within " + durationText(kVerifyLimit) + "; see 'sluicectl status'."});
}

int rollBack(const Globals& globals, const RollbackOptions& options)
{
    auto live = openLive(globals, options.rollout);
    if (!live.ok()) return fail(live.error());
    Context& context = live.value().context;
    const rollout::Rollout& state = live.value().view->state;
    if (options.dryRun) return dryRun(*live.value().view);
    const rollout::RollBack back{.rollout = state.id, .toVersion = options.to, .reason = options.reason};
    const int asked = askDriver(context, back, state.target);
    return asked != kYes || options.noWait ? asked : waitForZero(context, state.id.value);
}

/// The files beside the journal, not the journal: a driver that was frozen in the middle of a write would hold us as
/// long as it takes to give up.
Result<Context> openFiles(const Globals& globals)
{
    auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return connections.error();
    Context context{.globals = globals, .connections = std::move(connections).value(), .store = {}, .client = {}};
    context.store = openStore(context.connections, globals.store, StoreMode::FilesOnly);
    return context;
}

/// Files and sockets only: no engine, no lease, no journal.
int fire(const Globals& globals, const EmergencyOptions& options, bool everything)
{
    const auto opened = openFiles(globals);
    if (!opened.ok()) return fail(opened.error());
    const Context& context = opened.value();
    std::vector<const TargetConfig*> targets;
    if (everything) {
        for (const TargetConfig& target : context.connections.targets)
            targets.push_back(&target);
    } else {
        const auto target = pickTarget(context.connections, options.target);
        if (!target.ok()) return fail(target.error());
        targets.push_back(target.value());
    }
    int code = kYes;
    for (const TargetConfig* target : targets) {
        const auto actor = context.actor(target->id);
        if (!actor.ok()) return fail(actor.error());
        const ports::StopRecord record{.target = target->id,
                                       .person = actor.value().person,
                                       .proof = actor.value().proof,
                                       .reason = options.reason,
                                       .at = context.store.clock->now().wall};
        const auto fired = context.store.emergency->fire(target->id, record, kEmergencyLimit);
        if (fired.ok())
            printAnswer(globals.json, fired.value());
        else
            code = std::max(code, fail(fired.error()));
    }
    if (code == kYes && !globals.json)
        fmt::print("A stop is in force: nothing new starts there until 'sluicectl stop clear'.\n");
    return code;
}

int listStops(const Globals& globals)
{
    auto context = openFiles(globals);
    if (!context.ok()) return fail(context.error());
    nlohmann::json all = nlohmann::json::array();
    for (const TargetConfig& target : context.value().connections.targets) {
        const auto stop = context.value().store.safety->stopped(target.id);
        if (!stop) continue;
        all.push_back({{"target", target.id.value},
                       {"by", stop->person.value},
                       {"reason", stop->reason},
                       {"at", micros(stop->at)}});
        if (!globals.json)
            fmt::print("{}  since {}  by {} ({})  {}\n", target.id.value, wallText(stop->at), stop->person.value,
                       stop->proof, stop->reason);
    }
    if (globals.json)
        fmt::print("{}\n", all.dump());
    else if (all.empty())
        fmt::print("no stop is in force\n");
    return all.empty() ? kYes : kNo;
}

/// Those that ended on a target without a rollout; the others are told by their rollout.
int listPastStops(const Globals& globals)
{
    auto context = openContext(globals, StoreMode::Observe);
    if (!context.ok()) return fail(context.error());
    const auto stops = context.value().store.journal->clearedStops(kPastStops);
    if (!stops.ok()) return fail(stops.error());
    nlohmann::json all = nlohmann::json::array();
    for (const ports::ClearedStop& stop : stops.value()) {
        all.push_back({{"target", stop.fired.target.value},
                       {"by", stop.fired.person.value},
                       {"reason", stop.fired.reason},
                       {"at", micros(stop.fired.at)},
                       {"clearedBy", stop.by.value},
                       {"clearedReason", stop.reason},
                       {"clearedAt", micros(stop.at)}});
        if (!globals.json)
            fmt::print("{}  {}  by {}  {}\n  cleared {}  by {}  {}\n", stop.fired.target.value, wallText(stop.fired.at),
                       stop.fired.person.value, stop.fired.reason, wallText(stop.at), stop.by.value, stop.reason);
    }
    if (globals.json)
        fmt::print("{}\n", all.dump());
    else if (all.empty())
        fmt::print("no stop was cleared on a target without a release\n");
    return kYes;
}

bool isDriven(const Store& store, const TargetId& target)
{
    const auto lease = store.journal->lease(target);
    return lease.ok() && lease.value() && !lease.value()->holder.empty() && !lease.value()->holderProvenDead;
}

/// Whoever drives clears it: only a driver has written down the emergency, and writes down who cleared it and why.
int clearStops(const Globals& globals, const ClearOptions& options)
{
    auto context = openContext(globals);
    if (!context.ok()) return fail(context.error());
    const Store& store = context.value().store;
    TargetId only;
    if (!options.target.empty()) {
        const auto target = pickTarget(context.value().connections, options.target);
        if (!target.ok()) return fail(target.error());
        only = target.value()->id;
    }
    const auto actor = context.value().actor(only);
    if (!actor.ok()) return fail(actor.error());
    bool stopped = false;
    for (const TargetConfig& target : context.value().connections.targets) {
        if (!only.empty() && target.id != only) continue;
        if (!store.safety->stopped(target.id)) continue;
        stopped = true;
        if (!isDriven(store, target.id))
            return fail({Fault::Refused, "Nobody drives " + target.id.value +
                                             ", so its emergency may not be in the journal yet: start 'sluicectl "
                                             "engine' or the console first."});
    }
    if (!stopped) return fail({Fault::Refused, "No stop is in force there."});
    const auto answer = context.value().client->ask(rollout::ClearStop{only, options.reason}, actor.value());
    if (!answer.ok()) return fail(answer.error());
    printAnswer(globals.json, answer.value());
    return kYes;
}

} // namespace

void addRollbackCommands(Registry& registry)
{
    CLI::App* back = registry.add("rollback", "Back to the old version, traffic first; waits until verified at zero");
    auto& o = registry.keep<RollbackOptions>();
    back->add_option("rollout", o.rollout, "Rollout id, unique prefix, or target; the only live one without it");
    back->add_option("--to", o.to, "Version to go back to");
    back->add_option("--reason", o.reason, "Kept in the journal");
    back->add_flag("--dry-run", o.dryRun, "Print the plan, do nothing");
    back->add_flag("--no-wait", o.noWait, "Return when it is decided");
    registry.run(back, [&registry, &o] { return rollBack(registry.globals(), o); });

    CLI::App* emergency = registry.add("emergency-rollback", "Traffic to zero now, without engine, lease and journal");
    auto& e = registry.keep<EmergencyOptions>();
    emergency->add_option("target", e.target, "service/environment; the only one without it");
    emergency->add_option("--reason", e.reason, "Kept in the journal");
    registry.run(emergency, [&registry, &e] { return fire(registry.globals(), e, false); });

    CLI::App* everything =
        registry.add("emergency-stop", "Every target to its safe state; nothing starts until cleared");
    auto& s = registry.keep<EmergencyOptions>();
    everything->add_option("--reason", s.reason, "Kept in the journal");
    registry.run(everything, [&registry, &s] { return fire(registry.globals(), s, true); });

    CLI::App* stop = registry.add("stop", "Emergency stops in force");
    stop->require_subcommand(1);
    CLI::App* list = registry.add("list", "Who stopped what and why: exit 1 when one is in force", stop);
    auto& l = registry.keep<ListOptions>();
    list->add_flag("--past", l.past, "Those that were cleared where no release could tell it");
    registry.run(
        list, [&registry, &l] { return l.past ? listPastStops(registry.globals()) : listStops(registry.globals()); });
    CLI::App* clear = registry.add("clear", "Let releases start again", stop);
    auto& c = registry.keep<ClearOptions>();
    clear->add_option("target", c.target, "service/environment; all without it");
    clear->add_option("--reason", c.reason, "Why it is safe again; kept in the journal");
    registry.run(clear, [&registry, &c] { return clearStops(registry.globals(), c); });
}

} // namespace sluice::app::ctl
