// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy/approval.h"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::policy {

namespace {

std::optional<std::string> firstShared(const std::vector<std::string>& wanted, const std::vector<std::string>& owned)
{
    const auto found = std::ranges::find_if(
        wanted, [&](const std::string& role) { return std::ranges::find(owned, role) != owned.end(); });
    if (found == wanted.end()) return std::nullopt;
    return *found;
}

Error refused(std::string sentence)
{
    return Error{Fault::Refused, std::move(sentence)};
}

} // namespace

const std::vector<std::string>& approvingRoles()
{
    static const std::vector<std::string> roles{"release-manager", "engineering-lead"};
    return roles;
}

ApprovalNeed approvalNeed(const ApprovalRule& rule, bool warned, bool belowProceed)
{
    const bool byRule = rule.when == ApproveWhen::Always || (rule.when == ApproveWhen::Warnings && warned);
    return {.needed = byRule || belowProceed,
            .roles = rule.roles.empty() ? approvingRoles() : rule.roles,
            .count = std::max(rule.count, 1),
            .fourEyes = rule.fourEyes,
            .expires = rule.expires};
}

Result<std::string> mayApprove(const ApprovalNeed& need, const Voter& voter, const PersonId& startedBy,
                               const std::vector<PersonId>& alreadyGiven)
{
    if (voter.person.empty()) return refused("This login is not in the connections file, so it cannot approve.");
    if (need.fourEyes && voter.person == startedBy) {
        return refused(
            fmt::format("{} started this rollout and cannot approve it: another person must.", voter.person.value));
    }
    if (std::ranges::find(alreadyGiven, voter.person) != alreadyGiven.end()) {
        return refused(fmt::format("{} has already approved this stage; a person counts once.", voter.person.value));
    }
    if (auto role = firstShared(need.roles, voter.roles)) return *role;
    return refused(
        fmt::format("{} cannot approve this stage: it needs the role {}.", voter.person.value, rolesText(need.roles)));
}

Approvers approversAmong(const std::vector<Voter>& people, const ApprovalNeed& need, const PersonId& startedBy,
                         const std::vector<PersonId>& alreadyGiven)
{
    Approvers approvers;
    for (const Voter& one : people) {
        const auto role = mayApprove(need, one, startedBy, alreadyGiven);
        if (role.ok())
            approvers.may.push_back(one.person);
        else
            approvers.mayNot.push_back(role.error().detail);
    }
    return approvers;
}

std::vector<std::string> approvalDoubts(const Playbook& playbook, const std::vector<Voter>& people,
                                        const PersonId& startedBy)
{
    std::vector<std::string> doubts;
    for (const Stage& stage : playbook.stages) {
        const ApprovalNeed need = approvalNeed(stage.approve, true, false);
        if (!need.needed) continue;
        const size_t able = approversAmong(people, need, startedBy, {}).may.size();
        if (able >= static_cast<size_t>(need.count)) continue;
        const bool another = need.fourEyes && !startedBy.empty();
        doubts.push_back(fmt::format("'{}' needs {} with the role {}{}; the connections file has {}.", stage.name,
                                     need.count == 1 ? "a person" : fmt::format("{} people", need.count),
                                     rolesText(need.roles),
                                     another ? fmt::format(", other than {} who starts it", startedBy.value) : "",
                                     able == 0 ? "nobody" : std::to_string(able)));
    }
    return doubts;
}

Outcome mayForce(const PersonId& asker, std::string_view reason, const std::optional<Voter>& second)
{
    if (asker.empty()) return refused("This login is not in the connections file, so it cannot force anything.");
    if (reason.empty()) return refused("Going beyond an open gate needs a reason.");
    if (!second || second->person.empty()) return refused("Going beyond an open gate needs a second person.");
    if (second->person == asker) return refused("The second person must be somebody else than the one who asks.");
    if (!firstShared(approvingRoles(), second->roles)) {
        return refused(fmt::format("{} cannot be the second person: that needs the role {}.", second->person.value,
                                   rolesText(approvingRoles())));
    }
    return Done{};
}

std::string rolesText(const std::vector<std::string>& roles)
{
    std::string text;
    for (size_t at = 0; at < roles.size(); ++at) {
        if (at > 0) text += at + 1 == roles.size() ? " or " : ", ";
        text += roles[at];
    }
    return text;
}

} // namespace sluice::policy
