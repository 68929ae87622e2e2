// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluicectl/context.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/composition/identity.h"
#include "core/engine/history.h"

namespace sluice::app::ctl {

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

bool isStillEmpty(const std::string& journal)
{
    std::error_code none;
    if (!std::filesystem::exists(journal, none)) return true;
    return std::filesystem::file_size(journal, none) == 0 && !none;
}

Result<Context> openContext(const Globals& globals, StoreMode mode)
{
    auto connections = readConnectionsFile(globals);
    if (!connections.ok()) return connections.error();
    Context context{.globals = globals, .connections = std::move(connections).value(), .store = {}, .client = {}};
    context.store = openStore(context.connections, globals.store, mode);
    if (!context.store.journal) {
        const std::string& path = context.store.journalPath;
        if (!isStillEmpty(path)) return Error{Fault::Unreachable, context.store.problem};
        std::error_code none;
        const std::string found = std::filesystem::exists(path, none) ? path + " is empty" : "there is no " + path;
        return Error{Fault::Unreachable,
                     "Nothing has run here yet (" + found + "): start 'sluicectl engine' or the console."};
    }
    if (!context.store.samples)
        return Error{Fault::Unreachable, "samples.db beside " + context.store.journalPath + " cannot be opened."};
    context.client = std::make_unique<Client>(*context.store.journal, *context.store.samples, *context.store.clock);
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
        return Error{Fault::BadInput, "Several rollouts are live; name one:" + all};
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

Result<engine::RolloutView> pickPast(const Context& context, const std::string& name)
{
    const auto rows = context.store.journal->rollouts(false, kMostRollouts);
    if (!rows.ok()) return rows.error();
    const ports::RolloutRow* newest = nullptr;
    for (const ports::RolloutRow& row : rows.value()) {
        const TargetConfig* target = context.connections.target(row.target);
        const bool named = row.target.value == name || (target != nullptr && target->service == name);
        if (!named && !row.id.value.starts_with(name)) continue;
        if (newest == nullptr) newest = &row;
        if (named || name.empty()) break;
        if (newest != &row)
            return Error{Fault::BadInput, "Several rollouts begin with '" + name + "'; see 'sluicectl history'."};
    }
    if (newest == nullptr)
        return Error{Fault::BadInput, name.empty() ? "There has been no release yet."
                                                   : "No rollout begins with '" + name + "'; see 'sluicectl history'."};
    auto one = engine::readHistory(*context.store.journal, nullptr, context.connections, newest->id);
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
