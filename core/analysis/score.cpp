// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/score.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/analysis/fixed.h"
#include "core/model/value.h"

namespace sluice::analysis {

namespace {

// Points are computed in millionths of a thousandth and rounded once, at the end.
constexpr int64_t kFullPoints = 100'000 * kMillion;

struct PartPoints {
    std::optional<int64_t> points{}; ///< 0..kFullPoints
    std::string because{};
};

/// 100 points at `full`, none at `zero`, a straight line between.
int64_t onLine(int64_t value, int64_t full, int64_t zero)
{
    if (full == zero) return value <= full ? kFullPoints : 0;
    const int64_t span = full < zero ? zero - full : full - zero;
    const int64_t left = full < zero ? zero - value : value - zero;
    return mulDivNearest(std::clamp<int64_t>(left, 0, span), kFullPoints, span);
}

std::string noDataText(NoDataReason why)
{
    switch (why) {
    case NoDataReason::None: return "no data";
    case NoDataReason::NeverSeen: return "no sample yet";
    case NoDataReason::TooOld: return "the newest sample is too old";
    case NoDataReason::TooFewRequests: return "too few requests";
    case NoDataReason::NotFinite: return "the value is not a number or above the top bucket";
    case NoDataReason::SourceDown: return "the source does not answer";
    case NoDataReason::NoBaseline: return "there is no baseline";
    }
    return {};
}

PartPoints linear(const MetricBoard& board, size_t metric, const ScorePart& part, const Scope& scope, bool explain)
{
    const Metric& rule = board.metric(metric);
    const Value value = board.value(metric, Track::Canary, scope);
    PartPoints out;
    // Above the top bucket is beyond `zero` when the bound is: no points, and certainly so.
    const bool hopeless = value.atLeast && part.full < part.zero && value.millionths >= part.zero;
    if (value.known) out.points = onLine(value.millionths, part.full, part.zero);
    if (hopeless) out.points = 0;
    if (!explain) return out;
    out.because = !out.points ? fmt::format("{}: {}", rule.title, noDataText(value.why))
                              : fmt::format("{} {}{}; full points at {}, none at {}", rule.title,
                                            hopeless ? "above " : "", valueText(value.millionths, rule.unit),
                                            valueText(part.full, rule.unit), valueText(part.zero, rule.unit));
    return out;
}

PartPoints ofBaseline(const MetricBoard& board, size_t metric, const ScoreRule& score, const Scope& scope, bool explain)
{
    const Metric& rule = board.metric(metric);
    const Value value = board.value(metric, Track::Canary, scope);
    const BaselineValue baseline =
        board.baseline(metric, value, scope, Condition{.metric = rule.id}, score.shareCorrected);
    PartPoints out;
    if (value.known && baseline.known && baseline.millionths > 0) {
        const int64_t some = std::max<int64_t>(value.millionths, 0);
        out.points = std::min(mulDivNearest(some, kFullPoints, baseline.millionths), kFullPoints);
    }
    if (value.known && baseline.settling) out.points = kFullPoints; // nothing can be missing yet
    if (!explain) return out;
    const std::string seen = rule.title + ' ' + valueText(value.millionths, rule.unit);
    if (out.points && baseline.settling) {
        out.because = seen + "; the share is too new to expect any";
    } else if (out.points) {
        out.because = fmt::format("{} of {} expected{}", seen, valueText(baseline.millionths, rule.unit),
                                  baseline.isBefore ? " from before the release" : "");
    } else {
        out.because = fmt::format("{}: {}", rule.title, noDataText(value.known ? NoDataReason::NoBaseline : value.why));
    }
    return out;
}

/// A part is as good as the worst of its metrics; one without data leaves it without.
PartPoints partPoints(const MetricBoard& board, const ScoreRule& rule, const ScorePart& part, const Scope& scope,
                      bool explain)
{
    PartPoints worst{.because = "no metric"};
    for (size_t i = 0; i < part.metrics.size(); ++i) {
        const auto metric = board.indexOf(part.metrics[i]);
        if (!metric) return {.because = "unknown metric " + part.metrics[i]};
        PartPoints one = part.kind == ScorePart::Kind::Linear ? linear(board, *metric, part, scope, explain)
                                                              : ofBaseline(board, *metric, rule, scope, explain);
        if (!one.points) return one;
        if (i == 0 || *one.points < *worst.points) worst = std::move(one);
    }
    return worst;
}

bool heldFor(const HoldClock& clock, int64_t seconds)
{
    return clock.running() && clock.heldSeconds() >= seconds;
}

} // namespace

Band bandOf(const ScoreRule& rule, int64_t milli)
{
    if (milli >= rule.proceedMilli) return Band::Proceed;
    if (milli >= rule.watchMilli) return Band::Watch;
    if (milli >= rule.pauseMilli) return Band::Pause;
    return Band::Rollback;
}

ScoreResult scoreAt(const MetricBoard& board, const ScoreRule& rule, const Scope& scope, bool explain)
{
    Scope own = scope;
    own.window = rule.window;
    ScoreResult result;
    bool complete = !rule.parts.empty();
    int64_t sum = 0; // of points * weight; each term at most kFullPoints after the division
    for (const ScorePart& part : rule.parts) {
        PartPoints points = partPoints(board, rule, part, own, explain);
        complete = complete && points.points.has_value();
        sum += mulDivNearest(points.points.value_or(0), part.weightPpm, kMillion);
        if (!explain) continue;
        ScorePartResult shown{.id = part.id, .title = part.title, .weightPpm = part.weightPpm};
        if (points.points) shown.milliPoints = *points.points / kMillion;
        shown.because = std::move(points.because);
        result.parts.push_back(std::move(shown));
    }
    if (!complete) return result;
    // Each division above was right to half a millionth of a unit; together they must not cost a band.
    const auto slack = static_cast<int64_t>(2 * rule.parts.size());
    result.milli = std::clamp<int64_t>((sum + slack) / kMillion, 0, 100'000);
    result.band = bandOf(rule, *result.milli);
    return result;
}

void BandClock::sample(const ScoreRule& rule, Band band, int64_t second, HoldClock::Pace pace)
{
    if (band == Band::Unknown) {
        tooOld(second);
        return;
    }
    if (band != m_band && m_band != Band::Unknown) m_same.no();
    m_band = band;
    m_unknownSince.reset();
    m_same.yes(second, pace);
    const int now = static_cast<int>(band) - 1;
    for (int i = 0; i < 4; ++i) {
        HoldClock& worse = m_orWorse[static_cast<size_t>(i)];
        HoldClock& better = m_orBetter[static_cast<size_t>(i)];
        if (now >= i)
            worse.yes(second, pace);
        else
            worse.no();
        if (now <= i)
            better.yes(second, pace);
        else
            better.no();
    }
    settle(rule);
}

void BandClock::settle(const ScoreRule& rule)
{
    const int64_t hold = wholeSeconds(rule.hold);
    const int held = static_cast<int>(m_held) - 1; // -1: nothing held yet
    for (int worse = 3; worse > held; --worse)
        if (worse > 0 && heldFor(m_orWorse[static_cast<size_t>(worse)], hold)) {
            m_held = static_cast<Band>(worse + 1);
            return;
        }
    for (int better = 0; better < (held < 0 ? 4 : held); ++better)
        if (heldFor(m_orBetter[static_cast<size_t>(better)], hold)) {
            m_held = static_cast<Band>(better + 1);
            return;
        }
}

void BandClock::tooOld(int64_t second)
{
    if (!m_unknownSince) m_unknownSince = second;
    m_same.noData(second);
    for (HoldClock& clock : m_orWorse)
        clock.noData(second);
    for (HoldClock& clock : m_orBetter)
        clock.noData(second);
    if (second - *m_unknownSince < kNoDataResetsAfterSeconds) return;
    m_band = Band::Unknown;
    m_held = Band::Unknown;
}

void BandClock::fill(ScoreResult& score) const
{
    score.heldBand = m_held;
    score.bandFor = std::chrono::seconds(score.band == m_band ? m_same.heldSeconds() : 0);
}

} // namespace sluice::analysis
