// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

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

int act(const Globals& globals, const ActOptions& options, const Make& make)
{
    auto live = openLive(globals, options.rollout);
    if (!live.ok()) return fail(globals.json, live.error());
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
            bool textNeeded, const Make& make, const std::function<void(CLI::App*, ActOptions&)>& more = {})
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
    registry.run(command, [&registry, &options, make] { return act(registry.globals(), options, make); });
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
        addForce);
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
        });
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
        });
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
