// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/analysis/metric_board.h"

namespace sluice::analysis {

/// Fewer expected events than this say nothing about a drop.
constexpr int64_t kLeastExpectedForDrop = 100;

enum class Truth { False, True, NoData };

/// A condition, looked at once.
struct Judged {
    Truth truth{Truth::NoData};
    NoDataReason why{NoDataReason::NeverSeen};
    std::optional<int64_t> observed{};
    std::optional<int64_t> limit{}; ///< absolute, in the canary's own scale
};

/// Is it true of the canary? Values beyond the top bucket count as above every limit up to that bound.
Judged judge(const MetricBoard& board, const Condition& condition, Scope scope);

/// Room left to the limit in ppm of it; negative is beyond. None without a limit to measure by.
std::optional<int64_t> marginPpm(Condition::Kind kind, const Judged& judged);

} // namespace sluice::analysis
