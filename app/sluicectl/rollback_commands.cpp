// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "app/sluicectl/commands.h"
#include "app/sluicectl/print.h"
#include "core/engine/stored_events.h"

namespace sluice::app::ctl {

namespace {

constexpr int kLookEveryMs = 100;
constexpr Duration kVerifyLimit = std::chrono::seconds(30);
constexpr Duration kEmergencyLimit = std::chrono::seconds(2);
constexpr int kMostLive = 1000;

struct RollbackOptions {
    std::string rollout{};
    std::string target{};
    std::string to{};
    std::string reason{};
    bool dryRun{false};
    bool noWait{false};
};

int dryRun(const engine::RolloutView& view)
{
    fmt::print("{}: traffic to 0 % on {} proxies first\n", view.state.target.value, view.world.proxies.size());
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
    auto context = openContext(globals);
    if (!context.ok()) return fail(context.error());
    const auto picture = context.value().client->picture();
    if (!picture.ok()) return fail(picture.error());
    const auto view = pickLive(picture.value().snapshot, options.rollout);
    if (!view.ok()) return fail(view.error());
    if (options.dryRun) return dryRun(*view.value());
    const auto actor = context.value().actor(view.value()->state.target);
    if (!actor.ok()) return fail(actor.error());
    const std::string id = view.value()->state.id.value;
    const auto answer = context.value().client->ask(
        rollout::RollBack{.rollout = RolloutId(id), .toVersion = options.to, .reason = options.reason}, actor.value());
    if (!answer.ok()) return fail(answer.error());
    printAnswer(globals.json, answer.value());
    return options.noWait ? kYes : waitForZero(context.value(), id);
}

/// The files beside the journal, not the journal: a driver that was frozen in the middle of a write would hold us as
/// long as it takes to give up.
Result<Context> openFiles(const Globals& globals)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return file.error();
    auto connections = loadConnections(file.value());
    if (!connections.ok()) return connections.error();
    Context context{.globals = globals, .connections = std::move(connections).value(), .store = {}, .client = {}};
    context.store = openStore(context.connections, globals.store, StoreMode::FilesOnly);
    return context;
}

/// Files and sockets only: no engine, no lease, no journal.
int fire(const Globals& globals, const RollbackOptions& options, bool everything)
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

/// What an emergency did without the journal has to be in it before anything may go on: then its rollout is on the way
/// back or over. A journal that nobody ever made has nothing to miss.
Outcome mayClear(const Context& context, const TargetId& target)
{
    if (!std::filesystem::exists(context.store.journalPath)) return Done{};
    const Store store = openStore(context.connections, context.globals.store, StoreMode::Observe);
    if (!store.journal) return Error{Fault::Unreachable, store.problem};
    const auto rows = store.journal->rollouts(true, kMostLive);
    if (!rows.ok()) return rows.error();
    for (const ports::RolloutRow& row : rows.value()) {
        if (row.target != target) continue;
        auto past = engine::readPast(*store.journal, row.id, row.target);
        if (!past.ok()) return past.error();
        rollout::Rollout state = std::move(past.value().state);
        for (const rollout::Decided& one : past.value().since)
            state = rollout::fold(std::move(state), one);
        if (rollout::isEnd(state.phase) || state.phase == rollout::Phase::RollingBack) continue;
        return Error{Fault::Refused, "The emergency on " + target.value +
                                         " is not in the journal yet. Whoever drives writes it down at once; if nobody "
                                         "drives, start 'sluicectl engine' or the console first."};
    }
    return Done{};
}

int clearStops(const Globals& globals, const RollbackOptions& options)
{
    auto context = openFiles(globals);
    if (!context.ok()) return fail(context.error());
    const auto actor = context.value().actor(TargetId(options.target));
    if (!actor.ok()) return fail(actor.error());
    if (actor.value().person.empty())
        return fail({Fault::Refused, "Your login is nobody in the connections file; a known person clears a stop."});
    int cleared = 0;
    for (const TargetConfig& target : context.value().connections.targets) {
        if (!options.target.empty() && target.id.value != options.target) continue;
        if (!context.value().store.safety->stopped(target.id)) continue;
        if (Outcome may = mayClear(context.value(), target.id); !may.ok()) return fail(may.error());
        if (Outcome done = context.value().store.safety->clearStop(target.id); !done.ok()) return fail(done.error());
        ++cleared;
        fmt::print("{}: stop cleared by {}\n", target.id.value, actor.value().person.value);
    }
    return cleared > 0 ? kYes : fail({Fault::Refused, "No stop is in force there."});
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
    auto& e = registry.keep<RollbackOptions>();
    emergency->add_option("target", e.target, "service/environment; the only one without it");
    emergency->add_option("--reason", e.reason, "Kept in the journal");
    registry.run(emergency, [&registry, &e] { return fire(registry.globals(), e, false); });

    CLI::App* everything =
        registry.add("emergency-stop", "Every target to its safe state; nothing starts until cleared");
    auto& s = registry.keep<RollbackOptions>();
    everything->add_option("--reason", s.reason, "Kept in the journal");
    registry.run(everything, [&registry, &s] { return fire(registry.globals(), s, true); });

    CLI::App* stop = registry.add("stop", "Emergency stops in force");
    stop->require_subcommand(1);
    CLI::App* list = registry.add("list", "Who stopped what and why: exit 1 when one is in force", stop);
    registry.run(list, [&registry] { return listStops(registry.globals()); });
    CLI::App* clear = registry.add("clear", "Let releases start again", stop);
    auto& c = registry.keep<RollbackOptions>();
    clear->add_option("target", c.target, "service/environment; all without it");
    clear->add_option("--reason", c.reason, "Why it is safe again");
    registry.run(clear, [&registry, &c] { return clearStops(registry.globals(), c); });
}

} // namespace sluice::app::ctl
