// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stored_events.h"

#include <utility>
#include <variant>

#include "core/journal/event_codec.h"
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
    auto event = journal::decodeEvent(stored.type, stored.schema, stored.body);
    if (!event.ok()) return event.error();
    auto actor = journal::decodeActor(stored.actor);
    if (!actor.ok()) return actor.error();
    return rollout::Decided{.event = std::move(event).value(),
                            .actor = std::move(actor).value(),
                            .at = stored.at,
                            .inboxId = stored.inboxId};
}

Result<std::vector<rollout::Decided>> readDecided(ports::Journal& journal, const RolloutId& id)
{
    std::vector<rollout::Decided> all;
    int64_t after = 0;
    for (;;) {
        const auto page = journal.events(id, after, kPage);
        if (!page.ok()) return page.error();
        for (const ports::StoredEvent& stored : page.value()) {
            auto decided = fromStored(stored.event);
            if (!decided.ok()) return decided.error();
            all.push_back(std::move(decided).value());
            after = stored.version;
        }
        if (page.value().empty()) return all;
    }
}

Result<std::shared_ptr<const Playbook>> pinnedPlaybook(const rollout::RolloutStarted& started)
{
    auto read = readPlaybook(started.playbookText, started.playbookName, started.settings);
    if (auto* problems = std::get_if<std::vector<Problem>>(&read))
        return Error{Fault::Internal, "The pinned playbook cannot be read: " + problemText(problems->front())};
    return std::make_shared<const Playbook>(std::get<Playbook>(std::move(read)));
}

} // namespace sluice::engine
