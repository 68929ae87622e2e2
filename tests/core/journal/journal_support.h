// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include <QTemporaryDir>

#include "core/base/check.h"
#include "core/journal/sqlite_journal.h"

// A clock under the test's hand, and short ways to write what every journal test needs.

namespace sluice::journal_test {

class FakeClock final : public ports::Clock {
public:
    Now now() const override { return m_now; }
    void advance(Duration by)
    {
        m_now.boot += by;
        m_now.wall += by;
    }

private:
    Now m_now{.wall = wallTime(1'700'000'000'000'000), .boot = bootTime(1'000'000'000)};
};

inline const TargetId kTarget{"checkout/production"};
inline const PersonId kAna{"ana"};

inline ports::NewEvent eventOf(const std::string& body, const std::string& type = "commented")
{
    return {.type = type, .body = body, .actor = R"({"person":"ana"})", .at = wallTime(1'700'000'000'000'000)};
}

inline ports::Append appendOf(const RolloutId& rollout, int64_t after, int64_t epoch,
                              std::vector<ports::NewEvent> events)
{
    return {.target = kTarget, .rollout = rollout, .afterVersion = after, .epoch = epoch, .events = std::move(events)};
}

/// A folder that goes away, the journal's path in it, and a clock.
struct Place {
    QTemporaryDir folder{};
    FakeClock clock{};
    std::string path() const { return folder.filePath("journal.db").toStdString(); }
    std::string file(const char* name) const { return folder.filePath(name).toStdString(); }

    std::unique_ptr<journal::SqliteJournal> open(journal::OpenMode mode = journal::OpenMode::Create) const
    {
        auto opened = journal::SqliteJournal::open(path(), clock, mode);
        if (!opened) qFatal("%s", opened.error().detail.c_str());
        return std::move(opened).value();
    }
    /// Announced under a name and holding the lease of kTarget.
    std::unique_ptr<journal::SqliteJournal> driver(const std::string& engine, int64_t* epoch) const
    {
        auto journal = open();
        const auto announced = journal->announce(engine, kAna);
        if (!announced) qFatal("%s", announced.error().detail.c_str());
        const auto lease = journal->acquire(kTarget, engine, kAna, 0, false, "");
        if (!lease) qFatal("%s", lease.error().detail.c_str());
        *epoch = lease.value().epoch;
        return journal;
    }
};

} // namespace sluice::journal_test
