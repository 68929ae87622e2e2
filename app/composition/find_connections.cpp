// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/find_connections.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace sluice::app {

std::optional<std::string> findConnections()
{
    if (const char* named = std::getenv("SLUICE_CONNECTIONS"); named != nullptr && *named != '\0')
        return std::string(named);
    std::vector<std::string> places = {"connections.yaml"};
    if (const char* home = std::getenv("HOME"))
        places.push_back(std::string(home) + "/.config/sluice/connections.yaml");
    std::error_code none;
    for (const std::string& place : places)
        if (std::filesystem::exists(place, none)) return place;
    return std::nullopt;
}

} // namespace sluice::app
