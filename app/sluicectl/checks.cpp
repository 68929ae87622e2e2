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
#include "core/analysis/judge.h"
#include "core/engine/history.h"
#include "core/engine/snapshot_json.h"
#include "core/model/count_text.h"

namespace sluice::app::ctl {

namespace {

constexpr Duration kProbeLimit = std::chrono::seconds(8);

/// A line of a check: what, whether it is well, and what to do when it is not.
bool line(bool good, const std::string& what, const std::string& detail)
{
    fmt::print("{} {}{}\n", good ? "ok   " : "WRONG", what, detail.empty() ? "" : ": " + detail);
    return good;
}

const char* word(EndpointCheck::State state)
{
    switch (state) {
    case EndpointCheck::State::Good: return "ok   ";
    case EndpointCheck::State::Idle: return "-    ";
    case EndpointCheck::State::Wrong: return "WRONG";
    }
    return "";
}

/// What the targets' own playbooks read from each source; a playbook that cannot be read is a wrong line.
std::map<std::string, std::vector<std::string>> seriesOf(const Connections& connections, int& wrong)
{
    std::map<std::string, std::set<std::string>> names;
    for (const TargetConfig& target : connections.targets) {
        const auto text = playbookText(target.playbook, connections.directory);
        const auto playbook = text.ok() ? parsePlaybook(text.value(), target.playbook) : Result<Playbook>(text.error());
        if (!line(playbook.ok(), "playbook " + target.playbook, playbook.ok() ? "" : playbook.error().detail)) {
            ++wrong;
            continue;
        }
        const analysis::Judge judge(playbook.value(), {.service = target.service, .environment = target.environment});
        const auto read = judge.seriesNames();
        names[target.metrics].insert(read.begin(), read.end());
    }
    std::map<std::string, std::vector<std::string>> series;
    for (const auto& [source, all] : names)
        series[source] = {all.begin(), all.end()};
    return series;
}

struct Wrong {
    int parts{0};
    bool configuration{false}; ///< a proxy answers, but lacks what the split needs
};

/// Asks every endpoint of the file and changes nothing.
Wrong checkParts(const Connections& connections, const ports::Clock& clock)
{
    Wrong wrong;
    const auto series = seriesOf(connections, wrong.parts);
    for (const EndpointCheck& check : checkEndpoints(connections, series, clock, kProbeLimit)) {
        fmt::print("{} {} {}: {}\n", word(check.state), check.kind, check.name, check.detail);
        if (check.state == EndpointCheck::State::Wrong) ++wrong.parts;
        wrong.configuration = wrong.configuration || check.configuration;
    }
    return wrong;
}

void checkTools()
{
    for (const char* tool : {"haproxy", "prometheus"}) {
        bool found = false;
        for (const char* place : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
            found = found || access((std::string(place) + tool).c_str(), X_OK) == 0;
        line(true, std::string("tool ") + tool, found ? "installed" : "not installed; needed for the lab only");
    }
}

int checkStore(const Connections& connections, const Store& store)
{
    int wrong = 0;
    if (!line(store.journal != nullptr, "journal " + store.journalPath, store.problem)) return 1;
    if (const auto chain = store.journal->verify(); chain.ok()) {
        const std::string found =
            chain.value().intact ? countText(chain.value().events, "event", "events") + ", chain intact"
                                 : fmt::format("damaged from event {}; restore a backup", chain.value().firstDamaged);
        wrong += line(chain.value().intact, "record", found) ? 0 : 1;
    }
    if (const Outcome space = store.journal->freeSpaceOk();
        !line(space.ok(), "free space", space.ok() ? "" : space.error().detail))
        ++wrong;
    for (const TargetConfig& target : connections.targets) {
        const auto lease = store.journal->lease(target.id);
        if (!lease.ok()) continue;
        const bool held = lease.value() && !lease.value()->holder.empty() && !lease.value()->holderProvenDead;
        line(true, "lease of " + target.id.value,
             held ? "held by engine " + lease.value()->holder : "free: start the console or 'sluicectl engine'");
        const auto stop = store.safety->stopped(target.id);
        if (stop)
            wrong += line(false, "stop on " + target.id.value,
                          "fired by " + stop->person.value +
                              "; clear it with "
                              "'sluicectl stop clear' when it is safe")
                         ? 0
                         : 1;
    }
    return wrong;
}

} // namespace

int checkConnections(const Globals& globals, bool snippet)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return fail(file.error());
    const auto connections = loadConnections(file.value());
    if (!connections.ok()) return fail(connections.error());
    line(true, "file " + file.value(),
         countText(connections.value().targets.size(), "target", "targets") + ", " +
             countText(connections.value().people.size(), "person", "people"));
    const Store store = openStore(connections.value(), globals.store, StoreMode::FilesOnly);
    const Wrong wrong = checkParts(connections.value(), *store.clock);
    if (wrong.configuration || snippet)
        fmt::print("\nWhat a proxy needs (HAProxy 2.6 or later):\n{}", haproxySnippet(connections.value()));
    return wrong.parts > 0 ? kOut : kYes;
}

int doctor(const Globals& globals)
{
    const auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return fail(connections.error());
    checkTools();
    const Person* person = connections.value().personOfLogin(osLogin());
    line(person != nullptr, "you are " + osLogin(),
         person != nullptr ? person->id.value
                           : "nobody in the connections file; you may observe and fire an emergency");
    const Store store = openStore(connections.value(), globals.store, StoreMode::Observe);
    const int wrong = checkStore(connections.value(), store) + checkParts(connections.value(), *store.clock).parts;
    return wrong > 0 ? kOut : kYes;
}

int supportBundle(const Globals& globals, const std::string& folder)
{
    auto context = openContext(globals, StoreMode::Observe);
    if (!context.ok()) return fail(context.error());
    std::error_code problem;
    if (std::filesystem::exists(folder) || !std::filesystem::create_directories(folder, problem))
        return fail({Fault::BadInput, "'" + folder + "' is there already or cannot be made."});
    const auto write = [&](const std::string& name, const std::string& text) {
        std::ofstream(folder + "/" + name) << text;
    };
    Context& c = context.value();
    const auto file = connectionsFile(globals);
    std::filesystem::copy_file(file.value(), folder + "/connections.yaml", problem); // holds references, never secrets
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
    if (const auto picture = c.client->picture(); picture.ok())
        write("live.json", engine::encodeSnapshot(picture.value().snapshot));
    write("version.txt", fmt::format("sluicectl {}\n", SLUICE_VERSION));
    fmt::print("{}: {}; it names secrets but holds none\n", folder,
               countText(rows.ok() ? rows.value().size() : 0, "release", "releases"));
    return kYes;
}

} // namespace sluice::app::ctl
