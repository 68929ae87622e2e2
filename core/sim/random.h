// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sluice::sim {

inline constexpr int64_t kManyTrials = 10'000; ///< beyond, a rare hit is Poisson's

/// Seeded generator (SplitMix64): the same seed gives the same world on every machine and compiler, which
/// std::*_distribution does not promise.
class Random {
public:
    explicit Random(uint64_t seed)
        : m_state(seed)
    {
    }

    uint64_t next()
    {
        uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// [0, 1)
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    /// [0, bound); bound > 0
    uint64_t below(uint64_t bound) { return next() % bound; }
    bool chance(double probability) { return uniform() < probability; }

    /// Exact for small means, normal approximation above 60 (the world needs shape, not tails).
    int64_t poisson(double mean)
    {
        if (mean <= 0) return 0;
        if (mean > 60) return std::max<int64_t>(0, std::llround(mean + std::sqrt(mean) * normal()));
        const double limit = std::exp(-mean);
        double product = uniform();
        int64_t count = 0;
        while (product > limit) {
            product *= uniform();
            ++count;
        }
        return count;
    }
    int64_t binomial(int64_t n, double p)
    {
        if (n <= 0 || p <= 0) return 0;
        if (p >= 1) return n;
        if (n > 200 && static_cast<double>(n) * p > 30 && static_cast<double>(n) * (1 - p) > 30) {
            const double mean = static_cast<double>(n) * p;
            const auto drawn = std::llround(mean + std::sqrt(mean * (1 - p)) * normal());
            return std::min<int64_t>(n, std::max<int64_t>(0, drawn));
        }
        if (n > kManyTrials) {
            const bool rare = static_cast<double>(n) * p <= 30;
            const int64_t few = std::min(n, poisson(static_cast<double>(n) * (rare ? p : 1 - p)));
            return rare ? few : n - few;
        }
        int64_t hits = 0;
        for (int64_t i = 0; i < n; ++i)
            hits += chance(p) ? 1 : 0;
        return hits;
    }
    /// Box-Muller, one of the pair.
    double normal()
    {
        const double u = 1.0 - uniform();
        return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * uniform());
    }

private:
    uint64_t m_state;
};

} // namespace sluice::sim
