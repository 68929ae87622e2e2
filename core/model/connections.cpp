// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/connections.h"

#include <algorithm>

namespace sluice {

const Person* Connections::person(const PersonId& id) const
{
    const auto found = std::ranges::find(people, id, &Person::id);
    return found == people.end() ? nullptr : &*found;
}

const Person* Connections::personOfLogin(std::string_view login) const
{
    const auto found = std::ranges::find_if(
        people, [&](const Person& person) { return std::ranges::find(person.logins, login) != person.logins.end(); });
    return found == people.end() ? nullptr : &*found;
}

const TargetConfig* Connections::target(const TargetId& id) const
{
    const auto found = std::ranges::find(targets, id, &TargetConfig::id);
    return found == targets.end() ? nullptr : &*found;
}

} // namespace sluice
