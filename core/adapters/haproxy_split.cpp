// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/adapters/haproxy_split.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/adapters/haproxy_address.h"

namespace sluice::adapters {

namespace {

constexpr int kMaxServerWeight = 256;

bool isMap(const RouterConfig& config)
{
    return config.split == RouterConfig::Split::Map;
}

constexpr auto argument = commandArgument;

ServerGroup groupOf(const RouterConfig& config, std::string_view text)
{
    const size_t slash = text.find('/');
    if (slash != std::string_view::npos)
        return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
    if (isMap(config)) return {std::string(text), ""};
    return {config.service, std::string(text)};
}

std::string setState(const ServerState& server, std::string_view state)
{
    return fmt::format("set server {}/{} state {}", argument(server.backend), argument(server.name), state);
}

std::string setWeight(const ServerState& server, int weight)
{
    return fmt::format("set server {}/{} weight {}", argument(server.backend), argument(server.name), weight);
}

int weightOf(const std::vector<ServerState>& servers)
{
    int sum = 0;
    for (const ServerState& server : servers)
        sum += server.weight;
    return sum;
}

/// Stable servers that can take traffic: the share is computed against these (M4: when stable servers die, the same
/// weights give the canary more).
int runningServers(const std::vector<ServerState>& servers)
{
    const auto running = std::ranges::count_if(servers, [](const ServerState& s) { return !s.stopped && !s.maint; });
    return static_cast<int>(running);
}

ServerWeights wantedWeights(const ports::RouteOrder& order, const ProxyRead& read)
{
    return serverWeights(order.safe ? Weight::none() : order.weight, static_cast<int>(read.canary.size()),
                         runningServers(read.stable));
}

bool weightsHold(const ports::RouteOrder& order, const ProxyRead& read)
{
    const ServerWeights wanted = wantedWeights(order, read);
    const auto differs = [](int weight) { return [weight](const ServerState& s) { return s.weight != weight; }; };
    return std::ranges::none_of(read.canary, differs(wanted.canary)) &&
           std::ranges::none_of(read.stable, differs(wanted.stable));
}

void addMapWrites(std::vector<std::string>& out, const ports::RouteOrder& order, const RouterConfig& config,
                  const SplitMaps& maps, const ProxyRead& read)
{
    const int limit = order.safe ? 0 : order.weight.perTenThousand();
    const std::string token = epochToken(config.service, order.epoch);
    const std::string split = argument(maps.split);
    const std::string epoch = argument(maps.epoch);
    if (!read.ownLimit)
        out.push_back(fmt::format("add map {} {} {}", split, argument(token), limit));
    else if (*read.ownLimit != limit)
        out.push_back(fmt::format("set map {} {} {}", split, argument(token), limit));
    // The limit is in place before the token points to it, so the split changes in one step.
    if (read.token != token)
        out.push_back(fmt::format("{} map {} {} {}", read.token ? "set" : "add", epoch, argument(config.service),
                                  argument(token)));
}

void addWeightWrites(std::vector<std::string>& out, const ports::RouteOrder& order, const ProxyRead& read)
{
    const ServerWeights wanted = wantedWeights(order, read);
    const auto write = [&out](const std::vector<ServerState>& servers, int weight) {
        for (const ServerState& server : servers)
            if (server.weight != weight) out.push_back(setWeight(server, weight));
    };
    // In this order no moment in between gives the canary more than the larger of both ends.
    const bool stableFalls = !read.stable.empty() && wanted.stable < read.stable.front().weight;
    if (stableFalls) write(read.canary, wanted.canary);
    write(read.stable, wanted.stable);
    if (!stableFalls) write(read.canary, wanted.canary);
}

/// A server that leaves maintenance counts as up until its first check fails, whether anybody listens there or not, and
/// users would get 503 for so long. So it starts as down, and the stable version serves until its check has passed.
void admit(std::vector<std::string>& out, const ServerState& server)
{
    out.push_back(setState(server, "ready"));
    if (server.checked)
        out.push_back(fmt::format("set server {}/{} health down", argument(server.backend), argument(server.name)));
}

void addMapAdmission(std::vector<std::string>& out, const ProxyRead& read)
{
    for (const ServerState& server : read.canary)
        if (server.maint) admit(out, server);
}

/// A weight is a share at once, so servers leave maintenance with none. Where the stable servers get none either,
/// nobody would serve until a check has passed: there they are up at once. `read` is as it will be then.
void addWeightAdmission(std::vector<std::string>& out, const ports::RouteOrder& order, ProxyRead& read)
{
    const bool stableServes = wantedWeights(order, read).stable > 0;
    for (ServerState& server : read.canary) {
        if (!server.maint) continue;
        if (server.weight != 0) out.push_back(setWeight(server, 0));
        server.weight = 0;
        server.checked = server.checked && stableServes;
        admit(out, server);
    }
}

} // namespace

std::string commandArgument(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == ';' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

Result<SplitMaps> findMaps(const std::vector<std::string>& files, std::string_view service)
{
    std::vector<SplitMaps> pairs;
    for (const std::string& file : files) {
        if (!file.ends_with("epoch.map")) continue;
        const std::string other = file.substr(0, file.size() - std::string_view("epoch.map").size()) + "split.map";
        if (std::ranges::find(files, other) != files.end()) pairs.push_back({file, other});
    }
    const std::string folder = fmt::format("/{}/", service);
    const auto named =
        std::ranges::find_if(pairs, [&](const SplitMaps& p) { return p.epoch.find(folder) != std::string::npos; });
    if (named != pairs.end()) return *named;
    if (pairs.size() == 1) return pairs.front();
    if (pairs.empty())
        return Error{Fault::Refused, "The proxy has no epoch.map and split.map in one folder: its configuration lacks "
                                     "the split rules."};
    return Error{Fault::Refused, fmt::format("The proxy has {} pairs of epoch.map and split.map and none in a folder "
                                             "named {}.",
                                             pairs.size(), service)};
}

std::string epochToken(std::string_view service, int64_t epoch)
{
    return fmt::format("{}@{}", service, epoch);
}

int64_t epochOfToken(std::string_view service, std::string_view token)
{
    if (token.size() <= service.size() + 1 || !token.starts_with(service) || token[service.size()] != '@') return 0;
    int64_t epoch = 0;
    const char* begin = token.data() + service.size() + 1;
    const char* stop = token.data() + token.size();
    const auto [end, error] = std::from_chars(begin, stop, epoch);
    return error == std::errc{} && end == stop && epoch > 0 ? epoch : 0;
}

bool ServerGroup::holds(const ServerState& server) const
{
    return server.backend == backend && server.name.starts_with(prefix);
}

ServerGroup canaryGroup(const RouterConfig& config)
{
    return groupOf(config, config.canaryBackend);
}

ServerGroup stableGroup(const RouterConfig& config)
{
    return groupOf(config, config.stableBackend);
}

std::optional<int64_t> effectiveLimit(const RouterConfig& config, const ProxyRead& read)
{
    if (isMap(config)) {
        if (!read.token) return 0; // the rules' own default
        if (*read.token != read.shownToken) return std::nullopt;
        return read.shownLimit.value_or(0);
    }
    int eligible = 0;
    for (const ServerState& server : read.stable)
        eligible += server.maint || server.stopped ? 0 : server.weight;
    const int canary = weightOf(read.canary);
    return canary == 0 ? 0 : int64_t{Weight::kFull} * canary / (canary + eligible);
}

bool inMaintenance(const ProxyRead& read)
{
    return std::ranges::all_of(read.canary, &ServerState::maint);
}

int64_t epochOf(const RouterConfig& config, const ProxyRead& read)
{
    return isMap(config) && read.token ? epochOfToken(config.service, *read.token) : 0;
}

bool holds(const ports::RouteOrder& order, const RouterConfig& config, const ProxyRead& read)
{
    if (inMaintenance(read) != order.safe && !read.canary.empty()) return false;
    if (!isMap(config)) return weightsHold(order, read);
    const int64_t limit = order.safe ? 0 : order.weight.perTenThousand();
    return read.token == epochToken(config.service, order.epoch) && read.ownLimit == limit;
}

std::vector<std::string> writeCommands(const ports::RouteOrder& order, const RouterConfig& config,
                                       const SplitMaps& maps, const ProxyRead& read, bool ready)
{
    std::vector<std::string> out;
    if (order.safe)
        for (const ServerState& server : read.canary)
            if (!server.maint) out.push_back(setState(server, "maint"));
    const bool admitted = !order.safe && ready;
    if (isMap(config)) {
        if (admitted) addMapAdmission(out, read);
        addMapWrites(out, order, config, maps, read);
        return out;
    }
    ProxyRead next = read;
    if (admitted) addWeightAdmission(out, order, next);
    addWeightWrites(out, order, next);
    return out;
}

std::vector<std::string> safeCommands(const RouterConfig& config, const SplitMaps& maps, int64_t epoch,
                                      const ProxyRead& read)
{
    std::vector<std::string> out;
    if (isMap(config)) {
        const std::string own = epochToken(config.service, epoch);
        if (!maps.split.empty()) {
            out.push_back(fmt::format("set map {} {} 0", argument(maps.split), argument(own)));
            if (read.token && read.token != own && *read.token != "none")
                out.push_back(fmt::format("set map {} {} 0", argument(maps.split), argument(*read.token)));
        }
    } else {
        for (const ServerState& server : read.canary)
            out.push_back(setWeight(server, 0));
    }
    for (const ServerState& server : read.canary)
        out.push_back(setState(server, "maint"));
    return out;
}

std::string manualSafeCommand(const RouterConfig& config)
{
    const ServerGroup canary = canaryGroup(config);
    // Rows of `show map` are "0 (/etc/haproxy/epoch.map) …", rows of `show servers state` "4 canary 1 c1 …".
    std::string program;
    std::vector<std::string> questions;
    if (isMap(config)) {
        questions.emplace_back("show map");
        program = fmt::format(R"($2 ~ /epoch[.]map[)]$/ {{print "set map #" $1 " {} none"}} )", config.service);
    }
    questions.push_back("show servers state " + argument(canary.backend));
    const std::string weight = isMap(config) ? "" : R"(print "set server " $2 "/" $4 " weight 0"; )";
    // Not every awk finds an empty prefix at 1.
    const std::string named = canary.prefix.empty() ? "" : fmt::format(R"( && index($4, "{}") == 1)", canary.prefix);
    program += fmt::format(R"($2 == "{}"{} {{{}print "set server " $2 "/" $4 " state maint"}})", canary.backend, named,
                           weight);
    return manualPipeline(config.address, questions, "awk " + shellQuoted(program));
}

std::string fenceCommand(const RouterConfig& config, const SplitMaps& maps, int64_t epoch)
{
    if (!isMap(config) || maps.epoch.empty()) return "";
    return fmt::format("set map {} {} {}", argument(maps.epoch), argument(config.service),
                       argument(epochToken(config.service, epoch)));
}

ServerWeights serverWeights(Weight share, int canaryServers, int stableServers)
{
    const int64_t asked = share.perTenThousand();
    if (asked == 0) return {.canary = 0, .stable = 100};
    if (asked == Weight::kFull) return {.canary = 100, .stable = 0};
    // With no stable server left any weight above 0 is the whole traffic.
    if (canaryServers <= 0 || stableServers <= 0) return {.canary = 0, .stable = 100};
    ServerWeights best{.canary = 0, .stable = 100};
    int64_t bestCanary = 0; // share of `best` as a fraction: bestCanary / bestAll
    int64_t bestAll = 1;
    for (int64_t stable = 1; stable <= kMaxServerWeight; ++stable) {
        const int64_t canary = std::min<int64_t>(kMaxServerWeight, asked * stableServers * stable /
                                                                       ((Weight::kFull - asked) * canaryServers));
        const int64_t part = canary * canaryServers;
        const int64_t all = part + stable * stableServers;
        if (part * bestAll <= bestCanary * all) continue;
        best = {.canary = static_cast<int>(canary), .stable = static_cast<int>(stable)};
        bestCanary = part;
        bestAll = all;
    }
    return best;
}

rollout::ProxyFact factOf(const std::string& name, const RouterConfig& config, const ProxyRead& read)
{
    rollout::ProxyFact fact{.name = name};
    const int64_t limit = std::clamp<int64_t>(effectiveLimit(config, read).value_or(0), 0, Weight::kFull);
    fact.limit = Weight::parse(limit).value_or(Weight::none());
    fact.canaryMaint = inMaintenance(read);
    fact.canaryRequests = read.canaryRequests;
    fact.stableRequests = read.stableRequests;
    return fact;
}

std::string differenceText(const ports::RouteOrder& order, const RouterConfig& config, const ProxyRead& read)
{
    const int64_t limit = order.safe ? 0 : order.weight.perTenThousand();
    const std::optional<int64_t> seen = effectiveLimit(config, read);
    if (seen && *seen != limit) return fmt::format("limit {} instead of {}", *seen, limit);
    if (order.safe && !inMaintenance(read)) return "canary in service instead of maintenance";
    if (!order.safe && inMaintenance(read) && !read.canary.empty()) return "canary in maintenance instead of service";
    if (isMap(config))
        return fmt::format("epoch {} instead of {}", read.token.value_or("missing"),
                           epochToken(config.service, order.epoch));
    return "other server weights";
}

} // namespace sluice::adapters
