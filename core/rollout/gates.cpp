// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rollout/gates.h"

#include <algorithm>
#include <iterator>

#include "core/policy/checklist.h"
#include "core/rollout/decide.h"
#include "core/rollout/stage_facts.h"

namespace sluice::rollout {

namespace {

void append(std::vector<WaitReason>& to, std::vector<WaitReason> more)
{
    std::ranges::move(more, std::back_inserter(to));
}

WaitReason bakeGate(const Moment& m)
{
    const Stage& stage = stageOf(m.rollout, m.playbook);
    const Phase phase = effectivePhase(m.rollout);
    const bool over = phase == Phase::Judging || phase == Phase::AwaitingApproval || phase == Phase::Promoting;
    const bool counting = m.rollout.phase == Phase::Baking && !isRampedDown(m.rollout, m.playbook);
    const Duration done =
        std::min(recordOf(m.rollout).baked + (counting ? m.tick.observedSinceCredit : Duration(0)), stage.bake);
    WaitReason gate{.code = WaitCode::BakeLeft,
                    .holds = over,
                    .observed = micros(done),
                    .required = micros(stage.bake),
                    .since = recordOf(m.rollout).appliedAt.value_or(m.rollout.phaseSince)};
    const bool fresh = m.tick.assessment.freshness == analysis::Freshness::Fresh;
    if (!over && counting && fresh) gate.expectedEnd = m.now.wall + (stage.bake - done);
    return gate;
}

std::vector<WaitReason> requestGate(const Moment& m)
{
    const Stage& stage = stageOf(m.rollout, m.playbook);
    if (stage.minRequests <= 0) return {};
    const int64_t seen = m.tick.assessment.canaryRequestsInStage;
    const WallTime since = recordOf(m.rollout).appliedAt.value_or(m.rollout.phaseSince);
    WaitReason gate{.code = WaitCode::RequestsMissing,
                    .holds = seen >= stage.minRequests,
                    .observed = seen,
                    .required = stage.minRequests,
                    .since = since};
    const Duration elapsed = m.now.wall - since;
    if (!gate.holds && seen > 0 && elapsed > Duration(0)) {
        const auto left = static_cast<double>(stage.minRequests - seen) / static_cast<double>(seen);
        gate.expectedEnd = m.now.wall + Duration(static_cast<int64_t>(left * static_cast<double>(elapsed.count())));
    }
    return {gate};
}

std::vector<WaitReason> rampGate(const Moment& m)
{
    if (!isRampedDown(m.rollout, m.playbook)) return {};
    return {WaitReason{.code = WaitCode::WeightApplying,
                       .holds = false,
                       .subject = "ramp",
                       .observed = m.rollout.weight.ppm(),
                       .required = stageOf(m.rollout, m.playbook).weight.ppm(),
                       .since = m.rollout.phaseSince,
                       .unblockedBy = {"ramp"},
                       .unit = Unit::Ratio}};
}

} // namespace

WaitReason checklistGate(const Moment& m, const std::vector<ChecklistItem>& items)
{
    const auto open = policy::openItems(items, [&](std::string_view item) { return isTicked(m.rollout, item); });
    WaitReason gate{.code = WaitCode::ChecklistOpen,
                    .holds = open.empty(),
                    .observed = static_cast<int64_t>(items.size() - open.size()),
                    .required = static_cast<int64_t>(items.size()),
                    .since = m.rollout.phaseSince,
                    .unblockedBy = {"tick"}};
    if (!open.empty()) {
        gate.subject = open.front().id;
        gate.title = open.front().text;
    }
    return gate;
}

std::vector<WaitReason> proxyGates(const Moment& m)
{
    std::vector<WaitReason> gates;
    for (const ProxyFact& proxy : m.tick.world.proxies) {
        if (isReachable(proxy)) continue;
        gates.push_back({.code = WaitCode::ProxyUnreachable,
                         .subject = proxy.name,
                         .since = m.now.wall - proxy.sinceAnswer,
                         .unblockedBy = {"rollback"}});
    }
    const bool all = allVerified(m.rollout, m.tick.world);
    gates.push_back({.code = WaitCode::WeightApplying,
                     .holds = all,
                     .observed = verifiedProxies(m.rollout, m.tick.world),
                     .required = static_cast<int64_t>(m.tick.world.proxies.size()),
                     .since = m.rollout.phaseSince});
    return gates;
}

std::vector<WaitReason> stageGates(const Moment& m)
{
    std::vector<WaitReason> gates{bakeGate(m)};
    append(gates, requestGate(m));
    append(gates, rampGate(m));
    append(gates, proxyGates(m));
    append(gates, qualityGates(m));
    const int stages = static_cast<int>(m.playbook.stages.size());
    const bool listed = !m.playbook.checklists.during.empty() && policy::duringListGates(m.rollout.stage, stages);
    if (listed) gates.push_back(checklistGate(m, m.playbook.checklists.during));
    return gates;
}

std::vector<WaitReason> watchGates(const Moment& m)
{
    const bool over = m.rollout.watched >= m.playbook.watch.length;
    const Duration done = std::min(m.rollout.watched + m.tick.observedSinceCredit, m.playbook.watch.length);
    WaitReason left{.code = WaitCode::WatchLeft,
                    .holds = over,
                    .observed = micros(done),
                    .required = micros(m.playbook.watch.length),
                    .since = m.rollout.phaseSince};
    const bool fresh = m.tick.assessment.freshness == analysis::Freshness::Fresh;
    if (!over && fresh && m.rollout.phase == Phase::Watching) {
        left.expectedEnd = m.now.wall + (m.playbook.watch.length - done);
    }
    std::vector<WaitReason> gates{left};
    append(gates, rampGate(m));
    append(gates, proxyGates(m));
    append(gates, qualityGates(m));
    return gates;
}

std::vector<WaitReason> entryGates(const Moment& m, int stage)
{
    const World& world = m.tick.world;
    const int needed = canaryInstancesFor(m.playbook, stage, stableInstances(world));
    std::vector<WaitReason> gates{{.code = WaitCode::CanaryStarting,
                                   .holds = hasCapacityFor(m.rollout, m.playbook, stage, world),
                                   .subject = world.canary.problem,
                                   .observed = readyCanaries(m.rollout, world),
                                   .required = needed,
                                   .since = m.rollout.phaseSince}};
    if (m.rollout.admitted) return gates;

    if (world.healthProbed || world.healthOk) gates.push_back(healthGate(m, world.healthOk.value_or(false)));
    gates.push_back(dataGate(m)); // nobody is exposed to what nobody can see
    const Duration before = m.playbook.before;
    WaitReason baseline{.code = WaitCode::BaselineRecording,
                        .holds = m.rollout.baselineRecorded || before <= Duration(0),
                        .required = micros(before),
                        .since = m.rollout.phaseSince};
    if (!baseline.holds) baseline.expectedEnd = std::max(m.rollout.startedAt + before, m.now.wall);
    gates.push_back(baseline);
    const auto& pre = m.playbook.checklists.pre;
    if (!pre.empty()) gates.push_back(checklistGate(m, pre));
    return gates;
}

bool allHold(const std::vector<WaitReason>& gates)
{
    return std::ranges::all_of(gates, &WaitReason::holds);
}

bool onlyScoreForPeople(const Moment& m, const std::vector<WaitReason>& gates)
{
    const auto& score = m.tick.assessment.score;
    const bool mayOverrule = score.heldBand == analysis::Band::Watch && gateBand(score) == analysis::Band::Watch;
    return std::ranges::all_of(gates, [&](const WaitReason& gate) {
        return gate.holds || (gate.code == WaitCode::ScoreBelowProceed && mayOverrule);
    });
}

std::string openText(const std::vector<WaitReason>& gates)
{
    std::string text;
    for (const WaitReason& gate : gates) {
        if (gate.holds) continue;
        if (!text.empty()) text += "; ";
        text += waitText(gate);
    }
    return text;
}

} // namespace sluice::rollout
