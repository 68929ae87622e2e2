// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/model/connections.h"
#include "core/model/playbook.h"

namespace sluice::policy {

/// Whether `id` may own a rollout of this playbook: one of `people`, with a role that approves where a stage names
/// none, or that one of the stages names. BadInput for nobody we know, Refused without the role; both say who could.
Outcome mayOwn(const std::vector<Person>& people, const Playbook& playbook, const PersonId& id);

} // namespace sluice::policy
