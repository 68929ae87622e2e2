// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/exposure.h"

#include <algorithm>

#include "core/analysis/fixed.h"

namespace sluice::analysis {

namespace {

constexpr int64_t kRampSettles = 5; // a ramp inside a stage reports no instant at which it was applied
constexpr size_t kSpanLimit = 512;  // ramps by hand; older spans merge into the oldest kept

} // namespace

void Exposure::note(const JudgeContext& context, int64_t second)
{
    const bool exposed = context.stage >= 0;
    const int64_t share = exposed ? context.weight.ppm() : 0;
    const bool applied = context.appliedAt != WallTime{};
    const int64_t appliedSecond = applied ? firstSecondFrom(context.appliedAt) : kNotYet;

    if (m_spans.empty()) {
        m_spans.push_back({.from = kLongAgo, .applied = kLongAgo});
        if (exposed) { // no history: exposed since the stage was applied, or always
            const int64_t from = applied ? appliedSecond : kLongAgo;
            m_spans.push_back(
                {.from = from, .applied = from, .exposed = true, .stage = context.stage, .sharePpm = share});
        }
        return;
    }
    Span& last = m_spans.back();
    if (last.exposed == exposed && last.stage == context.stage && last.sharePpm == share) {
        if (!applied) return;
        // The judge may be a second ahead of the proxies' answer: then the weight has held from the span's first
        // second.
        if (last.applied == kNotYet)
            last.applied = std::max(appliedSecond, last.from);
        else if (appliedSecond > last.from && appliedSecond > last.applied)
            last.applied = appliedSecond;
        return;
    }
    const bool ramp = last.stage == context.stage;
    Span made{.from = std::max(second, last.from), .exposed = exposed, .stage = context.stage, .sharePpm = share};
    made.applied = appliedSecond;
    if (!exposed || (applied && appliedSecond < made.from)) made.applied = made.from + kRampSettles;
    if (ramp && !applied) made.applied = made.from + kRampSettles;
    m_spans.push_back(made);
    if (m_spans.size() > kSpanLimit) m_spans.erase(m_spans.begin() + 2); // the first exposure stays
}

bool Exposure::exposedAt(int64_t second) const
{
    for (auto span = m_spans.rbegin(); span != m_spans.rend(); ++span)
        if (span->from <= second) return span->exposed;
    return false;
}

std::optional<int64_t> Exposure::began() const
{
    const auto first = std::ranges::find(m_spans, true, &Span::exposed);
    if (first == m_spans.end()) return std::nullopt;
    return first->from;
}

std::vector<Exposure::Piece> Exposure::pieces(int64_t after, int64_t upTo) const
{
    std::vector<Piece> out;
    const auto put = [&](int64_t from, int64_t end, int64_t share) { // seconds [from, end)
        const Piece piece{.after = std::max(after, from - 1), .upTo = std::min(upTo, end - 1), .sharePpm = share};
        if (piece.after >= piece.upTo) return;
        if (!out.empty() && out.back().sharePpm == share) {
            out.back().upTo = piece.upTo;
        } else {
            out.push_back(piece);
        }
    };
    for (size_t i = 0; i < m_spans.size(); ++i) {
        const Span& span = m_spans[i];
        const int64_t end = i + 1 < m_spans.size() ? m_spans[i + 1].from : kNotYet;
        if (end <= after || span.from > upTo) continue;
        const int64_t settled = std::clamp(span.applied, span.from, end);
        const int64_t before = i > 0 ? m_spans[i - 1].sharePpm : span.sharePpm;
        put(span.from, settled, std::min(before, span.sharePpm));
        put(settled, end, span.sharePpm);
    }
    return out;
}

int64_t Exposure::lowestSharePpm(int64_t after, int64_t upTo) const
{
    int64_t lowest = kNotYet;
    for (const Piece& piece : pieces(after, upTo))
        lowest = std::min(lowest, piece.sharePpm);
    return lowest == kNotYet ? 0 : lowest;
}

} // namespace sluice::analysis
