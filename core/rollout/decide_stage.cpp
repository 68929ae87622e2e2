// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/rollout/decide_parts.h"
#include "core/rollout/evidence.h"
#include "core/rollout/stage_facts.h"

namespace sluice::rollout {

namespace {

constexpr Duration kLongestCredit = std::chrono::seconds(60);
constexpr int kCreditsPerBake = 10;

bool isFresh(const Moment& m)
{
    return m.tick.assessment.freshness == analysis::Freshness::Fresh;
}

std::string readyText(const Moment& m)
{
    const int ready = readyCanaries(m.rollout, m.tick.world);
    return ready == 1 ? std::string("1 canary instance is ready") : fmt::format("{} canary instances are ready", ready);
}

StageEntered entered(const Moment& m, int stage)
{
    return {.stage = stage, .weight = m.playbook.stages[static_cast<size_t>(stage)].weight, .because = readyText(m)};
}

} // namespace

Duration creditNow(Duration done, Duration length, Duration sinceCredit)
{
    if (done + sinceCredit >= length) return std::max(length - done, Duration(0));
    const Duration step = std::min(kLongestCredit, length / kCreditsPerBake);
    return sinceCredit >= step ? sinceCredit : Duration(0);
}

Events prepare(const Moment& m)
{
    Events events;
    if (!m.rollout.canaryReady && hasCapacityFor(m.rollout, m.playbook, 0, m.tick.world)) {
        events.push_back(CanaryReady{readyCanaries(m.rollout, m.tick.world)});
    }
    const bool wantsBaseline = m.playbook.before > Duration(0) && !m.rollout.baselineRecorded;
    if (wantsBaseline && m.tick.baselineReady) {
        events.push_back(BaselineRecorded{m.playbook.before, m.tick.baselineText});
    }
    if (!events.empty()) return events;
    if (!allHold(entryGates(m, 0))) return {};
    return {entered(m, 0)};
}

Events applyWeight(const Moment& m)
{
    if (!allVerified(m.rollout, m.tick.world)) return {};
    return {StageApplied{.stage = m.rollout.stage,
                         .proxies = verifiedProxies(m.rollout, m.tick.world),
                         .took = std::max(m.now.wall - m.rollout.phaseSince, Duration(0))}};
}

Events bake(const Moment& m)
{
    if (!isFresh(m)) return {};
    const Duration length = stageOf(m.rollout, m.playbook).bake;
    const Duration baked = recordOf(m.rollout).baked;
    if (baked >= length) return {BakeDone{m.rollout.stage}};
    if (isRampedDown(m.rollout, m.playbook)) return {};
    const Duration credit = creditNow(baked, length, m.tick.observedSinceCredit);
    if (credit == Duration(0)) return {};
    Events events{BakeCredited{m.rollout.stage, credit}};
    if (baked + credit >= length) events.push_back(BakeDone{m.rollout.stage});
    return events;
}

Events enterNext(const Moment& m)
{
    if (isLastStage(m.rollout, m.playbook)) return {WatchStarted{m.playbook.watch.length}};
    // Starting instances takes time; what the promotion was decided on must still stand when they are ready.
    if (!m.rollout.promotionForced) {
        const std::string change = changeSince(m.rollout.promotionEvidence, m);
        if (!change.empty()) return {ApprovalVoided{m.rollout.stage, change}};
        if (!onlyScoreForPeople(m, qualityGates(m))) return {};
    }
    const int next = m.rollout.stage + 1;
    if (!allHold(entryGates(m, next))) return {};
    return {entered(m, next)};
}

Events watch(const Moment& m)
{
    if (!isFresh(m)) return {};
    const Duration length = m.playbook.watch.length;
    if (m.rollout.watched < length) {
        if (isRampedDown(m.rollout, m.playbook)) return {};
        const Duration credit = creditNow(m.rollout.watched, length, m.tick.observedSinceCredit);
        if (credit == Duration(0)) return {};
        return {WatchCredited{credit}};
    }
    if (Events failed = failRequirements(m); !failed.empty()) return failed;
    if (!allHold(watchGates(m))) return {};
    return startFinalising(m);
}

} // namespace sluice::rollout
