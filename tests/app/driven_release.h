// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include "app/composition/simulated_fleet.h"
#include "core/journal/sqlite_journal.h"
#include "core/journal/sqlite_sample_store.h"

namespace sluice::testing {

struct Said {
    int code{-1};
    QString out{};
    QString err{};
};

/// The arguments of a command line.
QStringList words(const char* line);
/// Whether it said so on either stream; else what it said goes into the test's log.
bool says(const Said& said, const char* text);

/// A simulated service under an engine of this process, with a journal and a connections file in a folder, so that the
/// real `sluicectl` can look at it and ask it. It begins some minutes ago, so that it gets anywhere at once.
class DrivenRelease {
public:
    /// Behind proxies edge-1, edge-2, … False when anything of it could not be made.
    bool begin(int proxies = 1);
    /// Steps until `done` says so; false after two minutes of simulated time.
    bool until(const std::function<bool()>& done);
    /// `sluicectl ARGUMENTS` while the engine goes on. `typed` is what somebody types into its terminal; without it
    /// there is none.
    Said sluicectl(const QStringList& arguments, const char* typed = nullptr);
    /// The engine does nothing any more, as one that hangs.
    void hang() { m_hangs = true; }
    /// False where no terminal can be made, e.g. in a chroot without /dev/pts.
    static bool canType();
    /// In this process: `sluicectl` asks in real time, and what is asked long ago or in the future is refused.
    bool ask(rollout::Command command, const char* person);
    /// release-bot starts v2.4.0, both items of the checklist are ticked, and it bakes.
    bool startUntilApprovalIsAsked();
    bool untilPhase(rollout::Phase phase);
    /// Simulated time goes by where nothing runs that would be looked at.
    void pass(Duration time);
    /// Simulated time goes on to the real one, which is what `sluicectl` compares the age of the picture with, and at
    /// least until what is true now is in the stored picture.
    void catchUp();
    const engine::RolloutView* view() const;
    std::shared_ptr<const engine::Snapshot> snapshot() const { return m_engine->core.latest(); }
    sim::SimulatedService& service() { return *m_service; }
    /// The metric server answers nothing any more.
    void silenceMetrics() { m_fleet->world().metrics().down = true; }
    QString file(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

private:
    void stepOverLag();

    QTemporaryDir m_folder{};
    std::unique_ptr<app::SimulatedFleet> m_fleet{};
    std::unique_ptr<journal::SqliteJournal> m_journal{};
    std::unique_ptr<journal::SqliteSampleStore> m_samples{};
    sim::SimulatedService* m_service{nullptr};
    app::SimulatedEngine* m_engine{nullptr};
    bool m_hangs{false};
    bool m_caughtUp{false};
};

} // namespace sluice::testing
