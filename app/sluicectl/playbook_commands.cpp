// SPDX-License-Identifier: GPL-3.0-or-later
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/composition/playbooks.h"
#include "app/sluicectl/commands.h"
#include "core/model/playbook_reader.h"

namespace sluice::app::ctl {

namespace {

struct PlaybookOptions {
    std::string name{};
    std::vector<std::string> files{};
};

int list(const Globals& globals)
{
    nlohmann::json all = nlohmann::json::array();
    for (const BuiltInPlaybook& one : builtInPlaybooks()) {
        const auto read = readPlaybook(one.text, one.name);
        const auto* playbook = std::get_if<Playbook>(&read);
        if (playbook == nullptr) continue;
        all.push_back({{"name", playbook->name}, {"title", playbook->title}, {"stages", playbook->stages.size()}});
        if (!globals.json)
            fmt::print("{:<20} {} ({} stages{})\n", playbook->name, playbook->title, playbook->stages.size(),
                       playbook->labOnly ? ", lab only" : "");
    }
    if (globals.json) printJson(all);
    return kYes;
}

int show(const Globals& globals, const PlaybookOptions& options)
{
    const auto text = playbookText(options.name);
    if (!text.ok()) return fail(globals.json, text.error());
    if (globals.json)
        printJson({{"name", options.name}, {"text", text.value()}});
    else
        fmt::print("{}", text.value());
    return kYes;
}

int check(const Globals& globals, const PlaybookOptions& options)
{
    int code = kYes;
    nlohmann::json all = nlohmann::json::array();
    for (const std::string& file : options.files) {
        const auto text = playbookText(file);
        if (!text.ok()) return fail(globals.json, text.error());
        auto read = readPlaybook(text.value(), file);
        std::vector<Problem> problems;
        if (auto* found = std::get_if<std::vector<Problem>>(&read))
            problems = std::move(*found);
        else
            problems = lintPlaybook(std::get<Playbook>(read), file);
        for (const Problem& problem : problems) {
            const bool error = problem.level == Problem::Level::Error;
            if (error) code = kUsage;
            all.push_back({{"file", problem.file},
                           {"line", problem.line},
                           {"column", problem.column},
                           {"path", problem.path},
                           {"message", problem.message},
                           {"level", error ? "error" : "warning"}});
            if (!globals.json) fmt::print("{}{}\n", problemText(problem), error ? "" : " (warning)");
        }
        if (problems.empty() && !globals.json) fmt::print("{}: good\n", file);
    }
    if (globals.json) printJson(all);
    return code;
}

} // namespace

void addPlaybookCommands(Registry& registry)
{
    CLI::App* playbook = registry.add("playbook", "Playbooks: what a release does");
    playbook->require_subcommand(1);
    auto& o = registry.keep<PlaybookOptions>();
    registry.run(registry.add("list", "The built-in ones", playbook), [&registry] { return list(registry.globals()); });
    CLI::App* one = registry.add("show", "Its text", playbook);
    one->add_option("name", o.name, "Built-in name or file")->required();
    registry.run(one, [&registry, &o] { return show(registry.globals(), o); });
    CLI::App* checked = registry.add("check", "Errors and warnings with line and column: exit 2 on an error", playbook);
    checked->add_option("files", o.files, "Files or built-in names")->required();
    registry.run(checked, [&registry, &o] { return check(registry.globals(), o); });
}

} // namespace sluice::app::ctl
