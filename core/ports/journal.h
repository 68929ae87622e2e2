// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/time.h"

// The memory of the engine. Synchronous: called from one thread per object, blocks for a commit (about 1 ms) and at
// most the busy time-out (2 s). Observers open their own object on the same file.

namespace sluice::ports {

/// An event ready to store: `body` is canonical JSON (sorted keys, integers only).
struct NewEvent {
    std::string type{};
    int schema{1};
    std::string body{};
    std::string actor{}; ///< canonical JSON of rollout::Actor
    WallTime at{};
    std::string inboxId{};
};

/// A stored event; `hash` = SHA-256("sluice-event-1" ‖ previous hash ‖ canonical envelope), hex.
struct StoredEvent {
    int64_t gseq{0};
    RolloutId rollout{};
    int64_t version{0};
    int64_t epoch{0};
    NewEvent event{};
    std::string previousHash{};
    std::string hash{};
};

struct Append {
    TargetId target{};
    RolloutId rollout{};
    int64_t afterVersion{0}; ///< the version the decision was made at
    int64_t epoch{0};
    std::vector<NewEvent> events{};
    bool safeDirection{false}; ///< a rollback: on a full disk the ballast is given up for it
};

enum class Appended {
    Stored,   ///< committed, all of them
    Fenced,   ///< the lease moved on: become an observer, send nothing more
    Conflict, ///< somebody else decided at this version
    Unknown,  ///< the commit may or may not be there: reopen and read
};

struct LeaseRow {
    TargetId target{};
    int64_t epoch{0};
    std::string holder{}; ///< engine id; empty = nobody
    PersonId person{};
    int64_t renewNo{0};
    WallTime renewedAt{}; ///< display only
    bool holderProvenDead{false}; ///< its lock file is free: take over at once
};

/// A request to whoever drives, and its answer.
struct InboxRow {
    std::string id{};
    PersonId person{};
    std::string proof{};
    std::string command{}; ///< canonical JSON (core/journal/command_codec.h)
    WallTime askedAt{};
    std::string answer{};  ///< empty = not yet; else "accepted" or "refused: <reason>"
};

struct RolloutRow {
    RolloutId id{};
    TargetId target{};
    std::string fromVersion{};
    std::string toVersion{};
    std::string playbook{};
    std::string outcome{}; ///< empty while it runs; else the last phase's name
    PersonId startedBy{};
    WallTime startedAt{};
    std::optional<WallTime> endedAt{};
    int64_t lastVersion{0};
};

struct ChainVerdict {
    bool intact{true};
    int64_t events{0};
    int64_t firstDamaged{0}; ///< gseq
    std::string what{};
    std::string head{};
};

class Journal {
public:
    virtual ~Journal() = default;

    // Events. Append checks lease epoch and version in its own transaction and is idempotent.
    virtual Result<Appended> append(const Append& append) = 0;
    virtual Result<std::vector<StoredEvent>> events(const RolloutId& rollout, int64_t afterVersion, int limit) = 0;
    virtual Result<std::vector<StoredEvent>> eventsSince(int64_t gseq, int limit) = 0;
    virtual Result<std::vector<RolloutRow>> rollouts(bool unfinishedOnly, int limit) = 0;
    /// The summary beside the events: written with the append that creates or ends a rollout.
    virtual Result<Done> putRollout(const RolloutRow& row, int64_t epoch) = 0;
    virtual Result<ChainVerdict> verify() = 0;

    // Lease. One engine row renewed every 2.5 s; a lease refers to it.
    virtual Result<Done> announce(const std::string& engine, const PersonId& person) = 0;
    virtual Result<Done> renew(const std::string& engine) = 0;
    /// Fault::Refused when another live engine holds it (message names it); `force` takes it with a reason.
    virtual Result<LeaseRow> acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                     int64_t epochAbove, bool force, const std::string& reason) = 0;
    virtual Result<std::optional<LeaseRow>> lease(const TargetId& target) = 0;
    virtual Result<Done> release(const TargetId& target, const std::string& engine) = 0;

    // Asking whoever drives.
    virtual Result<Done> ask(const InboxRow& row) = 0;
    virtual Result<std::vector<InboxRow>> unanswered(int limit) = 0;
    virtual Result<Done> answer(const std::string& id, const std::string& answer) = 0;
    virtual Result<std::optional<InboxRow>> inboxRow(const std::string& id) = 0;
};

/// One second of samples and the live picture, in samples.db (expendable: losing it loses charts, not decisions).
struct SampleColumn {
    std::string series{}; ///< "<target>|<metric>|<stable or canary>|<term>"
    int64_t value{0};
};

struct SampleRow {
    int64_t atUs{0};
    int64_t value{0};
    friend bool operator==(const SampleRow&, const SampleRow&) = default;
};

class SampleStore {
public:
    virtual ~SampleStore() = default;
    virtual Result<Done> put(int64_t atUs, const std::vector<SampleColumn>& columns) = 0;
    virtual Result<std::vector<SampleRow>> read(const std::string& series, int64_t fromUs, int64_t toUs) = 0;
    /// The whole picture as the driver shows it (engine/snapshot_json.h), for observers.
    virtual Result<Done> putLive(const std::string& snapshot, WallTime at) = 0;
    struct Live {
        std::string snapshot{};
        WallTime at{};
    };
    virtual Result<std::optional<Live>> live() = 0;
};

} // namespace sluice::ports
