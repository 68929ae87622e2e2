// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stored_events.h"

#include <optional>
#include <utility>
#include <variant>

#include "core/engine/engine_parts.h"
#include "core/journal/event_codec.h"
#include "core/journal/rollout_codec.h"
#include "core/model/playbook_reader.h"

namespace sluice::engine {

namespace {
constexpr int kPage = 500; // events read at once
} // namespace

ports::NewEvent toStored(const rollout::Decided& decided)
{
    journal::EncodedEvent encoded = journal::encodeEvent(decided.event);
    return {.type = std::move(encoded.type),
            .schema = encoded.schema,
            .body = std::move(encoded.body),
            .actor = journal::encodeActor(decided.actor),
            .at = decided.at,
            .inboxId = decided.inboxId};
}

Result<rollout::Decided> fromStored(const ports::NewEvent& stored)
{
    return EventReader().read(stored);
}

Result<rollout::Decided> EventReader::read(const ports::NewEvent& stored)
{
    auto event = journal::decodeEvent(stored.type, stored.schema, stored.body);
    if (!event.ok()) return event.error();
    if (m_actorText != stored.actor) {
        auto actor = journal::decodeActor(stored.actor);
        if (!actor.ok()) return actor.error();
        m_actor = std::move(actor).value();
        m_actorText = stored.actor;
    }
    return rollout::Decided{
        .event = std::move(event).value(), .actor = m_actor, .at = stored.at, .inboxId = stored.inboxId};
}

namespace {

using Page = std::vector<std::pair<int64_t, rollout::Decided>>; ///< with their versions

Result<Page> readPage(ports::Journal& journal, const RolloutId& id, int64_t after)
{
    const auto stored = journal.events(id, after, kPage);
    if (!stored.ok()) return stored.error();
    Page page;
    page.reserve(stored.value().size());
    EventReader reader;
    for (const ports::StoredEvent& one : stored.value()) {
        auto decided = reader.read(one.event);
        if (!decided.ok()) return decided.error();
        page.emplace_back(one.version, std::move(decided).value());
    }
    return page;
}

/// The state that the journal keeps, if there is one that this program can read; it is a cache, so nothing is wrong
/// without it.
std::optional<rollout::Rollout> keptState(ports::Journal& journal, const RolloutId& id)
{
    const auto row = journal.state(id);
    if (!row.ok() || !row.value() || row.value()->format != journal::kRolloutSchema) return std::nullopt;
    auto state = journal::decodeRollout(row.value()->body);
    if (!state.ok() || state.value().version != row.value()->version) return std::nullopt;
    return std::move(state).value();
}

} // namespace

Result<Past> readPast(ports::Journal& journal, const RolloutId& id, const TargetId& target)
{
    auto page = readPage(journal, id, 0);
    if (!page.ok()) return page.error();
    Past past{.state = {.id = id, .target = target}};
    const auto* started =
        page.value().empty() ? nullptr : std::get_if<rollout::RolloutStarted>(&page.value().front().second.event);
    if (started == nullptr) return Error{Fault::Internal, "Rollout " + id.value + " does not begin with its start."};
    past.started = *started;
    // What was recorded before the exposure is among the first.
    for (const auto& [version, decided] : page.value())
        if (const auto* recorded = std::get_if<rollout::BaselineRecorded>(&decided.event))
            past.baseline = recorded->baseline;
    if (auto kept = keptState(journal, id)) past.state = std::move(*kept);
    const int64_t shown = past.state.version - static_cast<int64_t>(kLogLines);
    if (shown >= page.value().back().first) page = readPage(journal, id, shown);
    while (page.ok() && !page.value().empty()) {
        const int64_t last = page.value().back().first;
        for (auto& [version, decided] : page.value())
            (version <= past.state.version ? past.shownBefore : past.since).push_back(std::move(decided));
        page = readPage(journal, id, last);
    }
    if (!page.ok()) return page.error();
    return past;
}

Result<std::shared_ptr<const Playbook>> pinnedPlaybook(const rollout::RolloutStarted& started)
{
    auto read = readPlaybook(started.playbookText, started.playbookName, started.settings);
    if (auto* problems = std::get_if<std::vector<Problem>>(&read))
        return Error{Fault::Internal, "The pinned playbook cannot be read: " + problemText(problems->front())};
    return std::make_shared<const Playbook>(std::get<Playbook>(std::move(read)));
}

} // namespace sluice::engine
