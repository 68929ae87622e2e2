// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "core/engine/engine_core.h"
#include "core/rollout/sentence.h"
#include "core/rollout/story.h"

namespace sluice::engine {

namespace {
constexpr Duration kAcquireEvery = std::chrono::seconds(1);
constexpr Duration kReadWorldFirst = std::chrono::seconds(2); // proxies that stay silent longer do not delay driving
} // namespace

void EngineCore::renewLease()
{
    if (m_now.boot < m_nextRenew) return;
    m_nextRenew = m_now.boot + kRenewEvery;
    // A renewal that fails is not repeated here: past kSelfStop without one, mayDrive() says no.
    (void)m_parts.journal->renew(m_parts.engineId);
    if (const auto at = m_parts.journal->lastRenewed()) m_lastRenewed = *at;
    // Only a look at the lease rows tells whether somebody took over while we were away.
    for (auto& [id, target] : m_targets) {
        if (!target->lease) continue;
        const auto row = m_parts.journal->lease(id);
        if (!row.ok()) continue;
        const bool ours =
            row.value() && row.value()->holder == m_parts.engineId && row.value()->epoch == target->lease->epoch;
        if (!ours) fenced(*target);
    }
}

bool EngineCore::mayDrive() const
{
    return m_driving && m_problem.empty() && m_now.boot - m_lastRenewed < kSelfStop;
}

void EngineCore::fenced(TargetSlot& target)
{
    target.lease.reset();
    m_parts.router->observe(target.config->id);
    target.runner.reset(); // what we know of it is old; if we drive again it is read from the journal
    m_driving = std::ranges::any_of(m_targets, [](const auto& entry) { return entry.second->lease.has_value(); });
    m_nextAcquire = m_now.boot + kAcquireEvery;
}

void EngineCore::takeLeases()
{
    if (!m_parts.drive || !m_problem.empty() || m_now.boot < m_nextAcquire) return;
    m_nextAcquire = m_now.boot + kAcquireEvery;
    for (const TargetId& id : std::set<TargetId>(m_toReread))
        rereadRollout(*slot(id));
    reassertSafeStates();
    for (auto& [id, target] : m_targets) {
        if (target->lease) continue;
        // Read the world first: the new epoch must be above what any proxy has already seen.
        const bool looked = target->tracker.allProxiesAnswered() || m_now.boot - m_startedAt > kReadWorldFirst;
        if (looked && acquire(*target, "free", false)) m_driving = true;
    }
}

bool EngineCore::acquire(TargetSlot& target, const std::string& reason, bool force)
{
    const TargetId& id = target.config->id;
    const auto last = m_parts.journal->lease(id);
    const int64_t seen = m_parts.router->highestEpochSeen(id);
    const auto lease = m_parts.journal->acquire(id, m_parts.engineId, m_parts.person, seen, force, reason);
    if (!lease.ok()) {
        m_otherDriver = lease.error().fault == Fault::Refused ? lease.error().detail : std::string();
        return false;
    }
    m_otherDriver.clear();
    const bool held = target.lease.has_value();
    target.lease = lease.value();
    // Proxies that follow an epoch this journal never gave (an emergency takes the next one) belong to somebody else.
    if (!held) target.safeStateDue = last.ok() && last.value() && seen <= last.value()->epoch + 1;
    // While we observed, the holder has moved on: what it decided is read before our first decision.
    if (const auto all = m_parts.journal->rollouts(false, kHistoryLimit); all.ok()) learnStable(all.value());
    if (!held && !isCurrent(target)) readRollout(target);
    adopt(target, reason == "free" ? "took the free lease" : reason);
    return true;
}

void EngineCore::reassertSafeStates()
{
    const auto isDue = [](const TargetSlot& target) { return target.lease && target.safeStateDue; };
    if (std::ranges::none_of(m_targets, [&](const auto& entry) { return isDue(*entry.second); })) return;
    const auto rows = m_parts.journal->rollouts(false, kHistoryLimit);
    if (!rows.ok()) return; // asked again in the next round
    std::map<TargetId, bool> anyLive;
    for (const ports::RolloutRow& row : rows.value())
        anyLive[row.target] = anyLive[row.target] || row.outcome.empty();
    for (auto& [id, target] : m_targets) {
        if (!isDue(*target)) continue;
        target->safeStateDue = false;
        const auto known = anyLive.find(id);
        if (known == anyLive.end() || known->second) continue; // a live rollout orders for itself
        m_parts.router->order({.target = id, .epoch = target->lease->epoch, .safe = true});
    }
}

bool EngineCore::isCurrent(const TargetSlot& target) const
{
    if (!target.live()) return false;
    const rollout::Rollout& state = target.runner->state();
    const auto newer = m_parts.journal->events(state.id, state.version, 1);
    return newer.ok() && newer.value().empty();
}

/// Whoever fired while it was rolling back already is written down, too, but only once.
bool EngineCore::isJournaled(const TargetSlot& target)
{
    if (target.runner->state().phase != rollout::Phase::RollingBack) return false;
    if (target.journaledStop == target.stop->at) return true;
    const PersonId& person = target.stop->person;
    const rollout::RollbackProgress& back = *target.runner->state().rollback;
    // Fired in a console, the reason comes after the emergency.
    for (const std::string& reason : {rollout::plainText(target.stop->reason), std::string()}) {
        if (back.cause == rollout::RollbackCause::Emergency && back.because == rollout::emergencyStory(person, reason))
            return true;
        const bool remarked = std::ranges::any_of(target.runner->log(), [&](const LogLine& line) {
            return line.name == "commented" && line.by == person &&
                   line.text == rollout::emergencyRemark(person, reason);
        });
        if (remarked) return true;
    }
    return false;
}

/// Whoever fires again gives a reason that the stop in force did not have; the rollout it stopped tells it, too.
void EngineCore::tellNewReason(TargetSlot& target, const std::optional<ports::StopRecord>& before)
{
    const auto& stop = target.stop;
    const bool same = before && stop && before->at == stop->at && before->person == stop->person;
    if (!same || before->reason == stop->reason || !target.lease || !target.runner) return;
    const rollout::Rollout& state = target.runner->state();
    if (!state.rollback || state.rollback->decidedAt < stop->at) return;
    const rollout::Comment comment{.rollout = state.id,
                                   .text = "Reason of the emergency: " + rollout::plainText(stop->reason)};
    (void)commandRollout(target, {comment, {.person = stop->person, .roles = {}, .proof = stop->proof}, {}, {}});
}

void EngineCore::checkStops()
{
    if (m_parts.safety == nullptr) return;
    for (auto& [id, target] : m_targets) {
        const auto before = std::exchange(target->stop, m_parts.safety->stopped(id));
        tellNewReason(*target, before);
        if (!target->stop || !target->lease || !target->live()) continue;
        // The stop was fired with a higher epoch than ours, so the proxies ignore us until we have one above it: also
        // a rollback that was under way already would never be verified.
        const int64_t seen = m_parts.router->highestEpochSeen(id);
        const bool rolling = target->runner->state().phase == rollout::Phase::RollingBack;
        const int64_t needed = std::max(target->stop->epoch, rolling ? seen - 1 : seen); // rolling: ours is there, too
        if (target->lease->epoch <= needed &&
            !acquire(*target, "emergency stop by " + target->stop->person.value, true))
            continue;
        if (!target->live() || isJournaled(*target)) continue;
        target->runner->observe(nullptr, target->tracker.world(m_now), m_now);
        rollout::Actor actor{.person = target->stop->person, .roles = {}, .proof = target->stop->proof};
        // It came through a file, so nobody has looked at it, and it must not be refused for its length or spelling.
        const std::string reason = rollout::plainText(target->stop->reason);
        rollout::Command command = rollout::EmergencyRollback{target->runner->state().id, reason};
        if (!rolling && !rollout::hasExposure(target->runner->state())) {
            const bool known = !actor.person.empty(); // only then it may cancel; anybody may fire
            command = rollout::Cancel{target->runner->state().id,
                                      known ? reason : rollout::emergencyStory(actor.person, reason)};
            if (!known) actor = engineActor();
        }
        ports::Appended stored{};
        const auto written = target->runner->command(
            context(*target), {.command = command, .actor = actor, .decidedAt = target->stop->at}, m_now, stored);
        if (written.ok()) target->journaledStop = target->stop->at;
        settle(*target, stored);
    }
}

} // namespace sluice::engine
