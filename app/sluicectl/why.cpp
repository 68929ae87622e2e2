// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/why.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/composition/milliseconds.h"
#include "app/sluicectl/print.h"
#include "core/engine/snapshot_json.h"
#include "core/policy/approval.h"

namespace sluice::app::ctl {

namespace {

std::string listText(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

const rollout::WaitReason* missingApproval(const engine::RolloutView& view)
{
    const auto found = std::ranges::find_if(view.waits, [](const rollout::WaitReason& wait) {
        return wait.code == rollout::WaitCode::ApprovalMissing && !wait.holds;
    });
    return found == view.waits.end() ? nullptr : &*found;
}

/// The policy's own answer for each person of the file.
policy::Approvers approversOf(const engine::RolloutView& view, const Connections& connections,
                              const rollout::WaitReason& missing)
{
    const auto stage = static_cast<size_t>(view.state.stage);
    policy::ApprovalNeed need{.needed = true, .roles = missing.unblockedBy};
    if (view.playbook && stage < view.playbook->stages.size())
        need.fourEyes = view.playbook->stages[stage].approve.fourEyes;
    std::vector<PersonId> given;
    if (view.state.approval)
        for (const rollout::GivenApproval& one : view.state.approval->given)
            given.push_back(one.person);
    return policy::approversAmong(votersOf(connections), need, view.state.startedBy, given);
}

std::string namesOf(const std::vector<PersonId>& people)
{
    std::vector<std::string> names;
    for (const PersonId& person : people)
        names.push_back(person.value);
    return names.empty() ? "nobody of the connections file" : listText(names);
}

std::string stageText(const engine::RolloutView& view, int stage)
{
    const auto index = static_cast<size_t>(stage);
    if (!view.playbook || index >= view.playbook->stages.size()) return fmt::format("stage {}", stage + 1);
    return fmt::format("stage {} ({}, {})", stage + 1, view.playbook->stages[index].name,
                       percentText(view.playbook->stages[index].weight.ppm()));
}

void printRollback(const engine::RolloutView& view)
{
    if (!view.state.rollback) return;
    const rollout::RollbackProgress& back = *view.state.rollback;
    fmt::print("  back to {}: {}\n", back.toVersion, back.because);
    if (!back.trigger.empty()) fmt::print("       trigger {}\n", back.trigger);
    const std::string by = back.by.empty() || back.by.value == "engine" ? "" : ", by " + back.by.value;
    fmt::print("       decided {} in {}{}\n", wallText(back.decidedAt), stageText(view, back.stage), by);
    if (back.badSince != WallTime{}) fmt::print("       first bad sample {}\n", wallText(back.badSince));
    if (back.verifiedAfter) fmt::print("       decision to verified zero: {}\n", zeroText(view));
}

nlohmann::json rollbackJson(const engine::RolloutView& view)
{
    const rollout::RollbackProgress& back = *view.state.rollback;
    nlohmann::json out = {{"to", back.toVersion},
                          {"because", back.because},
                          {"stage", back.stage + 1},
                          {"stageText", stageText(view, back.stage)},
                          {"decidedAt", micros(back.decidedAt)},
                          {"by", back.by.value},
                          {"unreachable", back.unreachable}};
    if (!back.trigger.empty()) out["trigger"] = back.trigger;
    if (back.badSince != WallTime{}) out["badSince"] = micros(back.badSince);
    if (back.verifiedAfter) out["zeroAfterMs"] = milliseconds(*back.verifiedAfter);
    return out;
}

/// What an ended one says: who ended it is in its last lines. Null for one that runs, or that was rolled back.
const engine::LogLine* endOf(const engine::RolloutView& view)
{
    if (view.state.phase == rollout::Phase::RolledBack || !rollout::isEnd(view.state.phase)) return nullptr;
    const auto told = std::ranges::find_if(view.log.rbegin(), view.log.rend(), [](const engine::LogLine& line) {
        return line.name == "rollout_cancelled" || line.name == "marked_stable";
    });
    return told == view.log.rend() ? nullptr : &*told;
}

/// The items that are still of use: of one that has not ended.
std::vector<const ChecklistItem*> itemsOf(const engine::RolloutView& view)
{
    std::vector<const ChecklistItem*> items;
    if (!view.playbook || rollout::isEnd(view.state.phase)) return items;
    for (const auto* list :
         {&view.playbook->checklists.pre, &view.playbook->checklists.during, &view.playbook->checklists.post})
        for (const ChecklistItem& item : *list)
            items.push_back(&item);
    return items;
}

void printWait(const rollout::WaitReason& wait)
{
    fmt::print("  {} {}\n", wait.holds ? "ok " : "-- ", rollout::waitText(wait));
    if (wait.holds) return;
    if (wait.since != WallTime{}) fmt::print("       since {}\n", wallText(wait.since));
    if (wait.expectedEnd) fmt::print("       expected {}\n", wallText(*wait.expectedEnd));
    const bool people = wait.code == rollout::WaitCode::ApprovalMissing; // they are named below
    if (!wait.unblockedBy.empty() && !people) fmt::print("       ended by: {}\n", listText(wait.unblockedBy));
}

} // namespace

std::vector<policy::Voter> votersOf(const Connections& connections)
{
    std::vector<policy::Voter> people;
    for (const Person& person : connections.people)
        people.push_back({person.id, person.roles});
    return people;
}

void printApprovers(const engine::RolloutView& view, const Connections& connections)
{
    const rollout::WaitReason* missing = missingApproval(view);
    if (missing == nullptr) return;
    const policy::Approvers approvers = approversOf(view, connections, *missing);
    fmt::print("       may approve: {}\n", namesOf(approvers.may));
    for (const std::string& why : approvers.mayNot)
        fmt::print("       not: {}\n", why);
}

void printWhy(const engine::RolloutView& view, const Connections& connections)
{
    fmt::print("{} is {} because:\n", view.state.target.value, rollout::phaseName(view.state.phase));
    printRollback(view);
    if (const engine::LogLine* end = endOf(view)) fmt::print("  {}, {}\n", end->text, wallText(end->at));
    const rollout::WaitReason* missing = missingApproval(view);
    for (const rollout::WaitReason& wait : view.waits) {
        printWait(wait);
        if (&wait != missing) continue;
        printApprovers(view, connections);
        if (view.state.approval)
            fmt::print("       evidence {} (see 'sluicectl approve --show')\n", view.state.approval->digest);
    }
    for (const ChecklistItem* item : itemsOf(view))
        fmt::print("  [{}] {}: {}\n", view.state.ticked.contains(item->id) ? "x" : " ", item->id, item->text);
}

nlohmann::json whyJson(const engine::RolloutView& view, const Connections& connections)
{
    nlohmann::json all = nlohmann::json::parse(engine::encodeRollout(view));
    nlohmann::json waits = all["waits"];
    if (const rollout::WaitReason* missing = missingApproval(view)) {
        const policy::Approvers approvers = approversOf(view, connections, *missing);
        nlohmann::json& wait = waits[static_cast<size_t>(missing - view.waits.data())];
        wait["mayApprove"] = nlohmann::json::array();
        for (const PersonId& person : approvers.may)
            wait["mayApprove"].push_back(person.value);
        wait["mayNot"] = approvers.mayNot;
    }
    nlohmann::json out = {{"target", view.state.target.value},
                          {"rollout", view.state.id.value},
                          {"phase", rollout::phaseName(view.state.phase)},
                          {"waits", std::move(waits)},
                          {"checklist", nlohmann::json::array()}};
    if (view.state.rollback) out["rollback"] = rollbackJson(view);
    if (const engine::LogLine* end = endOf(view)) out["end"] = lineJson(*end);
    if (view.state.approval) out["evidence"] = view.state.approval->digest;
    for (const ChecklistItem* item : itemsOf(view))
        out["checklist"].push_back(
            {{"id", item->id}, {"text", item->text}, {"ticked", view.state.ticked.contains(item->id)}});
    return out;
}

} // namespace sluice::app::ctl
