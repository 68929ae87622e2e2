// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/json_fields.h"
#include "core/rollout/command.h"

// One description per command, in the order of rollout::Command.

namespace sluice::rollout {

template <class A>
void fields(A& a, StartRollout& v)
{
    a("target", v.target);
    a("to_version", v.toVersion);
    a("from_version", v.fromVersion);
    a("playbook", v.playbook);
    a("playbook_text", v.playbookText);
    a("settings", v.settings);
    a("supersede", v.supersede);
    a("note", v.note);
    a("exception", v.exception);
    a("second", v.second);
}
template <class A>
void fields(A& a, Approve& v)
{
    a("rollout", v.rollout);
    a("digest", v.digest);
    a("comment", v.comment);
}
template <class A>
void fields(A& a, Reject& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, Pause& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, Resume& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, Promote& v)
{
    a("rollout", v.rollout);
    a("force", v.force);
    a("reason", v.reason);
    a("second", v.second);
}
template <class A>
void fields(A& a, StepBack& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, Cancel& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, RollBack& v)
{
    a("rollout", v.rollout);
    a("to_version", v.toVersion);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, EmergencyRollback& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, Ramp& v)
{
    a("rollout", v.rollout);
    a("weight", v.weight);
    a("force", v.force);
    a("reason", v.reason);
    a("second", v.second);
}
template <class A>
void fields(A& a, TickItem& v)
{
    a("rollout", v.rollout);
    a("item", v.item);
    a("ticked", v.ticked);
    a("note", v.note);
}
template <class A>
void fields(A& a, HandOver& v)
{
    a("rollout", v.rollout);
    a("to", v.to);
    a("note", v.note);
}
template <class A>
void fields(A& a, Comment& v)
{
    a("rollout", v.rollout);
    a("text", v.text);
}
template <class A>
void fields(A& a, RetryStep& v)
{
    a("rollout", v.rollout);
}
template <class A>
void fields(A& a, SkipStep& v)
{
    a("rollout", v.rollout);
    a("reason", v.reason);
}
template <class A>
void fields(A& a, EmergencyStop& v)
{
    a("reason", v.reason);
}
template <class A>
void fields(A& a, ClearStop& v)
{
    a("target", v.target);
    a("reason", v.reason);
}

} // namespace sluice::rollout
