// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>
#include <variant>

#include "core/engine/engine_core.h"
#include "core/engine/stored_events.h"

namespace sluice::engine {

/// BOOTTIME with the calendar of our start. Steps of a rollout, approvals and cooldowns count in wall time (they are
/// journaled and outlive the boot), so within one life of the engine it must not jump.
Now EngineCore::steadyNow() const
{
    const BootTime boot = m_parts.clock->now().boot;
    return {.wall = wallTime(micros(boot)) + m_wallMinusBoot, .boot = boot};
}

/// A rollout never goes back in time: a clock that was set back while no engine ran would hold its steps for as long.
void EngineCore::notBefore(WallTime journaled)
{
    if (journaled <= m_now.wall) return;
    m_wallMinusBoot += journaled - m_now.wall;
    m_now.wall = journaled;
}

Outcome EngineCore::start(EngineParts parts)
{
    m_parts = std::move(parts);
    m_now = m_parts.clock->now();
    m_wallMinusBoot = Duration(micros(m_now.wall) - micros(m_now.boot));
    m_startedAt = m_now.boot;
    for (const TargetConfig& config : m_parts.connections.targets) {
        auto target = std::make_unique<TargetSlot>(config);
        m_parts.router->observe(config.id);
        const auto deployer = m_parts.deployers.find(config.deployer);
        if (deployer != m_parts.deployers.end()) deployer->second->observe(config.id);
        m_targets.emplace(config.id, std::move(target));
    }
    for (auto& [name, source] : m_parts.sources)
        m_feeds.emplace(name, std::make_unique<MetricFeed>(*source));
    const auto chain = m_parts.journal->verify();
    if (!chain.ok()) return chain.error();
    if (!chain.value().intact) {
        m_problem = "The journal is damaged from event " + std::to_string(chain.value().firstDamaged) + " (" +
                    chain.value().what + "); observing only.";
    }
    if (Outcome announced = m_parts.journal->announce(m_parts.engineId, m_parts.person); !announced.ok())
        return announced;
    m_lastRenewed = m_now.boot;
    if (m_problem.empty()) {
        if (Outcome loaded = loadUnfinished(); !loaded.ok()) return loaded;
    }
    publish();
    return Done{};
}

/// What runs on each target, from the releases that became stable; also those that somebody else drove.
void EngineCore::learnStable(const std::vector<ports::RolloutRow>& rows)
{
    std::map<TargetId, WallTime> newest;
    for (const ports::RolloutRow& row : rows) {
        TargetSlot* target = slot(row.target);
        const bool stable = row.outcome == rollout::phaseName(rollout::Phase::Stable);
        if (target == nullptr || !stable || row.startedAt <= newest[row.target]) continue;
        newest[row.target] = row.startedAt;
        target->stableVersion = row.toVersion;
    }
}

Outcome EngineCore::loadUnfinished()
{
    const auto all = m_parts.journal->rollouts(false, kHistoryLimit);
    if (!all.ok()) return all.error();
    learnStable(all.value());
    for (const ports::RolloutRow& row : all.value()) {
        if (slot(row.target) == nullptr) continue;
        if (!row.outcome.empty()) continue;
        if (Outcome loaded = loadRollout(row); !loaded.ok()) return loaded;
    }
    return Done{};
}

Outcome EngineCore::loadRollout(const ports::RolloutRow& row)
{
    TargetSlot* target = slot(row.target);
    auto past = readPast(*m_parts.journal, row.id, row.target);
    if (!past.ok()) return past.error();
    auto playbook = pinnedPlaybook(past.value().started);
    if (!playbook.ok()) return playbook.error();
    target->endedAt = BootTime{};
    target->tracker.forgetHealth();
    (void)target->tracker.takeCorrections(); // of the time before it
    target->runner = std::make_unique<RolloutRunner>(past.value().state, playbook.value(), *target->config);
    const auto& last = past.value().since.empty() ? past.value().shownBefore : past.value().since;
    notBefore(last.back().at);
    target->runner->goOn(std::move(past).value(), m_now);
    if (MetricFeed* feed = feedOf(*target)) {
        feed->want(target->runner->judge().seriesNames());
        const Duration age = m_now.wall - target->runner->state().startedAt;
        feed->backfill(age + target->runner->playbook().before + std::chrono::minutes(1));
    }
    return Done{};
}

void EngineCore::rereadRollout(TargetSlot& target)
{
    const Outcome good = m_parts.journal->reopen();
    good.ok() ? readRollout(target) : readLater(target, good.error());
}

void EngineCore::readRollout(TargetSlot& target)
{
    const auto rows = m_parts.journal->rollouts(true, kHistoryLimit);
    if (!rows.ok()) return readLater(target, rows.error());
    target.runner.reset();
    m_toReread.erase(target.config->id);
    m_rereadProblem.clear();
    for (const ports::RolloutRow& row : rows.value()) {
        if (row.target != target.config->id) continue;
        const Outcome good = loadRollout(row);
        if (!good.ok()) m_problem = good.error().detail;
    }
}

/// What we know of it may be wrong, so nothing is decided from it meanwhile.
void EngineCore::readLater(TargetSlot& target, const Error& why)
{
    target.runner.reset();
    m_rereadProblem = why.detail;
    m_toReread.insert(target.config->id);
}

void EngineCore::adopt(TargetSlot& target, const std::string& because)
{
    if (!target.live()) return;
    const rollout::DriverChanged event{.holder = m_parts.engineTitle, .epoch = target.lease->epoch, .because = because};
    settle(target, target.runner->apply(context(target), {event}, engineActor(), {}, m_now));
}

} // namespace sluice::engine
