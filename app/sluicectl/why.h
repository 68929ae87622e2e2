// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/engine/snapshot.h"
#include "core/model/connections.h"
#include "core/policy/approval.h"

namespace sluice::app::ctl {

/// The people of the connections file with their roles.
std::vector<policy::Voter> votersOf(const Connections& connections);
/// Every gate, open ones first, with what is required and who can end it; after a way back, what caused it.
void printWhy(const engine::RolloutView& view, const Connections& connections);
/// The same as an object: "waits" are the gates, a missing approval with the people who may give it and why the others
/// may not; "rollback" and "end" what an ended one says, "checklist" its items.
nlohmann::json whyJson(const engine::RolloutView& view, const Connections& connections);
/// Who of the connections file may give the approval that is asked for, and why the others may not. Nothing when none
/// is missing.
void printApprovers(const engine::RolloutView& view, const Connections& connections);

} // namespace sluice::app::ctl
