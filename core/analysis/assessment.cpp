// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/assessment.h"

#include <algorithm>
#include <string_view>

namespace sluice::analysis {

const Reading* Assessment::reading(std::string_view metric) const
{
    const auto found = std::ranges::find(readings, metric, &Reading::metric);
    return found == readings.end() ? nullptr : &*found;
}

} // namespace sluice::analysis
