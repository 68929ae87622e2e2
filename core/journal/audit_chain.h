// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/ports/journal.h"

// The hash chain over everything in the journal. Pure. The rule is written down for others in FORMAT.md.

namespace sluice::journal {

/// `previousHash` of the first record.
std::string chainStart();

/// The record as one line of canonical JSON: what is hashed. BadInput when a text is not UTF-8.
Result<std::string> canonicalEnvelope(const ports::StoredEvent& record);

/// SHA-256("sluice-event-1" ‖ previous hash (hex) ‖ canonical envelope), hex.
Result<std::string> chainHash(const ports::StoredEvent& record);

/// Records the journal writes itself stand in the same chain under an empty rollout id.
constexpr std::string_view kSummaryRecord = "journal.summary"; ///< a rollout's row was written
constexpr std::string_view kLeaseRecord = "journal.lease";     ///< a lease was taken, with who and why

constexpr std::string_view kClearedRecord = "journal.stop_cleared"; ///< a stop on a target without a rollout ended

/// Canonical JSON of what a kSummaryRecord says; `lastVersion` is not part of it (the events say it).
Result<std::string> summaryBody(const ports::RolloutRow& row);
/// Canonical JSON of what a kLeaseRecord says.
Result<std::string> leaseBody(const ports::LeaseRow& lease, bool forced, const std::string& reason);
/// Canonical JSON of what a kClearedRecord says, and back.
Result<std::string> clearedBody(const ports::ClearedStop& stop);
Result<ports::ClearedStop> clearedFrom(const std::string& body);

/// Walks the chain record by record and remembers what the tables beside it must say.
class ChainCheck {
public:
    /// False at the first record that does not fit; later ones are not looked at.
    bool take(const ports::StoredEvent& record);
    /// After the last record: the number and head that the journal itself remembers.
    void finish(int64_t gseq, const std::string& head);
    /// A row of the rollout table. Call for every row, then `missingRows`.
    void takeRow(const ports::RolloutRow& row);
    std::vector<RolloutId> rowsNotSeen() const;
    void missingRows();
    void takeLease(const std::string& target, int64_t epoch);
    /// The file itself cannot be read any further.
    void unreadable(const std::string& why);
    /// … or what stands beside the events.
    void unreadableBeside(const std::string& why);

    const ports::ChainVerdict& verdict() const { return m_verdict; }
    int64_t last() const { return m_last; }

private:
    struct Known {
        int64_t version{0};
        int64_t lastGseq{0};
        int64_t summaryGseq{0};
        std::string summary{};
        bool rowSeen{false};
    };
    bool takeOwn(const ports::StoredEvent& record);
    void damaged(int64_t gseq, std::string what);

    ports::ChainVerdict m_verdict{.head = chainStart()};
    int64_t m_last{0};
    std::map<std::string, Known> m_rollouts{};
    std::map<std::string, std::pair<int64_t, int64_t>> m_leases{}; ///< target → epoch, gseq
};

} // namespace sluice::journal
