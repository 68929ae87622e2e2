// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/base/overloaded.h"
#include "core/base/sha256.h"
#include "core/engine/engine_core.h"
#include "core/journal/command_codec.h"
#include "core/journal/inbox_answer.h"
#include "core/policy/owner.h"
#include "core/rollout/ask_target.h"

namespace sluice::engine {

namespace {

constexpr int kInboxPage = 100;

} // namespace

void EngineCore::handle(Submitted submitted)
{
    if (!m_driving) {
        ask(std::move(submitted));
        return;
    }
    submitted.reply(perform(submitted));
}

Result<std::string> EngineCore::perform(const Submitted& submitted)
{
    if (!mayDrive())
        return Error{Fault::Unreachable, m_problem.empty() ? "The lease could not be renewed; holding." : m_problem};
    m_nextStore = m_now.boot; // whoever asked looks next, and shall see what came of it
    if (const auto* start = std::get_if<rollout::StartRollout>(&submitted.command))
        return startRollout(*start, submitted);
    if (const auto* stop = std::get_if<rollout::EmergencyStop>(&submitted.command))
        return emergencyStop(*stop, submitted.actor);
    if (const auto* clear = std::get_if<rollout::ClearStop>(&submitted.command)) return clearStop(*clear, submitted);
    const RolloutId id = rollout::rolloutOf(submitted.command);
    TargetSlot* target = slotOf(id);
    if (target == nullptr && !m_toReread.empty()) return unread();
    if (target == nullptr) return Error{Fault::BadInput, "There is no live rollout '" + id.value + "'."};
    auto done = commandRollout(*target, submitted);
    if (!done.ok()) return done;
    Outcome kept = Done{};
    if (const auto* emergency = std::get_if<rollout::EmergencyRollback>(&submitted.command)) {
        // As when it is fired beside the engine: nothing starts again before a person has looked.
        kept = keepStop(*target, emergency->reason, submitted.actor);
        markJournaled(*target, submitted.actor);
    }
    if (const auto* comment = std::get_if<rollout::Comment>(&submitted.command))
        kept = explainStop(*target, *comment, submitted.actor);
    return kept.ok() ? done : Result<std::string>(done.value() + " But its stop file fails: " + kept.error().detail);
}

/// Of the stop that this command made; somebody else's is looked up in the journal.
void EngineCore::markJournaled(TargetSlot& target, const rollout::Actor& actor) const
{
    if (target.stop && target.stop->at == m_now.wall && target.stop->person == actor.person)
        target.journaledStop = target.stop->at;
}

/// In an emergency nobody types first: what whoever fired says next is why.
Outcome EngineCore::explainStop(TargetSlot& target, const rollout::Comment& comment, const rollout::Actor& actor)
{
    if (!target.stop || !target.stop->reason.empty() || target.stop->person != actor.person) return Done{};
    target.stop->reason = comment.text;
    return m_parts.safety == nullptr ? Outcome(Done{}) : m_parts.safety->explainStop(*target.stop);
}

/// The stop file of an emergency that this engine carries out and journals itself.
Outcome EngineCore::keepStop(TargetSlot& target, const std::string& reason, const rollout::Actor& actor)
{
    if (target.stop || m_parts.safety == nullptr) return Done{};
    const ports::StopRecord record{.target = target.config->id,
                                   .person = actor.person,
                                   .proof = actor.proof,
                                   .reason = reason,
                                   .at = m_now.wall,
                                   .epoch = target.lease ? target.lease->epoch - 1 : 0};
    target.stop = record;
    return m_parts.safety->createStop(record);
}

Error EngineCore::unread() const
{
    return {Fault::Unreachable, "The journal must be read again first, and that failed: " + m_rereadProblem};
}

Result<std::string> EngineCore::commandRollout(TargetSlot& target, const Submitted& submitted, bool supersedes)
{
    rollout::Asked asked{.command = submitted.command,
                         .actor = submitted.actor,
                         .second = {},
                         .inboxId = submitted.inboxId,
                         .latest = {},
                         .supersedes = supersedes};
    const auto secondOf = [&](const PersonId& id) {
        const Person* person = m_parts.connections.person(id);
        if (person != nullptr) asked.second = rollout::Actor{person->id, person->roles, "asserted"};
    };
    if (const auto* hand = std::get_if<rollout::HandOver>(&asked.command))
        if (Outcome may = policy::mayOwn(m_parts.connections.people, target.runner->playbook(), hand->to); !may.ok())
            return may.error();
    if (const auto* promote = std::get_if<rollout::Promote>(&asked.command)) secondOf(promote->second);
    if (const auto* ramp = std::get_if<rollout::Ramp>(&asked.command)) secondOf(ramp->second);
    ports::Appended stored{};
    auto result = target.runner->command(context(target), asked, m_now, stored);
    settle(target, stored);
    return result;
}

Result<std::string> EngineCore::emergencyStop(const rollout::EmergencyStop& command, const rollout::Actor& actor)
{
    // All safe orders leave before the first commit: two hundred commits would delay the last one.
    for (auto& [id, target] : m_targets)
        if (target->live() && target->lease) target->runner->safeFirst(context(*target));
    int stopped = 0;
    std::string problems;
    for (auto& [id, target] : m_targets) {
        if (const Outcome kept = keepStop(*target, command.reason, actor); !kept.ok())
            problems += " " + kept.error().detail;
        if (!target->live()) continue;
        ++stopped;
        const RolloutId rollout = target->runner->state().id;
        rollout::Command one = rollout::EmergencyRollback{rollout, command.reason};
        if (!rollout::hasExposure(target->runner->state())) one = rollout::Cancel{rollout, command.reason};
        const auto result = commandRollout(*target, {one, actor, {}, {}});
        if (!result.ok())
            problems += " " + id.value + ": " + result.error().detail;
        else
            markJournaled(*target, actor);
    }
    if (!problems.empty()) return Error{Fault::Unknown, "Stopped, with problems:" + problems};
    return fmt::format("{} live rollouts sent to their safe state; nothing starts until the stop is cleared.", stopped);
}

namespace {

/// A rollout that had ended by then says nothing of the stop.
bool endedBefore(const rollout::Rollout& rollout, const ports::StopRecord& stop)
{
    return rollout::isEnd(rollout.phase) && rollout.phaseSince < stop.at;
}

} // namespace

/// The stop file goes, so who cleared it and why is told by the rollout that was stopped, or by the journal itself
/// where there is none.
Outcome EngineCore::tellCleared(TargetSlot& target, const rollout::ClearStop& command, const Submitted& submitted)
{
    const TargetId& id = target.config->id;
    if (!target.lease) return Error{Fault::Refused, "Another engine drives " + id.value + ". " + m_otherDriver};
    if (!target.runner || endedBefore(target.runner->state(), *target.stop)) {
        ports::ClearedStop stop{.fired = *target.stop,
                                .by = submitted.actor.person,
                                .proof = submitted.actor.proof,
                                .reason = command.reason,
                                .at = m_now.wall};
        stop.fired.target = id;
        const auto kept = m_parts.journal->recordCleared(stop, target.lease->epoch);
        return kept.ok() ? Outcome(Done{}) : Outcome(kept.error());
    }
    std::string text = submitted.actor.person.value + " cleared the emergency stop";
    if (!command.reason.empty()) text += ": " + command.reason;
    const rollout::Comment comment{.rollout = target.runner->state().id, .text = std::move(text)};
    const auto told = commandRollout(target, {comment, submitted.actor, {}, submitted.inboxId});
    if (!told.ok()) return told.error();
    return Done{};
}

Result<std::string> EngineCore::clearStop(const rollout::ClearStop& command, const Submitted& submitted)
{
    if (submitted.actor.person.empty())
        return Error{Fault::Refused, "Your login is nobody in the connections file; a known person clears a stop."};
    int cleared = 0;
    std::string problems;
    for (auto& [id, target] : m_targets) {
        if (!command.target.empty() && command.target != id) continue;
        if (!target->stop || m_parts.safety == nullptr) continue;
        const Outcome done = clearOne(*target, command, submitted);
        if (done.ok())
            ++cleared;
        else
            problems += " " + done.error().detail;
    }
    const std::string text = cleared == 1 ? "The stop is cleared." : fmt::format("{} stops are cleared.", cleared);
    if (!problems.empty()) return Error{Fault::Refused, cleared == 0 ? problems.substr(1) : text + problems};
    if (cleared == 0) return Error{Fault::Refused, "No emergency stop is in force here."};
    return text;
}

Outcome EngineCore::clearOne(TargetSlot& target, const rollout::ClearStop& command, const Submitted& submitted)
{
    const TargetId& id = target.config->id;
    // Otherwise the release would go on, and nobody could read why it was stopped.
    if (target.live() && target.runner->state().phase != rollout::Phase::RollingBack)
        return Error{Fault::Refused, "The emergency on " + id.value + " is not in the journal yet; try again."};
    if (Outcome told = tellCleared(target, command, submitted); !told.ok()) return told;
    if (Outcome done = m_parts.safety->clearStop(id); !done.ok()) return done;
    target.stop.reset();
    return Done{};
}

void EngineCore::readInbox()
{
    if (m_now.boot < m_nextInbox) return;
    m_nextInbox = m_now.boot + kInboxEvery;
    const auto rows = m_parts.journal->unanswered(kInboxPage);
    if (!rows.ok()) return;
    const WallTime now = m_parts.clock->now().wall; // not ours, which somebody setting the clock does not move
    for (const ports::InboxRow& row : rows.value()) {
        if (journal::isTooLate(row, now)) {
            (void)m_parts.journal->answer(row.id, std::string(journal::kTooLate)); // else asked again next time
            continue;
        }
        const auto command = journal::decodeCommand(row.command);
        Result<std::string> result = Error{Fault::BadInput, "The request cannot be read."};
        if (command.ok()) {
            const Person* person = m_parts.connections.person(row.person);
            const rollout::Actor actor{row.person, person != nullptr ? person->roles : std::vector<std::string>{},
                                       row.proof};
            result = perform({command.value(), actor, {}, row.id});
        } else {
            result = command.error();
        }
        // The append that decided it has answered "accepted" already; then this one is refused, which is right.
        (void)m_parts.journal->answer(row.id, journal::writeAnswer(result));
    }
}

void EngineCore::labColleagues()
{
    for (auto& [id, target] : m_targets) {
        if (!target->config->lab || !target->live() || !target->lease) continue;
        const rollout::Rollout& state = target->runner->state();
        if (!state.approval || state.approval->given.empty()) continue;
        for (const Person& person : m_parts.connections.people) {
            if (person.approvesAfter <= Duration(0)) continue;
            if (m_now.wall - state.approval->given.back().at < person.approvesAfter) continue;
            const bool gave = std::ranges::any_of(
                state.approval->given, [&](const rollout::GivenApproval& given) { return given.person == person.id; });
            if (gave) continue;
            const rollout::Approve approve{.rollout = state.id,
                                           .digest = state.approval->digest,
                                           .comment = "second approval of the lab's colleague"};
            // A refusal (not enough roles, already complete) is the rule at work, not a failure.
            (void)commandRollout(*target, {approve, {person.id, person.roles, "lab"}, {}, {}});
            break;
        }
    }
}

} // namespace sluice::engine
