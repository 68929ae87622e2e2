// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/start_command.h"

#include <cstdlib>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/composition/playbooks.h"
#include "app/sluicectl/print.h"
#include "app/sluicectl/reach.h"
#include "app/sluicectl/watch.h"
#include "app/sluicectl/why.h"
#include "core/adapters/system_clock.h"
#include "core/model/count_text.h"
#include "core/model/text_check.h"
#include "core/policy/calendar.h"

namespace sluice::app::ctl {

namespace {

struct StartOptions {
    std::string target{};
    std::string version{};
    std::string playbook{};
    std::string playbookFile{};
    std::string from{};
    std::string note{};
    std::string exception{};
    std::string second{};
    std::vector<std::string> settings{};
    bool supersede{false};
    bool dryRun{false};
    bool wait{false};
};

/// --set over SLUICE_SET_<key> of the environment over the playbook's own values.
Result<std::vector<GivenSetting>> settingsOf(const Playbook& playbook, const std::vector<std::string>& given)
{
    std::vector<GivenSetting> settings;
    for (const auto& [key, value] : playbook.settings) {
        const std::string name = "SLUICE_SET_" + key;
        if (const char* named = std::getenv(name.c_str()))
            settings.push_back({.key = key, .value = named, .from = name + "=" + named});
    }
    for (const std::string& one : given) {
        const size_t equals = one.find('=');
        if (equals == std::string::npos || equals == 0)
            return Error{Fault::BadInput, "--set " + one + ": write --set key=value."};
        settings.push_back({.key = one.substr(0, equals), .value = one.substr(equals + 1), .from = "--set " + one});
    }
    return settings;
}

/// Two playbooks are named: which one goes.
std::optional<Failure> checkPlaybooks(const StartOptions& options)
{
    if (options.playbook.empty() || options.playbookFile.empty()) return std::nullopt;
    return Failure({Fault::BadInput,
                    fmt::format("start: --playbook and --playbook-file are both given: drop --playbook {} to start "
                                "with the file, or --playbook-file {} to start with the built-in one.",
                                options.playbook, options.playbookFile)},
                   "--playbook", {"--playbook", "--playbook-file"});
}

Result<Playbook> chosenPlaybook(const StartOptions& options, const TargetConfig& target, const std::string& directory)
{
    std::string name = options.playbookFile;
    if (name.empty()) name = options.playbook.empty() ? target.playbook : options.playbook;
    const auto text = playbookText(name, directory);
    if (!text.ok()) return text.error();
    const auto plain = parsePlaybook(text.value(), name);
    if (!plain.ok()) return plain;
    const auto settings = settingsOf(plain.value(), options.settings);
    if (!settings.ok()) return settings.error();
    return parsePlaybook(text.value(), name, settings.value());
}

/// What the driver refuses as well, said at once. `stable` may be empty: then nobody here knows it.
Outcome checkVersions(const StartOptions& options, const TargetConfig& target, const std::string& stable)
{
    if (const auto fault = versionFault(options.version)) return Error{Fault::BadInput, *fault + "."};
    if (const auto fault = versionFault(options.from); fault && !options.from.empty())
        return Error{Fault::BadInput, "--from: " + *fault + "."};
    const std::string& from = options.from.empty() ? stable : options.from;
    if (from.empty())
        return Error{Fault::BadInput, "--from is missing: nobody knows which version is stable on " + target.id.value +
                                          " now; name it."};
    if (options.version != from) return Done{};
    return Error{Fault::BadInput, fmt::format("{} already is the stable version of {}; a release needs another one.",
                                              from, target.id.value)};
}

/// What runs there, as the driver knows it, or else as the connections file says.
std::string stableOf(Context& context, const TargetConfig& target)
{
    const auto picture = context.client->picture();
    if (!picture.ok()) return target.stableVersion;
    const engine::TargetView* found = picture.value().snapshot.target(target.id);
    return found == nullptr || found->stableVersion.empty() ? target.stableVersion : found->stableVersion;
}

nlohmann::json planJson(const Playbook& playbook)
{
    nlohmann::json stages = nlohmann::json::array();
    Duration all = playbook.before + playbook.watch.length;
    for (const Stage& stage : playbook.stages) {
        all += stage.bake;
        stages.push_back({{"name", stage.name},
                          {"sharePpm", stage.weight.ppm()},
                          {"bake", stage.bake.count()},
                          {"requirements", stage.require.size()},
                          {"approvals", stage.approve.when == ApproveWhen::Never ? 0 : stage.approve.count},
                          {"approvedBy", stage.approve.roles}});
    }
    return {{"playbook", playbook.name},
            {"hash", playbook.hash},
            {"baseline", playbook.before.count()},
            {"stages", stages},
            {"watch", playbook.watch.length.count()},
            {"triggers", playbook.triggers.size()},
            {"rollback", stepsJson(rollout::rollbackPlan(playbook))},
            {"atLeast", all.count()}};
}

/// What does not keep it from starting: a stage that nobody could approve, another time that would be better.
std::vector<std::string> doubtsOf(const Playbook& playbook, const Connections& connections, const TargetConfig& target,
                                  const PersonId& starter)
{
    auto doubts = policy::approvalDoubts(playbook, votersOf(connections), starter);
    if (target.schedule.empty()) return doubts;
    const auto now = adapters::SystemClock().now().wall;
    const auto answer = policy::checkSchedule(connections.schedules.at(target.schedule), now);
    if (!answer.why.empty()) doubts.push_back(fmt::format("Schedule {}: {}.", target.schedule, answer.why));
    return doubts;
}

void printDoubts(const std::vector<std::string>& doubts)
{
    for (const std::string& doubt : doubts)
        fmt::print(stderr, "WARNING: {}\n", doubt);
}

/// Who would start it; nobody where no person of the file is meant.
PersonId starterOf(const Globals& globals, const Connections& connections, const TargetId& target)
{
    const Context files{.globals = globals, .connections = connections, .store = {}, .client = {}};
    const auto actor = files.actor(target);
    return actor.ok() ? actor.value().person : PersonId();
}

/// The plan as it would run; neither an engine nor a journal is needed for it.
int dryRun(const Globals& globals, const StartOptions& options)
{
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return fail(globals.json, connections.error());
    const auto target = pickTarget(connections.value(), options.target);
    if (!target.ok()) return fail(globals.json, {target.error(), "target", targetNames(connections.value())});
    auto context = openContext(globals, StoreMode::Observe); // where something has run it knows what is stable now
    const std::string stable =
        context.ok() ? stableOf(context.value(), *target.value()) : target.value()->stableVersion;
    if (Outcome good = checkVersions(options, *target.value(), stable); !good.ok())
        return fail(globals.json, good.error());
    const auto playbook = chosenPlaybook(options, *target.value(), connections.value().directory);
    if (!playbook.ok()) return fail(globals.json, playbook.error());
    const PersonId starter = starterOf(globals, connections.value(), target.value()->id);
    const auto doubts = doubtsOf(playbook.value(), connections.value(), *target.value(), starter);
    if (globals.json) {
        nlohmann::json plan = planJson(playbook.value());
        plan["warnings"] = doubts;
        plan["target"] = target.value()->id.value;
        plan["from"] = options.from.empty() ? stable : options.from;
        plan["to"] = options.version;
        printJson(plan);
        return kYes;
    }
    fmt::print("{}: {} with playbook {} ({})\n", target.value()->id.value, options.version, playbook.value().name,
               playbook.value().hash.substr(0, 12));
    printPlan(playbook.value());
    printDoubts(doubts);
    return kYes;
}

int start(const Globals& globals, const StartOptions& options)
{
    if (const auto wrong = checkPlaybooks(options)) return fail(globals.json, *wrong);
    if (options.dryRun) return dryRun(globals, options);
    auto context = openContext(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    const auto target = pickTarget(context.value().connections, options.target);
    if (!target.ok()) return fail(globals.json, {target.error(), "target", targetNames(context.value().connections)});
    const std::string stable = stableOf(context.value(), *target.value());
    if (Outcome good = checkVersions(options, *target.value(), stable); !good.ok())
        return fail(globals.json, good.error());
    const auto playbook = chosenPlaybook(options, *target.value(), context.value().connections.directory);
    if (!playbook.ok()) return fail(globals.json, playbook.error());
    const auto actor = context.value().actor(target.value()->id);
    if (!actor.ok()) return fail(globals.json, actor.error());
    const rollout::StartRollout command{.target = target.value()->id,
                                        .toVersion = options.version,
                                        .fromVersion = options.from,
                                        .playbook = playbook.value().name,
                                        .playbookText = playbook.value().text,
                                        .settings = {},
                                        .supersede = options.supersede,
                                        .note = options.note,
                                        .exception = options.exception,
                                        .second = PersonId(options.second)};
    // Nothing is raised through a proxy that is not there: the release would wait, and nobody would know for what.
    auto warnings = printAmiss(amissFor(context.value().connections, *target.value(), *context.value().store.clock));
    const auto doubts = doubtsOf(playbook.value(), context.value().connections, *target.value(), actor.value().person);
    printDoubts(doubts);
    warnings.insert(warnings.end(), doubts.begin(), doubts.end());
    const auto answer = context.value().ask(command, actor.value());
    if (!answer.ok()) return fail(globals.json, answer.error(), {{"warnings", warnings}});
    printAnswer(globals.json, answer.value(), {{"warnings", warnings}});
    return options.wait ? watchRollout(context.value(), target.value()->id.value) : kYes;
}

std::string approvalText(const ApprovalRule& rule)
{
    if (rule.when == ApproveWhen::Never) return {};
    std::string roles;
    for (const std::string& role : rule.roles)
        roles += (roles.empty() ? "" : " or ") + role;
    return fmt::format(", {} by {}{}", countText(rule.count, "approval", "approvals"), roles.empty() ? "anyone" : roles,
                       rule.when == ApproveWhen::Warnings ? " if there was a warning" : "");
}

} // namespace

void printPlan(const Playbook& playbook)
{
    Duration all = playbook.before + playbook.watch.length;
    fmt::print("  baseline: {} of stable recorded first\n", durationText(playbook.before));
    for (const Stage& stage : playbook.stages) {
        all += stage.bake;
        fmt::print("  {:<18} {:>7}  bake {}, {}{}\n", stage.name, percentText(stage.weight.ppm()),
                   durationText(stage.bake), countText(stage.require.size(), "requirement", "requirements"),
                   approvalText(stage.approve));
    }
    fmt::print("  watch: {}\n", durationText(playbook.watch.length));
    const size_t items =
        playbook.checklists.pre.size() + playbook.checklists.during.size() + playbook.checklists.post.size();
    fmt::print("  {}, {}\n", countText(playbook.triggers.size(), "trigger", "triggers"),
               countText(items, "checklist item", "checklist items"));
    fmt::print("  rollback:\n");
    for (const rollout::StepProgress& step : rollout::rollbackPlan(playbook))
        fmt::print("    {} (about {})\n", step.title, durationText(step.usually));
    fmt::print("  in all at least {}\n", durationText(all));
}

void addStartCommand(Registry& registry)
{
    CLI::App* command = registry.add("start", "Start a release");
    auto& o = registry.keep<StartOptions>();
    command->add_option("target", o.target, "service/environment")->required();
    command->add_option("version", o.version, "The new version")->required();
    command->add_option("--playbook", o.playbook, "Built-in playbook instead of the target's own");
    command->add_option("--playbook-file", o.playbookFile, "Playbook file");
    command->add_option("--from", o.from, "The version that is stable now, when the journal does not know it");
    command->add_option("--note", o.note, "Kept in the journal");
    command->add_option("--exception", o.exception, "Why it starts outside its schedule");
    command->add_option("--second", o.second, "Who agrees to that");
    command->add_option("--set", o.settings,
                        "key=value of the playbook's settings; over SLUICE_SET_key of the environment");
    command->add_flag("--supersede", o.supersede, "Roll a running release back first");
    command->add_flag("--dry-run", o.dryRun, "Print the plan, start nothing");
    command->add_flag("--wait", o.wait, "Print what happens until it ends: exit 0 stable, 1 rolled back");
    registry.run(command, [&registry, &o] { return start(registry.globals(), o); });
}

} // namespace sluice::app::ctl
