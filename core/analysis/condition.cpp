// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/condition.h"

#include "core/analysis/fixed.h"
#include "core/model/value.h"

namespace sluice::analysis {

namespace {

bool wantsAbove(Condition::Kind kind)
{
    switch (kind) {
    case Condition::Kind::Above:
    case Condition::Kind::AboveBaseline: return true;
    case Condition::Kind::Below:
    case Condition::Kind::Drops: return false;
    }
    return false;
}

/// The absolute limit, or why there is none.
NoDataReason setLimit(Judged& judged, const MetricBoard& board, size_t metric, const Condition& condition,
                      const Value& canary, const Scope& scope)
{
    if (condition.kind == Condition::Kind::Above || condition.kind == Condition::Kind::Below) {
        judged.limit = condition.limit;
        return NoDataReason::None;
    }
    const BaselineValue baseline = board.baseline(metric, canary, scope, condition);
    if (!baseline.known) return NoDataReason::NoBaseline;
    const bool drops = condition.kind == Condition::Kind::Drops;
    judged.limit = mulDiv(baseline.millionths, kMillion + (drops ? -condition.limit : condition.limit), kMillion);
    const Metric& rule = board.metric(metric);
    const bool counts = rule.kind != MetricKind::Gauge || rule.scalesWithShare;
    if (drops && counts && baseline.expected < kLeastExpectedForDrop) return NoDataReason::TooFewRequests;
    return NoDataReason::None;
}

} // namespace

Judged judge(const MetricBoard& board, const Condition& condition, Scope scope)
{
    const auto metric = board.indexOf(condition.metric);
    if (!metric) return {};
    if (condition.window) scope.window = condition.window;

    const Value canary = board.value(*metric, Track::Canary, scope);
    Judged judged{.why = canary.why};
    if (canary.known || canary.atLeast) judged.observed = canary.millionths;
    const NoDataReason limitMissing = setLimit(judged, board, *metric, condition, canary, scope);
    if (!judged.observed) return judged;
    if (limitMissing != NoDataReason::None) {
        judged.why = limitMissing;
        return judged;
    }
    const bool above = wantsAbove(condition.kind);
    if (canary.atLeast && canary.millionths < *judged.limit) return judged; // could lie on either side
    judged.why = NoDataReason::None;
    const bool beyondTop = canary.atLeast;
    const bool holds =
        above ? beyondTop || *judged.observed > *judged.limit : !beyondTop && *judged.observed < *judged.limit;
    judged.truth = holds ? Truth::True : Truth::False;
    return judged;
}

std::optional<int64_t> marginPpm(Condition::Kind kind, const Judged& judged)
{
    if (!judged.observed || !judged.limit) return std::nullopt;
    const int64_t room = wantsAbove(kind) ? *judged.limit - *judged.observed : *judged.observed - *judged.limit;
    if (*judged.limit == 0) return room < 0 ? -kMillion : room == 0 ? 0 : kMillion;
    return mulDiv(room, kMillion, *judged.limit < 0 ? -*judged.limit : *judged.limit);
}

} // namespace sluice::analysis
