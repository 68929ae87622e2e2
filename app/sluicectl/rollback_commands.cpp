// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "app/composition/milliseconds.h"
#include "app/sluicectl/commands.h"
#include "app/sluicectl/emergency_hint.h"
#include "app/sluicectl/print.h"
#include "core/model/count_text.h"

namespace sluice::app::ctl {

namespace {

constexpr int kLookEveryMs = 100;
constexpr Duration kVerifyLimit = std::chrono::seconds(30);

struct RollbackOptions {
    std::string rollout{};
    std::string to{};
    std::string reason{};
    bool dryRun{false};
    bool noWait{false};
};

struct ListOptions {
    bool past{false};
};

constexpr int kPastStops = 1000;

struct ClearOptions {
    std::string target{};
    std::string reason{};
};

int dryRun(bool json, const engine::RolloutView& view)
{
    const auto steps = view.playbook ? rollout::rollbackPlan(*view.playbook) : std::vector<rollout::StepProgress>{};
    if (json) {
        printJson({{"target", view.state.target.value},
                   {"rollout", view.state.id.value},
                   {"proxies", view.world.proxies.size()},
                   {"steps", stepsJson(steps)}});
        return kYes;
    }
    fmt::print("{}, {}:\n", view.state.target.value, countText(view.world.proxies.size(), "proxy", "proxies"));
    for (size_t i = 0; i < steps.size(); ++i)
        fmt::print("  {:<40} about {:<8} {}{}\n", steps[i].title, durationText(steps[i].usually),
                   reversibleText(steps, i), steps[i].risk.empty() ? "" : "; risk: " + steps[i].risk);
    return kYes;
}

int tellZero(bool json, const std::string& answer, const engine::RolloutView& view)
{
    const rollout::RollbackProgress& back = *view.state.rollback;
    const int code = back.unreachable.empty() ? kYes : kOut;
    if (json) {
        const int64_t zero = milliseconds(*back.verifiedAfter);
        printAnswer(true, answer, {{"zeroAfterMs", zero}, {"unreachable", back.unreachable}, {"exitCode", code}});
        return code;
    }
    fmt::print("decision to verified zero: {}\n", zeroText(view));
    return code;
}

/// Until every reachable proxy has read back zero, or the limit. `answer`: what the driver said.
int waitForZero(Context& context, const rollout::Rollout& state, const std::string& answer)
{
    const bool json = context.globals.json;
    const auto notVerified = [&](const Error& error) {
        return fail(json, withEmergency(context.globals, state.target.value, error), {{"answer", answer}});
    };
    const BootTime until = context.store.clock->now().boot + kVerifyLimit;
    while (context.store.clock->now().boot < until) {
        const auto picture = context.client->picture();
        if (!picture.ok()) return notVerified(picture.error());
        const auto view = pickAny(picture.value().snapshot, state.id.value);
        if (view.ok() && view.value()->state.rollback && view.value()->state.rollback->verifiedAfter)
            return tellZero(json, answer, *view.value());
        poll(nullptr, 0, kLookEveryMs);
    }
    return notVerified(
        {Fault::Unknown, "Not verified at zero within " + durationText(kVerifyLimit) + "; see 'sluicectl status'."});
}

int rollBack(const Globals& globals, const RollbackOptions& options)
{
    auto live = openLive(globals, options.rollout);
    if (!live.ok()) return fail(globals.json, withEmergency(globals, options.rollout, live.error()));
    Context& context = live.value().context;
    const rollout::Rollout& state = live.value().view->state;
    if (options.dryRun) return dryRun(globals.json, *live.value().view);
    const rollout::RollBack back{.rollout = state.id, .toVersion = options.to, .reason = options.reason};
    const auto actor = context.actor(state.target);
    if (!actor.ok()) return fail(globals.json, actor.error());
    const auto answer = context.ask(back, actor.value());
    if (!answer.ok()) return fail(globals.json, withEmergency(globals, state.target.value, answer.error()));
    const bool waits = !options.noWait;
    if (!globals.json || !waits) printAnswer(globals.json, answer.value());
    return waits ? waitForZero(context, state, answer.value()) : kYes;
}

int listStops(const Globals& globals)
{
    auto context = openFiles(globals);
    if (!context.ok()) return fail(globals.json, context.error());
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
        printJson(all);
    else if (all.empty())
        fmt::print("no stop is in force\n");
    return all.empty() ? kYes : kNo;
}

/// Those that ended on a target without a rollout; the others are told by their rollout.
int listPastStops(const Globals& globals)
{
    auto context = openRecord(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    const auto stops = context.value().store.journal->clearedStops(kPastStops);
    if (!stops.ok()) return fail(globals.json, stops.error());
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
        printJson(all);
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
    if (!context.ok()) return fail(globals.json, context.error());
    const Store& store = context.value().store;
    TargetId only;
    if (!options.target.empty()) {
        const auto target = pickTarget(context.value().connections, options.target);
        if (!target.ok()) return fail(globals.json, target.error());
        only = target.value()->id;
    }
    const auto actor = context.value().actor(only);
    if (!actor.ok()) return fail(globals.json, actor.error());
    bool stopped = false;
    for (const TargetConfig& target : context.value().connections.targets) {
        if (!only.empty() && target.id != only) continue;
        if (!store.safety->stopped(target.id)) continue;
        stopped = true;
        if (!isDriven(store, target.id))
            return fail(globals.json,
                        Error{Fault::Refused, "Nobody drives " + target.id.value +
                                                  ", so its emergency may not be in the journal yet: start 'sluicectl "
                                                  "engine' or the console first."});
    }
    if (!stopped) return fail(globals.json, Error{Fault::Refused, "No stop is in force there."});
    const auto answer = context.value().ask(rollout::ClearStop{only, options.reason}, actor.value());
    if (!answer.ok()) return fail(globals.json, answer.error());
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

    addEmergencyCommands(registry);

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
