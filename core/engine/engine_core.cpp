// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine_core.h"

#include <algorithm>
#include <utility>

#include "core/base/overloaded.h"

namespace sluice::engine {

EngineCore::EngineCore()
    : m_latest(std::make_shared<Snapshot>())
{
}
EngineCore::~EngineCore() = default;

ports::Sink EngineCore::sink()
{
    return [this](ports::PortMessage message) { return m_queue.push(Item(std::move(message))); };
}

void EngineCore::submit(rollout::Command command, rollout::Actor actor, Reply reply)
{
    Submitted submitted{std::move(command), std::move(actor), reply, {}};
    if (!m_queue.push(Item(std::move(submitted))))
        reply(Error{Fault::Refused, "The engine has too much to do; try again in a moment."});
}

std::shared_ptr<const Snapshot> EngineCore::latest() const
{
    const std::scoped_lock lock(m_latestMutex);
    return m_latest;
}

void EngineCore::step()
{
    m_now = steadyNow();
    // A gap means suspend, SIGSTOP or a starved machine: nothing is sent before the lease is known to be ours.
    if (m_lastStep != BootTime{} && m_now.boot - m_lastStep > kStall) {
        m_nextRenew = m_now.boot;
        for (auto& [id, target] : m_targets)
            if (target->runner) target->runner->interrupt();
    }
    m_lastStep = m_now.boot;
    renewLease();
    checkStops();
    drain();
    takeLeases();
    if (m_driving) readInbox();
    driveTargets();
    if (m_driving) labColleagues();
    collectAnswers();
    pollPorts();
    publish();
}

void EngineCore::drain()
{
    for (Item& item : m_queue.drain()) {
        std::visit(overloaded{
                       [&](const ports::PortMessage& message) { take(message); },
                       [&](Submitted& submitted) { handle(std::move(submitted)); },
                   },
                   item);
    }
}

void EngineCore::take(const ports::PortMessage& message)
{
    std::visit(overloaded{
                   [&](const ports::MetricAnswer& answer) {
                       const auto feed = m_feeds.find(answer.source);
                       if (feed != m_feeds.end()) feed->second->take(answer);
                   },
                   [&](const auto& answer) {
                       if (TargetSlot* target = slot(answer.target)) target->tracker.take(answer);
                   },
               },
               message);
}

TargetSlot* EngineCore::slot(const TargetId& target)
{
    const auto found = m_targets.find(target);
    return found == m_targets.end() ? nullptr : found->second.get();
}

TargetSlot* EngineCore::slotOf(const RolloutId& rollout)
{
    for (auto& [id, target] : m_targets)
        if (target->runner && target->runner->state().id == rollout) return target.get();
    return nullptr;
}

MetricFeed* EngineCore::feedOf(const TargetSlot& target)
{
    const auto found = m_feeds.find(target.config->metrics);
    return found == m_feeds.end() ? nullptr : found->second.get();
}

DriveContext EngineCore::context(const TargetSlot& target) const
{
    return {.parts = &m_parts,
            .target = target.config,
            .epoch = target.lease ? target.lease->epoch : 0,
            .stableVersion = target.stableVersion,
            .stopInForce = target.stop.has_value()};
}

void EngineCore::driveTargets()
{
    const bool mine = mayDrive();
    for (auto& [id, target] : m_targets) {
        if (!target->runner) continue;
        MetricFeed* feed = feedOf(*target);
        RolloutRunner& runner = *target->runner;
        if (!runner.readyToJudge(feed, target->tracker.allProxiesAnswered(), m_now)) continue;
        rollout::World world = target->tracker.world(m_now);
        world.healthProbed = hasProbe(*target);
        const auto& back = runner.state().rollback;
        if (target->stop && back && back->decidedAt == target->stop->at) world.zeroProven = target->stop->zeroAfter;
        runner.observe(feed, world, m_now);
        if (!mine || !target->lease || !target->live()) continue;
        runner.noteCorrections(target->tracker.takeCorrections());
        const ports::Appended stored = runner.drive(context(*target), m_now);
        settle(*target, stored);
    }
}

void EngineCore::settle(TargetSlot& target, ports::Appended stored)
{
    switch (stored) {
    case ports::Appended::Stored:
        if (rollout::isEnd(target.runner->state().phase)) ended(target);
        return;
    case ports::Appended::Fenced: fenced(target); return;
    case ports::Appended::Conflict:
    case ports::Appended::Unknown: rereadRollout(target); return; // what is stored decides, not what we meant
    }
}

void EngineCore::ended(TargetSlot& target)
{
    if (target.endedAt != BootTime{}) return;
    const rollout::Rollout& state = target.runner->state();
    if (state.phase == rollout::Phase::Stable) target.stableVersion = state.toVersion;
    target.endedAt = m_now.boot;
}

bool EngineCore::hasProbe(const TargetSlot& target) const
{
    return m_parts.health != nullptr && !target.config->health.empty();
}

/// Before the first user, too: an instance that is not healthy is not shown to anybody.
bool EngineCore::isProbed(const TargetSlot& target) const
{
    if (!hasProbe(target) || !target.live()) return false;
    if (target.runner->state().phase == rollout::Phase::RollingBack) return false; // it would count as traffic
    return rollout::hasExposure(target.runner->state()) || target.runner->latest().world.canary.ready > 0;
}

void EngineCore::pollPorts()
{
    for (auto& [name, feed] : m_feeds)
        feed->clearWanted();
    for (auto& [id, target] : m_targets) {
        MetricFeed* feed = feedOf(*target);
        if (feed != nullptr && isShown(*target)) feed->want(target->runner->judge().seriesNames());
        if (!isProbed(*target) || m_now.boot < target->nextHealth) continue;
        target->nextHealth = m_now.boot + kPollEvery;
        m_parts.health->probe(id, target->config->health, target->runner->state().toVersion);
    }
    for (auto& [name, feed] : m_feeds)
        feed->pollIfDue(m_now);
}

} // namespace sluice::engine
