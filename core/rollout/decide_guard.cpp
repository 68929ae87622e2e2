// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/policy/failure.h"
#include "core/rollout/decide_parts.h"
#include "core/rollout/sentence.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/story.h"
#include "core/rollout/warning_code.h"

namespace sluice::rollout {

using analysis::Band;
using analysis::Freshness;
using analysis::TriggerState;

namespace {

/// A trigger that goes on firing speaks again at most this often, whatever its own cooldown is.
constexpr Duration kLeastCooldown = std::chrono::minutes(1);

bool hasData(const Moment& m)
{
    return m.tick.assessment.freshness != Freshness::NoData;
}

const Trigger* findTrigger(const Playbook& playbook, const std::string& id)
{
    const auto found = std::ranges::find(playbook.triggers, id, &Trigger::id);
    return found == playbook.triggers.end() ? nullptr : &*found;
}

/// A way back is never held up by a cooldown; only repeated alerts, pauses and steps are.
bool isCooling(const Moment& m, const Trigger& trigger)
{
    if (policy::endsRollout(trigger.action)) return false;
    const auto until = m.rollout.cooldownUntil.find(trigger.id);
    return until != m.rollout.cooldownUntil.end() && m.now.wall < until->second;
}

WallTime badSince(const Moment& m, Duration heldFor)
{
    const WallTime sample = m.tick.assessment.sampleTime;
    return (sample == WallTime{} ? m.now.wall : sample) - heldFor;
}

/// After a person resumed, the pause band acts again only when it is entered anew and holds: otherwise resuming
/// would be undone within the same second.
bool pauseWasAccepted(const Moment& m)
{
    const auto& score = m.tick.assessment.score;
    if (!m.rollout.resumedAt || m.rollout.pausedCause != RollbackCause::Score) return false;
    const bool entered = score.band == Band::Pause && score.bandFor >= m.playbook.score.hold;
    return !entered || m.now.wall - score.bandFor <= *m.rollout.resumedAt;
}

} // namespace

Events noteData(const Moment& m)
{
    if (!hasData(m)) {
        if (m.rollout.dataMissing) return {};
        return {DataLost{"No data has arrived for longer than five intervals; the clock stands still."}};
    }
    if (!m.rollout.dataMissing || m.tick.assessment.freshness != Freshness::Fresh) return {};
    return {DataRestored{std::max(m.now.wall - m.rollout.dataMissingSince, Duration(0))}};
}

Events noteDrift(const Moment& m)
{
    Events events;
    for (const ProxyFact& proxy : m.tick.world.proxies) {
        if (proxy.corrected) events.push_back(DriftCorrected{plainText(proxy.name), plainText(proxy.correction)});
    }
    return events;
}

Events guardTriggers(const Moment& m)
{
    if (!hasData(m)) return {};
    Events events;
    FailureAction action = FailureAction::AlertOnly;
    RollbackProgress why{.cause = RollbackCause::Trigger};
    for (const auto& status : m.tick.assessment.triggers) {
        const Trigger* trigger = findTrigger(m.playbook, status.id);
        if (status.state != TriggerState::Firing || trigger == nullptr || isCooling(m, *trigger)) continue;
        const std::string text = triggerStory(m.playbook, *trigger, status);
        events.push_back(TriggerFired{.trigger = status.id,
                                      .text = text,
                                      .action = trigger->action,
                                      .stage = m.rollout.stage,
                                      .observed = status.observed,
                                      .limit = status.limit,
                                      .heldFor = status.heldFor,
                                      .cooldownUntil = m.now.wall + std::max(trigger->cooldown, kLeastCooldown)});
        const bool leads = why.trigger.empty() || policy::stronger(action, trigger->action) != action;
        if (!leads) continue;
        action = trigger->action;
        why.trigger = status.id;
        why.because = text;
        why.badSince = badSince(m, status.heldFor);
    }
    if (events.empty()) return {};
    std::string code = firedWarning(why.trigger);
    const bool isNew = std::ranges::find(m.rollout.warnings, code) == m.rollout.warnings.end();
    if (isNew && !policy::endsRollout(action)) {
        events.push_back(WarningRaised{m.rollout.stage, std::move(code), why.because});
    }
    for (Event& event : act(m, action, why))
        events.push_back(std::move(event));
    return events;
}

Events guardScore(const Moment& m)
{
    if (!hasData(m) || m.playbook.score.parts.empty()) return {};
    const auto& score = m.tick.assessment.score;
    RollbackProgress why{.cause = RollbackCause::Score,
                         .because = scoreStory(m.playbook, score),
                         .badSince = badSince(m, score.bandFor)};
    if (score.heldBand == Band::Rollback) return act(m, FailureAction::Rollback, why);
    if (score.heldBand == Band::Pause && !pauseWasAccepted(m)) return act(m, FailureAction::Pause, why);
    return {};
}

Events guardTime(const Moment& m)
{
    const Phase phase = effectivePhase(m.rollout);
    // A step back is under way for seconds only; what is late acts when it is done.
    const bool released = phase == Phase::Watching || phase == Phase::Finalising || phase == Phase::RollingBack ||
                          phase == Phase::SteppingBack;
    const Duration total = m.now.wall - m.rollout.startedAt;
    if (!released && !m.rollout.overrunSeen && policy::isOverrun(m.playbook.overrun, total)) {
        const std::string text = overrunStory("the whole rollout", m.playbook.overrun.longest);
        Events events{WarningRaised{m.rollout.stage, std::string(kOverrunTotal), text}};
        for (Event& event : act(m, m.playbook.overrun.action, {.cause = RollbackCause::Overrun, .because = text})) {
            events.push_back(std::move(event));
        }
        return events;
    }
    if (released || !inStage(m.rollout) || !recordOf(m.rollout).appliedAt) return {};
    const Stage& stage = stageOf(m.rollout, m.playbook);
    const bool seen = std::ranges::find(m.rollout.warnings, kOverrunStage) != m.rollout.warnings.end();
    if (seen || !policy::isOverrun(stage.overrun, m.now.wall - *recordOf(m.rollout).appliedAt)) return {};
    const std::string text = overrunStory("stage " + stage.name, stage.overrun.longest);
    Events events{WarningRaised{m.rollout.stage, std::string(kOverrunStage), text}};
    for (Event& event : act(m, stage.overrun.action, {.cause = RollbackCause::Overrun, .because = text})) {
        events.push_back(std::move(event));
    }
    return events;
}

} // namespace sluice::rollout
