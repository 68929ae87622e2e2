// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "core/rollout/decide_parts.h"
#include "core/rollout/stage_facts.h"
#include "core/rollout/steps.h"
#include "core/rollout/story.h"

namespace sluice::rollout {

namespace {

/// The old version must look well this long before the rollback is called complete.
constexpr Duration kValidationHold = std::chrono::seconds(5);
/// A window of bad samples needs a while to pass before the old version is called bad.
constexpr Duration kValidationPatience = std::chrono::seconds(90);

Duration sinceDecision(const Moment& m)
{
    return std::max(m.now.wall - m.rollout.rollback->decidedAt, Duration(0));
}

/// At least one proxy answers, and all that answer hold the safe state of the newest generation.
bool reachableAreSafe(const Moment& m)
{
    bool any = false;
    for (const ProxyFact& proxy : m.tick.world.proxies) {
        if (!isReachable(proxy)) continue;
        if (!isSafeNow(m.rollout, proxy)) return false;
        any = true;
    }
    return any;
}

TrafficVerified verifiedNow(const Moment& m)
{
    TrafficVerified verified;
    // The others were at zero before it was clear that one does not answer: that wait is not theirs.
    Duration zeroFor = Duration::max();
    for (const ProxyFact& proxy : m.tick.world.proxies) {
        if (!isReachable(proxy)) {
            verified.unreachable.push_back(proxy.name);
            continue;
        }
        ++verified.proxies;
        zeroFor = std::min(zeroFor, proxy.zeroFor);
    }
    verified.took = std::max(sinceDecision(m) - zeroFor, Duration(0));
    if (verified.unreachable.empty() && m.tick.world.zeroProven)
        verified.took = std::min(verified.took, *m.tick.world.zeroProven);
    return verified;
}

/// Again when a proxy that was out of reach has come back: "verified" then is the later instant.
Events verifyTraffic(const Moment& m)
{
    if (!reachableAreSafe(m)) return {};
    TrafficVerified verified = verifiedNow(m);
    const RollbackProgress& way = *m.rollout.rollback;
    if (!way.verifiedAfter) return {verified};
    const bool returned = std::ranges::any_of(way.unreachable, [&](const std::string& name) {
        return std::ranges::find(verified.unreachable, name) == verified.unreachable.end();
    });
    if (!returned) return {};
    return {verified};
}

StepSight application(const Moment& m)
{
    const World& world = m.tick.world;
    const bool stopped = world.canary.known && world.canary.ready == 0;
    return {.done = stopped && stablePoolRuns(world, m.rollout.rollback->toVersion),
            .problem = world.canary.problem.empty() ? world.stable.problem : world.canary.problem};
}

/// Only limits that are numbers of their own say something about the old version alone.
bool isAbsolute(const Condition& condition)
{
    return condition.kind == Condition::Kind::Above || condition.kind == Condition::Kind::Below;
}

bool isBeyond(const Condition& condition, int64_t value)
{
    return condition.kind == Condition::Kind::Above ? value > condition.limit : value < condition.limit;
}

StepSight validation(const Moment& m, const StepProgress& step)
{
    StepSight sight{.patience = kValidationPatience};
    const auto& assessment = m.tick.assessment;
    bool wanted = false;
    bool seen = false;
    for (const Trigger& trigger : m.playbook.triggers) {
        if (!isAbsolute(trigger.when)) continue;
        wanted = true;
        const auto* reading = assessment.reading(trigger.when.metric);
        if (reading == nullptr) continue;
        // A service with hardly any traffic is known to answer; nobody waits for a number it will never have.
        seen = seen || reading->stable || reading->stableNoData == analysis::NoDataReason::TooFewRequests;
        if (!reading->stable) continue;
        if (!isBeyond(trigger.when, *reading->stable)) continue;
        sight.problem =
            fmt::format("{} of the old version is {}, beyond {}", metricTitle(m.playbook, trigger.when.metric),
                        metricValue(m.playbook, trigger.when.metric, reading->stable),
                        metricValue(m.playbook, trigger.when.metric, trigger.when.limit));
    }
    const bool judged = !wanted || (seen && assessment.freshness == analysis::Freshness::Fresh);
    const bool held = m.now.wall - step.startedAt >= kValidationHold;
    sight.done = judged && held && sight.problem.empty() && stablePoolRuns(m.tick.world, m.rollout.rollback->toVersion);
    if (sight.problem.empty()) sight.problem = m.tick.world.stable.problem;
    return sight;
}

} // namespace

Events rollBackFurther(const Moment& m)
{
    if (!m.rollout.rollback) return {};
    const RollbackProgress& way = *m.rollout.rollback;
    if (Events verified = verifyTraffic(m); !verified.empty() || !way.verifiedAfter) return verified;
    if (!way.quietAfter) {
        const bool quiet = reachableAreSafe(m) && m.tick.world.canaryQuietFor >= kQuiet;
        return quiet ? Events{TrafficQuiet{.took = sinceDecision(m)}} : Events{};
    }
    const auto look = [&](size_t index) {
        const StepProgress& step = way.steps[index];
        return step.kind == RollbackStep::Kind::Validation ? validation(m, step) : application(m);
    };
    if (Events events = driveSteps(way.steps, look, m.now); !events.empty()) return events;
    if (!allFinished(way.steps)) return {};
    return {RolledBack{way.toVersion}};
}

} // namespace sluice::rollout
