// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/sluicectl/context.h"

namespace sluice::app::ctl {

/// The error of a rollback that nobody takes up, with the command that needs no driver, as one types it here; other
/// errors as they are. `named` is what stood for the rollout: where it fits no single target, there is a command for
/// each target of the connections file.
Error withEmergency(const Globals& globals, const std::string& named, const Error& error);

} // namespace sluice::app::ctl
