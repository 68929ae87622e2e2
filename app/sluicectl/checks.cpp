// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/checks.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "app/composition/identity.h"
#include "app/sluicectl/haproxy_snippet.h"
#include "app/sluicectl/print.h"
#include "core/engine/history.h"
#include "core/engine/snapshot_json.h"

namespace sluice::app::ctl {

namespace {

constexpr int kLookEveryMs = 100;
constexpr Duration kProbeLimit = std::chrono::seconds(8);

/// A line of a check: what, whether it is well, and what to do when it is not.
bool line(bool good, const std::string& what, const std::string& detail)
{
    fmt::print("{} {}{}\n", good ? "ok   " : "WRONG", what, detail.empty() ? "" : ": " + detail);
    return good;
}

const char* stateText(engine::SourceStatus::State state)
{
    switch (state) {
    case engine::SourceStatus::State::Fresh: return "answers";
    case engine::SourceStatus::State::Late: return "late";
    case engine::SourceStatus::State::Gone: return "silent";
    case engine::SourceStatus::State::Never: return "never answered";
    }
    return "";
}

/// An observing engine on a throw-away journal asks every part without touching the real store or any weight.
int probeParts(const std::string& file)
{
    std::string folder = (std::filesystem::temp_directory_path() / "sluice-check.XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return fail({Fault::Unreachable, "No temporary folder can be made."});
    int wrong = 0;
    {
        auto composition = Composition::start({.connectionsFile = file,
                                               .store = folder + "/journal.db",
                                               .engineTitle = "connections check",
                                               .person = PersonId("check"),
                                               .drive = false});
        if (!composition.ok()) return fail(composition.error());
        const ports::Clock& clock = composition.value()->clock();
        const BootTime until = clock.now().boot + kProbeLimit;
        auto snapshot = composition.value()->engine().latest();
        const auto settled = [&] {
            for (const engine::SourceStatus& source : snapshot->sources)
                if (source.kind == "router" && source.state != engine::SourceStatus::State::Fresh) return false;
            return !snapshot->sources.empty();
        };
        while (!settled() && clock.now().boot < until) {
            poll(nullptr, 0, kLookEveryMs);
            snapshot = composition.value()->engine().latest();
        }
        for (const engine::SourceStatus& source : snapshot->sources) {
            if (source.kind == "metrics") continue; // asked only while a release runs
            const bool good = source.state == engine::SourceStatus::State::Fresh;
            if (!line(good, source.kind + " " + source.name, good ? stateText(source.state) : source.problem)) ++wrong;
        }
    }
    std::error_code ignored; // a folder in /tmp that cannot be removed harms nobody
    std::filesystem::remove_all(folder, ignored);
    return wrong == 0 ? kYes : kOut;
}

bool checkTools()
{
    bool good = true;
    for (const char* tool : {"haproxy", "prometheus", "socat"}) {
        bool found = false;
        for (const char* place : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
            found = found || access((std::string(place) + tool).c_str(), X_OK) == 0;
        line(true, std::string("tool ") + tool, found ? "installed" : "not installed; needed for the lab only");
        good = good && (found || std::string(tool) == "socat");
    }
    return good;
}

int checkStore(const Connections& connections, const Globals& globals)
{
    int wrong = 0;
    Store store = openStore(connections, globals.store, StoreMode::Observe);
    if (!line(store.journal != nullptr, "journal " + store.journalPath, store.problem)) return 1;
    if (const auto chain = store.journal->verify(); chain.ok()) {
        const std::string found =
            chain.value().intact ? fmt::format("{} events, chain intact", chain.value().events)
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

int checkConnections(const Globals& globals)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return fail(file.error());
    const auto connections = loadConnections(file.value());
    if (!connections.ok()) return fail(connections.error());
    line(true, "file " + file.value(),
         fmt::format("{} targets, {} people", connections.value().targets.size(), connections.value().people.size()));
    const int code = probeParts(file.value());
    if (code == kOut)
        fmt::print("\nWhat a proxy needs (HAProxy 2.6 or later):\n{}", haproxySnippet(connections.value()));
    return code;
}

int doctor(const Globals& globals)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return fail(file.error());
    const auto connections = loadConnections(file.value());
    if (!connections.ok()) return fail(connections.error());
    checkTools();
    const Person* person = connections.value().personOfLogin(osLogin());
    line(person != nullptr, "you are " + osLogin(),
         person != nullptr ? person->id.value
                           : "nobody in the connections file; you may observe and fire an emergency");
    const int wrong = checkStore(connections.value(), globals);
    const int parts = probeParts(file.value());
    return wrong > 0 || parts != kYes ? kOut : kYes;
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
    fmt::print("{}: {} releases; it names secrets but holds none\n", folder, rows.ok() ? rows.value().size() : 0);
    return kYes;
}

} // namespace sluice::app::ctl
