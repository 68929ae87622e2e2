// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/measure.h"

#include <algorithm>
#include <ctime>

#include "core/base/check.h"

namespace sluice::bench {

namespace {

double read(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

} // namespace

double seconds()
{
    return read(CLOCK_MONOTONIC);
}

double threadCpuSeconds()
{
    return read(CLOCK_THREAD_CPUTIME_ID);
}

double median(std::vector<double> values)
{
    SLUICE_CHECK(!values.empty());
    std::ranges::sort(values);
    const size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double timed(const std::function<void()>& work)
{
    const double begin = seconds();
    work();
    return seconds() - begin;
}

Pair inTurns(int rounds, const std::function<void()>& ours, const std::function<void()>& theirs)
{
    std::vector<double> a;
    std::vector<double> b;
    for (int round = 0; round <= rounds; ++round) {
        const double one = timed(ours);
        const double other = timed(theirs);
        if (round == 0) continue;
        a.push_back(one);
        b.push_back(other);
    }
    return {.ours = median(a), .theirs = median(b)};
}

} // namespace sluice::bench
