// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/history.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "core/engine/charts.h"
#include "core/engine/stored_events.h"

namespace sluice::engine {

namespace {

constexpr int kPage = 500;
constexpr size_t kEventLimit = 100'000;

Result<std::vector<ports::StoredEvent>> allEvents(ports::Journal& journal, const RolloutId& id)
{
    std::vector<ports::StoredEvent> all;
    while (all.size() < kEventLimit) {
        auto page = journal.events(id, all.empty() ? 0 : all.back().version, kPage);
        if (!page.ok()) return page.error();
        if (page.value().empty()) break;
        for (ports::StoredEvent& event : page.value())
            all.push_back(std::move(event));
    }
    return all;
}

/// What a summary is made of; everything else need not be decoded.
constexpr std::array<std::string_view, 6> kSummarised{"stage_entered",    "stepped_back",   "weight_ramped",
                                                      "rollback_started", "approval_given", "rollout_cancelled"};

void summarise(RolloutSummary& out, const rollout::Decided& decided)
{
    const rollout::Event& event = decided.event;
    if (const auto* entered = std::get_if<rollout::StageEntered>(&event)) out.share = entered->weight;
    if (const auto* back = std::get_if<rollout::SteppedBack>(&event)) out.share = back->weight;
    if (const auto* ramped = std::get_if<rollout::WeightRamped>(&event)) out.share = ramped->weight;
    if (const auto* started = std::get_if<rollout::RollbackStarted>(&event)) out.rollback = started->plan;
    if (const auto* cancelled = std::get_if<rollout::RolloutCancelled>(&event)) {
        out.cancelledBecause = cancelled->reason;
        out.cancelledBy = decided.actor.person;
    }
    const auto* given = std::get_if<rollout::ApprovalGiven>(&event);
    if (given == nullptr) return;
    const PersonId& person = given->approval.person;
    if (std::ranges::find(out.approvedBy, person) == out.approvedBy.end()) out.approvedBy.push_back(person);
}

} // namespace

RolloutSummary summaryOf(const std::vector<rollout::Decided>& decided)
{
    RolloutSummary out;
    for (const rollout::Decided& one : decided)
        summarise(out, one);
    return out;
}

Result<RolloutSummary> readSummary(ports::Journal& journal, const RolloutId& id)
{
    const auto events = allEvents(journal, id);
    if (!events.ok()) return events.error();
    RolloutSummary out;
    for (const ports::StoredEvent& stored : events.value()) {
        if (std::ranges::find(kSummarised, stored.event.type) == kSummarised.end()) continue;
        const auto decided = fromStored(stored.event);
        if (!decided.ok()) return decided.error();
        summarise(out, decided.value());
    }
    return out;
}

Result<RolloutHistory> readHistory(ports::Journal& journal, ports::SampleStore* samples, const Connections& connections,
                                   const RolloutId& id)
{
    auto events = allEvents(journal, id);
    if (!events.ok()) return events.error();
    if (events.value().empty())
        return Error{Fault::BadInput, "There is no rollout '" + id.value + "' in this journal."};
    RolloutHistory history;
    history.view.state.id = id;
    for (const ports::StoredEvent& stored : events.value()) {
        const auto decided = fromStored(stored.event);
        if (!decided.ok()) return decided.error();
        if (const auto* started = std::get_if<rollout::RolloutStarted>(&decided.value().event)) {
            auto playbook = pinnedPlaybook(*started);
            if (!playbook.ok()) return playbook.error();
            history.view.playbook = playbook.value();
        }
        rollout::foldInto(history.view.state, decided.value());
        history.view.log.push_back(logLine(decided.value(), stored.version, history.view.state));
        history.decided.push_back(decided.value());
    }
    history.events = std::move(events).value();
    const rollout::Rollout& state = history.view.state;
    const TargetConfig* target = connections.target(state.target);
    const std::string& name = state.target.value;
    history.view.service = target != nullptr ? target->service : name.substr(0, name.find('/'));
    history.view.environment = target != nullptr ? target->environment : name.substr(name.find('/') + 1);
    history.view.lab = target != nullptr && target->lab;
    if (samples != nullptr && history.view.playbook) {
        const WallTime end = state.endedAt.value_or(history.events.back().event.at);
        history.view.charts = storedCharts(*history.view.playbook, state, history.view.log, *samples,
                                           micros(state.startedAt - history.view.playbook->before), micros(end) + 1);
    }
    return history;
}

} // namespace sluice::engine
