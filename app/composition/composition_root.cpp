// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/composition_root.h"
#include "app/composition/version_files.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/composition/problem_lines.h"
#include "app/composition/real_ports.h"
#include "core/adapters/system_clock.h"
#include "core/engine/threaded_engine.h"
#include "core/journal/sqlite_journal.h"
#include "core/journal/sqlite_sample_store.h"
#include "core/journal/stop_files.h"
#include "core/model/yaml_tree.h"

namespace sluice::app {

namespace {

std::string journalPath(const Connections& connections, const std::string& storeOverride)
{
    std::error_code none;
    if (!storeOverride.empty()) return std::filesystem::absolute(storeOverride, none).string(); // typed, not written
    const std::filesystem::path path = connections.store;
    return path.is_absolute() ? path.string() : (std::filesystem::path(connections.directory) / path).string();
}

std::string besides(const std::string& journal, const std::string& name)
{
    return (std::filesystem::path(journal).parent_path() / name).string();
}

journal::OpenMode openMode(StoreMode mode)
{
    switch (mode) {
    case StoreMode::Create: return journal::OpenMode::Create;
    case StoreMode::Existing: return journal::OpenMode::Existing;
    case StoreMode::Observe:
    case StoreMode::FilesOnly: return journal::OpenMode::Observe;
    }
    return journal::OpenMode::Observe;
}

/// Why it is no file to read, and what would be one.
std::string notReadable(const std::filesystem::path& path, bool folder)
{
    std::error_code none;
    if (folder)
        return "is a folder; name the file in it, e.g. '" + (path / "connections.yaml").lexically_normal().string() +
               "'.";
    if (!std::filesystem::exists(path, none))
        return "is not there; name one that is, e.g. --connections connections.yaml.";
    return "cannot be read; look at its permissions.";
}

/// What else than a file is there, or stands where its folder should be.
Outcome canHoldAJournal(const std::filesystem::path& path)
{
    std::error_code none;
    const auto file = std::filesystem::status(path, none);
    if (std::filesystem::exists(file) && !std::filesystem::is_regular_file(file) &&
        !std::filesystem::is_directory(file)) // which says itself what to name in it
        return Error{Fault::BadInput, path.string() + " is no file; a journal is one, e.g. journal.db."};
    const std::filesystem::path folder = path.parent_path();
    if (std::filesystem::exists(folder, none) && !std::filesystem::is_directory(folder, none))
        return Error{Fault::BadInput, folder.string() + " is a file and no folder that could hold a journal."};
    return Done{};
}

/// Where a connections file names its store: "connections.yaml:3:8: store: ".
std::string storeLine(const std::string& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const YamlRead read = readYaml(text.str(), file);
    if (const YamlNode* node = read.root.find("store"))
        return fmt::format("{}:{}:{}: store: ", file, node->line, node->column);
    return file + ": store (journal.db beside it, since the file names none): ";
}

} // namespace

Result<Connections> loadConnections(const std::string& file, const std::string& namedBy)
{
    std::error_code none;
    const std::filesystem::path path = std::filesystem::absolute(file, none);
    std::ifstream in(path, std::ios::binary);
    const bool folder = std::filesystem::is_directory(path, none);
    if (!in || folder) {
        const std::string by = namedBy.empty() ? "" : " (named by " + namedBy + ")";
        return Error{Fault::BadInput, "The connections file '" + file + "'" + by + " " + notReadable(path, folder)};
    }
    std::ostringstream text;
    text << in.rdbuf();
    auto read = readConnections(text.str(), file, path.parent_path().string());
    if (auto* good = std::get_if<Connections>(&read)) return std::move(*good);
    return asError(std::get<std::vector<Problem>>(read));
}

Store openStore(const Connections& connections, const std::string& storeOverride, StoreMode mode)
{
    Store store;
    store.journalPath = journalPath(connections, storeOverride);
    const std::string folder = std::filesystem::path(store.journalPath).parent_path().string();
    store.clock = std::make_unique<adapters::SystemClock>();
    store.safety = std::make_unique<journal::StopFiles>(folder);
    store.emergency = std::make_unique<EmergencyPath>(folder, connections);
    if (mode == StoreMode::FilesOnly) return store;
    if (Outcome possible = canHoldAJournal(store.journalPath); !possible.ok()) {
        store.problem = possible.error();
        return store;
    }
    auto opened = journal::SqliteJournal::open(store.journalPath, *store.clock, openMode(mode));
    if (opened.ok())
        store.journal = std::move(opened).value();
    else
        store.problem = opened.error();
    auto samples =
        journal::SqliteSampleStore::open(besides(store.journalPath, "samples.db"), *store.clock, openMode(mode));
    if (samples.ok()) store.samples = std::move(samples).value();
    return store;
}

Error storeProblem(const Store& store, const std::string& storeOverride, const std::string& connectionsFile)
{
    const std::string by = storeOverride.empty() ? storeLine(connectionsFile) : "--store: ";
    const Error& why = store.problem;
    if (why.fault == Fault::BadInput) return {Fault::BadInput, by + why.detail};
    const bool damaged = why.fault == Fault::Internal;
    return {Fault::Unreachable,
            by + why.detail + (damaged ? " Put a backup in its place, or name another file, e.g. journal.db." : "")};
}

/// Order of members = order of life: the engine's thread ends first, then the ports, then the store.
struct Composition::Parts {
    Connections connections{};
    Store store{};
    RealPorts ports{};
    std::unique_ptr<engine::ThreadedEngine> engine{std::make_unique<engine::ThreadedEngine>()};

    ~Parts()
    {
        engine->stop();
        ports = {}; // they post into the engine's queue until they are gone
    }
    engine::EngineParts engineParts(const CompositionOptions& options) const;
};

engine::EngineParts Composition::Parts::engineParts(const CompositionOptions& options) const
{
    engine::EngineParts parts;
    parts.connections = connections;
    parts.engineId = fmt::format("{}-{}", getpid(), micros(store.clock->now().wall));
    parts.engineTitle = options.engineTitle;
    parts.person = options.person;
    parts.drive = options.drive;
    parts.clock = store.clock.get();
    parts.journal = store.journal.get();
    parts.samples = store.samples.get();
    parts.safety = store.safety.get();
    parts.emergency = store.emergency.get();
    parts.router = ports.router.get();
    parts.health = ports.health.get();
    for (const auto& [name, source] : ports.sources)
        parts.sources[name] = source.get();
    for (const auto& [name, deployer] : ports.deployers)
        parts.deployers[name] = deployer.get();
    const std::string path = store.journalPath;
    const ports::Clock* clock = store.clock.get();
    parts.versions = [](const TargetConfig& target) { return versionsAt(target.versions); };
    parts.openJournal = [path, clock]() -> Result<std::unique_ptr<ports::Journal>> {
        auto opened = journal::SqliteJournal::open(path, *clock, journal::OpenMode::Observe);
        if (!opened.ok()) return opened.error();
        return std::unique_ptr<ports::Journal>(std::move(opened).value());
    };
    parts.openSamples = [path, clock]() -> Result<std::unique_ptr<ports::SampleStore>> {
        auto opened = journal::SqliteSampleStore::open(besides(path, "samples.db"), *clock, journal::OpenMode::Observe);
        if (!opened.ok()) return opened.error();
        return std::unique_ptr<ports::SampleStore>(std::move(opened).value());
    };
    return parts;
}

Composition::Composition(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}
Composition::~Composition() = default;

Result<std::unique_ptr<Composition>> Composition::start(const CompositionOptions& options)
{
    auto connections = loadConnections(options.connectionsFile);
    if (!connections.ok()) return connections.error();
    auto parts = std::make_unique<Parts>();
    parts->connections = std::move(connections).value();
    parts->store = openStore(parts->connections, options.store, StoreMode::Create);
    if (!parts->store.journal) return storeProblem(parts->store, options.store, options.connectionsFile);
    parts->ports = makeRealPorts(parts->connections, parts->engine->sink(), *parts->store.clock);
    if (Outcome started = parts->engine->start(parts->engineParts(options)); !started.ok()) return started.error();
    return std::unique_ptr<Composition>(new Composition(std::move(parts)));
}

engine::Engine& Composition::engine()
{
    return *m_parts->engine;
}
const Connections& Composition::connections() const
{
    return m_parts->connections;
}
const ports::Clock& Composition::clock() const
{
    return *m_parts->store.clock;
}
const Store& Composition::store() const
{
    return m_parts->store;
}

} // namespace sluice::app
