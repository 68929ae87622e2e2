// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/quantile.h"

#include <algorithm>

#include "core/analysis/fixed.h"
#include "core/model/value.h"

namespace sluice::analysis {

Quantile quantileOf(const std::vector<Bucket>& buckets, int64_t quantilePpm)
{
    if (buckets.empty() || buckets.back().bound != kInfiniteBound) return {};
    // Replicas scraped at different moments can leave a sum that falls; a cumulative count never does.
    const int64_t total = std::ranges::max_element(buckets, {}, &Bucket::count)->count;
    if (total <= 0) return {};

    // The rank times a million, so that it stays an integer. Counts of one window stay far below 2^43.
    const int64_t rank = mulDiv(total, quantilePpm, 1);
    int64_t belowCount = 0;
    int64_t belowBound = 0;
    for (size_t i = 0; i + 1 < buckets.size(); ++i) {
        const int64_t count = std::max(buckets[i].count, belowCount);
        const int64_t bound = buckets[i].bound;
        if (count > 0 && rank <= mulDiv(count, kMillion, 1)) {
            if (bound <= belowBound) return {Quantile::Kind::Value, bound}; // a lowest bound of zero or less
            const int64_t into = rank - mulDiv(belowCount, kMillion, 1);
            const int64_t inside =
                mulDivNearest(bound - belowBound, std::max<int64_t>(into, 0), mulDiv(count - belowCount, kMillion, 1));
            return {Quantile::Kind::Value, belowBound + inside};
        }
        belowCount = count;
        belowBound = bound;
    }
    return {Quantile::Kind::AboveTop, belowBound};
}

} // namespace sluice::analysis
