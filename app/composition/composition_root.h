// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "app/composition/emergency_path.h"
#include "core/engine/engine.h"
#include "core/model/connections.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/safety_files.h"

namespace sluice::app {

/// Reads a connections file from disk; problems come back as one BadInput with a line each
/// ("file:line:column: path: what is wrong"). A file that is none is said with who named it, when that is given.
Result<Connections> loadConnections(const std::string& file, const std::string& namedBy = {});

/// What lies beside a connections file: journal, samples, safety files. Programs that only ask and read use this.
struct Store {
    std::string journalPath{};
    std::unique_ptr<ports::Clock> clock{};
    std::unique_ptr<ports::Journal> journal{}; ///< null when it cannot be opened: storeProblem() says why
    std::unique_ptr<ports::SampleStore> samples{};
    std::unique_ptr<ports::SafetyFiles> safety{};
    std::unique_ptr<EmergencyPath> emergency{};
    Error problem{};
};

/// FilesOnly: neither journal nor samples are touched, so nobody who holds them can delay what is done with the rest.
enum class StoreMode { Create, Existing, Observe, FilesOnly };

/// `storeOverride` is relative to the working directory, the file's own `store` to the file. Never fails as a whole:
/// the emergency path and the safety files work without the journal.
Store openStore(const Connections& connections, const std::string& storeOverride, StoreMode mode);

/// Why a store has no journal, and who named it: "--store: …", or "connections.yaml:3:8: store: …". BadInput where no
/// journal can be (a folder, a device), Unreachable otherwise.
Error storeProblem(const Store& store, const std::string& storeOverride, const std::string& connectionsFile);

struct CompositionOptions {
    std::string connectionsFile{};
    std::string store{};       ///< overrides the file's `store`
    std::string engineTitle{}; ///< as everybody reads it: "the console (ana)", "sluicectl engine (ana)"
    PersonId person{};         ///< who runs the engine
    bool drive{true};
};

/// Real ports and a running engine for a connections file: the only place that names concrete adapters.
class Composition {
public:
    static Result<std::unique_ptr<Composition>> start(const CompositionOptions& options);
    ~Composition();

    engine::Engine& engine();
    const Connections& connections() const;
    const ports::Clock& clock() const;
    const Store& store() const;

private:
    struct Parts;
    explicit Composition(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace sluice::app
