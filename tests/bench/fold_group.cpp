// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>
#include <vector>

#include <QTemporaryDir>
#include <fmt/format.h>
#include <sqlite3.h>

#include "core/adapters/system_clock.h"
#include "core/base/check.h"
#include "core/engine/stored_events.h"
#include "core/journal/rollout_codec.h"
#include "core/journal/sqlite_journal.h"
#include "core/rollout/decide.h"
#include "tests/bench/groups.h"
#include "tests/bench/measure.h"
#include "tests/bench/plain_database.h"

namespace sluice::bench {

namespace {

constexpr int kRollouts = 10;
constexpr int64_t kEventsEach = 100'000;
constexpr int kRounds = 3;

TargetId targetOf(int number)
{
    return TargetId("checkout/region-" + std::to_string(number));
}

/// The mix of a long release: almost all of it is time credited while a stage bakes.
rollout::Event eventAt(int64_t version)
{
    if (version == 1)
        return rollout::RolloutStarted{.target = targetOf(0),
                                       .fromVersion = "v2.3.0",
                                       .toVersion = "v2.4.0",
                                       .playbookName = "checkout-canary",
                                       .playbookHash = "7f",
                                       .playbookText = "playbook: checkout-canary",
                                       .stageCount = 5};
    if (version == 2) return rollout::StageEntered{.stage = 0, .weight = Weight::none(), .because = "all gates hold"};
    if (version == 3) return rollout::StageApplied{.stage = 0, .proxies = 2, .took = std::chrono::milliseconds(38)};
    if (version % 50 == 0)
        return rollout::WarningRaised{
            .stage = 0, .code = "band:watch", .text = "The score is 86.2, in the band that is watched"};
    if (version % 50 == 25) return rollout::DriftCorrected{.proxy = "edge-1", .text = "limit 0 instead of 100"};
    return rollout::BakeCredited{.stage = 0, .credit = Duration(1'000'000 + version % 1'000)};
}

struct Journal {
    const adapters::SystemClock clock{};
    std::unique_ptr<journal::SqliteJournal> file{};
    std::vector<RolloutId> rollouts{};
};

std::unique_ptr<Journal> filled(const std::string& path)
{
    auto out = std::make_unique<Journal>();
    auto opened = journal::SqliteJournal::open(path, out->clock, journal::OpenMode::Create);
    SLUICE_CHECK(opened.ok());
    out->file = std::move(opened).value();
    SLUICE_CHECK(out->file->announce("bench", PersonId("ana")).ok());
    const rollout::Actor engine{.person = PersonId("engine"), .roles = {}, .proof = "engine"};
    for (int number = 0; number < kRollouts; ++number) {
        const RolloutId id("r-" + std::to_string(number));
        out->rollouts.push_back(id);
        const auto lease = out->file->acquire(targetOf(number), "bench", PersonId("ana"), 0, false, "free");
        SLUICE_CHECK(lease.ok());
        for (int64_t version = 0; version < kEventsEach;) {
            ports::Append append{
                .target = targetOf(number), .rollout = id, .afterVersion = version, .epoch = lease.value().epoch};
            for (size_t i = 0; i < journal::kEventsPerAppend; ++i) {
                ++version;
                append.events.push_back(engine::toStored({.event = eventAt(version),
                                                          .actor = engine,
                                                          .at = wallTime(1'795'000'000'000'000 + version * 1'000'000),
                                                          .inboxId = {}}));
            }
            const auto stored = out->file->append(append);
            SLUICE_CHECK(stored.ok() && stored.value() == ports::Appended::Stored);
        }
    }
    return out;
}

/// As the engine folds at its start, page by page, from a version on.
rollout::Rollout foldFrom(ports::Journal& journal, rollout::Rollout state, int64_t after, int64_t upTo)
{
    constexpr int kPage = 1000;
    engine::EventReader reader;
    while (after < upTo) {
        const auto page = journal.events(state.id, after, static_cast<int>(std::min<int64_t>(kPage, upTo - after)));
        SLUICE_CHECK(page.ok() && !page.value().empty());
        for (const ports::StoredEvent& stored : page.value()) {
            auto decided = reader.read(stored.event);
            SLUICE_CHECK(decided.ok());
            rollout::foldInto(state, decided.value());
            after = stored.version;
        }
    }
    return state;
}

rollout::Rollout emptyState(const RolloutId& id)
{
    return {.id = id};
}

/// The newest snapshot of each rollout lies as far behind as it can.
void keepStates(Journal& journal)
{
    constexpr int64_t kTail = 1000; // more than a release decides in the two hours that a kept state is behind
    constexpr int64_t kAt = kEventsEach - kTail + 1;
    for (const RolloutId& id : journal.rollouts) {
        const rollout::Rollout state = foldFrom(*journal.file, emptyState(id), 0, kAt);
        SLUICE_CHECK(journal.file
                         ->putState({.rollout = id,
                                     .version = kAt,
                                     .format = journal::kRolloutSchema,
                                     .body = journal::encodeRollout(state)})
                         .ok());
    }
}

void measure(Sheet& sheet)
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("journal.db")).toStdString();
    const auto journal = filled(path);
    PlainDatabase sql(path, true);

    // Both read all rows of the same file and look into both JSON texts of each.
    const Pair both = inTurns(
        kRounds,
        [&] {
            for (const RolloutId& id : journal->rollouts)
                SLUICE_CHECK(foldFrom(*journal->file, emptyState(id), 0, kEventsEach).version == kEventsEach);
        },
        [&] {
            int64_t events = 0;
            sql.each("SELECT count(*), max(ver), max(at), sum(json_extract(body, '$.credit_us')), "
                     "max(json_extract(body, '$.stage')), max(json_extract(actor, '$.person')) "
                     "FROM event WHERE rollout <> '' GROUP BY rollout",
                     [&](sqlite3_stmt* row) { events += sqlite3_column_int64(row, 0); });
            SLUICE_CHECK(events == kRollouts * kEventsEach);
        });
    sheet.put(
        "fold", both.ratio(),
        fmt::format("1,000,000 events read, decoded and folded in {:.2f} s, SQL {:.2f} s", both.ours, both.theirs));

    keepStates(*journal);
    std::vector<double> starts;
    for (int round = 0; round <= kRounds; ++round) {
        const double took = timed([&] {
            for (const RolloutId& id : journal->rollouts) {
                const auto row = journal->file->state(id);
                SLUICE_CHECK(row.ok() && row.value());
                auto state = journal::decodeRollout(row.value()->body);
                SLUICE_CHECK(state.ok());
                const auto now = foldFrom(*journal->file, std::move(state).value(), row.value()->version, kEventsEach);
                SLUICE_CHECK(now.version == kEventsEach);
            }
        });
        if (round > 0) starts.push_back(took);
    }
    sheet.put("snapshot-start", median(starts) / both.ours,
              fmt::format("10 snapshots and the 999 events behind each in {:.0f} ms, everything in {:.2f} s",
                          median(starts) * 1e3, both.ours));
}

} // namespace

Group foldGroup()
{
    return {.name = "journal",
            .bars = {{"fold", "folding a million events against SQL with json_extract over the same rows",
                      Sense::AtMost, 1.5, "x"},
                     {"snapshot-start", "start from state snapshots against the full fold", Sense::AtMost, 0.05, "x"}},
            .measure = measure};
}

} // namespace sluice::bench
