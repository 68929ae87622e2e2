// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/identity.h"

#include <array>

#include <pwd.h>
#include <unistd.h>

namespace sluice::app {

namespace {
constexpr size_t kPasswdBuffer = 16'384;
} // namespace

std::string osLogin()
{
    std::array<char, kPasswdBuffer> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    const uid_t uid = geteuid();
    if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.pw_name;
    return "uid-" + std::to_string(uid);
}

Result<rollout::Actor> namedPerson(const Connections& connections, const std::string& id)
{
    const Person* person = connections.person(PersonId(id));
    if (person != nullptr) return rollout::Actor{person->id, person->roles, "asserted"};
    std::string known;
    for (const Person& one : connections.people)
        known += (known.empty() ? "" : ", ") + one.id.value;
    return Error{Fault::BadInput, "There is no person '" + id + "' in the connections file; known: " + known + "."};
}

Result<rollout::Actor> identify(const Connections& connections, const std::string& as, bool labTarget)
{
    if (!as.empty()) {
        if (!labTarget)
            return Error{Fault::Refused, "--as works on lab targets only; elsewhere you are your own login."};
        return namedPerson(connections, as);
    }
    const std::string login = osLogin();
    const Person* person = connections.personOfLogin(login);
    if (person != nullptr) return rollout::Actor{person->id, person->roles, "os"};
    return rollout::Actor{PersonId(), {}, "os:" + login};
}

} // namespace sluice::app
