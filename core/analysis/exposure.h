// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analysis/judge.h"

namespace sluice::analysis {

/// Which share was asked in which second, so that a sample is compared under the weight of its own time.
class Exposure {
public:
    /// What holds from `second` on. Calls with nothing new change nothing.
    void note(const JudgeContext& context, int64_t second);

    bool exposedAt(int64_t second) const;
    /// First second with exposure; none before the first stage.
    std::optional<int64_t> began() const;

    /// A run of seconds (after, upTo] with one asked share.
    struct Piece {
        int64_t after{0};
        int64_t upTo{0};
        int64_t sharePpm{0};
        friend bool operator==(const Piece&, const Piece&) = default;
    };
    /// Oldest first. While a new weight is on its way to the proxies the lower of old and new counts: a share that
    /// is not there yet must not look like lost traffic.
    std::vector<Piece> pieces(int64_t after, int64_t upTo) const;
    /// Lowest asked share in (after, upTo]. What accumulates slowly (active users) is compared with it.
    int64_t lowestSharePpm(int64_t after, int64_t upTo) const;

private:
    struct Span {
        int64_t from{0};
        int64_t applied{0}; ///< first second in which every proxy has the weight
        bool exposed{false};
        int stage{-1};
        int64_t sharePpm{0};
    };
    std::vector<Span> m_spans{}; ///< oldest first
};

} // namespace sluice::analysis
