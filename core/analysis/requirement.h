// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/condition.h"

namespace sluice::analysis {

/// A requirement now: Above and Below state what is good, AboveBaseline and Drops what must not be.
RequirementResult judgeRequirement(const MetricBoard& board, const Requirement& requirement, const Scope& scope);

} // namespace sluice::analysis
