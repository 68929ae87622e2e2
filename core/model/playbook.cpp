// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/playbook.h"

#include <algorithm>
#include <string_view>

namespace sluice {

const Metric* Playbook::metric(std::string_view id) const
{
    const auto found = std::ranges::find(metrics, id, &Metric::id);
    return found == metrics.end() ? nullptr : &*found;
}

} // namespace sluice
