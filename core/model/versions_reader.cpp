// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/model/map_reader.h"
#include "core/model/text_check.h"
#include "core/model/versions.h"
#include "core/model/yaml_tree.h"

namespace sluice {

namespace {

constexpr size_t kMaxVersions = 1000;
constexpr size_t kMaxLines = 64;

std::optional<SemVer> versionOf(Report& report, const YamlNode& at, const std::string& path, const std::string& text)
{
    const auto version = SemVer::parse(text);
    if (!version)
        report.error(at, path, fmt::format("'{}' is no semantic version; write it like 1.4.0", quotedForPeople(text)));
    return version;
}

bool readRange(const MapReader& map, std::string_view key, VersionRange& out)
{
    std::string text;
    if (!map.text(key, text)) return false;
    const auto range = VersionRange::parse(text);
    if (range)
        out = *range;
    else
        map.error(key,
                  fmt::format("'{}' is no range; write it like '>=1.2.0 <2.0.0' or ^1.2.0", quotedForPeople(text)));
    return range.has_value();
}

void readNeeds(const MapReader& map, std::map<std::string, VersionRange>& out)
{
    const YamlNode* node = map.find("needs");
    if (node == nullptr) return;
    const MapReader needs(map.report(), *node, map.pathOf("needs"), {}, MapReader::Extra::Allow);
    if (!needs.isMap()) return;
    for (const YamlNode& name : node->keys)
        readRange(needs, name.text, out[name.text]);
}

void readLines(const MapReader& map, std::string_view key, std::vector<std::string>& out)
{
    const YamlNode* node = map.find(key);
    if (node == nullptr) return;
    for (const YamlNode& item : listItems(map.report(), *node, map.pathOf(key), kMaxLines))
        if (const std::string* text = textOf(map.report(), item, map.pathOf(key))) out.push_back(*text);
}

VersionInfo readVersion(Report& report, const YamlNode& node, const std::string& path)
{
    const MapReader map(
        report, node, path,
        {"title", "needs", "breaking", "deprecated", "migration", "reads", "drops", "must_run", "before", "after"});
    VersionInfo info;
    map.text("title", info.title);
    readNeeds(map, info.needs);
    readLines(map, "breaking", info.breaking);
    readLines(map, "deprecated", info.deprecated);
    map.choice<MigrationKind>("migration", info.migration,
                              {{"none", MigrationKind::None},
                               {"compatible", MigrationKind::Compatible},
                               {"two-phase", MigrationKind::TwoPhase},
                               {"breaking", MigrationKind::Breaking},
                               {"unknown", MigrationKind::Unknown}});
    readLines(map, "reads", info.reads);
    readLines(map, "drops", info.drops);
    map.flag("must_run", info.mustRun);
    readLines(map, "before", info.before);
    readLines(map, "after", info.after);
    return info;
}

void readAll(Report& report, const YamlNode& node, VersionRegistry& out)
{
    const MapReader map(report, node, "versions", {}, MapReader::Extra::Allow);
    if (!map.isMap()) return;
    if (node.keys.size() > kMaxVersions) {
        report.error(node, "versions", fmt::format("{} versions; at most {}", node.keys.size(), kMaxVersions));
        return;
    }
    for (size_t i = 0; i < node.keys.size(); ++i) {
        const std::string path = "versions." + node.keys[i].text;
        const auto version = versionOf(report, node.keys[i], path, node.keys[i].text);
        VersionInfo info = readVersion(report, node.items[i], path);
        if (!version) continue;
        if (out.find(*version) != nullptr) report.error(node.keys[i], path, "this version is there already");
        info.version = *version;
        out.versions.push_back(std::move(info));
    }
    std::ranges::sort(out.versions, [](const VersionInfo& a, const VersionInfo& b) { return a.version < b.version; });
}

void readPairs(Report& report, const YamlNode& node, VersionRegistry& out)
{
    const auto& items = listItems(report, node, "incompatible", kMaxVersions);
    for (size_t i = 0; i < items.size(); ++i) {
        const MapReader map(report, items[i], fmt::format("incompatible[{}]", i), {"from", "to", "because"});
        Incompatible pair;
        for (const char* key : {"from", "to", "because"})
            map.require(key, "{from: <1.0.0, to: '>=1.2.0', because: the session format changed}");
        readRange(map, "from", pair.from);
        readRange(map, "to", pair.to);
        map.text("because", pair.because);
        out.incompatible.push_back(std::move(pair));
    }
}

void readServices(Report& report, const YamlNode& node, VersionRegistry& out)
{
    const MapReader map(report, node, "services", {}, MapReader::Extra::Allow);
    if (!map.isMap()) return;
    for (size_t i = 0; i < node.keys.size(); ++i) {
        const std::string path = "services." + node.keys[i].text;
        const MapReader one(report, node.items[i], path, {"version", "needs"});
        ServiceInfo& info = out.services[node.keys[i].text];
        const YamlNode* text = one.require("version", "version: 2.1.0");
        if (text != nullptr)
            if (const auto version = versionOf(report, *text, path + ".version", text->text)) info.version = *version;
        readNeeds(one, info.needs);
    }
}

} // namespace

const VersionInfo* VersionRegistry::find(const SemVer& version) const
{
    const auto found = std::ranges::find(versions, version, &VersionInfo::version);
    return found == versions.end() ? nullptr : &*found;
}

std::variant<VersionRegistry, std::vector<Problem>> readVersions(std::string_view text, std::string_view file)
{
    YamlRead read = readYaml(text, file);
    if (!read.whole) return std::move(read.problems);
    Report report(file, std::move(read.problems));
    VersionRegistry registry;
    const MapReader map(report, read.root, {}, {"service", "versions", "incompatible", "services"});
    if (map.isMap()) {
        map.require("service", "service: checkout");
        map.name("service", registry.service);
        if (const YamlNode* node = map.require("versions", "versions: {1.0.0: {}, 1.1.0: {migration: compatible}}"))
            readAll(report, *node, registry);
        if (const YamlNode* node = map.find("incompatible")) readPairs(report, *node, registry);
        if (const YamlNode* node = map.find("services")) readServices(report, *node, registry);
    }
    if (!report.clean()) return report.take();
    return registry;
}

} // namespace sluice
