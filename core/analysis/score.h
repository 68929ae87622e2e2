// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/analysis/metric_board.h"
#include "core/analysis/trigger_clock.h"

namespace sluice::analysis {

/// Which band an unrounded score lies in.
Band bandOf(const ScoreRule& rule, int64_t milli);

/// The score as of a second, with every part and the inputs of its formula. `explain` false leaves the texts out.
ScoreResult scoreAt(const MetricBoard& board, const ScoreRule& rule, const Scope& scope, bool explain);

/// Which band has held. A band counts from the moment the score was there or worse (or, on the way up, there or
/// better), so that a score that jumps between pause and rollback is held as pause.
class BandClock {
public:
    void sample(const ScoreRule& rule, Band band, int64_t second, HoldClock::Pace pace);
    void tooOld(int64_t second);
    void fill(ScoreResult& score) const;

private:
    void settle(const ScoreRule& rule);

    Band m_band{Band::Unknown};
    Band m_held{Band::Unknown};
    HoldClock m_same{};
    std::array<HoldClock, 4> m_orWorse{}; ///< proceed, watch, pause, rollback
    std::array<HoldClock, 4> m_orBetter{};
    std::optional<int64_t> m_unknownSince{};
};

} // namespace sluice::analysis
