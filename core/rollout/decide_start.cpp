// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/model/text_check.h"
#include "core/rollout/command_check.h"
#include "core/rollout/decide.h"

namespace sluice::rollout {

Result<std::vector<Event>> decideStart(const StartRollout& command, const Playbook& playbook, const Actor& actor,
                                       const std::string& stableVersion, bool busy)
{
    const auto refused = [](std::string sentence) { return Error{Fault::Refused, std::move(sentence)}; };
    const auto badInput = [](std::string sentence) { return Error{Fault::BadInput, std::move(sentence)}; };

    if (auto fault = checkTexts(command)) return *fault;
    if (actor.person.empty())
        return refused("This login is not in the connections file, so it cannot start a rollout.");
    if (command.target.empty()) return badInput("Say on which target the rollout runs.");
    if (command.toVersion.empty()) return badInput("Say which version is released.");
    if (const auto fault = versionFault(command.toVersion))
        return badInput(fmt::format("No release was started: {}.", *fault));
    const std::string& from = command.fromVersion.empty() ? stableVersion : command.fromVersion;
    if (from.empty()) {
        return badInput(fmt::format("Nobody knows which version is stable on {}: name it.", command.target.value));
    }
    if (from == command.toVersion) {
        return refused(fmt::format("{} already is the stable version of {}.", from, command.target.value));
    }
    if (playbook.stages.empty()) return badInput(fmt::format("The playbook {} has no stages.", playbook.name));
    if (playbook.strategy == Strategy::Direct) {
        return refused(fmt::format("The playbook {} releases directly, without a canary; this version of Sluice "
                                   "drives releases with a canary only.",
                                   playbook.name));
    }
    if (busy) {
        return refused(fmt::format("A rollout is already running on {}; end it, or start with supersede to roll it "
                                   "back first.",
                                   command.target.value));
    }
    return std::vector<Event>{RolloutStarted{.target = command.target,
                                             .fromVersion = from,
                                             .toVersion = command.toVersion,
                                             .playbookName = playbook.name,
                                             .playbookHash = playbook.hash,
                                             .playbookText = playbook.text,
                                             .settings = command.settings,
                                             .stageCount = static_cast<int>(playbook.stages.size()),
                                             .note = command.note}};
}

} // namespace sluice::rollout
