// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/requirement.h"

namespace sluice::analysis {

RequirementResult judgeRequirement(const MetricBoard& board, const Requirement& requirement, const Scope& scope)
{
    const Condition& good = requirement.good;
    const Judged judged = judge(board, good, scope);
    const bool forbids = good.kind == Condition::Kind::AboveBaseline || good.kind == Condition::Kind::Drops;

    RequirementResult result{
        .metric = good.metric, .noData = judged.why, .observed = judged.observed, .limit = judged.limit};
    result.wantBelow = good.kind == Condition::Kind::Below || good.kind == Condition::Kind::AboveBaseline;
    if (judged.truth == Truth::NoData) return result;
    result.verdict = (judged.truth == Truth::True) != forbids ? Verdict::Pass : Verdict::Fail;
    if (result.verdict == Verdict::Pass && requirement.warnAt)
        result.warning =
            result.wantBelow ? *judged.observed >= *requirement.warnAt : *judged.observed <= *requirement.warnAt;
    return result;
}

} // namespace sluice::analysis
