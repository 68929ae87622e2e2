// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/adapters/haproxy_reply.h"
#include "core/base/result.h"
#include "core/model/connections.h"
#include "core/ports/traffic_router.h"
#include "core/rollout/input.h"

// How a route order becomes commands for one HAProxy, and how what was read back becomes a fact. Pure.
//
// Map split: `epoch.map` says which token counts for the service ("checkout@7", or "none" after a reload), `split.map`
// holds one limit in 1/10,000 per token. A driver writes only under its own token, so the writes of an older driver
// change nothing: the proxy is the fence. Weights: for proxies whose configuration cannot be touched; no fence.

namespace sluice::adapters {

/// HAProxy splits a command line at spaces and semicolons: one argument, escaped.
std::string commandArgument(std::string_view text);

/// Files of the two maps as the proxy names them; empty in weights mode and before they were found.
struct SplitMaps {
    std::string epoch{};
    std::string split{};
    friend bool operator==(const SplitMaps&, const SplitMaps&) = default;
};

/// Finds the pair of epoch.map and split.map in one folder; with several pairs the one whose folder is named like the
/// service. Fault::Refused says what the proxy's configuration lacks.
Result<SplitMaps> findMaps(const std::vector<std::string>& files, std::string_view service);

/// "checkout@7".
std::string epochToken(std::string_view service, int64_t epoch);
/// 7 of "checkout@7"; 0 for "none" and for anything that is not a token of this service.
int64_t epochOfToken(std::string_view service, std::string_view token);

/// Servers of one side: a backend, and a prefix of their names ("" = all). Written "backend" or "backend/prefix";
/// in weights mode a bare name is the prefix inside the backend named like the service.
struct ServerGroup {
    std::string backend{};
    std::string prefix{};
    bool holds(const ServerState& server) const;
};
ServerGroup canaryGroup(const RouterConfig& config);
ServerGroup stableGroup(const RouterConfig& config);

/// One whole read-back of a proxy, for one service.
struct ProxyRead {
    std::optional<std::string> token{}; ///< what epoch.map says; none = no entry for the service
    std::optional<int64_t> ownLimit{};  ///< split.map under our token; none = no entry
    std::string shownToken{};           ///< the token that shownLimit belongs to
    std::optional<int64_t> shownLimit{};
    std::vector<ServerState> canary{};
    std::vector<ServerState> stable{}; ///< weights mode only
    int64_t canaryRequests{0};
    int64_t stableRequests{0};
    friend bool operator==(const ProxyRead&, const ProxyRead&) = default;
};

struct ReadCommand {
    enum class Step { Epoch, OwnLimit, ShownLimit, Servers, Stat };
    Step step{Step::Epoch};
    std::string line{};
};
/// What to ask for a whole read-back. `shownToken` is the token the proxy showed last, "" when not known. The counters
/// are half of the bytes and prove nothing about a write: right after one they are left out.
std::vector<ReadCommand> readCommands(const RouterConfig& config, const SplitMaps& maps, int64_t epoch,
                                      const std::string& shownToken, bool withCounters);
/// The first of them alone: which token is in force.
std::string epochCommand(const RouterConfig& config, const SplitMaps& maps);
/// Puts one reply into `read`. Fault::Refused carries the exact text.
Outcome absorb(ProxyRead& read, ReadCommand::Step step, const RouterConfig& config, std::string_view reply);

/// The share that a read-back really asks for; none when it is not known (a token nobody looked up).
std::optional<int64_t> effectiveLimit(const RouterConfig& config, const ProxyRead& read);
/// No canary server takes traffic, sticky clients and header users included.
bool inMaintenance(const ProxyRead& read);
/// The highest epoch the proxy has shown; 0 in weights mode.
int64_t epochOf(const RouterConfig& config, const ProxyRead& read);

/// Does the proxy hold the order? Weight, token and maintenance; not whether its worker is stopping.
bool holds(const ports::RouteOrder& order, const RouterConfig& config, const ProxyRead& read);

/// The commands that bring the proxy from `read` to `order`; none when it already holds it. `ready` lifts the canary
/// out of maintenance. Map entries are added only where the read-back found none (a duplicate key can crash 2.6).
std::vector<std::string> writeCommands(const ports::RouteOrder& order, const RouterConfig& config,
                                       const SplitMaps& maps, const ProxyRead& read, bool ready);

/// The safe state in absolute terms, valid whatever the proxy holds now: limit 0 under `epoch` and under the token
/// shown last, and maintenance for each canary server. Sent before anything is read.
std::vector<std::string> safeCommands(const RouterConfig& config, const SplitMaps& maps, int64_t epoch,
                                      const ProxyRead& read);

/// The shell line for a proxy whose maps and servers nobody knows: it asks for their names, and sends the share to zero
/// and each canary server into maintenance with what was answered. Changes nothing where nothing is found.
std::string manualSafeCommand(const RouterConfig& config);

/// Points the service to the token of `epoch`, whose limit is 0 as long as nobody adds one: the safe state and a fence
/// in one line, for an epoch above any that was used. Empty in weights mode and when the maps are not known.
std::string fenceCommand(const RouterConfig& config, const SplitMaps& maps, int64_t epoch);

/// Server weights for a share, rounded down so that it is never above the one asked: n canary and m stable servers.
struct ServerWeights {
    int canary{0};
    int stable{0};
    friend bool operator==(const ServerWeights&, const ServerWeights&) = default;
};
ServerWeights serverWeights(Weight share, int canaryServers, int stableServers);

/// The numbers of a fact; state, generation and times are the caller's.
rollout::ProxyFact factOf(const std::string& name, const RouterConfig& config, const ProxyRead& read);

/// "limit 0 instead of 1000", "canary in service instead of maintenance".
std::string differenceText(const ports::RouteOrder& order, const RouterConfig& config, const ProxyRead& read);

} // namespace sluice::adapters
