// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace sluice::app {

/// The connections file that nobody named: $SLUICE_CONNECTIONS, ./connections.yaml,
/// ~/.config/sluice/connections.yaml, the first of these that is there.
std::optional<std::string> findConnections();

} // namespace sluice::app
