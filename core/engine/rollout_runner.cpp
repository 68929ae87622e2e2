// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/rollout_runner.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/journal/rollout_codec.h"
#include "core/rollout/stage_facts.h"

namespace sluice::engine {

namespace {

constexpr Duration kRebuildLimit = std::chrono::seconds(10); // a source that stays silent longer is "no data"

constexpr Duration kOrderAgainAfter = std::chrono::seconds(10); // a deployer gets this long to show what it was told

/// Where a rollout stands, for the judge. Samples carry the source's time, events ours: `ahead` is how far the source's
/// clock is ahead of ours.
analysis::JudgeContext judgeContext(const rollout::Rollout& state, Duration ahead)
{
    analysis::JudgeContext context{.weight = state.weight, .cooldownUntil = state.cooldownUntil};
    for (auto& [trigger, until] : context.cooldownUntil)
        until += ahead;
    if (!rollout::hasExposure(state)) return context;
    context.stage = state.stage;
    context.watching = state.phase == rollout::Phase::Watching;
    const auto index = static_cast<size_t>(state.stage);
    if (index < state.stages.size() && state.stages[index].appliedAt)
        context.appliedAt = *state.stages[index].appliedAt + ahead;
    return context;
}

/// The row of the history list.
ports::RolloutRow summaryOf(const rollout::Rollout& state)
{
    return {.id = state.id,
            .target = state.target,
            .fromVersion = state.fromVersion,
            .toVersion = state.toVersion,
            .playbook = state.playbookName,
            .outcome = rollout::isEnd(state.phase) ? std::string(rollout::phaseName(state.phase)) : std::string(),
            .startedBy = state.startedBy,
            .startedAt = state.startedAt,
            .endedAt = state.endedAt,
            .lastVersion = state.version};
}

} // namespace

using ports::Appended;
using rollout::Decided;
using rollout::Event;

const rollout::Actor& engineActor()
{
    static const rollout::Actor actor{.person = PersonId("engine"), .roles = {}, .proof = "engine"};
    return actor;
}

RolloutRunner::RolloutRunner(rollout::Rollout state, std::shared_ptr<const Playbook> playbook,
                             const TargetConfig& target)
    : m_state(std::move(state))
    , m_playbook(std::move(playbook))
    , m_target(&target)
    , m_judge(*m_playbook, {.service = target.service, .environment = target.environment})
{
}

void RolloutRunner::replayed(const Decided& decided)
{
    rollout::foldInto(m_state, decided);
    show(decided, m_state.version);
}

void RolloutRunner::show(const Decided& decided, int64_t version)
{
    m_log.push_back(logLine(decided, version, m_state));
    if (m_log.size() > kLogLines) m_log.erase(m_log.begin());
}

void RolloutRunner::goOn(Past past, Now now)
{
    m_past = std::move(past);
    int64_t version = m_past->state.version - static_cast<int64_t>(m_past->shownBefore.size());
    for (const Decided& decided : m_past->shownBefore)
        show(decided, ++version);
    for (const Decided& decided : m_past->since)
        replayed(decided);
    useKeptBaseline(); // stands when the source stays silent and nothing can be rebuilt
    m_rebuildUntil = now.boot + kRebuildLimit;
}

bool RolloutRunner::readyToJudge(const MetricFeed* feed, bool proxiesAnswered, Now now)
{
    if (!m_past) return true;
    const bool late = now.boot >= m_rebuildUntil;
    const bool filled = feed == nullptr || feed->backfilled();
    if (!late && !(filled && proxiesAnswered)) return false;
    if (feed != nullptr && feed->backfilled()) rebuild(*feed, now);
    m_past.reset();
    return true;
}

void RolloutRunner::useKeptBaseline()
{
    // A text that this playbook cannot use leaves the judge as it is: what compares with `before` says "no data".
    if (!m_past->baseline.empty()) (void)m_judge.restoreBaseline(m_past->baseline);
}

void RolloutRunner::rebuild(const MetricFeed& feed, Now now)
{
    m_judge = analysis::Judge(*m_playbook, {.service = m_target->service, .environment = m_target->environment});
    replaySamples(feed, now);
    if (m_judge.baselineRecorded() >= m_playbook->before) return;
    // The source does not reach back to before the exposure: judge the same seconds against what was kept.
    m_judge = analysis::Judge(*m_playbook, {.service = m_target->service, .environment = m_target->environment});
    useKeptBaseline();
    replaySamples(feed, now);
}

void RolloutRunner::replaySamples(const MetricFeed& feed, Now now)
{
    const Now sourceNow{.wall = feed.sourceTime(now), .boot = now.boot};
    rollout::Rollout then = m_past->state;
    for (const Decided& decided : m_past->since) {
        analysis::JudgeContext context = judgeContext(then, sourceNow.wall - now.wall);
        context.upTo = decided.at + (sourceNow.wall - now.wall);
        m_judge.advance(feed.store(), context, sourceNow);
        rollout::foldInto(then, decided);
    }
}

void RolloutRunner::noteCorrections(const std::vector<rollout::ProxyFact>& corrections)
{
    for (rollout::ProxyFact& proxy : m_latest.world.proxies)
        for (const rollout::ProxyFact& corrected : corrections)
            if (corrected.name == proxy.name) {
                proxy.corrected = true;
                proxy.correction = corrected.correction;
            }
}

void RolloutRunner::observe(const MetricFeed* feed, const rollout::World& world, Now now)
{
    m_latest.world = world;
    m_latest.observed = Duration(0);
    if (feed != nullptr && feed->answered()) {
        const Now sourceNow{.wall = feed->sourceTime(now), .boot = now.boot};
        const Duration ahead = sourceNow.wall - now.wall;
        m_latest.assessment = m_judge.advance(feed->store(), judgeContext(m_state, ahead), sourceNow);
        // The heart compares it with its own events.
        if (m_latest.assessment.sampleTime != WallTime{}) m_latest.assessment.sampleTime -= ahead;
    }
    lookForCanaryTraffic(feed, now);
    m_latest.baselineReady = m_judge.baselineRecorded() >= m_playbook->before;
    const bool due = m_latest.baselineReady && m_playbook->before > Duration(0) && !m_state.baselineRecorded;
    m_latest.baselineText = due ? m_judge.baselineText() : std::string();
    // Only time between two good ticks close together was observed; a sleeping laptop or a hole in the data is not.
    // Samples that are no numbers are fresh and still show nothing.
    const bool numbers = std::ranges::none_of(m_latest.assessment.readings, [](const analysis::Reading& reading) {
        return reading.canaryNoData == analysis::NoDataReason::NotFinite;
    });
    const bool seen = numbers && m_latest.assessment.freshness == analysis::Freshness::Fresh;
    if (!seen) {
        m_lastGood.reset();
    } else {
        if (m_lastGood && now.boot - *m_lastGood <= kStall) m_latest.observed = now.boot - *m_lastGood;
        m_lastGood = now.boot;
    }
    m_uncredited += m_latest.observed;
    m_latest.observedSinceCredit = m_uncredited;
}

/// A proxy that does not answer may serve on; what it sends is counted by the canary alone, in the ratios and quantiles
/// of the playbook. Without fresh numbers nobody knows, and a person has to say so.
void RolloutRunner::lookForCanaryTraffic(const MetricFeed* feed, Now now)
{
    const analysis::Assessment& seen = m_latest.assessment;
    if (std::exchange(m_canaryRequests, seen.canaryRequestsInStage) != seen.canaryRequestsInStage)
        m_canaryMovedAt = now.boot;
    rollout::World& world = m_latest.world;
    const bool stopped = world.canary.known && world.canary.ready == 0;
    if (stopped || std::ranges::all_of(world.proxies, rollout::isReachable)) return;
    if (feed == nullptr || seen.freshness != analysis::Freshness::Fresh) {
        world.canaryQuietFor = Duration(0);
        return;
    }
    // Between two scrapes the count stands still, whatever happens.
    const Duration still = now.boot - m_canaryMovedAt - feed->store().interval();
    world.canaryQuietFor = std::clamp(still, Duration(0), world.canaryQuietFor);
}

Appended RolloutRunner::drive(const DriveContext& context, Now now)
{
    for (int round = 0; round < kDecideRounds; ++round) {
        const auto decision = rollout::decide(m_state, *m_playbook, m_latest, now);
        SLUICE_CHECK(decision.ok()); // a tick is never refused
        if (decision.value().empty()) {
            converge(context, now);
            return Appended::Stored;
        }
        const bool raises = std::ranges::any_of(
            decision.value(), [](const Event& event) { return std::holds_alternative<rollout::StageEntered>(event); });
        if (raises && isStopped(context)) return Appended::Stored; // the stop is journaled first, in the next round
        const Appended stored = apply(context, decision.value(), engineActor(), {}, now);
        if (stored != Appended::Stored) return stored;
        m_latest = rollout::askAgain(std::move(m_latest));
        m_latest.observedSinceCredit = m_uncredited;
    }
    SLUICE_CHECK(!"the heart never came to rest");
    return Appended::Unknown;
}

Result<std::string> RolloutRunner::command(const DriveContext& context, const rollout::Asked& asked, Now now,
                                           Appended& stored)
{
    stored = Appended::Stored;
    rollout::Asked complete = asked;
    complete.latest = m_latest;
    const auto decision = rollout::decide(m_state, *m_playbook, complete, now);
    if (!decision.ok()) return decision.error();
    stored = apply(context, decision.value(), asked.actor, asked.inboxId, now);
    switch (stored) {
    case Appended::Stored:
        return decision.value().empty() ? std::string() : rollout::eventText(decision.value().front());
    case Appended::Fenced: return Error{Fault::Refused, "Another engine drives this target now; ask it."};
    case Appended::Conflict: return Error{Fault::Refused, "The rollout has moved on; look again."};
    case Appended::Unknown: return Error{Fault::Unknown, "The journal did not confirm; look again before repeating."};
    }
    return Error{};
}

Appended RolloutRunner::apply(const DriveContext& context, const std::vector<Event>& events,
                              const rollout::Actor& actor, const std::string& inboxId, Now now)
{
    ports::Append append{
        .target = m_state.target, .rollout = m_state.id, .afterVersion = m_state.version, .epoch = context.epoch};
    const rollout::Rollout before = m_state;
    rollout::Rollout next = m_state;
    std::vector<Decided> decided;
    for (const Event& event : events) {
        decided.push_back({.event = event, .actor = actor, .at = now.wall, .inboxId = inboxId});
        rollout::foldInto(next, decided.back());
        append.events.push_back(toStored(decided.back()));
    }
    if (before.version == 0 || rollout::isEnd(next.phase)) append.summary = summaryOf(next);
    const auto want = rollout::desired(next, *m_playbook, rollout::stableInstances(m_latest.world));
    if (want.safe && m_route && !m_route->safe) {
        append.safeDirection = true;
        orderRoute(context, want); // the bytes leave before the commit
    }
    const auto outcome = context.parts->journal->append(append);
    const Appended stored = outcome.ok() ? outcome.value() : Appended::Unknown;
    if (stored != Appended::Stored) return stored;
    for (const Decided& one : decided)
        replayed(one);
    if (rollout::observationRestarts(before, m_state)) m_uncredited = Duration(0);
    converge(context, now);
    keepState(context, now);
    return stored;
}

/// A start folds from the kept state on and rebuilds the judge from there, so the state must be older than any window.
void RolloutRunner::keepState(const DriveContext& context, Now now)
{
    if (m_toKeep && now.wall - m_toKeepSince >= MetricFeed::kReach) {
        // A cache: when it cannot be written, a start reads more events.
        (void)context.parts->journal->putState(*std::exchange(m_toKeep, std::nullopt));
    }
    if (m_toKeep || rollout::isEnd(m_state.phase)) return;
    m_toKeepSince = now.wall;
    m_toKeep = ports::StateRow{.rollout = m_state.id,
                               .version = m_state.version,
                               .format = journal::kRolloutSchema,
                               .body = journal::encodeRollout(m_state)};
}

void RolloutRunner::safeFirst(const DriveContext& context)
{
    if (!rollout::hasExposure(m_state)) return;
    rollout::Desired want = rollout::desired(m_state, *m_playbook, rollout::stableInstances(m_latest.world));
    want.safe = true;
    want.generation += 1; // the generation that the rollback decision will have
    orderRoute(context, want);
}

/// Looked up anew: this process may have been frozen since the round began.
bool RolloutRunner::isStopped(const DriveContext& context) const
{
    ports::SafetyFiles* safety = context.parts->safety;
    return context.stopInForce || (safety != nullptr && safety->stopped(m_state.target).has_value());
}

bool RolloutRunner::mayRaise(const DriveContext& context)
{
    ports::SafetyFiles* safety = context.parts->safety;
    if (isStopped(context)) return false;
    if (safety == nullptr) return true;
    if (!safety->freeSpaceOk()) return false;
    if (m_safeFileEpoch == context.epoch) return true;
    const std::string content = context.parts->router->safeFile(m_state.target, context.epoch);
    if (!safety->writeSafe(m_state.target, content).ok()) return false;
    m_safeFileEpoch = context.epoch;
    return true;
}

void RolloutRunner::converge(const DriveContext& context, Now now)
{
    const auto want = rollout::desired(m_state, *m_playbook, rollout::stableInstances(m_latest.world));
    orderWorkload(context, want, now);
    const int had = m_route && !m_route->safe ? m_route->weight.perTenThousand() : 0;
    const bool raises = !want.safe && want.weight.perTenThousand() > had;
    if (raises && !mayRaise(context)) return;
    orderRoute(context, want);
}

void RolloutRunner::orderRoute(const DriveContext& context, const rollout::Desired& want)
{
    const ports::RouteOrder route{.target = m_state.target,
                                  .epoch = context.epoch,
                                  .generation = want.generation,
                                  .safe = want.safe,
                                  .weight = want.safe ? Weight::none() : want.weight,
                                  .admit = !want.safe && want.admit};
    if (m_route == route) return;
    // The same share under a new epoch would be in force for the moment until the stop is journaled.
    if (!route.safe && isStopped(context)) return;
    m_route = route;
    context.parts->router->order(route);
}

void RolloutRunner::orderWorkload(const DriveContext& context, const rollout::Desired& want, Now now)
{
    const auto found = context.parts->deployers.find(m_target->deployer);
    if (found == context.parts->deployers.end()) return;
    const ports::WorkloadOrder canary{.target = m_state.target,
                                      .track = Track::Canary,
                                      .version = want.canaryVersion,
                                      .instances = want.canaryInstances};
    // A share of a pool whose size nobody knows yet would take capacity away from users (a driver that just took over).
    const bool sized = want.canaryInstances == 0 || m_latest.world.stable.known;
    // An old driver that wakes up may undo what we ordered; a deployer has no fence, so it is ordered again.
    const rollout::WorkloadFact& fact = m_latest.world.canary;
    const bool undone =
        fact.known && fact.wanted != canary.instances && now.boot - m_canaryOrderedAt >= kOrderAgainAfter;
    if (sized && (m_canaryOrder != canary || undone)) {
        m_canaryOrder = canary;
        m_canaryOrderedAt = now.boot;
        found->second->order(canary);
    }
    // The stable pool is ours to move from finalising on, and then the way back needs it moved, too.
    const bool moved = m_stableOrder || !m_state.finalise.empty();
    if (want.stableVersion.empty() || (!moved && want.stableVersion == context.stableVersion)) return;
    const ports::WorkloadOrder stable{
        .target = m_state.target, .track = Track::Stable, .version = want.stableVersion, .instances = -1};
    if (m_stableOrder == stable) return;
    m_stableOrder = stable;
    found->second->order(stable);
}

} // namespace sluice::engine
