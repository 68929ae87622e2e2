// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/context.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/composition/identity.h"
#include "core/engine/history.h"

namespace sluice::app::ctl {

namespace {

/// The engine speaks of what a person can do; here it is done by an option. The words are those of core's sentences;
/// options_test fails ("beyond a gate", "while another one runs") when one of them is said differently there.
std::string withOptions(std::string text)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kWords{
        {{"with force, a reason and a second person", "with --force, --reason and --second"},
         {"start with supersede", "start with --supersede"}}};
    for (const auto& [said, option] : kWords)
        if (const size_t at = text.find(said); at != std::string::npos) text.replace(at, said.size(), option);
    return text;
}

} // namespace

Result<NamedConnections> connectionsFile(const Globals& globals)
{
    if (!globals.connections.empty()) return NamedConnections{globals.connections, "--connections"};
    if (auto found = findNamedConnections()) return std::move(*found);
    return Error{Fault::BadInput, "There is no connections file: name one with --connections FILE or "
                                  "SLUICE_CONNECTIONS, or put connections.yaml here."};
}

Result<Connections> readConnectionsFile(const Globals& globals)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return file.error();
    auto read = loadConnections(file.value().path, file.value().namedBy);
    if (!read.ok() || globals.as.empty()) return read;
    const auto person = namedPerson(read.value(), globals.as); // also where nobody acts
    if (!person.ok()) return Error{Fault::BadInput, "--as: " + person.error().detail};
    return read;
}

namespace {

/// No file, or one without any byte.
bool isStillEmpty(const std::string& file)
{
    std::error_code none;
    if (!std::filesystem::exists(file, none)) return true;
    return std::filesystem::file_size(file, none) == 0 && !none;
}

std::string nothingYet(const std::string& path)
{
    std::error_code none;
    const std::string found = std::filesystem::exists(path, none) ? path + " is empty" : "there is no " + path;
    return "Nothing has run here yet (" + found + "): start 'sluicectl engine' or the console.";
}

} // namespace

namespace {

/// Journal, and picture where there is one.
Result<Context> openStores(const Globals& globals, StoreMode mode)
{
    const auto file = connectionsFile(globals);
    if (!file.ok()) return file.error();
    auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return connections.error();
    Context context{.globals = globals, .connections = std::move(connections).value(), .store = {}, .client = {}};
    context.store = openStore(context.connections, globals.store, mode);
    const std::string& path = context.store.journalPath;
    if (isNotMadeYet(context.store)) return Error{Fault::Unreachable, nothingYet(path)};
    if (!context.store.journal) return storeProblem(context.store, globals.store, file.value().path);
    if (context.store.samples)
        context.client = std::make_unique<Client>(*context.store.journal, *context.store.samples, *context.store.clock);
    return context;
}

std::string samplesPath(const Store& store)
{
    return (std::filesystem::path(store.journalPath).parent_path() / "samples.db").string();
}

/// "there is no /x/samples.db": why there is no picture.
std::string noSamples(const Store& store)
{
    const std::string samples = samplesPath(store);
    return isStillEmpty(samples) ? "there is no " + samples : samples + " cannot be opened";
}

} // namespace

bool isNotMadeYet(const Store& store)
{
    std::error_code none;
    const bool there = std::filesystem::exists(store.journalPath, none);
    const bool possible = there || store.problem.fault != Fault::BadInput; // else its folder is none
    return !store.journal && possible && isStillEmpty(store.journalPath);
}

Result<Context> openContext(const Globals& globals, StoreMode mode)
{
    auto context = openStores(globals, mode);
    if (!context.ok() || context.value().client) return context;
    const Store& store = context.value().store;
    const auto past = store.journal->rollouts(false, 1);
    if (past.ok() && past.value().empty()) return Error{Fault::Unreachable, nothingYet(samplesPath(store))};
    return Error{Fault::Unreachable,
                 fmt::format("No driver's picture lies beside {} ({}). 'history', 'log', 'why' and 'audit verify' read "
                             "it alone; 'sluicectl engine' or the console makes one.",
                             store.journalPath, noSamples(store))};
}

Result<Context> openRecord(const Globals& globals)
{
    auto context = openStores(globals, StoreMode::Observe);
    if (!context.ok() || context.value().client) return context;
    const Store& store = context.value().store;
    fmt::print(stderr, "The journal alone, without charts: {}.\n", noSamples(store));
    return context;
}

Result<Context> openFiles(const Globals& globals)
{
    auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return connections.error();
    Context context{.globals = globals, .connections = std::move(connections).value(), .store = {}, .client = {}};
    context.store = openStore(context.connections, globals.store, StoreMode::FilesOnly);
    return context;
}

Result<std::string> Context::ask(const rollout::Command& command, const rollout::Actor& actor)
{
    auto answer = client->ask(command, actor);
    if (answer.ok() || answer.error().fault != Fault::Refused) return answer;
    return Error{Fault::Refused, withOptions(answer.error().detail)};
}

Result<rollout::Actor> Context::actor(const TargetId& target) const
{
    const TargetConfig* config = connections.target(target);
    const bool lab = config != nullptr ? config->lab : std::ranges::all_of(connections.targets, &TargetConfig::lab);
    return identify(connections, globals.as, lab);
}

namespace {

bool fits(const engine::RolloutView& view, const std::string& name)
{
    return name.empty() || view.state.id.value.starts_with(name) || view.state.target.value == name ||
           view.service == name;
}

Result<const engine::RolloutView*> pick(const engine::Snapshot& snapshot, const std::string& name, bool endedToo)
{
    std::vector<const engine::RolloutView*> live;
    std::vector<const engine::RolloutView*> ended;
    for (const auto& view : snapshot.rollouts)
        if (fits(*view, name)) (rollout::isEnd(view->state.phase) ? ended : live).push_back(view.get());
    if (live.size() == 1) return live.front();
    if (live.size() > 1) {
        std::string all;
        for (const auto* view : live)
            all += "\n  " + view->state.id.value + "  " + view->state.target.value;
        const std::string these =
            name.empty() ? "Several rollouts are live" : "'" + name + "' means several live rollouts";
        return Error{Fault::BadInput, these + "; name one:" + all};
    }
    if (endedToo && !ended.empty())
        return *std::ranges::max_element(ended, {}, [](const auto* view) { return view->state.startedAt; });
    if (name.empty()) return Error{Fault::Refused, "No rollout is live."};
    return Error{Fault::BadInput, "No live rollout is called '" + name + "'; see 'sluicectl status'."};
}

} // namespace

Result<const engine::RolloutView*> pickLive(const engine::Snapshot& snapshot, const std::string& name)
{
    return pick(snapshot, name, false);
}

Result<const engine::RolloutView*> pickAny(const engine::Snapshot& snapshot, const std::string& name)
{
    return pick(snapshot, name, true);
}

Result<Live> openLive(const Globals& globals, const std::string& name)
{
    auto context = openContext(globals);
    if (!context.ok()) return context.error();
    auto picture = context.value().client->picture();
    if (!picture.ok()) return picture.error();
    const auto view = pickLive(picture.value().snapshot, name);
    if (!view.ok()) return view.error();
    return Live{std::move(context).value(), std::move(picture).value(), view.value()};
}

bool isShown(const engine::Snapshot& snapshot, const std::string& name)
{
    return std::ranges::any_of(snapshot.rollouts, [&](const auto& view) { return fits(*view, name); });
}

namespace {

/// The rows that a name means, newest first: the newest one of a target or service, else those whose id is or begins
/// with it.
Result<std::vector<ports::RolloutRow>> rowsNamed(const Context& context, const std::string& name)
{
    auto rows = context.store.journal->rollouts(false, kMostRollouts);
    if (!rows.ok()) return rows.error();
    const auto meant = [&](const ports::RolloutRow& row) {
        const TargetConfig* target = context.connections.target(row.target);
        return name.empty() || row.id.value == name || row.target.value == name ||
               (target != nullptr && target->service == name);
    };
    const auto one = std::ranges::find_if(rows.value(), meant);
    if (one != rows.value().end()) return std::vector<ports::RolloutRow>{*one};
    std::erase_if(rows.value(), [&](const ports::RolloutRow& row) { return !row.id.value.starts_with(name); });
    return rows;
}

Error several(const std::string& name, const std::vector<ports::RolloutRow>& rows)
{
    constexpr size_t kMostNamed = 10;
    std::string text = "Several rollouts begin with '" + name + "'; name one:";
    for (size_t i = 0; i < std::min(rows.size(), kMostNamed); ++i)
        text += fmt::format("\n  {}  {}  {} -> {}", rows[i].id.value, rows[i].target.value, rows[i].fromVersion,
                            rows[i].toVersion);
    if (rows.size() > kMostNamed)
        text += fmt::format("\n  and {} more; see 'sluicectl history'", rows.size() - kMostNamed);
    return {Fault::BadInput, text};
}

} // namespace

std::optional<Failure> refuseSeveral(const Context& context, const std::string& name)
{
    if (name.empty()) return std::nullopt;
    const auto rows = rowsNamed(context, name);
    if (!rows.ok()) return Failure(rows.error());
    if (rows.value().size() < 2) return std::nullopt;
    std::vector<std::string> ids;
    for (const ports::RolloutRow& row : rows.value())
        ids.push_back(row.id.value);
    return Failure(several(name, rows.value()), "rollout", ids);
}

Result<engine::RolloutView> pickPast(const Context& context, const std::string& name)
{
    const auto rows = rowsNamed(context, name);
    if (!rows.ok()) return rows.error();
    if (rows.value().size() > 1) return several(name, rows.value());
    if (rows.value().empty())
        return Error{Fault::BadInput, name.empty() ? "There has been no release yet."
                                                   : "No rollout begins with '" + name + "'; see 'sluicectl history'."};
    auto one = engine::readHistory(*context.store.journal, nullptr, context.connections, rows.value().front().id);
    if (!one.ok()) return one.error();
    return std::move(one).value().view;
}

std::vector<std::string> targetNames(const Connections& connections)
{
    std::vector<std::string> names;
    for (const TargetConfig& target : connections.targets)
        names.push_back(target.id.value);
    return names;
}

std::vector<std::string> personNames(const Connections& connections)
{
    std::vector<std::string> names;
    for (const Person& person : connections.people)
        names.push_back(person.id.value);
    return names;
}

Result<const TargetConfig*> pickTarget(const Connections& connections, const std::string& name)
{
    std::vector<const TargetConfig*> found;
    for (const TargetConfig& target : connections.targets)
        if (name.empty() || target.id.value == name || target.service == name) found.push_back(&target);
    if (found.size() == 1) return found.front();
    const std::string known = fmt::format("{}", fmt::join(targetNames(connections), ", "));
    if (found.empty()) return Error{Fault::BadInput, "There is no target '" + name + "'; known: " + known + "."};
    return Error{Fault::BadInput, "Name a target: " + known + "."};
}

} // namespace sluice::app::ctl
