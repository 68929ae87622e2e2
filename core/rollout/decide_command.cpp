// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/base/overloaded.h"
#include "core/policy/checklist.h"
#include "core/rollout/ask_target.h"
#include "core/rollout/command_check.h"
#include "core/rollout/decide_parts.h"
#include "core/rollout/moves.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/story.h"

namespace sluice::rollout {

namespace {

Error refused(std::string sentence)
{
    return Error{Fault::Refused, std::move(sentence)};
}
Error badInput(std::string sentence)
{
    return Error{Fault::BadInput, std::move(sentence)};
}

std::string noSuchItem(const Checklists& lists, const std::string& id)
{
    std::string known;
    for (const auto* list : {&lists.pre, &lists.during, &lists.post})
        for (const ChecklistItem& item : *list)
            known += (known.empty() ? "" : ", ") + item.id;
    return fmt::format("The playbook has no checklist item \"{}\"; it has {}.", id, known.empty() ? "none" : known);
}

std::string said(const Actor& actor, std::string_view what, const std::string& reason)
{
    return actStory(actor.person, what, reason);
}

/// One function per command; the move table was asked before.
struct Decider {
    const Moment& m;
    const Asked& asked;
    const Actor& actor;

    Result<Events> operator()(const StartRollout&) const
    {
        return badInput("A start is not an act on a rollout that runs.");
    }
    Result<Events> operator()(const ClearStop&) const { return badInput("A stop is cleared for a target, not here."); }
    Result<Events> operator()(const Approve& c) const { return decideApprove(m, c, asked); }
    Result<Events> operator()(const Promote& c) const { return decidePromote(m, c, asked); }
    Result<Events> operator()(const Ramp& c) const { return decideRamp(m, c, asked); }
    Result<Events> operator()(const Reject& c) const
    {
        return wayBack(RollbackCause::Reject, said(actor, "rejected the stage", c.reason));
    }
    Result<Events> operator()(const Pause& c) const
    {
        return Events{RolloutPaused{.because = said(actor, "paused", c.reason), .byPerson = true}};
    }
    Result<Events> operator()(const Resume& c) const { return Events{RolloutResumed{c.reason}}; }
    Result<Events> operator()(const StepBack& c) const
    {
        Events events;
        if (m.rollout.phase == Phase::Paused) events.push_back(RolloutResumed{"stepping back"});
        events.push_back(stepBackTo(m.rollout, m.playbook, m.rollout.stage - 1, said(actor, "stepped back", c.reason)));
        return events;
    }
    Result<Events> operator()(const Cancel& c) const
    {
        return Events{RolloutCancelled{said(actor, "cancelled", c.reason)}};
    }
    Result<Events> operator()(const RollBack& c) const
    {
        if (!c.toVersion.empty() && c.toVersion != m.rollout.fromVersion) {
            return refused(fmt::format("{} cannot be reached by this rollback: only {}, which still runs beside the "
                                       "canary. Another version is a release of its own.",
                                       c.toVersion, m.rollout.fromVersion));
        }
        const RollbackCause cause = asked.supersedes ? RollbackCause::Superseded : RollbackCause::Person;
        return wayBack(cause, said(actor, "rolled back", c.reason));
    }
    Result<Events> operator()(const EmergencyRollback& c) const { return emergency(c.reason); }
    Result<Events> operator()(const EmergencyStop& c) const { return emergency(c.reason); }
    Result<Events> operator()(const TickItem& c) const
    {
        const ChecklistItem* item = policy::findItem(m.playbook.checklists, c.item);
        if (item == nullptr) return badInput(noSuchItem(m.playbook.checklists, c.item));
        if (isTicked(m.rollout, c.item) == c.ticked) {
            return refused(fmt::format("\"{}\" is {} ticked.", c.item, c.ticked ? "already" : "not"));
        }
        return Events{ItemTicked{c.item, c.ticked, c.note}};
    }
    Result<Events> operator()(const HandOver& c) const
    {
        if (c.to.empty()) return badInput("Say to whom the rollout is handed over.");
        return Events{HandedOver{c.to, c.note}};
    }
    Result<Events> operator()(const Comment& c) const
    {
        if (c.text.empty()) return badInput("A comment needs a text.");
        return Events{Commented{c.text}};
    }
    Result<Events> operator()(const RetryStep&) const
    {
        return Events{StepChanged{
            .step = failedStep(m.rollout), .state = StepState::Running, .note = said(actor, "tried again", {})}};
    }
    Result<Events> operator()(const SkipStep& c) const { return skip(c); }

    Result<Events> wayBack(RollbackCause cause, std::string because) const
    {
        RollbackProgress why{.cause = cause, .because = std::move(because), .by = actor.person};
        if (asked.decidedAt) why.decidedAt = *asked.decidedAt;
        return startRollback(m, std::move(why));
    }

    /// Accepted in every state that has not ended: a rollback under way is noted and not started twice.
    Result<Events> emergency(const std::string& reason) const
    {
        if (m.rollout.phase == Phase::RollingBack) return Events{Commented{emergencyRemark(actor.person, reason)}};
        return wayBack(RollbackCause::Emergency, emergencyStory(actor.person, reason));
    }

    Result<Events> skip(const SkipStep& c) const
    {
        if (c.reason.empty()) return badInput("Skipping a step needs a reason.");
        const int failed = failedStep(m.rollout);
        const std::string note = said(actor, "skipped this step", c.reason);
        if (failed < 0) return goOnWithoutQuiet(note);
        const bool poolStep = m.rollout.phase == Phase::Finalising && failed == static_cast<int>(kStablePoolStep);
        if (poolStep) {
            return refused("The stable pool must run the new version before the split goes back to it. "
                           "Possible now: retry-step, rollback.");
        }
        return Events{StepChanged{.step = failed, .state = StepState::Skipped, .note = note}};
    }

    /// Traffic that nobody can read back must not block the target for ever; who goes on is written down.
    Result<Events> goOnWithoutQuiet(const std::string& note) const
    {
        const auto& roles = policy::approvingRoles();
        const bool may = std::ranges::any_of(
            roles, [&](const std::string& role) { return std::ranges::count(actor.roles, role) > 0; });
        if (!may) {
            return refused(fmt::format("Going on without seeing the canary's traffic gone needs the role {}.",
                                       policy::rolesText(roles)));
        }
        const Duration took = std::max(m.now.wall - m.rollout.rollback->decidedAt, Duration(0));
        Events events;
        if (!m.rollout.rollback->verifiedAfter) {
            TrafficVerified verified{.took = took};
            for (const ProxyFact& proxy : m.tick.world.proxies) {
                if (isReachable(proxy) && isSafeNow(m.rollout, proxy))
                    ++verified.proxies;
                else
                    verified.unreachable.push_back(proxy.name);
            }
            events.push_back(verified);
        }
        events.push_back(TrafficQuiet{.took = took, .note = note});
        return events;
    }
};

} // namespace

Result<Events> decideCommand(const Rollout& rollout, const Playbook& playbook, const Asked& asked, Now now)
{
    if (auto fault = checkTexts(asked.command)) return *fault;
    const RolloutId about = rolloutOf(asked.command);
    if (!about.empty() && about != rollout.id) {
        return badInput(fmt::format("The request is about {}, this is {}.", about.value, rollout.id.value));
    }
    const auto move = moveOf(asked.command);
    const bool emergency = move == Move::EmergencyRollback;
    if (asked.actor.person.empty() && !emergency) {
        return refused(fmt::format("This login is not in the connections file, so {} is not possible; it may observe "
                                   "and fire an emergency rollback.",
                                   commandName(asked.command)));
    }
    if (move && !whyNot(rollout, *move).empty()) return refuseMove(rollout, *move);
    const Moment moment{rollout, playbook, asked.latest, now};
    return std::visit(Decider{moment, asked, asked.actor}, asked.command);
}

} // namespace sluice::rollout
