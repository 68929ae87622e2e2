// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/emergency_hint.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/adapters/haproxy_address.h"

namespace sluice::app::ctl {

namespace {

bool isPlain(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
}

/// As a shell takes it for one word; quoted only where it has to be, for people read it.
std::string word(const std::string& text)
{
    return std::ranges::all_of(text, isPlain) ? text : adapters::shellQuoted(text);
}

std::string emergencyCommand(const Globals& globals, const std::string& target)
{
    std::string command = "sluicectl emergency-rollback " + word(target);
    if (!globals.connections.empty()) command += " --connections " + word(globals.connections);
    if (!globals.store.empty()) command += " --store " + word(globals.store);
    if (!globals.as.empty()) command += " --as " + word(globals.as);
    return command;
}

} // namespace

Error withEmergency(const Globals& globals, const std::string& named, const Error& error)
{
    const bool hangs = error.fault == Fault::Unreachable || error.fault == Fault::Unknown;
    if (!hangs) return error;
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return error;
    const auto target = pickTarget(connections.value(), named);
    const auto targets =
        target.ok() ? std::vector<std::string>{target.value()->id.value} : targetNames(connections.value());
    if (targets.empty()) return error;
    std::string text = error.detail + "\nTraffic goes to the old version without any driver by" +
                       (targets.size() == 1 ? ":" : " the one of your target:");
    for (const std::string& one : targets)
        text += "\n  " + emergencyCommand(globals, one);
    return {error.fault, text};
}

} // namespace sluice::app::ctl
