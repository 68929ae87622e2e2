// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>
#include <variant>

#include "core/base/sha256.h"
#include "core/engine/engine_core.h"
#include "core/engine/snapshot_json.h"
#include "core/journal/command_codec.h"
#include "core/journal/inbox_answer.h"
#include "core/rollout/ask_target.h"

namespace sluice::engine {

namespace {
constexpr Duration kAnswerLimit = std::chrono::seconds(5); // for people who look at a window
constexpr Duration kEmergencyLimit = std::chrono::seconds(2);
} // namespace

bool EngineCore::firesWithoutLease(const rollout::Command& command) const
{
    const bool emergency = std::holds_alternative<rollout::EmergencyRollback>(command) ||
                           std::holds_alternative<rollout::EmergencyStop>(command);
    return emergency && m_parts.emergency != nullptr;
}

void EngineCore::ask(Submitted submitted)
{
    if (firesWithoutLease(submitted.command)) {
        fireWithoutLease(submitted.command, submitted.actor, submitted.reply);
        return;
    }
    const std::string seed = m_parts.engineId + std::to_string(micros(m_now.wall)) + std::to_string(m_asked++);
    ports::InboxRow row{.id = "q-" + sha256Hex(seed).substr(0, 16),
                        .person = submitted.actor.person,
                        .proof = submitted.actor.proof,
                        .command = journal::encodeCommand(submitted.command),
                        .askedAt = m_parts.clock->now().wall,
                        .answer = {}};
    const Outcome asked = m_parts.journal->ask(row);
    if (!asked.ok()) {
        submitted.reply(asked.error());
        return;
    }
    m_waiting.push_back({row.id, std::move(submitted.reply), m_now.boot + kAnswerLimit});
}

void EngineCore::collectAnswers()
{
    using Kind = journal::InboxAnswer::Kind;
    std::erase_if(m_waiting, [&](const Waiting& waiting) {
        const auto row = m_parts.journal->inboxRow(waiting.id);
        const bool over = m_now.boot >= waiting.deadline;
        if (!row.ok()) {
            if (over) waiting.reply(row.error());
            return over;
        }
        const auto answer = journal::readAnswer(row.value() ? row.value()->answer : std::string());
        const bool open = answer.kind == Kind::None || answer.kind == Kind::Decided; // words are still to come
        if (open && !over) return false;
        // Whoever drives must not do it after we have said that nobody answered. The first answer stands: the driver's,
        // if it came just now, is read in the next round.
        if (answer.kind == Kind::None && m_now.boot < waiting.deadline + kAnswerLimit &&
            !m_parts.journal->answer(waiting.id, std::string(journal::kWithdrawn)).ok())
            return false;
        waiting.reply(journal::replyOf(answer));
        return true;
    });
}

/// What is live comes first; a stop of everything holds the targets where nothing runs, too.
std::vector<TargetId> EngineCore::toStop(const rollout::Command& command) const
{
    const RolloutId wanted = rollout::rolloutOf(command);
    const bool all = std::holds_alternative<rollout::EmergencyStop>(command);
    std::vector<TargetId> targets;
    for (const auto& view : latest()->rollouts)
        if (!rollout::isEnd(view->state.phase) && (all || view->state.id == wanted))
            targets.push_back(view->state.target);
    if (!all) return targets;
    for (const TargetConfig& target : m_parts.connections.targets)
        if (std::ranges::find(targets, target.id) == targets.end()) targets.push_back(target.id);
    return targets;
}

void EngineCore::fireWithoutLease(const rollout::Command& command, const rollout::Actor& actor,
                                  const Reply& reply) const
{
    const auto* one = std::get_if<rollout::EmergencyRollback>(&command);
    const std::string& reason = one != nullptr ? one->reason : std::get<rollout::EmergencyStop>(command).reason;
    std::vector<ports::StopRecord> stops;
    for (TargetId& target : toStop(command))
        stops.push_back({.target = std::move(target),
                         .person = actor.person,
                         .proof = actor.proof,
                         .reason = reason,
                         .at = m_parts.clock->now().wall});
    if (stops.empty()) {
        reply(Error{Fault::Refused, "No such rollout is live here."});
        return;
    }
    std::string told; // a line for each target, whatever came of it
    std::optional<Fault> failed;
    for (const Result<std::string>& fired : m_parts.emergency->fire(stops, kEmergencyLimit)) {
        told += (told.empty() ? "" : "\n") + (fired.ok() ? fired.value() : fired.error().detail);
        if (!fired.ok()) failed = fired.error().fault;
    }
    if (failed)
        reply(Error{*failed, std::move(told)});
    else
        reply(told);
}

} // namespace sluice::engine
