// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/composition/version_files.h"
#include "app/sluicectl/commands.h"
#include "core/policy/upgrade.h"

namespace sluice::app::ctl {

namespace {

struct CompatOptions {
    std::string from{};
    std::string to{};
    std::string target{};
    std::string versions{};
    bool apart{false};
    bool list{false};
};

Result<VersionRegistry> registryOf(const Globals& globals, const CompatOptions& options)
{
    if (!options.versions.empty()) return readVersionFile(options.versions);
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return connections.error();
    const auto target = pickTarget(connections.value(), options.target);
    if (!target.ok()) return target.error();
    if (target.value()->versions.empty())
        return Error{Fault::BadInput, target.value()->id.value +
                                          " names no versions; write versions: versions.yaml, or "
                                          "name a file with --versions."};
    return readVersionFile(target.value()->versions);
}

nlohmann::json checkJson(const policy::UpgradeCheck& check, int code)
{
    nlohmann::json path = nlohmann::json::array();
    for (const SemVer& version : check.path)
        path.push_back(version.text());
    return {{"from", check.from.text()},  {"to", check.to.text()},
            {"allowed", check.allowed()}, {"path", path},
            {"errors", check.errors},     {"warnings", check.warnings},
            {"breaking", check.breaking}, {"deprecated", check.deprecated},
            {"steps", check.steps},       {"exitCode", code}};
}

void printAll(const char* mark, const std::vector<std::string>& lines)
{
    for (const std::string& line : lines)
        fmt::print("  {} {}\n", mark, line);
}

void print(const VersionRegistry& registry, const policy::UpgradeCheck& check)
{
    fmt::print("{} {} -> {}: {}\n", registry.service, check.from.text(), check.to.text(),
               check.allowed() ? "allowed" : "refused");
    printAll("✗", check.errors);
    printAll("▲", check.warnings);
    printAll("breaking:", check.breaking);
    printAll("deprecated:", check.deprecated);
    for (size_t i = 0; i < check.steps.size(); ++i)
        fmt::print("  {}. {}\n", i + 1, check.steps[i]);
}

int list(bool json, const VersionRegistry& registry)
{
    nlohmann::json all = nlohmann::json::array();
    for (const VersionInfo& one : registry.versions) {
        all.push_back({{"version", one.version.text()}, {"title", one.title}, {"breaking", one.breaking}});
        if (!json)
            fmt::print("{:<16} {}{}\n", one.version.text(), one.title, one.breaking.empty() ? "" : " (breaking)");
    }
    if (json) printJson({{"service", registry.service}, {"versions", all}});
    return kYes;
}

Result<SemVer> versionOf(const std::string& text)
{
    const auto version = SemVer::parse(text);
    if (version) return *version;
    return Error{Fault::BadInput, fmt::format("'{}' is no semantic version; write it like 1.4.0.", text)};
}

int run(const Globals& globals, const CompatOptions& options)
{
    const auto registry = registryOf(globals, options);
    if (!registry.ok()) return fail(globals.json, registry.error());
    if (options.list) return list(globals.json, registry.value());
    const auto from = versionOf(options.from);
    const auto to = versionOf(options.to);
    for (const auto* one : {&from, &to})
        if (!one->ok()) return fail(globals.json, one->error());
    const auto together = options.apart ? policy::Coexistence::Apart : policy::Coexistence::Together;
    const auto check = policy::checkUpgrade(registry.value(), from.value(), to.value(), together);
    const int code = check.allowed() ? kYes : kRefused;
    if (globals.json)
        printJson(checkJson(check, code));
    else
        print(registry.value(), check);
    return code;
}

} // namespace

void addCompatCommands(Registry& registry)
{
    CLI::App* compat = registry.add("compat", "Whether one version may follow another: exit 0, or 3 with every reason");
    auto& o = registry.keep<CompatOptions>();
    compat->add_option("from", o.from, "The version that runs");
    compat->add_option("to", o.to, "The version that is to follow; an older one asks for the way back");
    compat->add_option("--target", o.target, "service/environment whose versions are meant; the only one without it");
    compat->add_option("--versions", o.versions, "A file instead of the target's");
    compat->add_flag("--apart", o.apart, "They never run at the same time: no canary");
    compat->add_flag("--list", o.list, "All versions instead");
    registry.run(compat, [&registry, &o] { return run(registry.globals(), o); });
}

} // namespace sluice::app::ctl
