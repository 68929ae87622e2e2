// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/rollout/decide_parts.h"
#include "core/rollout/moves.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/story.h"

// Acts of people on the gates: approve, promote, ramp; and what going beyond an open gate needs.

namespace sluice::rollout {

namespace {

Error refused(std::string sentence)
{
    return Error{Fault::Refused, std::move(sentence)};
}

constexpr auto kBeyond = "Beyond an open gate only with force, a reason and a second person.";

Outcome mayForce(const Asked& asked, const std::string& reason, const PersonId& second)
{
    std::optional<policy::Voter> voter;
    const bool looksUp = asked.second && asked.second->person == second;
    if (looksUp) voter = policy::Voter{asked.second->person, asked.second->roles};
    if (!second.empty() && !voter) return refused(fmt::format("{} is not a known person.", second.value));
    return policy::mayForce(asked.actor.person, reason, voter);
}

/// What stands against promoting now; empty = nothing.
std::string openForPromote(const Moment& m)
{
    if (m.rollout.phase == Phase::Watching) return openText(watchGates(m));
    const auto gates = stageGates(m);
    auto people = peopleGates(m);
    std::erase_if(people, [](const WaitReason& gate) { return gate.code == WaitCode::ManualAdvance; });
    std::string open = onlyScoreForPeople(m, gates) ? std::string() : openText(gates);
    const std::string missing = openText(people);
    if (!open.empty() && !missing.empty()) open += "; ";
    return open + missing;
}

Events promoted(const Moment& m, bool forced, const std::string& reason, const PersonId& second)
{
    if (m.rollout.phase != Phase::Watching) return passStage(m, forced, reason, second);
    Events events;
    if (forced) {
        events = passStage(m, forced, reason, second);
        events.resize(1); // the watch has been; only the record of who ended it early is new
    }
    for (Event& event : startFinalising(m))
        events.push_back(std::move(event));
    return events;
}

/// Instances that the share needs, from the first stage that asks as much.
int instancesFor(const Moment& m, Weight weight)
{
    const auto stage = std::ranges::find_if(m.playbook.stages, [&](const Stage& one) { return one.weight >= weight; });
    const auto index =
        std::min(stage - m.playbook.stages.begin(), static_cast<std::ptrdiff_t>(m.playbook.stages.size()) - 1);
    return canaryInstancesFor(m.playbook, static_cast<int>(index), stableInstances(m.tick.world));
}

/// What stands against sending more users to the canary; empty = nothing.
std::string openForRaise(const Moment& m, Weight weight)
{
    std::string open = openText(qualityGates(m));
    const Weight own = stageOf(m.rollout, m.playbook).weight;
    if (weight <= own) return open;
    const std::string beyond =
        fmt::format("{} is above the stage's {}", percentText(weight.ppm()), percentText(own.ppm()));
    return open.empty() ? beyond : beyond + "; " + open;
}

} // namespace

Result<Events> decideApprove(const Moment& m, const Approve& command, const Asked& asked)
{
    const auto& round = m.rollout.approval;
    if (!round) return refused("No approval is being asked for right now.");
    if (m.now.wall >= round->expiresAt) return refused("This request expired; a new one comes within a second.");
    if (!command.digest.empty() && command.digest != round->digest) {
        return refused("The evidence has changed since you looked at it; look again and approve then.");
    }
    std::vector<PersonId> given;
    std::ranges::transform(round->given, std::back_inserter(given), &GivenApproval::person);
    const policy::ApprovalNeed need =
        policy::approvalNeed(stageOf(m.rollout, m.playbook).approve, recordOf(m.rollout).warnings > 0, true);
    const Result<std::string> role =
        policy::mayApprove(need, {asked.actor.person, asked.actor.roles}, m.rollout.startedBy, given);
    if (!role) return role.error();
    return Events{ApprovalGiven{.stage = m.rollout.stage,
                                .approval = {.person = asked.actor.person,
                                             .role = role.value(),
                                             .comment = command.comment,
                                             .digest = round->digest,
                                             .at = m.now.wall}}};
}

Result<Events> decidePromote(const Moment& m, const Promote& command, const Asked& asked)
{
    const std::string open = openForPromote(m);
    if (open.empty()) return promoted(m, false, {}, {});
    if (!command.force) {
        return refused(fmt::format("promote is not possible yet: {}. {} Possible now: {}.", open, kBeyond,
                                   possibleNow(m.rollout, Move::Promote)));
    }
    if (const Outcome may = mayForce(asked, command.reason, command.second); !may) return may.error();
    return promoted(m, true, command.reason, command.second);
}

Result<Events> decideRamp(const Moment& m, const Ramp& command, const Asked& asked)
{
    if (command.reason.empty()) return Error{Fault::BadInput, "A ramp needs a reason."};
    const Weight now = m.rollout.weight;
    if (command.weight == now) return refused(fmt::format("The weight already is {}.", percentText(now.ppm())));

    bool forced = false;
    if (command.weight > now) {
        if (m.rollout.phase == Phase::Paused) return refused("A paused rollout gets no more traffic; resume it first.");
        const int needed = instancesFor(m, command.weight);
        if (readyCanaries(m.rollout, m.tick.world) < needed) {
            return refused(fmt::format("{} needs {} ready canary instances, there are {}.",
                                       percentText(command.weight.ppm()), needed,
                                       readyCanaries(m.rollout, m.tick.world)));
        }
        const std::string open = openForRaise(m, command.weight);
        if (!open.empty() && !command.force) return refused(fmt::format("ramp is not possible: {}. {}", open, kBeyond));
        if (!open.empty()) {
            if (const Outcome may = mayForce(asked, command.reason, command.second); !may) return may.error();
            forced = true;
        }
    }
    Events events;
    if (m.rollout.approval) events.push_back(ApprovalVoided{m.rollout.stage, "the weight was ramped"});
    events.push_back(WeightRamped{.weight = command.weight,
                                  .forced = forced,
                                  .reason = command.reason,
                                  .second = forced ? command.second : PersonId()});
    return events;
}

} // namespace sluice::rollout
