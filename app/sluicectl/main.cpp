// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>

#include <nlohmann/json.hpp>

#include "app/sluicectl/commands.h"

namespace sluice::app::ctl {

CLI::App* Registry::add(const std::string& name, const std::string& help, CLI::App* parent)
{
    CLI::App* command = (parent != nullptr ? parent : m_app)->add_subcommand(name, help);
    command->add_option("--connections", m_globals->connections, "Connections file");
    command->add_option("--store", m_globals->store, "Journal file instead of the one that the connections file names");
    command->add_option("--as", m_globals->as, "Act as this person (lab targets only)");
    command->add_flag("--json", m_globals->json, "Machine readable output");
    return command;
}

int Registry::dispatch() const
{
    for (const auto& [command, run] : m_runs)
        if (command->parsed()) return run();
    return kUsage;
}

namespace {

/// CLI11 only says that a command is missing, also when there is one that it does not know.
std::string unknownCommand(const CLI::App& app, const CLI::ParseError& error)
{
    const std::vector<std::string> extra = app.remaining(true);
    const bool missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
    return missing && !extra.empty() && !extra.front().starts_with('-') ? extra.front() : std::string();
}

/// `json`: whether --json stands anywhere; what stands behind a mistake is never parsed.
int tellParseError(const CLI::App& app, const CLI::ParseError& error, bool json)
{
    const std::string unknown = unknownCommand(app, error);
    const std::string text = unknown.empty() ? std::string(error.what())
                                             : "There is no command '" + unknown + "'; --help lists the commands.";
    if (json && dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr) {
        printJson({{"name", "sluicectl"}, {"version", SLUICE_VERSION}});
        return kYes;
    }
    int code = kUsage;
    if (unknown.empty())
        code = app.exit(error) == 0 ? kYes : kUsage;
    else
        std::fprintf(stderr, "%s\n", text.c_str());
    if (json && code != kYes) printJson(failureJson(Error{Fault::BadInput, text}));
    return code;
}

} // namespace

} // namespace sluice::app::ctl

int main(int argc, char** argv)
{
    using namespace sluice::app::ctl;
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Progressive delivery from the command line: the same journal and the same engine as the console.");
    app.name("sluicectl");
    app.require_subcommand(1);
    app.set_version_flag("--version", "sluicectl " SLUICE_VERSION);
    app.footer("Exit codes: 0 yes or done, 1 the answer is no, 2 bad input, 3 refused by policy, 4 out of reach.");
    Globals globals;
    Registry registry(app, globals);
    addLookCommands(registry);
    addActCommands(registry);
    addRollbackCommands(registry);
    addRecordCommands(registry);
    addPlaybookCommands(registry);
    addSmokeCommands(registry);
    addCompatCommands(registry);
    addEngineCommands(registry);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return tellParseError(app, error, std::find(argv, argv + argc, std::string_view("--json")) != argv + argc);
    }
    return registry.dispatch();
}
