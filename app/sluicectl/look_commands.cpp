// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/sluicectl/commands.h"
#include "app/sluicectl/print.h"
#include "app/sluicectl/reach.h"
#include "app/sluicectl/watch.h"
#include "app/sluicectl/why.h"
#include "core/engine/snapshot_json.h"

namespace sluice::app::ctl {

namespace {

struct LookOptions {
    std::string rollout{};
    std::string period{"10m"};
    bool watch{false};
};

constexpr Duration kDrivenLimit = std::chrono::seconds(5); // a driver shows a new picture every second

/// Who drives no more cannot say so itself: kOut with a warning when the picture is old, and the stops in force, which
/// need no driver.
int warnings(const Context& context, Duration age)
{
    for (const TargetConfig& target : context.connections.targets)
        if (const auto stop = context.store.safety->stopped(target.id))
            fmt::print(stderr, "STOPPED: {} since {} by {}: {}\n", target.id.value, wallText(stop->at),
                       stop->person.value, stop->reason.empty() ? "no reason given" : stop->reason);
    if (age <= kDrivenLimit) return kYes;
    fmt::print(stderr, "NOBODY DRIVES, or the driver hangs: this was true {} ago.\n", durationText(age));
    return kOut;
}

/// Where a part is, as the connections file has it; empty when it does not say.
std::string addressOf(const engine::SourceStatus& source, const Connections& connections)
{
    if (source.kind == "router")
        if (const auto found = connections.routers.find(source.name); found != connections.routers.end())
            return " (" + found->second.address + ")";
    if (source.kind == "metrics")
        if (const auto found = connections.sources.find(source.name); found != connections.sources.end())
            return " (" + found->second.url + ")";
    return {};
}

/// The same as the driver sees it. What was never asked (nothing runs that needs it) is not out of reach. kOut when
/// something is.
int printSilent(const engine::Snapshot& snapshot, const Connections& connections)
{
    using State = engine::SourceStatus::State;
    int code = kYes;
    for (const engine::SourceStatus& source : snapshot.sources) {
        const bool refused = source.state == State::Never && !source.problem.empty();
        if (source.state != State::Gone && !refused) continue;
        fmt::print(stderr, "OUT OF REACH: {} {}{}{}{}\n", source.kind, source.name, addressOf(source, connections),
                   refused ? "" : " for " + durationText(source.age),
                   source.problem.empty() ? "" : ": " + source.problem);
        code = kOut;
    }
    return code;
}

int status(const Globals& globals, const LookOptions& options)
{
    auto context = openContext(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    if (const auto several = refuseSeveral(context.value(), options.rollout)) return fail(globals.json, *several);
    if (options.watch) return watchRollout(context.value(), options.rollout);
    const auto picture = context.value().client->picture();
    if (!picture.ok()) return fail(globals.json, picture.error());
    const engine::Snapshot& snapshot = picture.value().snapshot;
    int code = warnings(context.value(), picture.value().age);
    if (code != kYes) // nobody drives: the picture cannot say whether its parts are still there (a lab ends by itself)
        (void)printAmiss(amiss(context.value().connections, *context.value().store.clock));
    else
        code = printSilent(snapshot, context.value().connections);
    if (options.rollout.empty()) {
        if (globals.json)
            fmt::print("{}\n", engine::encodeSnapshot(snapshot));
        else
            printFleet(snapshot, picture.value().age);
        return code;
    }
    const auto view = pickAny(snapshot, options.rollout);
    if (!view.ok()) return fail(globals.json, view.error());
    if (globals.json)
        fmt::print("{}\n", engine::encodeRollout(*view.value()));
    else
        printRollout(*view.value());
    return code;
}

/// `driven`: kYes, or the exit code when the picture is old.
using Show = std::function<int(const Context&, const engine::RolloutView&, int driven)>;

int look(const Globals& globals, const LookOptions& options, const Show& show)
{
    auto context = openContext(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    if (const auto several = refuseSeveral(context.value(), options.rollout)) return fail(globals.json, *several);
    const auto picture = context.value().client->picture();
    if (!picture.ok()) return fail(globals.json, picture.error());
    const auto view = pickAny(picture.value().snapshot, options.rollout);
    if (!view.ok()) return fail(globals.json, view.error());
    const int code = warnings(context.value(), picture.value().age);
    return show(context.value(), *view.value(), code);
}

int tellWhy(const Context& context, const engine::RolloutView& view)
{
    if (context.globals.json)
        printJson(whyJson(view, context.connections));
    else
        printWhy(view, context.connections);
    return kYes;
}

/// The driver's picture forgets a release an hour after its end, and there may be none; the journal knows.
int why(const Globals& globals, const LookOptions& options)
{
    auto context = openRecord(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    if (const auto several = refuseSeveral(context.value(), options.rollout)) return fail(globals.json, *several);
    const auto picture = context.value().client ? context.value().client->picture() : Result<Client::Picture>(Error{});
    if (picture.ok()) {
        const auto view = pickAny(picture.value().snapshot, options.rollout);
        if (!view.ok() && isShown(picture.value().snapshot, options.rollout))
            return fail(globals.json, view.error()); // which one?
        if (view.ok()) {
            const int code = warnings(context.value(), picture.value().age);
            const int told = tellWhy(context.value(), *view.value());
            return code == kYes ? told : code;
        }
    }
    const auto past = pickPast(context.value(), options.rollout);
    return past.ok() ? tellWhy(context.value(), past.value()) : fail(globals.json, past.error());
}

int metrics(const Context& context, const engine::RolloutView& view, int driven)
{
    if (context.globals.json)
        printJson(nlohmann::json::parse(engine::encodeRollout(view))["assessment"]);
    else
        printMetrics(view);
    return driven;
}

/// KPIs against limits, now: 0 all good, 1 one is broken, 4 one has no data.
int check(const Context& context, const engine::RolloutView& view, int driven)
{
    int code = view.assessment.requirements.empty() ? kOut : kYes;
    nlohmann::json lines = nlohmann::json::array();
    for (const analysis::RequirementResult& result : view.assessment.requirements) {
        const Metric* metric = view.playbook ? view.playbook->metric(result.metric) : nullptr;
        const Unit unit = metric != nullptr ? metric->unit : Unit::Plain;
        const char* verdict = result.verdict == analysis::Verdict::Pass   ? "pass"
                              : result.verdict == analysis::Verdict::Fail ? "FAIL"
                                                                          : "no data";
        if (result.verdict == analysis::Verdict::Fail)
            code = kNo;
        else if (result.verdict == analysis::Verdict::NoData && code == kYes)
            code = kOut;
        const std::string observed = result.observed ? valueText(*result.observed, unit) : "-";
        const std::string limit = result.limit ? valueText(*result.limit, unit) : "-";
        lines.push_back({{"metric", result.metric},
                         {"verdict", verdict},
                         {"observed", result.observed.value_or(0)},
                         {"limit", result.limit.value_or(0)}});
        if (!context.globals.json)
            fmt::print("{:<8} {:<20} {} ({} {})\n", verdict, metric != nullptr ? metric->title : result.metric,
                       observed, result.wantBelow ? "below" : "above", limit);
    }
    if (driven != kYes) code = driven;
    if (context.globals.json)
        printJson({{"exitCode", code}, {"requirements", lines}});
    else if (lines.empty())
        fmt::print("no requirement is judged right now\n");
    return code;
}

using Command = std::function<int(const Globals&, const LookOptions&)>;

void add(Registry& registry, const std::string& name, const std::string& help, const Command& run)
{
    CLI::App* command = registry.add(name, help);
    auto& options = registry.keep<LookOptions>();
    command->add_option("rollout", options.rollout,
                        "Rollout id, unique prefix, or target; the only live one without it");
    registry.run(command, [&registry, &options, run] { return run(registry.globals(), options); });
}

} // namespace

void addLookCommands(Registry& registry)
{
    CLI::App* command = registry.add("status", "Everything live, or one rollout");
    auto& options = registry.keep<LookOptions>();
    command->add_option("rollout", options.rollout, "Rollout id, unique prefix, or target");
    command->add_flag("--watch", options.watch, "Print what happens until it ends");
    registry.run(command, [&registry, &options] { return status(registry.globals(), options); });
    add(registry, "why", "Every gate: what is required, what is observed, who can end it", why);
    add(registry, "metrics", "Both tracks of every metric",
        [](const auto& g, const auto& o) { return look(g, o, metrics); });
    add(registry, "check", "KPIs against the limits of the stage: exit 0 good, 1 broken, 4 no data",
        [](const auto& g, const auto& o) { return look(g, o, check); });
    CLI::App* monitor = registry.add("monitor", "Watch for a while: exit 0 healthy, 1 something fired or rolled back");
    auto& watched = registry.keep<LookOptions>();
    monitor->add_option("rollout", watched.rollout, "Rollout id, unique prefix, or target");
    monitor->add_option("--for", watched.period, "How long, e.g. 10m");
    registry.run(monitor,
                 [&registry, &watched] { return monitorRollout(registry.globals(), watched.rollout, watched.period); });
}

} // namespace sluice::app::ctl
