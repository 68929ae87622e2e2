// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sluice-lab/ledger.h"

#include <nlohmann/json.hpp>

namespace sluice::app::lab {

void Ledger::add(Track track, const std::string& version, const ReplicaPage& page)
{
    Counts& counts = m_counts[{track, version}];
    counts.requests += page.requests;
    counts.errors += page.errors;
    counts.payments += page.payments;
    counts.paymentFailures += page.paymentFailures;
    counts.probes += page.probes;
    for (const uint64_t hash : page.userHashes())
        m_users[track].insert(hash);
}

nlohmann::json Ledger::countsJson(const Counts& counts)
{
    return {{"requests", counts.requests},
            {"errors", counts.errors},
            {"payments", counts.payments},
            {"payment_failures", counts.paymentFailures},
            {"probes", counts.probes}};
}

nlohmann::json Ledger::json() const
{
    nlohmann::json tracks = nlohmann::json::object();
    for (const Track track : kTracks) {
        Counts sum;
        nlohmann::json versions = nlohmann::json::object();
        for (const auto& [key, counts] : m_counts) {
            if (key.first != track) continue;
            versions[key.second] = countsJson(counts);
            sum.requests += counts.requests;
            sum.errors += counts.errors;
            sum.payments += counts.payments;
            sum.paymentFailures += counts.paymentFailures;
            sum.probes += counts.probes;
        }
        nlohmann::json entry = countsJson(sum);
        const auto users = m_users.find(track);
        entry["users"] = users == m_users.end() ? 0 : users->second.size();
        entry["versions"] = versions;
        tracks[trackName(track)] = entry;
    }
    return tracks;
}

} // namespace sluice::app::lab
