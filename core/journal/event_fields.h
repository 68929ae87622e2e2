// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/rollout_fields.h"

// One description per event type, in the order of rollout::Event. These names are in journals for ever: a change of
// an event is a new schema number beside the old description.

namespace sluice::rollout {

template <class A>
void fields(A& a, RolloutStarted& v)
{
    a("target", v.target);
    a("from_version", v.fromVersion);
    a("to_version", v.toVersion);
    a("playbook", v.playbookName);
    a("playbook_hash", v.playbookHash);
    a("playbook_text", v.playbookText);
    a("settings", v.settings);
    a("stage_count", v.stageCount);
    a("note", v.note);
}
template <class A>
void fields(A& a, CanaryReady& v)
{
    a("instances", v.instances);
}
template <class A>
void fields(A& a, BaselineRecorded& v)
{
    a("length_us", v.length);
    a("baseline", v.baseline);
}
template <class A>
void fields(A& a, StageEntered& v)
{
    a("stage", v.stage);
    a("weight", v.weight);
    a("because", v.because);
}
template <class A>
void fields(A& a, StageApplied& v)
{
    a("stage", v.stage);
    a("proxies", v.proxies);
    a("took_us", v.took);
}
template <class A>
void fields(A& a, BakeCredited& v)
{
    a("stage", v.stage);
    a("credit_us", v.credit);
}
template <class A>
void fields(A& a, BakeDone& v)
{
    a("stage", v.stage);
}
template <class A>
void fields(A& a, WarningRaised& v)
{
    a("stage", v.stage);
    a("code", v.code);
    a("text", v.text);
}
template <class A>
void fields(A& a, ApprovalRequested& v)
{
    a("stage", v.stage);
    a("digest", v.digest);
    a("evidence", v.evidence);
    a("expires_at_us", v.expiresAt);
}
template <class A>
void fields(A& a, ApprovalGiven& v)
{
    a("stage", v.stage);
    a("approval", v.approval);
}
template <class A>
void fields(A& a, ApprovalVoided& v)
{
    a("stage", v.stage);
    a("because", v.because);
}
template <class A>
void fields(A& a, StagePassed& v)
{
    a("stage", v.stage);
    a("score_milli", v.scoreMilli);
    a("evidence", v.evidence);
    a("forced", v.forced);
    a("forced_reason", v.forcedReason);
    a("second", v.second);
}
template <class A>
void fields(A& a, RolloutPaused& v)
{
    a("because", v.because);
    a("by_person", v.byPerson);
    a("cause", v.cause);
}
template <class A>
void fields(A& a, RolloutResumed& v)
{
    a("reason", v.reason);
}
template <class A>
void fields(A& a, SteppedBack& v)
{
    a("from", v.from);
    a("to", v.to);
    a("weight", v.weight);
    a("because", v.because);
}
template <class A>
void fields(A& a, WeightRamped& v)
{
    a("weight", v.weight);
    a("forced", v.forced);
    a("reason", v.reason);
    a("second", v.second);
}
template <class A>
void fields(A& a, TriggerFired& v)
{
    a("trigger", v.trigger);
    a("text", v.text);
    a("action", v.action);
    a("stage", v.stage);
    a("observed", v.observed);
    a("limit", v.limit);
    a("held_for_us", v.heldFor);
    a("cooldown_until_us", v.cooldownUntil);
}
template <class A>
void fields(A& a, RollbackStarted& v)
{
    a("plan", v.plan);
}
template <class A>
void fields(A& a, TrafficVerified& v)
{
    a("took_us", v.took);
    a("proxies", v.proxies);
    a("unreachable", v.unreachable);
}
template <class A>
void fields(A& a, TrafficQuiet& v)
{
    a("took_us", v.took);
    a("note", v.note);
}
template <class A>
void fields(A& a, StepChanged& v)
{
    a("step", v.step);
    a("state", v.state);
    a("took_us", v.took);
    a("note", v.note);
}
template <class A>
void fields(A& a, RolledBack& v)
{
    a("version", v.version);
}
template <class A>
void fields(A& a, WatchStarted& v)
{
    a("length_us", v.length);
}
template <class A>
void fields(A& a, WatchCredited& v)
{
    a("credit_us", v.credit);
}
template <class A>
void fields(A& a, FinaliseStarted& v)
{
    a("steps", v.steps);
}
template <class A>
void fields(A& a, MarkedStable& v)
{
    a("version", v.version);
}
template <class A>
void fields(A& a, RolloutCancelled& v)
{
    a("reason", v.reason);
}
template <class A>
void fields(A& a, ItemTicked& v)
{
    a("item", v.item);
    a("ticked", v.ticked);
    a("note", v.note);
}
template <class A>
void fields(A& a, HandedOver& v)
{
    a("to", v.to);
    a("note", v.note);
}
template <class A>
void fields(A& a, Commented& v)
{
    a("text", v.text);
}
template <class A>
void fields(A& a, DriftCorrected& v)
{
    a("proxy", v.proxy);
    a("text", v.text);
}
template <class A>
void fields(A& a, DataLost& v)
{
    a("text", v.text);
}
template <class A>
void fields(A& a, DataRestored& v)
{
    a("gap_us", v.gap);
}
template <class A>
void fields(A& a, DriverChanged& v)
{
    a("holder", v.holder);
    a("epoch", v.epoch);
    a("because", v.because);
}

} // namespace sluice::rollout
