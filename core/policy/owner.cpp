// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy/owner.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/policy/approval.h"

namespace sluice::policy {

namespace {

std::vector<std::string> owningRoles(const Playbook& playbook)
{
    std::vector<std::string> roles = approvingRoles();
    for (const Stage& stage : playbook.stages)
        for (const std::string& role : stage.approve.roles)
            if (std::ranges::find(roles, role) == roles.end()) roles.push_back(role);
    return roles;
}

bool hasOneOf(const Person& person, const std::vector<std::string>& roles)
{
    return std::ranges::any_of(person.roles,
                               [&](const std::string& role) { return std::ranges::find(roles, role) != roles.end(); });
}

} // namespace

Outcome mayOwn(const std::vector<Person>& people, const Playbook& playbook, const PersonId& id)
{
    const std::vector<std::string> roles = owningRoles(playbook);
    const auto found = std::ranges::find(people, id, &Person::id);
    if (found != people.end() && hasOneOf(*found, roles)) return Done{};
    std::string could;
    for (const Person& person : people)
        if (hasOneOf(person, roles)) could += (could.empty() ? "" : ", ") + person.id.value;
    const std::string who = could.empty() ? "nobody of the connections file" : could;
    if (found == people.end())
        return Error{Fault::BadInput,
                     fmt::format("There is no person '{}' in the connections file; it can go to: {}.", id.value, who)};
    return Error{Fault::Refused, fmt::format("{} cannot own this rollout: that needs the role {}; it can go to: {}.",
                                             id.value, rolesText(roles), who)};
}

} // namespace sluice::policy
