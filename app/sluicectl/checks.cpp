// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/checks.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/composition/connection_check.h"
#include "app/composition/identity.h"
#include "app/composition/playbooks.h"
#include "app/sluicectl/haproxy_snippet.h"
#include "app/sluicectl/print.h"
#include "app/sluicectl/report.h"
#include "core/analysis/judge.h"
#include "core/engine/history.h"
#include "core/engine/snapshot_json.h"
#include "core/model/count_text.h"

namespace sluice::app::ctl {

namespace {

using State = EndpointCheck::State;

constexpr Duration kProbeLimit = std::chrono::seconds(8);

/// What the targets' own playbooks read from each source; a playbook that cannot be read is a wrong line.
std::map<std::string, std::vector<std::string>> seriesOf(const Connections& connections, Report& report)
{
    std::map<std::string, std::set<std::string>> names;
    for (const TargetConfig& target : connections.targets) {
        const auto text = playbookText(target.playbook, connections.directory);
        const auto playbook = text.ok() ? parsePlaybook(text.value(), target.playbook) : Result<Playbook>(text.error());
        const std::string problem = playbook.ok() ? std::string() : playbook.error().detail;
        if (!report.line(playbook.ok(), "playbook " + target.playbook, problem)) continue;
        const analysis::Judge judge(playbook.value(), {.service = target.service, .environment = target.environment});
        const auto read = judge.seriesNames();
        names[target.metrics].insert(read.begin(), read.end());
    }
    std::map<std::string, std::vector<std::string>> series;
    for (const auto& [source, all] : names)
        series[source] = {all.begin(), all.end()};
    return series;
}

/// Asks every endpoint of the file and changes nothing. True when a proxy answers, but lacks what the split needs.
bool checkParts(const Connections& connections, const ports::Clock& clock, Report& report)
{
    bool configuration = false;
    const auto series = seriesOf(connections, report);
    for (const EndpointCheck& check : checkEndpoints(connections, series, clock, kProbeLimit)) {
        report.endpoint(check);
        configuration = configuration || check.configuration;
    }
    return configuration;
}

void checkTools(Report& report)
{
    for (const char* tool : {"haproxy", "prometheus"}) {
        bool found = false;
        for (const char* place : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
            found = found || access((std::string(place) + tool).c_str(), X_OK) == 0;
        report.line(true, std::string("tool ") + tool, found ? "installed" : "not installed; needed for the lab only");
    }
}

void checkStore(const Connections& connections, const Store& store, const std::string& problem, Report& report)
{
    if (isNotMadeYet(store)) {
        report.line(State::Idle, "journal " + store.journalPath,
                    "nothing has run here yet; 'sluicectl engine' or the console makes it");
        return;
    }
    if (!report.line(store.journal != nullptr, "journal " + store.journalPath, problem)) return;
    if (const auto chain = store.journal->verify(); chain.ok()) {
        const std::string found =
            chain.value().intact ? countText(chain.value().events, "event", "events") + ", chain intact"
                                 : fmt::format("damaged from event {}; restore a backup", chain.value().firstDamaged);
        report.line(chain.value().intact, "record", found);
    }
    const Outcome space = store.journal->freeSpaceOk();
    report.line(space.ok(), "free space", space.ok() ? "" : space.error().detail);
    for (const TargetConfig& target : connections.targets) {
        const auto lease = store.journal->lease(target.id);
        if (!lease.ok()) continue;
        const bool held = lease.value() && !lease.value()->holder.empty() && !lease.value()->holderProvenDead;
        report.line(true, "lease of " + target.id.value,
                    held ? "held by engine " + lease.value()->holder : "free: start the console or 'sluicectl engine'");
        if (const auto stop = store.safety->stopped(target.id))
            report.line(false, "stop on " + target.id.value,
                        "fired by " + stop->person.value + "; clear it with 'sluicectl stop clear' when it is safe");
    }
}

} // namespace

int checkConnections(const Globals& globals, bool snippet)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return fail(globals.json, file.error());
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return fail(globals.json, connections.error());
    Report report(globals.json);
    report.line(true, "file " + file.value().path,
                countText(connections.value().targets.size(), "target", "targets") + ", " +
                    countText(connections.value().people.size(), "person", "people"));
    const Store store = openStore(connections.value(), globals.store, StoreMode::FilesOnly);
    const bool configuration = checkParts(connections.value(), *store.clock, report);
    if (configuration || snippet)
        report.paste("What a proxy needs (HAProxy 2.6 or later):", haproxySnippet(connections.value()));
    return report.finish();
}

int doctor(const Globals& globals)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return fail(globals.json, file.error());
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return fail(globals.json, connections.error());
    Report report(globals.json);
    checkTools(report);
    const Person* person = connections.value().personOfLogin(osLogin());
    report.line(person != nullptr ? State::Good : State::Idle, "you are " + osLogin(),
                person != nullptr ? person->id.value
                                  : "nobody in the connections file; you may observe and fire an emergency");
    const Store store = openStore(connections.value(), globals.store, StoreMode::Observe);
    const std::string problem =
        store.journal ? std::string() : storeProblem(store, globals.store, file.value().path).detail;
    checkStore(connections.value(), store, problem, report);
    checkParts(connections.value(), *store.clock, report);
    return report.finish();
}

int supportBundle(const Globals& globals, const std::string& folder)
{
    auto context = openRecord(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    std::error_code problem;
    if (std::filesystem::exists(folder) || !std::filesystem::create_directories(folder, problem))
        return fail(globals.json, Error{Fault::BadInput, "'" + folder + "' is there already or cannot be made."});
    const auto write = [&](const std::string& name, const std::string& text) {
        std::ofstream(folder + "/" + name) << text;
    };
    Context& c = context.value();
    const auto file = connectionsFile(globals);
    std::filesystem::copy_file(file.value().path, folder + "/connections.yaml",
                               problem); // holds references, never secrets
    const auto rows = c.store.journal->rollouts(false, 200);
    std::string list;
    for (const ports::RolloutRow& row : rows.ok() ? rows.value() : std::vector<ports::RolloutRow>{}) {
        list += fmt::format("{} {} {} -> {} {}\n", row.id.value, row.target.value, row.fromVersion, row.toVersion,
                            row.outcome.empty() ? "running" : row.outcome);
        const auto one = engine::readHistory(*c.store.journal, nullptr, c.connections, row.id);
        if (!one.ok()) continue;
        std::string lines;
        for (const engine::LogLine& entry : one.value().view.log)
            lines += logText(entry) + "\n";
        write(row.id.value + ".log", lines);
    }
    write("history.txt", list);
    if (c.client)
        if (const auto picture = c.client->picture(); picture.ok())
            write("live.json", engine::encodeSnapshot(picture.value().snapshot));
    write("version.txt", fmt::format("sluicectl {}\n", SLUICE_VERSION));
    const size_t releases = rows.ok() ? rows.value().size() : 0;
    printAnswer(
        globals.json,
        fmt::format("{}: {}; it names secrets but holds none", folder, countText(releases, "release", "releases")),
        {{"folder", folder}, {"releases", releases}});
    return kYes;
}

} // namespace sluice::app::ctl
