// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/connections.h"
#include "core/rollout/command.h"

namespace sluice::app {

/// Login name of the operating system user that runs this process; "uid-1000" when the system knows no name.
std::string osLogin();

/// Who asks. Without `as` the login is looked up among the people; an unknown login is an actor without a person id,
/// which may observe and fire an emergency. `as` names a person and is allowed on lab targets only (recorded as
/// "asserted"); elsewhere it is Refused.
Result<rollout::Actor> identify(const Connections& connections, const std::string& as, bool labTarget);

/// An actor for a named person, proof "asserted". BadInput when nobody has that id.
Result<rollout::Actor> namedPerson(const Connections& connections, const std::string& id);

} // namespace sluice::app
