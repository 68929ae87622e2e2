// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/sluicectl/commands.h"
#include "app/sluicectl/people_commands.h"
#include "app/sluicectl/start_command.h"

namespace sluice::app::ctl {

namespace {

/// What the small commands take.
struct ActOptions {
    std::string rollout{};
    std::string text{};
    std::string item{};
    std::string person{};
    std::string percent{};
    bool undo{false};
    bool force{false};
};

using Make = std::function<Result<rollout::Command>(const engine::RolloutView&, const ActOptions&)>;
/// What is wrong with the options, as far as it is known here; the driver knows the rest.
using Check = std::function<std::optional<Failure>(const Live&, const ActOptions&)>;

int act(const Globals& globals, const ActOptions& options, const Make& make, const Check& check)
{
    auto live = openLive(globals, options.rollout);
    if (!live.ok()) return fail(globals.json, live.error());
    if (check)
        if (const auto wrong = check(live.value(), options)) return fail(globals.json, *wrong);
    const auto command = make(*live.value().view, options);
    if (!command.ok()) return fail(globals.json, command.error());
    return askDriver(live.value().context, command.value(), live.value().view->state.target);
}

/// "25", "25%", "+5" or "+5%" of all users; relative to the weight asked now.
Result<Weight> parseRamp(const std::string& text, Weight now)
{
    std::string number = text;
    if (!number.empty() && number.back() == '%') number.pop_back();
    const bool step = !number.empty() && number.front() == '+';
    char* end = nullptr;
    const double percent = std::strtod(number.c_str() + (step ? 1 : 0), &end);
    if (number.empty() || end == nullptr || *end != '\0' || !std::isfinite(percent))
        return Error{Fault::BadInput, "'" + text + "' is no share: write 25% or +5%."};
    const auto weight = Weight::parse(std::llround(percent * 100) + (step ? now.perTenThousand() : 0));
    if (!weight) return Error{Fault::BadInput, "'" + text + "' leads outside 0 % to 100 %."};
    return *weight;
}

void addAct(Registry& registry, const std::string& name, const std::string& help, const std::string& textOption,
            bool textNeeded, const Make& make, const std::function<void(CLI::App*, ActOptions&)>& more = {},
            const Check& check = {})
{
    CLI::App* command = registry.add(name, help);
    auto& options = registry.keep<ActOptions>();
    if (more) more(command, options);
    command->add_option("rollout", options.rollout,
                        "Rollout id, unique prefix, or target; the only live one without it");
    if (!textOption.empty()) {
        auto* option = command->add_option(textOption, options.text, "Kept in the journal");
        if (textNeeded) option->required();
    }
    registry.run(command, [&registry, &options, make, check] { return act(registry.globals(), options, make, check); });
}

Failure missing(const std::string& command, const std::string& option, const std::string& what)
{
    return {{Fault::BadInput, command + ": " + option + " is missing: " + what + "."}, option};
}

std::optional<Failure> checkForce(const std::string& command, const Live& live, const ActOptions& options)
{
    const Connections& connections = live.context.connections;
    if (options.force && options.text.empty()) return missing(command, "--reason", "say why the gate may be skipped");
    if (options.force && options.person.empty()) return missing(command, "--second", "name who agrees to it");
    if (options.person.empty() || connections.person(PersonId(options.person)) != nullptr) return std::nullopt;
    const auto known = personNames(connections);
    return Failure(
        {Fault::BadInput, fmt::format("{}: --second: there is no person '{}' in the connections file; known: {}.",
                                      command, options.person, fmt::join(known, ", "))},
        "--second", known);
}

std::optional<Failure> checkRamp(const Live& live, const ActOptions& options)
{
    if (auto wrong = checkForce("ramp", live, options)) return wrong;
    if (!options.text.empty()) return std::nullopt;
    return missing("ramp", "--reason", "say why the share changes, or why the gate may be skipped");
}

std::optional<Failure> checkItem(const Live& live, const ActOptions& options)
{
    if (!live.view->playbook) return std::nullopt;
    const Checklists& lists = live.view->playbook->checklists;
    std::vector<std::string> known;
    for (const auto* list : {&lists.pre, &lists.during, &lists.post})
        for (const ChecklistItem& item : *list)
            known.push_back(item.id);
    if (std::ranges::find(known, options.item) != known.end()) return std::nullopt;
    const std::string there =
        known.empty() ? "its playbook has none" : fmt::format("known: {}", fmt::join(known, ", "));
    return Failure({Fault::BadInput, fmt::format("tick: there is no item '{}'; {}.", options.item, there)}, "item",
                   known);
}

void addForce(CLI::App* command, ActOptions& options)
{
    command->add_flag("--force", options.force, "Beyond an open gate; needs --reason and --second");
    command->add_option("--second", options.person, "The second person of a forced act");
}

void addSimpleActs(Registry& registry)
{
    addAct(registry, "pause", "Hold where it is; triggers stay armed", "--reason", false,
           [](const auto& view, const auto& o) {
               return rollout::Command(rollout::Pause{view.state.id, o.text});
           });
    addAct(registry, "resume", "Go on after a pause", "--reason", false, [](const auto& view, const auto& o) {
        return rollout::Command(rollout::Resume{view.state.id, o.text});
    });
    addAct(registry, "step-back", "Back to the stage before", "--reason", false, [](const auto& view, const auto& o) {
        return rollout::Command(rollout::StepBack{view.state.id, o.text});
    });
    addAct(registry, "cancel", "End it before anybody got the new version", "--reason", false,
           [](const auto& view, const auto& o) {
               return rollout::Command(rollout::Cancel{view.state.id, o.text});
           });
    addAct(registry, "reject", "Refuse the approval and roll back", "--reason", true,
           [](const auto& view, const auto& o) {
               return rollout::Command(rollout::Reject{view.state.id, o.text});
           });
    addAct(registry, "comment", "Put a remark into the journal", "--text", true, [](const auto& view, const auto& o) {
        return rollout::Command(rollout::Comment{view.state.id, o.text});
    });
    addAct(registry, "retry-step", "Try a failed step of a rollback again", "", false,
           [](const auto& view, const auto&) { return rollout::Command(rollout::RetryStep{view.state.id}); });
    addAct(registry, "skip-step", "Skip a failed step of a rollback", "--reason", true,
           [](const auto& view, const auto& o) {
               return rollout::Command(rollout::SkipStep{view.state.id, o.text});
           });
}

void addWeightActs(Registry& registry)
{
    addAct(
        registry, "promote", "To the next stage when all gates hold", "--reason", false,
        [](const auto& view, const auto& o) {
            return rollout::Command(rollout::Promote{view.state.id, o.force, o.text, PersonId(o.person)});
        },
        addForce, [](const auto& live, const auto& o) { return checkForce("promote", live, o); });
    addAct(
        registry, "ramp", "Another share within the stage, e.g. 5% or +1%", "--reason", false,
        [](const auto& view, const auto& o) -> Result<rollout::Command> {
            const auto weight = parseRamp(o.percent, view.state.weight);
            if (!weight.ok()) return weight.error();
            return rollout::Command(rollout::Ramp{view.state.id, weight.value(), o.force, o.text, PersonId(o.person)});
        },
        [](CLI::App* command, ActOptions& options) {
            command->add_option("share", options.percent, "PERCENT or +STEP")->required();
            addForce(command, options);
        },
        checkRamp);
}

void addTick(Registry& registry)
{
    addAct(
        registry, "tick", "Tick a checklist item", "--note", false,
        [](const auto& view, const auto& o) {
            return rollout::Command(rollout::TickItem{view.state.id, o.item, !o.undo, o.text});
        },
        [](CLI::App* command, ActOptions& options) {
            command->add_option("item", options.item, "Id of the item; see 'sluicectl why'")->required();
            command->add_flag("--undo", options.undo, "Take the tick back");
        },
        checkItem);
}

} // namespace

void addActCommands(Registry& registry)
{
    addStartCommand(registry);
    addTick(registry);
    addPeopleCommands(registry);
    addSimpleActs(registry);
    addWeightActs(registry);
}

} // namespace sluice::app::ctl
