// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace sluice::analysis {

constexpr int64_t kInfiniteBound = INT64_MAX;

/// One histogram bucket as Prometheus counts it: everything up to and including `bound`.
struct Bucket {
    int64_t bound{0}; ///< millionths (µs for times); kInfiniteBound for +Inf
    int64_t count{0};
    friend bool operator==(const Bucket&, const Bucket&) = default;
};

struct Quantile {
    enum class Kind {
        None, ///< no observation, or no +Inf bucket
        Value,
        AboveTop, ///< in the open bucket: `value` is the highest finite bound, the truth lies somewhere above it
    };
    Kind kind{Kind::None};
    int64_t value{0};
    friend bool operator==(const Quantile&, const Quantile&) = default;
};

/// Linear inside a bucket, the lowest one from zero (Prometheus' histogram_quantile), but without its habit of
/// reporting the top bound for everything above it: there a higher limit would never fire.
/// `buckets` rising by bound; `quantilePpm` in 0..1'000'000.
Quantile quantileOf(const std::vector<Bucket>& buckets, int64_t quantilePpm);

} // namespace sluice::analysis
