// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace sluice::app {

/// A connections file and who says so.
struct NamedConnections {
    std::string path{};
    std::string namedBy{}; ///< "--connections", "the environment variable SLUICE_CONNECTIONS", …
};

/// The connections file that no option names: $SLUICE_CONNECTIONS, ./connections.yaml,
/// ~/.config/sluice/connections.yaml, the first of these that is there.
std::optional<NamedConnections> findNamedConnections();
/// Its path alone.
std::optional<std::string> findConnections();

} // namespace sluice::app
