// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/model/playbook.h"

namespace sluice::policy {

/// The items of a list that nobody has ticked yet, in the playbook's order.
std::vector<ChecklistItem> openItems(const std::vector<ChecklistItem>& items,
                                     const std::function<bool(std::string_view)>& isTicked);

/// The item with this id in any of the three lists, or null.
const ChecklistItem* findItem(const Checklists& lists, std::string_view id);

/// The `during` list gates the last promotion, the one into the last stage, and what comes after it. A playbook with
/// a single stage is gated when it leaves that stage.
bool duringListGates(int stage, int stageCount);

} // namespace sluice::policy
