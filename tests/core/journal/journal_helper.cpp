// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/journal/journal_helper.h"

#include <cstdio>
#include <iostream>

#include <QCoreApplication>
#include <QProcess>

#include "tests/core/journal/journal_support.h"
#include "tests/core/journal/raw_sql.h"

namespace sluice::journal_test {

namespace {

using journal::OpenMode;
using journal::SqliteJournal;
using ports::Appended;

const RolloutId kRollout("r1");

void say(const std::string& line)
{
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

/// Again while another process keeps the file busy; says so at the end.
template <class Act>
auto patiently(Act act) -> decltype(act())
{
    constexpr int kTries = 5;
    auto result = act();
    for (int i = 1; i < kTries && !result && result.error().fault == Fault::Unreachable; ++i)
        result = act();
    if (!result) std::fprintf(stderr, "%s\n", result.error().detail.c_str());
    return result;
}

/// None when the file was busy: a guess would only repeat an old append, which is answered as stored.
std::optional<int64_t> lastVersion(SqliteJournal& journal)
{
    const auto rows = journal.rollouts(true, 1);
    if (!rows) return std::nullopt;
    return rows.value().empty() ? 0 : rows.value().front().lastVersion;
}

std::string word(const Result<Appended>& result)
{
    if (!result) return "error: " + result.error().detail;
    switch (result.value()) {
    case Appended::Stored: return "stored";
    case Appended::Fenced: return "fenced";
    case Appended::Conflict: return "conflict";
    case Appended::Unknown: break;
    }
    return "unknown";
}

ports::Append one(const std::string& engine, int64_t after, int64_t epoch)
{
    const std::string body = "{\"by\":\"" + engine + "\",\"n\":" + std::to_string(after + 1) + "}";
    return appendOf(kRollout, after, epoch, {eventOf(body)});
}

/// Does one thing for each line it is told.
int hold(SqliteJournal& journal, const std::string& path, const std::string& engine, int64_t epoch)
{
    std::unique_ptr<RawSql> raw;
    say("held");
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "append") say(word(journal.append(one(engine, lastVersion(journal).value_or(0), epoch))));
        if (line == "lock") {
            raw = std::make_unique<RawSql>(path);
            raw->run("BEGIN EXCLUSIVE; DELETE FROM inbox");
            say("locked");
        }
    }
    return 0;
}

/// Appends as fast as it can and names each version once it is stored.
int pour(SqliteJournal& journal, const std::string& engine, int64_t epoch)
{
    constexpr int64_t kMost = 20'000; // a test that forgets its child does not fill the disk
    int64_t version = lastVersion(journal).value_or(-1);
    for (int64_t i = 0; i < kMost && version >= 0; ++i) {
        if (word(journal.append(one(engine, version, epoch))) != "stored") return 1;
        say(std::to_string(++version));
    }
    return 0;
}

/// Wants the target for itself each time it has lost it, until it has stored its share.
int race(SqliteJournal& journal, const std::string& engine, int64_t epoch)
{
    constexpr int kShare = 75;
    constexpr int kMostTries = 5000;
    int stored = 0;
    for (int tries = 0; tries < kMostTries && stored < kShare; ++tries) {
        const auto version = lastVersion(journal);
        if (!version) continue;
        const auto result = journal.append(one(engine, *version, epoch));
        if (result && result.value() == Appended::Stored) {
            ++stored;
            say(std::to_string(*version + 1));
        } else if (result && result.value() == Appended::Fenced) {
            const auto lease = journal.acquire(kTarget, engine, kAna, 0, true, "race");
            if (lease) epoch = lease.value().epoch;
        }
    }
    say("end");
    return stored == kShare ? 0 : 1;
}

} // namespace

int helperMain(const QStringList& arguments)
{
    if (arguments.value(1) != QLatin1String("--engine")) return -1;
    const std::string path = arguments.value(3).toStdString();
    const std::string engine = arguments.value(4).toStdString();
    const FakeClock clock;
    const bool racing = arguments.value(2) == QLatin1String("race");
    auto journal = patiently([&] { return SqliteJournal::open(path, clock, OpenMode::Existing); });
    if (!journal || !patiently([&] { return journal.value()->announce(engine, kAna); })) return 2;
    const auto lease =
        patiently([&] { return journal.value()->acquire(kTarget, engine, kAna, 0, racing, racing ? "race" : ""); });
    if (!lease) return 3;
    const int64_t epoch = lease.value().epoch;
    if (racing) return race(*journal.value(), engine, epoch);
    if (arguments.value(2) == QLatin1String("pour")) return pour(*journal.value(), engine, epoch);
    return hold(*journal.value(), path, engine, epoch);
}

void startHelper(QProcess& process, const QString& what, const std::string& path, const QString& name)
{
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--engine"), what, QString::fromStdString(path), name});
    if (!process.waitForStarted()) qFatal("the other engine does not start");
}

QString nextLine(QProcess& process)
{
    constexpr int kDeadlineMs = 20'000;
    while (!process.canReadLine()) {
        if (!process.waitForReadyRead(kDeadlineMs) && !process.canReadLine()) return QStringLiteral("(nothing)");
    }
    return QString::fromUtf8(process.readLine()).trimmed();
}

} // namespace sluice::journal_test
