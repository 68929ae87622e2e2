// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "app/sluice-lab/layout.h"
#include "app/sluice-lab/replica_page.h"

namespace sluice::app::lab {

/// What the replicas counted themselves, by track and version, over all replicas that ever ran in this lab. Users
/// are distinct over the replicas of a track.
class Ledger {
public:
    void add(Track track, const std::string& version, const ReplicaPage& page);
    nlohmann::json json() const;

private:
    struct Counts {
        uint64_t requests{0};
        uint64_t errors{0};
        uint64_t payments{0};
        uint64_t paymentFailures{0};
        uint64_t probes{0};
    };
    static nlohmann::json countsJson(const Counts& counts);
    std::map<std::pair<Track, std::string>, Counts> m_counts{};
    std::map<Track, std::unordered_set<uint64_t>> m_users{};
};

} // namespace sluice::app::lab
