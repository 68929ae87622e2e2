// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/enum_names.h"
#include "core/journal/json_fields.h"
#include "core/rollout/event.h"

// How the parts of a rollout's state are stored; units stand at the end of the names.

namespace sluice::rollout {

template <class A>
void fields(A& a, StepProgress& v)
{
    a("title", v.title);
    a("kind", v.kind);
    a("state", v.state);
    a("reversible", v.reversible);
    a("risk", v.risk);
    a("note", v.note);
    a("usually_us", v.usually);
    a("took_us", v.took);
    a("started_at_us", v.startedAt);
}

template <class A>
void fields(A& a, RollbackProgress& v)
{
    a("cause", v.cause);
    a("because", v.because);
    a("evidence", v.evidence);
    a("trigger", v.trigger);
    a("stage", v.stage);
    a("by", v.by);
    a("to_version", v.toVersion);
    a("bad_since_us", v.badSince);
    a("decided_at_us", v.decidedAt);
    a("verified_after_us", v.verifiedAfter);
    a("quiet_after_us", v.quietAfter);
    a("unreachable", v.unreachable);
    a("steps", v.steps);
}

template <class A>
void fields(A& a, GivenApproval& v)
{
    a("person", v.person);
    a("role", v.role);
    a("comment", v.comment);
    a("digest", v.digest);
    a("at_us", v.at);
}

template <class A>
void fields(A& a, ApprovalRound& v)
{
    a("digest", v.digest);
    a("evidence", v.evidence);
    a("asked_at_us", v.askedAt);
    a("expires_at_us", v.expiresAt);
    a("given", v.given);
}

template <class A>
void fields(A& a, TickedItem& v)
{
    a("by", v.by);
    a("at_us", v.at);
    a("note", v.note);
}

template <class A>
void fields(A& a, StageRecord& v)
{
    a("entered_at_us", v.enteredAt);
    a("applied_at_us", v.appliedAt);
    a("passed_at_us", v.passedAt);
    a("baked_us", v.baked);
    a("score_milli", v.scoreMilli);
    a("warnings", v.warnings);
}

template <class A>
void fields(A& a, Actor& v)
{
    a("person", v.person);
    a("roles", v.roles);
    a("proof", v.proof);
}

} // namespace sluice::rollout
