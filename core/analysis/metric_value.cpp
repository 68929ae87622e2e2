// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/analysis/fixed.h"
#include "core/analysis/metric_board.h"
#include "core/model/value.h"

namespace sluice::analysis {

NoDataReason MetricBoard::unseen(const MetricWindow& pulse, const Scope& scope) const
{
    const int64_t storeNewest = m_store->newestMs == INT64_MIN ? SeenRing::kNever : secondOfMs(m_store->newestMs);
    if (scope.second - storeNewest > lateSeconds()) return NoDataReason::SourceDown;
    const int64_t last = pulse.lastSeen(scope.second);
    if (last < scope.cut || last == SeenRing::kNever) return NoDataReason::NeverSeen;
    if (scope.second - last > lateSeconds()) return NoDataReason::TooOld;
    if (!pulse.finite(last, m_intervalSeconds)) return NoDataReason::NotFinite;
    return NoDataReason::None;
}

Value MetricBoard::value(size_t metric, Track track, const Scope& scope) const
{
    const Entry& entry = m_metrics[metric];
    const MetricWindow& pulseWindow = window(pulse(entry), track);
    Value value{.why = unseen(pulseWindow, scope)};
    const int64_t seconds = std::max(wholeSeconds(scope.window.value_or(entry.metric.window)), m_intervalSeconds);
    int64_t last = pulseWindow.lastSeen(scope.second);
    // Some replicas' samples of the newest second come a moment later: without them a rate would look low.
    if (entry.metric.kind == MetricKind::Rate && value.why == NoDataReason::None)
        last = std::min(last, std::max(pulseWindow.slowest(lateSeconds()), scope.cut));
    value.upTo = last == SeenRing::kNever ? scope.second : last;
    value.after = value.upTo - seconds;
    // A gauge says what is now; its window only says how long it takes to settle after a new share.
    if (entry.metric.kind != MetricKind::Gauge) value.after = std::max(value.after, scope.cut - 1);
    if (value.why == NoDataReason::None) fill(entry, track, value, scope);
    return value;
}

void MetricBoard::fill(const Entry& entry, Track track, Value& value, const Scope& scope) const
{
    const MetricWindow& of = window(entry.of, track);
    const auto enough = [&](int64_t least) {
        value.known = value.requests >= std::max(least, entry.metric.minRequests);
        value.why = value.known ? NoDataReason::None : NoDataReason::TooFewRequests;
        return value.known;
    };
    switch (entry.metric.kind) {
    case MetricKind::Ratio: {
        const int64_t over = window(entry.over, track).sum(value.after, value.upTo);
        value.requests = over / kMillion;
        value.coveredSeconds = window(entry.over, track).covered(value.after, value.upTo);
        if (!of.finite(value.upTo, m_intervalSeconds)) {
            value.why = NoDataReason::NotFinite;
        } else if (enough(0) && over > 0) {
            value.millionths = mulDivNearest(of.sum(value.after, value.upTo), kMillion, over);
        } else {
            value.known = false;
            value.why = NoDataReason::TooFewRequests;
        }
        break;
    }
    case MetricKind::Rate:
    case MetricKind::Count: {
        const int64_t sum = of.sum(value.after, value.upTo);
        value.requests = sum / kMillion;
        value.coveredSeconds = of.covered(value.after, value.upTo);
        if (value.coveredSeconds == 0) {
            value.why = NoDataReason::NeverSeen;
        } else if (enough(0)) {
            const int64_t seconds = of.covered(of.grownSince(value.after, value.upTo), value.upTo);
            value.millionths = entry.metric.kind == MetricKind::Count ? sum : mulDivNearest(sum, 1, seconds);
        }
        break;
    }
    case MetricKind::Quantile:
        value.coveredSeconds = of.covered(value.after, value.upTo);
        value.requests = of.observations(value.after, value.upTo);
        if (enough(1)) fillQuantile(entry, of, value);
        break;
    case MetricKind::Gauge: {
        const auto gauge = of.gauge(*m_store, scope.second, scope.cut, freshSeconds() * 1000);
        value.known = gauge.known && gauge.finite;
        value.millionths = gauge.value;
        value.why = !gauge.known   ? NoDataReason::NeverSeen
                    : gauge.finite ? NoDataReason::None
                                   : NoDataReason::NotFinite;
        break;
    }
    }
}

void MetricBoard::fillQuantile(const Entry& entry, const MetricWindow& of, Value& value) const
{
    const Quantile found = quantileOf(of.buckets(value.after, value.upTo), entry.metric.quantilePpm);
    value.known = found.kind == Quantile::Kind::Value;
    value.atLeast = found.kind == Quantile::Kind::AboveTop;
    value.millionths = found.value;
    value.why = value.known ? NoDataReason::None : NoDataReason::NotFinite;
}

BaselineValue MetricBoard::baseline(size_t metric, const Value& canary, const Scope& scope, const Condition& rule,
                                    bool corrected) const
{
    const Entry& entry = m_metrics[metric];
    const MetricKind kind = entry.metric.kind;
    const bool additive = kind == MetricKind::Rate || kind == MetricKind::Count || kind == MetricKind::Gauge;
    const bool scaled = corrected && additive && entry.metric.scalesWithShare;

    BaselineValue out;
    switch (rule.baseline) {
    case Baseline::Stable:
        out = fromStable(entry, canary, scope, scaled);
        if (!out.known) out = fromBefore(entry, canary, scope, scaled);
        break;
    case Baseline::Before: out = fromBefore(entry, canary, scope, scaled); break;
    case Baseline::Fixed:
        out.known = true;
        out.millionths = scaled ? mulDiv(rule.fixedBaseline, shareOf(entry, canary), kMillion) : rule.fixedBaseline;
        break;
    }
    if (out.known && scaled && shareOf(entry, canary) == 0) {
        out.known = false;
        out.settling = true;
    }
    out.expected = kind == MetricKind::Rate ? mulDiv(out.millionths, canary.coveredSeconds, kMillion)
                   : additive               ? out.millionths / kMillion
                                            : canary.requests;
    return out;
}

int64_t MetricBoard::shareOf(const Entry& entry, const Value& canary) const
{
    if (entry.metric.kind == MetricKind::Gauge) return exposure.lowestSharePpm(canary.after, canary.upTo);
    int64_t weighted = 0;
    int64_t seconds = 0;
    for (const Exposure::Piece& piece : exposure.pieces(canary.after, canary.upTo)) {
        weighted += piece.sharePpm * (piece.upTo - piece.after);
        seconds += piece.upTo - piece.after;
    }
    return seconds == 0 ? 0 : weighted / seconds;
}

BaselineValue MetricBoard::fromStable(const Entry& entry, const Value& canary, const Scope& scope, bool scaled) const
{
    const auto index = static_cast<size_t>(&entry - m_metrics.data());
    const Value stable = value(index, Track::Stable, scope);
    if (!stable.known) return {};
    const MetricKind kind = entry.metric.kind;
    if (kind == MetricKind::Ratio || kind == MetricKind::Quantile)
        return {.known = true, .millionths = stable.millionths};
    // Ratios and quantiles show by their own count that nobody uses stable any more; the rest would just look low.
    for (const Exposure::Piece& piece : exposure.pieces(stable.after, stable.upTo))
        if (piece.sharePpm >= kMillion) return {};
    return scaled ? scaledStable(entry, canary, stable) : BaselineValue{.known = true, .millionths = stable.millionths};
}

BaselineValue MetricBoard::scaledStable(const Entry& entry, const Value& canary, const Value& stable) const
{
    const auto toCanary = [](int64_t amount, int64_t share) { return mulDivNearest(amount, share, kMillion - share); };
    if (entry.metric.kind == MetricKind::Gauge)
        return {.known = true, .millionths = toCanary(stable.millionths, shareOf(entry, canary))};

    const MetricWindow& of = window(entry.of, Track::Stable);
    int64_t expected = 0;
    for (const Exposure::Piece& piece : exposure.pieces(stable.after, stable.upTo))
        expected += toCanary(of.sum(piece.after, piece.upTo), piece.sharePpm);
    if (entry.metric.kind == MetricKind::Rate)
        expected = mulDivNearest(expected, 1, of.covered(of.grownSince(stable.after, stable.upTo), stable.upTo));
    return {.known = true, .millionths = expected};
}

BaselineValue MetricBoard::fromBefore(const Entry& entry, const Value& canary, const Scope& scope, bool scaled) const
{
    const BeforeTotals before = beforeAt(entry, scope.second);
    BaselineValue out{.isBefore = true};
    switch (entry.metric.kind) {
    case MetricKind::Ratio:
        out.known = before.over > 0 && before.over / kMillion >= entry.metric.minRequests;
        if (out.known) out.millionths = mulDivNearest(before.of, kMillion, before.over);
        return out;
    case MetricKind::Quantile: {
        const Quantile found = quantileOf(before.asBuckets(), entry.metric.quantilePpm);
        const bool enough = !before.buckets.empty() && before.buckets.rbegin()->second >= entry.metric.minRequests;
        out.known = found.kind == Quantile::Kind::Value && enough;
        out.millionths = found.value;
        return out;
    }
    case MetricKind::Rate:
    case MetricKind::Gauge:
        out.known = before.seconds > 0;
        if (out.known) out.millionths = mulDivNearest(before.of, 1, before.seconds);
        break;
    case MetricKind::Count:
        out.known = before.seconds > 0;
        if (out.known) out.millionths = mulDivNearest(before.of, canary.coveredSeconds, before.seconds);
        break;
    }
    if (scaled) out.millionths = mulDiv(out.millionths, shareOf(entry, canary), kMillion);
    return out;
}

} // namespace sluice::analysis
