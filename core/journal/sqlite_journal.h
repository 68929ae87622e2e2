// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/journal/engine_lock.h"
#include "core/journal/sqlite_database.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"

namespace sluice::journal {

enum class OpenMode {
    Create,   ///< read and write; a missing file is made
    Existing, ///< read and write; a missing file is an error
    Observe,  ///< read only, also a file that a newer program alone may write
};

/// A silent holder is given up after this long, as the challenger itself has seen it on BOOTTIME.
constexpr Duration kLeaseTime = std::chrono::seconds(15);
/// Watching starts anew after a gap this long: the challenger was asleep, and so perhaps was the holder.
constexpr Duration kWatchGap = std::chrono::seconds(30);

// Limits: an append that is larger is a mistake of the caller.
constexpr size_t kEventsPerAppend = 1000;
constexpr size_t kBodyBytes = 8U << 20;
constexpr size_t kInboxBytes = 64U << 10;
constexpr int64_t kInboxOpen = 1000;
/// Under it nothing starts and no stage is raised.
constexpr int64_t kFreeSpaceFloor = 64 << 20;
/// Given up to store a rollback on a full disk.
constexpr int64_t kBallastBytes = 128 << 10;

class ChainCheck;

/// journal.db. One thread per object; several objects and processes may share the file (FORMAT.md).
class SqliteJournal final : public ports::Journal {
public:
    /// Refuses network folders, files of other programs, files that a newer program has closed to this one. `busy`:
    /// how long each call waits for other processes (an emergency has less patience than a driver).
    static Result<std::unique_ptr<SqliteJournal>> open(const std::string& path, const ports::Clock& clock,
                                                       OpenMode mode, Duration busy = kJournalBusy);
    ~SqliteJournal() override;

    Result<ports::Appended> append(const ports::Append& append) override;
    Result<std::vector<ports::StoredEvent>> events(const RolloutId& rollout, int64_t afterVersion, int limit) override;
    Result<std::vector<ports::StoredEvent>> eventsSince(int64_t gseq, int limit) override;
    Result<std::vector<ports::RolloutRow>> rollouts(bool unfinishedOnly, int limit) override;
    Result<std::vector<ports::RolloutRow>> rolloutsAfter(const ports::RolloutRow& row, int limit) override;
    Result<Done> putRollout(const ports::RolloutRow& row, int64_t epoch) override;
    Result<Done> recordCleared(const ports::ClearedStop& stop, int64_t epoch) override;
    Result<std::vector<ports::ClearedStop>> clearedStops(int limit) override;
    Result<ports::ChainVerdict> verify() override;
    Result<Done> putState(const ports::StateRow& row) override;
    Result<std::optional<ports::StateRow>> state(const RolloutId& rollout) override;
    Result<Done> reopen() override;
    Result<Done> freeSpaceOk() const override { return freeSpaceOk(m_folder); }
    /// The same question without an open journal.
    static Result<Done> freeSpaceOk(const std::string& folder);

    Result<Done> announce(const std::string& engine, const PersonId& person) override;
    Result<Done> renew(const std::string& engine) override;
    std::optional<BootTime> lastRenewed() const override { return m_lastRenewed; }
    Result<ports::LeaseRow> acquire(const TargetId& target, const std::string& engine, const PersonId& person,
                                    int64_t epochAbove, bool force, const std::string& reason) override;
    Result<std::optional<ports::LeaseRow>> lease(const TargetId& target) override;
    Result<Done> release(const TargetId& target, const std::string& engine) override;

    Result<Done> ask(const ports::InboxRow& row) override;
    Result<std::vector<ports::InboxRow>> unanswered(int limit) override;
    Result<Done> answer(const std::string& id, const std::string& answer) override;
    Result<std::optional<ports::InboxRow>> inboxRow(const std::string& id) override;

    /// A whole copy under a name that must be free; appears only when it is complete. Others may go on writing.
    Result<Done> backup(const std::string& path);
    /// Tells this file from every other journal.
    Result<std::string> journalId();
    const std::string& path() const { return m_path; }

private:
    /// What this object has seen of a lease that it does not hold.
    struct Watch {
        int64_t epoch{0};
        int64_t renewNo{0};
        std::string holder{};
        BootTime since{};
        BootTime seen{};
    };
    struct Head {
        int64_t gseq{0};
        std::string hash{};
    };

    SqliteJournal(std::string path, const ports::Clock& clock, OpenMode mode, Duration busy);
    Result<Done> openFile();

    // sqlite_journal.cpp: writing
    Result<Done> mayWrite() const;
    /// Begins, does `work`, commits; after an unknown end nothing more is written by this object.
    Result<Done> inTransaction(const std::function<Result<Done>()>& work);
    Result<Done> beginWrite(Transaction& transaction);
    void distrust(const Error& error);
    Result<Done> checkAppend(const ports::Append& append) const;
    Result<ports::Appended> appendOnce(const ports::Append& append);
    /// Inside the transaction; anything but Stored means that nothing was inserted.
    Result<ports::Appended> insertEvents(const ports::Append& append);
    Result<bool> isFenced(const TargetId& target, int64_t epoch);
    /// The same events are there already, at the same versions.
    Result<bool> holdsAlready(const ports::Append& append);
    Result<Done> insertAfter(Head& head, ports::StoredEvent record);
    Result<Done> insertOwn(std::string_view type, std::string body, int64_t epoch);
    Result<Head> head();
    Result<Done> setHead(const Head& head);
    Result<Done> acceptRequest(const ports::Append& append, const std::string& id);

    // journal_reads.cpp
    enum class Whose { Rollouts, All };
    Result<std::vector<ports::StoredEvent>> since(int64_t gseq, int limit, Whose whose);
    /// True = events were taken, there may be more.
    Result<bool> checkEvents(ChainCheck& check, int pageRows);
    /// True = rows after `row` were compared, there may be more.
    Result<bool> checkRows(ChainCheck& check, RolloutId& row);
    Result<Done> checkLast(ChainCheck& check);
    /// Every event is found by its version, and by walking through them in order.
    Result<bool> indexWalks(const RolloutId& rollout, int64_t versions);
    Error missing(const RolloutId& rollout, int64_t version) const;
    Result<bool> indexFits(int64_t afterGseq, int64_t upTo);

    // rollout_rows.cpp: summaries and states
    Result<Done> keepRow(const ports::Append& append);
    Result<Done> writeRow(const ports::RolloutRow& row, int64_t epoch);
    Result<Done> targetIsFree(const ports::RolloutRow& row);
    Result<std::vector<ports::RolloutRow>> rowsAfter(const RolloutId& rollout, int limit);
    Result<std::optional<ports::RolloutRow>> rolloutRow(const RolloutId& rollout);
    Result<int64_t> lastVersion(const RolloutId& rollout);

    // engine_lease.cpp
    Result<std::optional<ports::LeaseRow>> readLease(const TargetId& target);
    /// False while the holder may still be alive.
    bool mayTake(const ports::LeaseRow& lease, const std::string& engine);
    Duration unchangedFor(const ports::LeaseRow& lease);
    Error heldBy(const ports::LeaseRow& lease) const;
    Result<ports::LeaseRow> grant(ports::LeaseRow lease, bool forced, const std::string& reason);
    void tidyDeadEngines();

    std::string m_path;
    std::string m_folder;
    const ports::Clock& m_clock;
    OpenMode m_mode;
    Duration m_busy;
    std::unique_ptr<SqliteDatabase> m_database{};
    std::string m_distrusted{}; ///< why nothing may be written before reopen; empty = fine
    std::unique_ptr<EngineLock> m_lock{};
    std::string m_engine{};
    std::optional<BootTime> m_lastRenewed{};
    std::map<TargetId, Watch> m_watched{};
};

} // namespace sluice::journal
