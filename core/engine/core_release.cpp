// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/sha256.h"
#include "core/engine/engine_core.h"
#include "core/model/playbook_reader.h"
#include "core/policy/approval.h"
#include "core/policy/calendar.h"
#include "core/policy/upgrade.h"

namespace sluice::engine {

namespace {

/// Time-ordered and unique on one target: two rollouts never start in the same microsecond.
RolloutId newRolloutId(const TargetId& target, WallTime at)
{
    std::string stamp = wallText(at); // 2026-11-21T14:32:06Z
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
    std::ranges::replace(stamp, 'T', '-');
    const std::string tail = sha256Hex(target.value + std::to_string(micros(at))).substr(0, 4);
    return RolloutId("r-" + stamp + "-" + tail);
}

Result<std::shared_ptr<const Playbook>> playbookFor(const rollout::StartRollout& command, const TargetConfig& target)
{
    const std::string name = command.playbook.empty() ? target.playbook : command.playbook;
    std::string text = command.playbookText;
    if (text.empty()) {
        const auto& all = builtInPlaybooks();
        const auto found = std::ranges::find(all, name, &BuiltInPlaybook::name);
        if (found == all.end()) return Error{Fault::BadInput, "There is no playbook '" + name + "'."};
        text = std::string(found->text);
    }
    auto read = readPlaybook(text, name, command.settings);
    if (auto* problems = std::get_if<std::vector<Problem>>(&read))
        return Error{Fault::BadInput, problemText(problems->front())};
    return std::make_shared<const Playbook>(std::get<Playbook>(std::move(read)));
}

} // namespace

/// The command with the exception in its note, when its target's schedule asks for one; refused without.
Result<rollout::StartRollout> EngineCore::noteException(rollout::StartRollout command, const TargetConfig& target,
                                                        const rollout::Actor& actor) const
{
    if (target.schedule.empty()) return command;
    const auto answer = policy::checkSchedule(m_parts.connections.schedules.at(target.schedule), m_now.wall);
    if (!answer.needsException()) return command;
    if (command.exception.empty())
        return Error{Fault::Refused,
                     fmt::format("Nothing starts on {} now: {}. {}Before that it needs --exception with a reason and "
                                 "--second with somebody who agrees.",
                                 target.id.value, answer.why,
                                 answer.nextFree.empty() ? "" : fmt::format("Free from {}. ", answer.nextFree))};
    if (command.second.empty())
        return Error{Fault::Refused, fmt::format("A start outside its schedule ({}) needs --second: somebody else who "
                                                 "agrees, {}.",
                                                 answer.why, policy::rolesText(policy::approvingRoles()))};
    std::optional<policy::Voter> second;
    if (const Person* person = m_parts.connections.person(command.second); person != nullptr)
        second = policy::Voter{person->id, person->roles};
    if (const Outcome may = policy::mayForce(actor.person, command.exception, second); !may.ok()) return may.error();
    command.note += fmt::format("{}outside its schedule ({}): {}, agreed by {}", command.note.empty() ? "" : "; ",
                                answer.why, command.exception, command.second.value);
    return command;
}

/// Whether the versions of the target's service allow this one after the stable one.
Outcome EngineCore::mayFollow(const rollout::StartRollout& command, const TargetSlot& target,
                              const Playbook& playbook) const
{
    if (!m_parts.versions) return Done{};
    const auto registry = m_parts.versions(*target.config);
    if (!registry.ok()) return registry.error();
    if (!registry.value()) return Done{};
    const std::string& stable = command.fromVersion.empty() ? target.stableVersion : command.fromVersion;
    const auto from = SemVer::parse(stable);
    const auto to = SemVer::parse(command.toVersion);
    if (!from || !to)
        return Error{Fault::Refused, fmt::format("'{}' is no semantic version, and the versions of {} are.",
                                                 from ? command.toVersion : stable, registry.value()->service)};
    const bool apart = playbook.strategy == Strategy::BlueGreen || playbook.strategy == Strategy::Direct;
    const auto check = policy::checkUpgrade(*registry.value(), *from, *to,
                                            apart ? policy::Coexistence::Apart : policy::Coexistence::Together);
    if (check.allowed()) return Done{};
    return Error{Fault::Refused,
                 fmt::format("{} may not follow {}: {}.", command.toVersion, stable, fmt::join(check.errors, "; "))};
}

Result<std::string> EngineCore::startRollout(const rollout::StartRollout& command, const Submitted& submitted)
{
    TargetSlot* target = slot(command.target);
    if (target == nullptr) return Error{Fault::BadInput, "There is no target '" + command.target.value + "'."};
    if (target->stop)
        return Error{Fault::Refused, "An emergency stop by " + target->stop->person.value +
                                         " is in force; clear it with 'sluicectl stop clear'."};
    if (m_parts.safety != nullptr && !m_parts.safety->freeSpaceOk())
        return Error{Fault::Refused, "There is too little free space for the journal; free some first."};
    if (!target->lease) return Error{Fault::Refused, "Another engine drives this target. " + m_otherDriver};
    if (m_toReread.contains(command.target)) return unread();
    auto playbook = playbookFor(command, *target->config);
    if (!playbook.ok()) return playbook.error();
    if (playbook.value()->labOnly && !target->config->lab)
        return Error{Fault::Refused, "Playbook '" + playbook.value()->name + "' is for lab targets only."};
    const auto noted = noteException(command, *target->config, submitted.actor);
    if (!noted.ok()) return noted.error();
    if (const Outcome may = mayFollow(command, *target, *playbook.value()); !may.ok()) return may.error();
    // Only then does what runs now go back for it.
    if (target->live() && command.supersede) return supersede(*target, submitted);
    const auto decision =
        rollout::decideStart(noted.value(), *playbook.value(), submitted.actor, target->stableVersion, target->live());
    if (!decision.ok()) return decision.error();
    if (target->lease->epoch <= m_parts.router->highestEpochSeen(command.target) &&
        !acquire(*target, "proxies have seen a higher epoch", true))
        return Error{Fault::Unreachable, "The lease could not be renewed above the proxies' epoch."};

    rollout::Rollout fresh{.id = newRolloutId(command.target, m_now.wall), .target = command.target};
    const RolloutId id = fresh.id;
    auto runner = std::make_unique<RolloutRunner>(std::move(fresh), playbook.value(), *target->config);
    target->tracker.forgetCanary();
    const auto stored = runner->apply(context(*target), decision.value(), submitted.actor, submitted.inboxId, m_now);
    if (stored == ports::Appended::Fenced) {
        fenced(*target);
        return Error{Fault::Refused, "Another engine drives this target now; ask it."};
    }
    target->endedAt = BootTime{};
    target->runner = std::move(runner);
    if (stored != ports::Appended::Stored) {
        rereadRollout(*target);
        return Error{Fault::Unknown, "The journal did not confirm the start; look again before repeating."};
    }
    return id.value;
}

Result<std::string> EngineCore::supersede(TargetSlot& target, const Submitted& submitted)
{
    const rollout::Rollout& running = target.runner->state();
    const std::string reason = "superseded by a newer release";
    rollout::Command command = rollout::RollBack{.rollout = running.id, .toVersion = {}, .reason = reason};
    if (!rollout::hasExposure(running)) command = rollout::Cancel{.rollout = running.id, .reason = reason};
    Submitted first{command, submitted.actor, {}, submitted.inboxId};
    auto result = commandRollout(target, first, true);
    if (!result.ok()) return result;
    return Error{Fault::Refused, "The running rollout " + running.id.value +
                                     " is being rolled back first; start again when it has ended."};
}

} // namespace sluice::engine
