// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/sluicectl/commands.h"
#include "app/sluicectl/print.h"
#include "core/journal/sqlite_journal.h"
#include "core/journal/sqlite_sample_store.h"
#include "core/model/count_text.h"

namespace sluice::app::ctl {

namespace {

struct RecordOptions {
    std::string rollout{};
    std::string target{};
    std::string outcome{};
    std::string file{};
    int limit{50};
    bool all{false};
};

constexpr std::array<std::string_view, 4> kOutcomes{"stable", "rolled-back", "cancelled", "running"};

int history(const Globals& globals, const RecordOptions& options)
{
    auto context = openRecord(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    const auto known = targetNames(context.value().connections);
    const auto hasTarget = [&](const std::string& name) { return name.find(options.target) != std::string::npos; };
    const auto rows = context.value().store.journal->rollouts(false, kMostRollouts);
    if (!rows.ok()) return fail(globals.json, rows.error());
    // A target that the connections file has forgotten still has its past.
    const auto ranOn = [&](const ports::RolloutRow& row) { return hasTarget(row.target.value); };
    if (!options.target.empty() && std::ranges::none_of(known, hasTarget) && std::ranges::none_of(rows.value(), ranOn))
        return fail(globals.json, {{Fault::BadInput, fmt::format("--target: there is no target '{}'; known: {}.",
                                                                 options.target, fmt::join(known, ", "))},
                                   "--target",
                                   known});
    nlohmann::json all = nlohmann::json::array();
    int shown = 0;
    for (const ports::RolloutRow& row : rows.value()) {
        const std::string outcome = row.outcome.empty() ? "running" : row.outcome;
        if (!hasTarget(row.target.value)) continue;
        if (!options.outcome.empty() && outcome != options.outcome) continue;
        if (++shown > options.limit) break;
        const Duration took = row.endedAt ? *row.endedAt - row.startedAt : Duration(0);
        all.push_back({{"id", row.id.value},
                       {"target", row.target.value},
                       {"from", row.fromVersion},
                       {"to", row.toVersion},
                       {"playbook", row.playbook},
                       {"outcome", outcome},
                       {"by", row.startedBy.value},
                       {"started", micros(row.startedAt)},
                       {"took", micros(took)}});
        if (!globals.json)
            fmt::print("{}  {:<24} {:<22} {} -> {}  {:<12} {:<10} {}\n", wallText(row.startedAt), row.id.value,
                       row.target.value, row.fromVersion, row.toVersion, outcome,
                       row.endedAt ? durationText(took) : "-", row.startedBy.value);
    }
    if (globals.json)
        printJson(all);
    else if (shown == 0)
        fmt::print("no release yet\n");
    return kYes;
}

int log(const Globals& globals, const RecordOptions& options)
{
    auto context = openRecord(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    if (const auto several = refuseSeveral(context.value(), options.rollout)) return fail(globals.json, *several);
    const auto view = pickPast(context.value(), options.rollout);
    if (!view.ok()) return fail(globals.json, view.error());
    nlohmann::json all = nlohmann::json::array();
    for (const engine::LogLine& line : view.value().log) {
        all.push_back(lineJson(line));
        if (!globals.json && (options.all || !isCredit(line))) fmt::print("{}\n", logText(line));
    }
    if (globals.json) printJson(all);
    return kYes;
}

int verify(const Globals& globals)
{
    auto context = openRecord(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    const auto verdict = context.value().store.journal->verify();
    if (!verdict.ok()) return fail(globals.json, verdict.error());
    const ports::ChainVerdict& chain = verdict.value();
    if (globals.json)
        fmt::print("{}\n", nlohmann::json{{"intact", chain.intact},
                                          {"events", chain.events},
                                          {"head", chain.head},
                                          {"first_damaged", chain.firstDamaged},
                                          {"what", chain.what}}
                               .dump());
    else if (chain.intact)
        fmt::print("{}, chain intact, head {}\n", countText(chain.events, "event", "events"), chain.head);
    else
        fmt::print("DAMAGED at event {}: {}\n", chain.firstDamaged, chain.what);
    return chain.intact ? kYes : kNo;
}

int backup(const Globals& globals, const RecordOptions& options)
{
    auto context = openContext(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    auto* journal = dynamic_cast<journal::SqliteJournal*>(context.value().store.journal.get());
    if (journal == nullptr)
        return fail(globals.json, Error{Fault::Internal, "This store cannot be backed up as a file."});
    if (Outcome done = journal->backup(options.file); !done.ok()) return fail(globals.json, done.error());
    const std::string& path = context.value().store.journalPath;
    printAnswer(globals.json, fmt::format("{} is a complete copy of {}", options.file, path),
                {{"file", options.file}, {"journal", path}});
    return kYes;
}

int prune(const Globals& globals)
{
    auto context = openContext(globals);
    if (!context.ok()) return fail(globals.json, context.error());
    auto* samples = dynamic_cast<journal::SqliteSampleStore*>(context.value().store.samples.get());
    if (samples == nullptr) return fail(globals.json, Error{Fault::Internal, "This store has no samples to prune."});
    const auto dropped = samples->prune(context.value().store.clock->now().wall);
    if (!dropped.ok()) return fail(globals.json, dropped.error());
    printAnswer(globals.json,
                countText(dropped.value(), "chunk", "chunks") + " of old samples dropped; the journal is kept for ever",
                {{"dropped", dropped.value()}});
    return kYes;
}

} // namespace

void addRecordCommands(Registry& registry)
{
    auto& o = registry.keep<RecordOptions>();
    CLI::App* past = registry.add("history", "Past and running releases, newest first");
    past->add_option("--limit", o.limit, "How many")->check(CLI::Range(1, kMostRollouts));
    past->add_option("--target", o.target, "Only this target");
    past->add_option("--outcome", o.outcome, "stable, rolled-back, cancelled or running")
        ->check([](const std::string& word) {
            const bool known = std::ranges::find(kOutcomes, word) != kOutcomes.end();
            return known ? std::string()
                         : "there is no outcome '" + word + "': stable, rolled-back, cancelled or running";
        });
    registry.run(past, [&registry, &o] { return history(registry.globals(), o); });
    CLI::App* lines = registry.add("log", "Everything decided in one release");
    auto& l = registry.keep<RecordOptions>();
    lines->add_option("rollout", l.rollout, "Rollout id, unique prefix, or target (its newest)")->required();
    lines->add_flag("--all", l.all, "Also each second of observed time as it was credited");
    registry.run(lines, [&registry, &l] { return log(registry.globals(), l); });
    CLI::App* audit = registry.add("audit", "The record");
    audit->require_subcommand(1);
    registry.run(registry.add("verify", "Check the hash chain: exit 1 names the first damaged event", audit),
                 [&registry] { return verify(registry.globals()); });
    CLI::App* store = registry.add("store", "The files beside the connections file");
    store->require_subcommand(1);
    CLI::App* copy = registry.add("backup", "A complete copy of the journal while it is in use", store);
    copy->add_option("file", o.file, "A name that is free")->required();
    registry.run(copy, [&registry, &o] { return backup(registry.globals(), o); });
    registry.run(registry.add("prune", "Drop 1 s samples after 30 days, 60 s ones after a year", store),
                 [&registry] { return prune(registry.globals()); });
}

} // namespace sluice::app::ctl
