// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/sluicectl/context.h"

namespace sluice::app::ctl {

/// Asks every proxy, source, deployer and health address of the file and says what each one answered. Prints the proxy
/// configuration to paste when a proxy answers without what it needs, or always with `snippet`. 0 all answer, 4
/// something does not.
int checkConnections(const Globals& globals, bool snippet);
/// checkConnections() plus tools, store, free space, lease, stops and clock: a line each with what to do.
int doctor(const Globals& globals);
/// Writes versions, the connections file (references of secrets only), history, logs and the live picture.
int supportBundle(const Globals& globals, const std::string& folder);

} // namespace sluice::app::ctl
