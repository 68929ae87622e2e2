// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/model/connections_parts.h"
#include "core/model/text_check.h"
#include "core/model/units.h"

namespace sluice {

namespace {

constexpr std::string_view kEngineItself = "engine"; ///< actor of what the engine decides alone
constexpr Duration kLongestSelfApproval = std::chrono::hours(1);

/// The entry of that name must be there.
template <class Entries>
void checkNamed(const MapReader& map, std::string_view key, std::string_view what, const std::string& name,
                const Entries& entries)
{
    if (entries.contains(name)) return;
    std::vector<std::string> known;
    for (const auto& entry : entries)
        known.push_back(entry.first);
    const std::string hint = didYouMean(name, known);
    map.error(key, fmt::format("no {} is called '{}'{}", what, name,
                               hint.empty() && !known.empty() ? "; there are " + listed(known) : hint));
}

class TargetReader {
public:
    TargetReader(ConnectionsDraft& draft, const YamlNode& node, const std::string& id)
        : m_draft(draft)
        , m_map(draft.report, node, "targets." + id,
                {"routers", "metrics", "deployer", "playbook", "health", "urls", "versions", "schedule",
                 "stable_version", "lab"})
    {
        m_target.id = TargetId(id);
        m_target.service = id.substr(0, id.find('/'));
        m_target.environment = id.substr(id.find('/') + 1);
    }

    void read(std::map<std::string, std::string>& routerOwners)
    {
        readRouterNames(routerOwners);
        readReference("metrics", "metric source", "metrics: prom", m_draft.connections.sources, m_target.metrics);
        readReference("deployer", "deployer", "deployer: shell", m_draft.connections.deployers, m_target.deployer);
        m_map.require("playbook", "playbook: avalo-production");
        m_map.name("playbook", m_target.playbook);
        readUrl(m_map, "health", m_target.health);
        readUrls();
        if (m_map.text("versions", m_target.versions)) m_target.versions = resolved(m_draft, m_target.versions);
        if (m_map.name("schedule", m_target.schedule))
            checkNamed(m_map, "schedule", "schedule", m_target.schedule, m_draft.connections.schedules);
        m_map.text("stable_version", m_target.stableVersion);
        m_map.flag("lab", m_target.lab);
        m_draft.connections.targets.push_back(std::move(m_target));
    }

private:
    void readUrls()
    {
        const YamlNode* node = m_map.find("urls");
        if (node == nullptr) return;
        const MapReader urls(m_draft.report, *node, m_map.pathOf("urls"), {"stable", "canary"});
        readUrl(urls, "stable", m_target.stableUrl);
        readUrl(urls, "canary", m_target.canaryUrl);
    }

    void readRouterNames(std::map<std::string, std::string>& owners)
    {
        m_map.require("routers", "routers: [edge-1, edge-2]");
        if (!m_map.names("routers", m_target.routers)) return;
        for (const std::string& name : m_target.routers) {
            checkNamed(m_map, "routers", "router", name, m_draft.connections.routers);
            const auto [owner, first] = owners.emplace(name, m_target.id.value);
            if (!first) {
                m_map.error("routers",
                            fmt::format("router '{}' already moves the traffic of {}; give each target its own entry",
                                        name, owner->second));
            }
        }
    }

    template <class Entries>
    void readReference(std::string_view key, std::string_view what, std::string_view example, const Entries& entries,
                       std::string& out)
    {
        m_map.require(key, example);
        if (m_map.name(key, out)) checkNamed(m_map, key, what, out, entries);
    }

    ConnectionsDraft& m_draft;
    MapReader m_map;
    TargetConfig m_target{};
};

std::optional<std::string> targetNameFault(std::string_view id)
{
    const size_t slash = id.find('/');
    if (slash == std::string_view::npos) {
        return fmt::format("'{}' is not a target; write it like checkout/production", quotedForPeople(id));
    }
    const auto service = nameFault(id.substr(0, slash));
    return service ? service : nameFault(id.substr(slash + 1));
}

/// Logins are what the operating system says, so upper case and domains are allowed.
void readLogins(ConnectionsDraft& draft, const MapReader& map, std::vector<std::string>& out)
{
    const YamlNode* node = map.find("logins");
    if (node == nullptr) return;
    const auto& items = listItems(draft.report, *node, map.pathOf("logins"), kMaxArguments);
    for (size_t i = 0; i < items.size(); ++i) {
        const std::string path = fmt::format("{}[{}]", map.pathOf("logins"), i);
        const std::string* login = textOf(draft.report, items[i], path);
        if (login == nullptr) continue;
        if (login->find_first_of(" \n\t/") == std::string::npos)
            out.push_back(*login);
        else
            draft.report.error(items[i], path, fmt::format("'{}' is not a login", quotedForPeople(*login)));
    }
}

Person readPerson(ConnectionsDraft& draft, const YamlNode& node, const std::string& path)
{
    const MapReader map(draft.report, node, path, {"id", "name", "roles", "logins", "approves_after"});
    Person person;
    map.require("id", "id: ana");
    if (map.name("id", person.id.value) && person.id.value == kEngineItself) {
        map.error("id", "'engine' is the engine itself; choose another id");
    }
    person.name = person.id.value;
    map.text("name", person.name);
    map.names("roles", person.roles);
    readLogins(draft, map, person.logins);
    map.duration("approves_after", person.approvesAfter, kLongestSelfApproval);
    return person;
}

/// Somebody who approves by itself is a stand-in of the lab; it must not reach anything real.
void checkStandIns(ConnectionsDraft& draft, const YamlNode& people)
{
    const auto& targets = draft.connections.targets;
    const auto real = std::ranges::find(targets, false, &TargetConfig::lab);
    if (real == targets.end()) return;
    for (size_t i = 0; i < people.items.size(); ++i) {
        const YamlNode* after = people.items[i].find("approves_after");
        if (after == nullptr) continue;
        draft.report.error(*after, fmt::format("people[{}].approves_after", i),
                           fmt::format("only for the lab, and {} does not say lab: true", real->id.value));
    }
}

void readStore(ConnectionsDraft& draft, const MapReader& map)
{
    std::string store = "journal.db";
    map.text("store", store);
    if (store.find("://") != std::string::npos) {
        map.error("store", "only a file is possible as store in this version; write it like journal.db");
        return;
    }
    draft.connections.store = resolved(draft, store);
}

using BlockReader = void (*)(ConnectionsDraft&, const YamlNode&);

} // namespace

void readPeople(ConnectionsDraft& draft, const YamlNode& node)
{
    const auto& items = listItems(draft.report, node, "people", kMaxPeople);
    std::map<std::string, std::string> logins;
    for (size_t i = 0; i < items.size(); ++i) {
        const std::string path = fmt::format("people[{}]", i);
        Person person = readPerson(draft, items[i], path);
        if (!person.id.empty() && draft.connections.person(person.id) != nullptr) {
            draft.report.error(*items[i].find("id"), path + ".id",
                               fmt::format("'{}' is already somebody else", person.id.value));
        }
        for (const std::string& login : person.logins) {
            const auto [owner, first] = logins.emplace(login, person.id.value);
            if (first) continue;
            draft.report.error(*items[i].find("logins"), path + ".logins",
                               fmt::format("login '{}' already belongs to {}", login, owner->second));
        }
        draft.connections.people.push_back(std::move(person));
    }
}

void readTargets(ConnectionsDraft& draft, const YamlNode& node)
{
    const MapReader map(draft.report, node, "targets", {}, MapReader::Extra::Allow);
    if (!map.isMap()) return;
    if (node.items.size() > kMaxEndpoints) {
        draft.report.error(node, "targets", fmt::format("{} targets; at most {}", node.items.size(), kMaxEndpoints));
        return;
    }
    std::map<std::string, std::string> routerOwners;
    for (size_t i = 0; i < node.items.size(); ++i) {
        const YamlNode& key = node.keys[i];
        if (const auto fault = targetNameFault(key.text))
            draft.report.error(key, "targets", *fault);
        else
            TargetReader(draft, node.items[i], key.text).read(routerOwners);
    }
}

std::variant<Connections, std::vector<Problem>> readConnections(std::string_view text, std::string_view file,
                                                                std::string_view directory)
{
    YamlRead read = readYaml(text, file);
    if (!read.whole) return std::move(read.problems);
    const YamlNode& tree = read.root;
    Report report(file, std::move(read.problems));
    ConnectionsDraft draft{.report = report};
    draft.connections.directory = directory;
    const MapReader map(report, tree, {},
                        {"store", "people", "sources", "routers", "deployers", "targets", "channels", "schedules"});
    if (!map.isMap()) return report.take();
    readStore(draft, map);
    constexpr std::pair<std::string_view, BlockReader> kBlocks[] = {
        {"people", readPeople},       {"sources", readSources},   {"routers", readRouters},
        {"deployers", readDeployers}, {"channels", readChannels}, {"schedules", readSchedules},
        {"targets", readTargets}};
    for (const auto& [key, readBlock] : kBlocks) {
        if (const YamlNode* node = map.find(key)) readBlock(draft, *node);
    }
    map.require("targets", "targets: {checkout/production: {…}}");
    if (const YamlNode* people = map.find("people")) checkStandIns(draft, *people);
    if (!report.clean()) return report.take();
    return std::move(draft.connections);
}

} // namespace sluice
