// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "core/model/connections_parts.h"
#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

/// Calls `read` for each named entry of a block.
void eachEntry(ConnectionsDraft& draft, const YamlNode& node, const std::string& block,
               const std::function<void(const std::string& name, const YamlNode& value, const std::string& path)>& read)
{
    const MapReader map(draft.report, node, block, {}, MapReader::Extra::Allow);
    if (!map.isMap()) return;
    if (node.items.size() > kMaxEndpoints) {
        draft.report.error(node, block, fmt::format("{} entries; at most {}", node.items.size(), kMaxEndpoints));
        return;
    }
    for (size_t i = 0; i < node.items.size(); ++i) {
        if (const auto fault = nameFault(node.keys[i].text))
            draft.report.error(node.keys[i], block, *fault);
        else
            read(node.keys[i].text, node.items[i], map.pathOf(node.keys[i].text));
    }
}

bool isBackendName(std::string_view name)
{
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.' || c == ':';
    };
    return name.size() <= kMaxNameLength && std::ranges::all_of(name, fits);
}

void readBackend(const MapReader& map, std::string_view key, std::string& out)
{
    std::string name;
    if (!map.text(key, name)) return;
    if (isBackendName(name))
        out = std::move(name);
    else
        map.error(key, fmt::format("'{}' is not a backend name of HAProxy", quotedForPeople(name)));
}

/// HOST:PORT with a port from 1 to 65535.
bool isHostAndPort(std::string_view text)
{
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto port = parseCount(text.substr(colon + 1));
    return port && port.value() >= 1 && port.value() <= 65'535;
}

/// HOST:/absolute/path
bool isHostAndPath(std::string_view text)
{
    const size_t colon = text.find(':');
    return colon != std::string_view::npos && colon > 0 && text.front() != '-' &&
           text.substr(colon + 1).starts_with('/');
}

void readAddress(ConnectionsDraft& draft, const MapReader& map, std::string& out)
{
    const std::string_view example = "haproxy: 'unix:/run/haproxy/admin.sock'";
    std::string text;
    if (map.require("haproxy", example) == nullptr || !map.text("haproxy", text)) return;
    const std::string_view address = text;
    const bool blank = address.find_first_of(" \n\t") != std::string_view::npos;
    if (!blank && address.starts_with("unix:")) {
        std::string path;
        if (readSocketPath(draft, map, "haproxy", address.substr(5), path)) out = "unix:" + path;
    } else if (!blank && ((address.starts_with("tcp:") && isHostAndPort(address.substr(4))) ||
                          (address.starts_with("ssh:") && isHostAndPath(address.substr(4))))) {
        out = text;
    } else {
        map.error("haproxy",
                  fmt::format("'{}' is not a router address; write unix:/path, tcp:HOST:PORT or ssh:HOST:/path",
                              quotedForPeople(text)));
    }
}

} // namespace

void readSources(ConnectionsDraft& draft, const YamlNode& node)
{
    eachEntry(draft, node, "sources", [&](const std::string& name, const YamlNode& value, const std::string& path) {
        const MapReader map(draft.report, value, path, {"prometheus", "token"});
        MetricSourceConfig source;
        map.require("prometheus", "prometheus: 'http://127.0.0.1:9090'");
        readUrl(map, "prometheus", source.url);
        readSecret(draft, map, "token", source.token);
        draft.connections.sources[name] = std::move(source);
    });
}

void readRouters(ConnectionsDraft& draft, const YamlNode& node)
{
    eachEntry(draft, node, "routers", [&](const std::string& name, const YamlNode& value, const std::string& path) {
        const MapReader map(draft.report, value, path, {"haproxy", "split", "service", "backends"});
        RouterConfig router;
        readAddress(draft, map, router.address);
        map.choice<RouterConfig::Split>("split", router.split,
                                        {{"map", RouterConfig::Split::Map}, {"weights", RouterConfig::Split::Weights}});
        map.require("service", "service: checkout");
        map.name("service", router.service);
        if (const YamlNode* backends = map.find("backends")) {
            const MapReader names(draft.report, *backends, map.pathOf("backends"), {"stable", "canary"});
            readBackend(names, "stable", router.stableBackend);
            readBackend(names, "canary", router.canaryBackend);
            if (router.stableBackend == router.canaryBackend) {
                map.error("backends", "stable and canary are the same backend; nothing could be split");
            }
        }
        draft.connections.routers[name] = std::move(router);
    });
}

void readDeployers(ConnectionsDraft& draft, const YamlNode& node)
{
    eachEntry(draft, node, "deployers", [&](const std::string& name, const YamlNode& value, const std::string& path) {
        const MapReader map(draft.report, value, path, {"lab", "command", "timeout"});
        DeployerConfig deployer;
        if (map.isMap() && map.has("lab") == map.has("command")) {
            draft.report.error(value, path, "write either lab: PATH of lab.sock or command: [PROGRAM, ARGUMENT, …]");
        }
        std::string socket;
        if (map.text("lab", socket) && readSocketPath(draft, map, "lab", socket, deployer.socket)) {
            deployer.kind = DeployerConfig::Kind::Lab;
        }
        if (const YamlNode* command = map.find("command")) {
            deployer.kind = DeployerConfig::Kind::Command;
            const auto& words = listItems(draft.report, *command, map.pathOf("command"), kMaxArguments);
            for (size_t i = 0; i < words.size(); ++i) {
                const auto* word = textOf(draft.report, words[i], fmt::format("{}[{}]", map.pathOf("command"), i));
                if (word != nullptr) deployer.argv.push_back(*word);
            }
        }
        if (map.duration("timeout", deployer.timeout, std::chrono::hours(24)) && deployer.timeout == Duration(0)) {
            map.error("timeout", "nothing is done in 0s");
        }
        draft.connections.deployers[name] = std::move(deployer);
    });
}

void readChannels(ConnectionsDraft& draft, const YamlNode& node)
{
    eachEntry(draft, node, "channels", [&](const std::string& name, const YamlNode& value, const std::string& path) {
        const MapReader map(draft.report, value, path, {"slack", "when"});
        ChannelConfig channel{.when = {Severity::Critical}};
        map.require("slack", "slack: env:SLACK_URL");
        readSecret(draft, map, "slack", channel.slack);
        std::vector<std::string> words;
        if (map.names("when", words)) {
            channel.when.clear();
            for (const std::string& word : words) {
                if (word == "info")
                    channel.when.push_back(Severity::Info);
                else if (word == "warning")
                    channel.when.push_back(Severity::Warning);
                else if (word == "critical")
                    channel.when.push_back(Severity::Critical);
                else
                    map.error("when", fmt::format("'{}' is not known; write info, warning or critical", word));
            }
        }
        draft.connections.channels[name] = std::move(channel);
    });
}

} // namespace sluice
