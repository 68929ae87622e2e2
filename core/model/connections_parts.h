// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/model/connections.h"
#include "core/model/map_reader.h"
#include "core/model/yaml_tree.h"

// Inside of the connections reader: one function per block of the file.

namespace sluice {

constexpr size_t kMaxPeople = 1000;
constexpr size_t kMaxEndpoints = 2000; ///< routers, sources, deployers, targets: each
constexpr size_t kMaxArguments = 64;
constexpr size_t kMaxSocketPath = 107; ///< sockaddr_un on Linux, without the closing zero

struct ConnectionsDraft {
    Report& report;
    Connections connections{};
};

void readPeople(ConnectionsDraft& draft, const YamlNode& node);
void readSources(ConnectionsDraft& draft, const YamlNode& node);
void readRouters(ConnectionsDraft& draft, const YamlNode& node);
void readDeployers(ConnectionsDraft& draft, const YamlNode& node);
void readChannels(ConnectionsDraft& draft, const YamlNode& node);
void readSchedules(ConnectionsDraft& draft, const YamlNode& node);
/// After all others: every name it uses must be there.
void readTargets(ConnectionsDraft& draft, const YamlNode& node);

/// `path` seen from the folder of the file.
std::string resolved(const ConnectionsDraft& draft, std::string_view path);
/// `env:NAME` or `file:/path`; anything else is a problem that does not repeat the text.
bool readSecret(const ConnectionsDraft& draft, const MapReader& map, std::string_view key, SecretRef& out);
/// An http or https address without a password in it.
bool readUrl(const MapReader& map, std::string_view key, std::string& out);
/// A unix socket, resolved and short enough.
bool readSocketPath(const ConnectionsDraft& draft, const MapReader& map, std::string_view key, std::string_view path,
                    std::string& out);

} // namespace sluice
