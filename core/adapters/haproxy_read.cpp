// SPDX-License-Identifier: GPL-3.0-or-later
// The read-back: which questions, and what each answer says. Declared in haproxy_split.h.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/adapters/haproxy_split.h"

namespace sluice::adapters {

namespace {

// `show stat NAME TYPE -1`: 2 = the backend itself, 4 = its servers.
constexpr int kStatBackend = 2;
constexpr int kStatServers = 4;

std::string statCommand(const ServerGroup& group)
{
    return fmt::format("show stat {} {} -1", commandArgument(group.backend),
                       group.prefix.empty() ? kStatBackend : kStatServers);
}

Result<std::optional<int64_t>> limitIn(std::string_view reply)
{
    const auto found = parseGetMap(reply);
    if (!found) return found.error();
    if (!found.value()) return std::optional<int64_t>{};
    const std::string& text = *found.value();
    int64_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc{} || end != text.data() + text.size())
        return Error{Fault::Refused, "split.map holds “" + replyText(text) + "”, which is no number."};
    return std::optional(limit);
}

void takeServers(ProxyRead& read, const RouterConfig& config, const std::vector<ServerState>& servers)
{
    const ServerGroup canary = canaryGroup(config);
    const ServerGroup stable = stableGroup(config);
    for (const ServerState& server : servers) {
        if (canary.holds(server))
            read.canary.push_back(server);
        else if (config.split == RouterConfig::Split::Weights && stable.holds(server))
            read.stable.push_back(server);
    }
}

void takeCounters(ProxyRead& read, const RouterConfig& config, const std::vector<StatRow>& rows)
{
    const auto belongs = [](const ServerGroup& group, const StatRow& row) {
        if (row.proxy != group.backend) return false;
        if (group.prefix.empty()) return row.server == "BACKEND";
        return row.server != "BACKEND" && row.server.starts_with(group.prefix);
    };
    const ServerGroup canary = canaryGroup(config);
    const ServerGroup stable = stableGroup(config);
    for (const StatRow& row : rows) {
        if (belongs(canary, row))
            read.canaryRequests += row.requests.value_or(0);
        else if (belongs(stable, row))
            read.stableRequests += row.requests.value_or(0);
    }
}

} // namespace

std::string epochCommand(const RouterConfig& config, const SplitMaps& maps)
{
    return fmt::format("get map {} {}", commandArgument(maps.epoch), commandArgument(config.service));
}

std::vector<ReadCommand> readCommands(const RouterConfig& config, const SplitMaps& maps, int64_t epoch,
                                      const std::string& shownToken, bool withCounters)
{
    using Step = ReadCommand::Step;
    std::vector<ReadCommand> out;
    if (config.split == RouterConfig::Split::Map) {
        const std::string splitMap = commandArgument(maps.split);
        out.push_back({Step::Epoch, epochCommand(config, maps)});
        const std::string own = epochToken(config.service, epoch);
        out.push_back({Step::OwnLimit, fmt::format("get map {} {}", splitMap, commandArgument(own))});
        if (!shownToken.empty() && shownToken != own)
            out.push_back({Step::ShownLimit, fmt::format("get map {} {}", splitMap, commandArgument(shownToken))});
    }
    const ServerGroup canary = canaryGroup(config);
    const ServerGroup stable = stableGroup(config);
    out.push_back({Step::Servers, "show servers state " + commandArgument(canary.backend)});
    if (config.split == RouterConfig::Split::Weights && stable.backend != canary.backend)
        out.push_back({Step::Servers, "show servers state " + commandArgument(stable.backend)});
    if (!withCounters) return out;
    out.push_back({Step::Stat, statCommand(canary)});
    if (statCommand(stable) != statCommand(canary)) out.push_back({Step::Stat, statCommand(stable)});
    return out;
}

Outcome absorb(ProxyRead& read, ReadCommand::Step step, const RouterConfig& config, std::string_view reply)
{
    switch (step) {
    case ReadCommand::Step::Epoch: {
        auto token = parseGetMap(reply);
        if (!token) return token.error();
        read.token = std::move(token).value();
        return Done{};
    }
    case ReadCommand::Step::OwnLimit:
    case ReadCommand::Step::ShownLimit: {
        const auto limit = limitIn(reply);
        if (!limit) return limit.error();
        (step == ReadCommand::Step::OwnLimit ? read.ownLimit : read.shownLimit) = limit.value();
        return Done{};
    }
    case ReadCommand::Step::Servers: {
        const auto servers = parseServersState(reply);
        if (!servers) return servers.error();
        takeServers(read, config, servers.value());
        return Done{};
    }
    case ReadCommand::Step::Stat: {
        const auto rows = parseShowStat(reply);
        if (!rows) return rows.error();
        takeCounters(read, config, rows.value());
        return Done{};
    }
    }
    return Error{Fault::Internal, "This read step has no meaning."};
}

} // namespace sluice::adapters
