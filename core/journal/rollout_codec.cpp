// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/rollout_codec.h"

#include "core/journal/rollout_fields.h"

namespace sluice::rollout {

namespace {

/// Who and what it is about.
template <class A>
void identityFields(A& a, Rollout& v)
{
    a("id", v.id);
    a("version", v.version);
    a("target", v.target);
    a("from_version", v.fromVersion);
    a("to_version", v.toVersion);
    a("playbook", v.playbookName);
    a("playbook_hash", v.playbookHash);
    a("started_by", v.startedBy);
    a("owner", v.owner);
    a("started_at_us", v.startedAt);
}

} // namespace

template <class A>
void fields(A& a, Rollout& v)
{
    identityFields(a, v);
    a("phase_since_us", v.phaseSince);
    a("ended_at_us", v.endedAt);
    a("phase", v.phase);
    a("phase_before_pause", v.phaseBeforePause);
    a("paused_because", v.pausedBecause);
    a("paused_by_person", v.pausedByPerson);
    a("paused_cause", v.pausedCause);
    a("resumed_at_us", v.resumedAt);
    a("stage", v.stage);
    a("weight", v.weight);
    a("cap", v.cap);
    a("generation", v.generation);
    a("admitted", v.admitted);
    a("canary_ready", v.canaryReady);
    a("baseline_recorded", v.baselineRecorded);
    a("stages", v.stages);
    a("warnings", v.warnings);
    a("approval", v.approval);
    a("ticked", v.ticked);
    a("cooldown_until_us", v.cooldownUntil);
    a("watched_us", v.watched);
    a("data_missing", v.dataMissing);
    a("data_missing_since_us", v.dataMissingSince);
    a("promotion_forced", v.promotionForced);
    a("promotion_evidence", v.promotionEvidence);
    a("overrun_seen", v.overrunSeen);
    a("rollback", v.rollback);
    a("finalise", v.finalise);
}

} // namespace sluice::rollout

namespace sluice::journal {

std::string encodeRollout(const rollout::Rollout& state)
{
    return encode(state);
}

Result<rollout::Rollout> decodeRollout(std::string_view text)
{
    return decode<rollout::Rollout>(text, "The state of the rollout");
}

} // namespace sluice::journal
