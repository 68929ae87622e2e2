// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/sluicectl/context.h"

namespace sluice::app::ctl {

/// The commands as they are registered: which subcommand runs what. The options live as long as this does.
class Registry {
public:
    using Run = std::function<int()>;
    Registry(CLI::App& app, Globals& globals)
        : m_app(&app)
        , m_globals(&globals)
    {
    }

    /// A subcommand with the options that every command takes.
    CLI::App* add(const std::string& name, const std::string& help, CLI::App* parent = nullptr);
    void run(CLI::App* command, Run run) { m_runs[command] = std::move(run); }
    const Globals& globals() const { return *m_globals; }
    /// Storage for a command's own options.
    template <class Options>
    Options& keep()
    {
        auto kept = std::make_shared<Options>();
        m_kept.push_back(kept);
        return *kept;
    }
    int dispatch() const;

private:
    CLI::App* m_app;
    Globals* m_globals;
    std::map<CLI::App*, Run> m_runs{};
    std::vector<std::shared_ptr<void>> m_kept{};
};

void addActCommands(Registry& registry);       // start, approve, tick, pause, …
void addLookCommands(Registry& registry);      // status, why, metrics, check, monitor
void addRecordCommands(Registry& registry);    // history, log, audit verify, store
void addRollbackCommands(Registry& registry);  // rollback, emergency-rollback, emergency-stop, stop
void addEmergencyCommands(Registry& registry); // those of them that need no engine
void addPlaybookCommands(Registry& registry);  // playbook list, show, check
void addSmokeCommands(Registry& registry);     // smoke
void addCompatCommands(Registry& registry);    // compat
void addEngineCommands(Registry& registry);    // engine, connections check, doctor, support-bundle

} // namespace sluice::app::ctl
