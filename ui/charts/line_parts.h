// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/judge.h"

namespace sluice::ui {

/// Between points that lie further apart than this there are no samples: some intervals, as the newest points show
/// them. INT64_MAX when they are too few to tell.
int64_t gapOf(const std::vector<analysis::ChartPoint>& points);

/// A line in its unbroken parts, oldest first: missing samples are a gap and never a slope. The parts lie in `points`.
std::vector<std::span<const analysis::ChartPoint>> unbroken(const std::vector<analysis::ChartPoint>& points,
                                                            int64_t gapUs);

} // namespace sluice::ui
