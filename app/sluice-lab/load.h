// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/base/time.h"

namespace sluice::app::lab {

struct LoadPlan {
    std::vector<int> proxyPorts{};
    int rps{200};
    int users{20'000};
    Duration limit{0}; ///< stops by itself after this
};

/// User number `index` of the load and of probe-share: both use the same people.
std::string userName(uint64_t index);

/// User and proxy of request number `n`: all users are walked through in a fixed shuffled order, so every user
/// comes once before anyone comes again, and each proxy gets every second (third, …) request.
struct LoadStep {
    uint64_t user{0};
    size_t proxy{0};
};
LoadStep loadStep(uint64_t n, uint64_t users, size_t proxies);

/// Sends requests at a fixed rate, in one thread of its own, until the limit or destruction. A proxy that does not
/// answer holds at most its own share of the requests in flight; what does not fit is counted as missed.
class LoadGenerator {
public:
    struct Counts {
        std::atomic<uint64_t> sent{0};
        std::atomic<uint64_t> answered{0}; ///< by a replica, with any status
        std::atomic<uint64_t> unserved{0}; ///< by a proxy that had no replica to ask
        std::atomic<uint64_t> failed{0};   ///< refused or timed out
        std::atomic<uint64_t> missed{0};   ///< not sent, because too many were in flight
    };

    explicit LoadGenerator(LoadPlan plan);
    LoadGenerator(const LoadGenerator&) = delete;
    LoadGenerator& operator=(const LoadGenerator&) = delete;
    ~LoadGenerator();
    const Counts& counts() const { return m_counts; }
    void stop() { m_stop = true; }

private:
    void run();
    const LoadPlan m_plan;
    Counts m_counts{};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace sluice::app::lab
