// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/record.h"

#include <fmt/format.h>

#include "core/base/check.h"
#include "core/engine/stored_events.h"
#include "core/rollout/decide.h"

namespace sluice::simulation {

namespace {
constexpr size_t kLinesKept = 40;
} // namespace

void Record::sync()
{
    while (m_read < m_store->events.size()) {
        const ports::StoredEvent& stored = m_store->events[m_read++];
        const auto decided = engine::fromStored(stored.event);
        SLUICE_CHECK(decided.ok());
        rollout::Rollout& state = m_rollouts[stored.rollout];
        const rollout::Rollout before = state;
        if (state.id.empty()) state.id = stored.rollout;
        state = rollout::fold(std::move(state), decided.value());
        m_newest[state.target] = state.id;
        m_lines.push_back(fmt::format("{:>4} {} v{} e{} {:>9.2f} s {}: {}", stored.gseq, stored.rollout.value,
                                      stored.version, stored.epoch,
                                      static_cast<double>(micros(stored.event.at) % 1'000'000'000) / 1e6,
                                      decided.value().actor.person.value, rollout::eventText(decided.value().event)));
        if (m_lines.size() > kLinesKept) m_lines.pop_front();
        m_seen({stored, decided.value(), before, state});
    }
}

const rollout::Rollout* Record::rollout(const RolloutId& id) const
{
    const auto found = m_rollouts.find(id);
    return found == m_rollouts.end() ? nullptr : &found->second;
}

const rollout::Rollout* Record::newestOn(const TargetId& target) const
{
    const auto found = m_newest.find(target);
    return found == m_newest.end() ? nullptr : rollout(found->second);
}

std::string Record::lastEvents() const
{
    std::string text;
    for (const std::string& line : m_lines)
        text += line + "\n";
    return text;
}

} // namespace sluice::simulation
