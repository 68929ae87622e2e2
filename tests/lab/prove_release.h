// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <QProcess>
#include <QStringList>

#include "core/adapters/system_clock.h"
#include "core/journal/sqlite_journal.h"
#include "core/rollout/event.h"
#include "core/sim/random.h"
#include "tests/lab/lab_under_test.h"

// A real release under fault: a lab of real parts, engines as processes of their own, and everything that is asked of
// Sluice asked through its command line. What is checked is read from the journal, the proxies and the services.

namespace sluice::app::lab {

/// One decision as it was stored.
struct Fact {
    int64_t gseq{0};
    int64_t epoch{0};
    RolloutId rollout{};
    std::string name{}; ///< "stage_applied"
    WallTime at{};
    std::string inboxId{};
    rollout::Event event{};
    rollout::Actor actor{};
};

/// How many moments a matrix tries: SLUICE_MOMENTS, or `quick` where nobody asks for more.
int momentsToTry(int quick);
/// SLUICE_SEED, or the time; printed, so that a failure can be tried again.
sim::Random seededMoments(const char* what);

/// `sluicectl engine` as a process. Ends with this object, also when it is frozen.
class EngineProcess {
public:
    ~EngineProcess();
    bool start(const QStringList& arguments);
    pid_t pid() const { return static_cast<pid_t>(m_process.processId()); }
    QByteArray said();
    bool runs() const { return m_process.state() != QProcess::NotRunning; }
    void killNow();
    /// Stops it and waits until the kernel says so.
    bool freeze();
    void thaw();
    bool frozen() const;

private:
    QProcess m_process{};
    QByteArray m_said{};
};

/// A lab, a short playbook, an engine, and somebody who approves when asked.
class ReleaseUnderTest {
public:
    /// `store`: folder of the journal when it is not the lab's own.
    bool start(const QStringList& labOptions = {}, const QString& store = {});
    LabUnderTest& lab() { return m_lab; }
    EngineProcess& engine() { return *m_engine; }
    /// A new process; the old one is gone or forgotten. Waits until it says what it does.
    bool startEngine();
    std::unique_ptr<EngineProcess> anotherEngine();
    /// The engine so far is ended; this one is *the* engine from now on.
    bool driveWith(std::unique_ptr<EngineProcess> engine);
    QString storeFolder() const { return m_store.isEmpty() ? m_lab.dir() : m_store; }

    CommandResult ctl(const QStringList& arguments) const;
    /// Asks until somebody drives; the rollout's id, empty when it was not to be had.
    RolloutId startRelease(const QStringList& more = {});

    /// Reads what is new in the journal (nothing while it is locked), approves when asked.
    void look();
    /// After a failed check: prints what was decided lately, what the engine said, and why the release waits.
    void explain();
    /// Looks until `done`, at most so long.
    bool lookUntil(const std::function<bool()>& done, int atMostMs);
    const std::vector<Fact>& facts() const { return m_facts; }
    /// The facts of one rollout with this name, of this stage if it is not -1.
    std::vector<const Fact*> named(const RolloutId& id, const std::string& name, int stage = -1) const;
    bool has(const RolloutId& id, const std::string& name, int stage = -1) const
    {
        return !named(id, name, stage).empty();
    }
    /// Approvals that the command line was told were accepted.
    int approvalsAccepted() const { return m_accepted; }
    void setApproving(bool on) { m_approving = on; }

    /// What each proxy has in its maps, in 1/10'000; -1 for one that does not answer.
    std::vector<int> splits() const;
    /// Somebody else writes another share into one proxy's map, under the epoch that is in force.
    bool setSplitByHand(int proxy, int share) const;
    /// Limit zero and every canary server in maintenance on every proxy, as they say themselves.
    bool everyProxyIsSafe() const;
    /// Requests that the canary's own processes have counted.
    int64_t canaryRequests() const;
    bool journalIsIntact(QString& why) const;

private:
    QStringList where() const;
    void approve();

    LabUnderTest m_lab{};
    QString m_store{};
    QString m_playbook{};
    std::unique_ptr<EngineProcess> m_engine{};
    adapters::SystemClock m_clock{};
    std::unique_ptr<journal::SqliteJournal> m_journal{};
    std::vector<Fact> m_facts{};
    int64_t m_gseq{0};
    std::unique_ptr<QProcess> m_approver{};
    bool m_approving{true};
    int m_accepted{0};
    int m_releases{0};
};

/// Stage of an event that has one; -1 otherwise.
int stageOf(const rollout::Event& event);

} // namespace sluice::app::lab
