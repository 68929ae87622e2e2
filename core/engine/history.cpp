// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/history.h"

#include <algorithm>
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

} // namespace

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
        history.view.log.push_back({.at = decided.value().at,
                                    .version = stored.version,
                                    .name = stored.event.type,
                                    .text = rollout::eventText(decided.value().event, history.view.state),
                                    .by = decided.value().actor.person});
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
        history.view.charts = storedCharts(*history.view.playbook, state, *samples,
                                           micros(state.startedAt - history.view.playbook->before), micros(end) + 1);
    }
    return history;
}

} // namespace sluice::engine
