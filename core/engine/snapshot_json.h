// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/engine/snapshot.h"

namespace sluice::engine {

/// The picture as JSON: for observers in other processes and for `--json`. Times are µs (int), enumerations are names.
/// Chart points are left out; observers read them from samples.db.
std::string encodeSnapshot(const Snapshot& snapshot);
/// One rollout of it, for `sluicectl status --json`.
std::string encodeRollout(const RolloutView& view);

/// Reads what encodeSnapshot() wrote. `playbooks` (by hash) saves reading the same playbook text every second.
Result<Snapshot> decodeSnapshot(const std::string& text,
                                std::map<std::string, std::shared_ptr<const Playbook>>& playbooks);

} // namespace sluice::engine
