// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy/checklist.h"

#include <algorithm>
#include <iterator>

namespace sluice::policy {

std::vector<ChecklistItem> openItems(const std::vector<ChecklistItem>& items,
                                     const std::function<bool(std::string_view)>& isTicked)
{
    std::vector<ChecklistItem> open;
    std::ranges::copy_if(items, std::back_inserter(open),
                         [&](const ChecklistItem& item) { return !isTicked(item.id); });
    return open;
}

const ChecklistItem* findItem(const Checklists& lists, std::string_view id)
{
    for (const auto* list : {&lists.pre, &lists.during, &lists.post}) {
        const auto found = std::ranges::find(*list, id, &ChecklistItem::id);
        if (found != list->end()) return &*found;
    }
    return nullptr;
}

bool duringListGates(int stage, int stageCount)
{
    return stage >= std::max(stageCount - 2, 0);
}

} // namespace sluice::policy
