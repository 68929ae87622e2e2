// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/people_commands.h"

#include <cstdio>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/sluicectl/print.h"
#include "core/policy/owner.h"

namespace sluice::app::ctl {

namespace {

constexpr size_t kShortestDigest = 12; // hex digits of the evidence's digest that are enough to mean it

struct ApproveOptions {
    std::string rollout{};
    std::string comment{};
    std::string evidence{};
    bool yes{false};
    bool show{false};
};

struct HandOverOptions {
    std::string rollout{};
    std::string person{};
    std::string note{};
};

nlohmann::json evidenceJson(const engine::RolloutView& view)
{
    const rollout::ApprovalRound& round = *view.state.approval;
    const auto evidence = nlohmann::json::parse(round.evidence, nullptr, false);
    return {{"rollout", view.state.id.value},
            {"digest", round.digest},
            {"evidence", evidence.is_discarded() ? nlohmann::json() : evidence}};
}

void printShown(bool json, const engine::RolloutView& view, const Connections& connections)
{
    if (json)
        printJson(evidenceJson(view));
    else
        printEvidence(view, connections);
}

/// Nobody can be asked: what would be approved is shown, with the command that does it.
int nothingApproved(bool json, const engine::RolloutView& view)
{
    const std::string& digest = view.state.approval->digest;
    const Failure failure({Fault::BadInput, fmt::format("Nothing is approved yet. To approve what is shown above:\n"
                                                        "  sluicectl approve {} --evidence {}",
                                                        view.state.id.value, digest)},
                          "--evidence");
    if (!json) return fail(false, failure);
    nlohmann::json document = evidenceJson(view);
    document.update(failureJson(failure));
    document["error"]["evidence"] = digest;
    printJson(document);
    return fail(false, failure);
}

/// "Approve v2.4.0 at 10 %, next 50 %? [y/N] "
std::string question(const engine::RolloutView& view)
{
    const auto stage = static_cast<size_t>(view.state.stage);
    std::string next;
    if (view.playbook && stage + 1 < view.playbook->stages.size())
        next = ", next " + percentText(view.playbook->stages[stage + 1].weight.ppm());
    return fmt::format("Approve {} at {}{}? [y/N] ", view.state.toVersion, percentText(view.state.weight.ppm()), next);
}

bool saysYes(const engine::RolloutView& view)
{
    fmt::print("{}", question(view));
    std::fflush(stdout);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

/// Whether what the person named is what is asked for now.
Outcome fits(const std::string& named, const std::string& digest)
{
    if (named.size() < kShortestDigest)
        return Error{
            Fault::BadInput,
            fmt::format("--evidence: give at least {} digits of what 'approve --show' prints.", kShortestDigest)};
    if (digest.starts_with(named)) return Done{};
    return Error{Fault::Refused, "The evidence is another one now; look at it with 'sluicectl approve --show'."};
}

int approve(const Globals& globals, const ApproveOptions& options)
{
    auto live = openLive(globals, options.rollout);
    if (!live.ok()) return fail(globals.json, live.error());
    Context& context = live.value().context;
    const engine::RolloutView& view = *live.value().view;
    if (!view.state.approval) return fail(globals.json, Error{Fault::Refused, "No approval is asked for right now."});
    const std::string digest = view.state.approval->digest;
    if (!options.evidence.empty())
        if (Outcome same = fits(options.evidence, digest); !same.ok()) return fail(globals.json, same.error());
    const bool decided = options.yes || !options.evidence.empty();
    if (options.show || !globals.json) printShown(globals.json, view, context.connections);
    if (options.show) return kYes;
    if (!decided && (globals.json || isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0))
        return nothingApproved(globals.json, view);
    if (!decided && !saysYes(view)) {
        fmt::print("Nothing was approved.\n");
        return kNo;
    }
    return askDriver(context, rollout::Approve{view.state.id, digest, options.comment}, view.state.target);
}

int handOver(const Globals& globals, const HandOverOptions& options)
{
    auto live = openLive(globals, options.rollout);
    if (!live.ok()) return fail(globals.json, live.error());
    Context& context = live.value().context;
    const engine::RolloutView& view = *live.value().view;
    const PersonId person(options.person);
    if (view.playbook) // else only the driver knows who may
        if (Outcome good = policy::mayOwn(context.connections.people, *view.playbook, person); !good.ok())
            return fail(globals.json, good.error());
    return askDriver(context, rollout::HandOver{view.state.id, person, options.note}, view.state.target);
}

} // namespace

int askDriver(Context& context, const rollout::Command& command, const TargetId& target)
{
    const bool json = context.globals.json;
    const auto actor = context.actor(target);
    if (!actor.ok()) return fail(json, actor.error());
    const auto answer = context.ask(command, actor.value());
    if (!answer.ok()) return fail(json, answer.error());
    printAnswer(json, answer.value());
    return kYes;
}

void addPeopleCommands(Registry& registry)
{
    constexpr const char* kWhich = "Rollout id, unique prefix, or target; the only live one without it";
    CLI::App* yes = registry.add("approve", "Approve the current stage on the evidence shown; asks on a terminal");
    auto& a = registry.keep<ApproveOptions>();
    yes->add_option("rollout", a.rollout, kWhich);
    yes->add_option("--comment", a.comment, "Kept in the journal");
    auto* sure = yes->add_flag("--yes", a.yes, "Do not ask");
    auto* named = yes->add_option("--evidence", a.evidence, "Digest of the evidence that was seen; does not ask");
    auto* show = yes->add_flag("--show", a.show, "Print the evidence and its digest, approve nothing");
    show->excludes(sure)->excludes(named);
    registry.run(yes, [&registry, &a] { return approve(registry.globals(), a); });

    CLI::App* hand = registry.add("hand-over", "Make somebody else the owner");
    auto& h = registry.keep<HandOverOptions>();
    hand->add_option("person", h.person, "Person id of the connections file")->required();
    hand->add_option("rollout", h.rollout, kWhich);
    hand->add_option("--note", h.note, "Kept in the journal");
    registry.run(hand, [&registry, &h] { return handOver(registry.globals(), h); });
}

} // namespace sluice::app::ctl
