// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/ports/safety_files.h"

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

struct Append {
    TargetId target{};
    RolloutId rollout{};
    int64_t afterVersion{0}; ///< the version the decision was made at
    int64_t epoch{0};
    std::vector<NewEvent> events{};
    /// Towards the safe state: on a full disk the reserve file is given up to get these events stored.
    bool safeDirection{false};
    /// The rollout's row, written in the same transaction (needed when it starts or ends; else leave empty).
    std::optional<RolloutRow> summary{};
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
    WallTime renewedAt{};         ///< display only
    bool holderProvenDead{false}; ///< its lock file is free: take over at once
};

/// Whoever asks waits at most as long, and whoever drives carries nothing out that was asked longer ago.
inline constexpr Duration kRequestLife = std::chrono::seconds(10);

/// A request to whoever drives, and its answer.
struct InboxRow {
    std::string id{};
    PersonId person{};
    std::string proof{};
    std::string command{}; ///< canonical JSON (core/journal/command_codec.h)
    WallTime askedAt{};    ///< by the system's clock, as whoever drives reads it, too
    /// Empty = not yet; "accepted" = decided, and words follow; "accepted: <what came of it>", "refused: <reason>",
    /// "too late" (the driver), "withdrawn" (the asker). Written and read by core/journal/inbox_answer.h.
    std::string answer{};
};

/// The folded state of a rollout, kept so that a start need not fold everything. A cache: what does not fit the chain
/// is not handed out, and nothing is lost without it.
struct StateRow {
    RolloutId rollout{};
    int64_t version{0}; ///< the last event folded in
    int64_t gseq{0};    ///< of that event; filled in by the journal
    int format{0};      ///< the caller's own number; a reader of another number folds from the start
    std::string body{};
};

/// An emergency stop that ended on a target without a rollout that could tell it.
struct ClearedStop {
    StopRecord fired{};
    PersonId by{}; ///< who cleared it, how we know, why and when
    std::string proof{};
    std::string reason{};
    WallTime at{};
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

    // Events. Append checks lease epoch, holder and version in its own transaction and is idempotent. An event that
    // names an inbox row answers it "accepted" in the same transaction. After Unknown every write is refused until
    // `reopen()`.
    virtual Result<Appended> append(const Append& append) = 0;
    // A read returns at most 1,000 rows and may stop earlier: ask again after the last row until nothing comes.
    virtual Result<std::vector<StoredEvent>> events(const RolloutId& rollout, int64_t afterVersion, int limit) = 0;
    virtual Result<std::vector<StoredEvent>> eventsSince(int64_t gseq, int limit) = 0;
    /// Newest first.
    virtual Result<std::vector<RolloutRow>> rollouts(bool unfinishedOnly, int limit) = 0;
    /// What follows `row` in the order of rollouts(false, …).
    virtual Result<std::vector<RolloutRow>> rolloutsAfter(const RolloutRow& row, int limit) = 0;
    /// The summary beside the events: written with the append that creates or ends a rollout.
    virtual Result<Done> putRollout(const RolloutRow& row, int64_t epoch) = 0;
    /// Written into the chain under no rollout. Refused without this engine's lease of `epoch` on the target.
    virtual Result<Done> recordCleared(const ClearedStop& stop, int64_t epoch) = 0;
    /// Newest first.
    virtual Result<std::vector<ClearedStop>> clearedStops(int limit) = 0;
    /// The whole chain from the start, in pages. A damaged journal is a verdict, not an error.
    virtual Result<ChainVerdict> verify() = 0;
    /// An older version than the stored one changes nothing.
    virtual Result<Done> putState(const StateRow& row) = 0;
    virtual Result<std::optional<StateRow>> state(const RolloutId& rollout) = 0;
    /// Closes the file and opens it again; the lock file, the announced engine and what was seen of leases stay.
    virtual Result<Done> reopen() = 0;
    /// Refused (with the numbers) when the disk is too full to raise exposure; never asked in the safe direction.
    virtual Result<Done> freeSpaceOk() const = 0;

    // Lease. One engine row renewed every 2.5 s; a lease refers to it.
    virtual Result<Done> announce(const std::string& engine, const PersonId& person) = 0;
    virtual Result<Done> renew(const std::string& engine) = 0;
    /// BOOTTIME just before the last successful announce or renew was sent: the holder's own deadline counts from it.
    virtual std::optional<BootTime> lastRenewed() const = 0;
    /// Fault::Refused when another live engine holds it (message names it); `force` takes it with a reason. A silent
    /// holder is given up once this object has seen it unchanged for 15 s: ask `lease()` every few seconds meanwhile.
    virtual Result<LeaseRow> acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                     int64_t epochAbove, bool force, const std::string& reason) = 0;
    virtual Result<std::optional<LeaseRow>> lease(const TargetId& target) = 0;
    virtual Result<Done> release(const TargetId& target, const std::string& engine) = 0;

    // Asking whoever drives.
    virtual Result<Done> ask(const InboxRow& row) = 0;
    virtual Result<std::vector<InboxRow>> unanswered(int limit) = 0;
    /// The first answer stands: another one is refused (so the asker may answer his own row to withdraw it).
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

/// Several samples as one, for charts of many hours.
struct RollupRow {
    int64_t atUs{0}; ///< begin of the bucket
    int64_t min{0};
    int64_t max{0};
    int64_t sum{0};
    int64_t count{0};
    friend bool operator==(const RollupRow&, const RollupRow&) = default;
};

enum class Rollup { TenSeconds, Minute };

class SampleStore {
public:
    virtual ~SampleStore() = default;
    /// A column of a second that is already there takes its place.
    virtual Result<Done> put(int64_t atUs, const std::vector<SampleColumn>& columns) = 0;
    /// In time order, `fromUs` and `toUs` included; an unknown series is empty.
    virtual Result<std::vector<SampleRow>> read(const std::string& series, int64_t fromUs, int64_t toUs) = 0;
    /// The same as buckets that begin within the span, up to the newest sample.
    virtual Result<std::vector<RollupRow>> readRollup(const std::string& series, Rollup rollup, int64_t fromUs,
                                                      int64_t toUs) = 0;
    /// The whole picture as the driver shows it (engine/snapshot_json.h), for observers.
    virtual Result<Done> putLive(const std::string& snapshot, WallTime at) = 0;
    struct Live {
        std::string snapshot{};
        WallTime at{};
    };
    virtual Result<std::optional<Live>> live() = 0;
};

} // namespace sluice::ports
