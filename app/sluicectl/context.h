// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/composition/client.h"
#include "app/composition/composition_root.h"
#include "app/composition/find_connections.h"
#include "app/sluicectl/answer.h"
#include "core/base/result.h"
#include "core/model/connections.h"
#include "core/rollout/command.h"

namespace sluice::app::ctl {

constexpr int kMostRollouts = 100'000;

/// Options that every command takes.
struct Globals {
    std::string connections{}; ///< empty: $SLUICE_CONNECTIONS, ./connections.yaml, ~/.config/sluice/connections.yaml
    std::string store{};
    std::string as{};
    bool json{false};
};

/// What a command works on: connections, store, and the driver's picture when it is asked for.
struct Context {
    Globals globals{};
    Connections connections{};
    Store store{};
    std::unique_ptr<Client> client{};

    /// Asks whoever drives; a refusal names the options that lead further. Blocks until the answer is there, at most
    /// Client::kAnswerLimit (10 s); then up to 2 s for a picture that shows it, or without an answer up to 10 s more
    /// for a journal that somebody holds to let the request be withdrawn.
    Result<std::string> ask(const rollout::Command& command, const rollout::Actor& actor);
    /// Who asks on this target (or on any, when it is empty).
    Result<rollout::Actor> actor(const TargetId& target) const;
};

/// Opens everything a client needs. BadInput with every problem of the connections file, or where no journal can be; a
/// journal that cannot be opened is Unreachable.
Result<Context> openContext(const Globals& globals, StoreMode mode = StoreMode::Existing);

/// The journal to look into, with the driver's picture where one lies beside it (`client` is null otherwise): a backup
/// has neither picture nor charts, which is said on stderr. Nothing is written.
Result<Context> openRecord(const Globals& globals);

/// The files beside the journal, not the journal: a driver that was frozen in the middle of a write would hold us as
/// long as it takes to give up.
Result<Context> openFiles(const Globals& globals);

/// The file that `globals` and the environment name; BadInput when there is none.
Result<NamedConnections> connectionsFile(const Globals& globals);
/// Reads that file: BadInput with every problem, and when --as names nobody of it.
Result<Connections> readConnectionsFile(const Globals& globals);

/// Whether there is no journal yet where one could be: no file, or one without any byte.
bool isNotMadeYet(const Store& store);

/// A live rollout by id, unique prefix of an id, or target; without a name the only live one.
Result<const engine::RolloutView*> pickLive(const engine::Snapshot& snapshot, const std::string& name);
/// Like pickLive, but the newest ended one is good too.
Result<const engine::RolloutView*> pickAny(const engine::Snapshot& snapshot, const std::string& name);
/// What a command that acts on a live rollout works on.
struct Live {
    Context context{};
    Client::Picture picture{};
    const engine::RolloutView* view{nullptr}; ///< of `picture`
};
/// openContext(), the driver's picture, and pickLive() on it.
Result<Live> openLive(const Globals& globals, const std::string& name);
/// Whether the picture has a rollout of that name at all.
bool isShown(const engine::Snapshot& snapshot, const std::string& name);
/// BadInput with the candidates when `name` is the beginning of several ids of the journal; whoever only looks would
/// not see which one is shown. Who acts means one of the live ones (pickLive).
std::optional<Failure> refuseSeveral(const Context& context, const std::string& name);
/// A past or running rollout of the journal by the beginning of its id, or the newest of a target or service, or of
/// all.
Result<engine::RolloutView> pickPast(const Context& context, const std::string& name);
/// What can stand for a target and for a person.
std::vector<std::string> targetNames(const Connections& connections);
std::vector<std::string> personNames(const Connections& connections);
/// A target by name, by service, or the only one.
Result<const TargetConfig*> pickTarget(const Connections& connections, const std::string& name);

} // namespace sluice::app::ctl
