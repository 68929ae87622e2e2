// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/find_connections.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace sluice::app {

std::optional<NamedConnections> findNamedConnections()
{
    if (const char* named = std::getenv("SLUICE_CONNECTIONS"); named != nullptr && *named != '\0')
        return NamedConnections{named, "the environment variable SLUICE_CONNECTIONS"};
    std::vector<std::string> places = {"connections.yaml"};
    if (const char* home = std::getenv("HOME"))
        places.push_back(std::string(home) + "/.config/sluice/connections.yaml");
    std::error_code none;
    for (const std::string& place : places)
        if (std::filesystem::exists(place, none)) return NamedConnections{place, "the default"};
    return std::nullopt;
}

std::optional<std::string> findConnections()
{
    auto found = findNamedConnections();
    return found ? std::optional(std::move(found->path)) : std::nullopt;
}

} // namespace sluice::app
