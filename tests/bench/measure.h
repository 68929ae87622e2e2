// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

namespace sluice::bench {

/// Seconds on the monotonic clock, for differences only.
double seconds();
/// Seconds of CPU that this thread has used.
double threadCpuSeconds();

double median(std::vector<double> values);
/// Seconds that one call takes.
double timed(const std::function<void()>& work);

/// Two ways to the same end, measured in turns so that a slow minute of the machine hits both.
struct Pair {
    double ours{0}; ///< medians, seconds
    double theirs{0};
    double ratio() const { return ours / theirs; }
};
/// One round of both is thrown away first.
Pair inTurns(int rounds, const std::function<void()>& ours, const std::function<void()>& theirs);

} // namespace sluice::bench
