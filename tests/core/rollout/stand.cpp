// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/rollout/stand.h"

#include <algorithm>

namespace sluice::rollout_test {

namespace {

/// More decisions in one tick mean that asking again does not come to an end.
constexpr int kMostRounds = 50;

Metric metric(std::string id, std::string title, MetricKind kind, Unit unit)
{
    return {.id = std::move(id), .title = std::move(title), .kind = kind, .unit = unit};
}

} // namespace

Weight percent(int whole)
{
    return *Weight::parse(int64_t{whole} * 100);
}

Playbook plainPlaybook()
{
    Playbook book{.name = "test", .before = Duration(0), .hash = "hash"};
    book.metrics = {metric("error_rate", "Error rate", MetricKind::Ratio, Unit::Ratio),
                    metric("p95", "P95", MetricKind::Quantile, Unit::Time)};
    for (const int weight : {1, 10, 100}) {
        book.stages.push_back(
            {.name = "Canary " + std::to_string(weight),
             .weight = percent(weight),
             .bake = 60s,
             .require = {{.good = {.metric = "p95", .kind = Condition::Kind::Below, .limit = 1'200'000}}}});
    }
    book.triggers = {
        {.id = "error_rate-1", .when = {.metric = "error_rate", .kind = Condition::Kind::Above, .limit = 20'000}}};
    return book;
}

Actor person(const std::string& id, std::vector<std::string> roles)
{
    return {.person = PersonId(id), .roles = std::move(roles), .proof = "os"};
}

Stand::Stand(Playbook playbook)
    : m_playbook(std::move(playbook))
{
    m_now = {wallTime(1'800'000'000'000'000), bootTime(1'000'000'000)};
    data.freshness = Freshness::Fresh;
    data.requirements = {{.metric = "p95", .verdict = Verdict::Pass, .observed = 300'000, .limit = 1'200'000}};
    for (const Trigger& trigger : m_playbook.triggers) {
        data.triggers.push_back({.id = trigger.id,
                                 .metric = trigger.when.metric,
                                 .state = TriggerState::Idle,
                                 .observed = 1'000,
                                 .limit = trigger.when.limit});
    }
    data.readings = {{.metric = "error_rate", .canary = 1'000, .stable = 1'000}};
    world.proxies = {{.name = "edge-1"}, {.name = "edge-2"}};
    world.stable = {.known = true, .version = "v1", .ready = stableInstances, .wanted = stableInstances};
    world.canary = {.known = true, .version = "v2"};

    m_state.id = RolloutId("r-1");
    const StartRollout start{.target = TargetId("checkout/production"), .toVersion = "v2"};
    const auto events = decideStart(start, m_playbook, person("ana"), "v1", false);
    SLUICE_CHECK(events.ok());
    foldAll(events.value(), person("ana"));
}

void Stand::requirement(std::string_view metric, Verdict verdict, bool warning)
{
    for (auto& result : data.requirements) {
        if (result.metric != metric) continue;
        result.verdict = verdict;
        result.warning = warning;
        result.observed = verdict == Verdict::NoData ? std::nullopt : std::optional<int64_t>(1'500'000);
    }
}

void Stand::trigger(std::string_view id, TriggerState state)
{
    for (auto& status : data.triggers) {
        if (status.id != id) continue;
        status.state = state;
        status.observed = 31'000;
        status.heldFor = 3min;
        status.firesIn = 30s;
    }
}

void Stand::score(int64_t milli, Band band, Band held)
{
    data.score.milli = milli;
    data.score.band = band;
    data.score.heldBand = held;
    data.score.bandFor = band == held ? Duration(60s) : Duration(5s);
    data.score.parts = {{.id = "errors", .title = "Errors", .milliPoints = milli},
                        {.id = "latency", .title = "Latency", .milliPoints = milli / 2}};
}

void Stand::follow(Duration step)
{
    const Desired want = wanted();
    if (canaryFollows) world.canary.ready = world.canary.wanted = want.canaryInstances;
    if (stableFollows) {
        world.stable.version = want.stableVersion;
        world.stable.wanted = stableInstances;
        world.stable.ready = stableInstances;
    }
    bool silent = true;
    for (ProxyFact& proxy : world.proxies) {
        if (proxiesFollow && proxy.state != ProxyFact::State::Unreachable) {
            proxy.state = ProxyFact::State::Verified;
            proxy.generation = want.generation;
            proxy.limit = want.weight;
            proxy.canaryMaint = want.safe;
            proxy.sinceAnswer = Duration(0);
        }
        silent = silent && proxy.canaryMaint;
    }
    world.canaryQuietFor = silent ? world.canaryQuietFor + step : Duration(0);
}

void Stand::foldAll(const std::vector<Event>& events, const Actor& actor)
{
    const Rollout before = m_state;
    for (const Event& event : events) {
        const Rollout last = m_state;
        m_log.push_back({.event = event, .actor = actor, .at = m_now.wall});
        m_state = fold(std::move(m_state), m_log.back());
        if (afterFold) afterFold(last, m_log.back());
    }
    if (!observationRestarts(before, m_state)) return;
    m_carried = Duration(0);
    m_tick.observedSinceCredit = Duration(0);
}

void Stand::settle()
{
    const Actor engine{.person = PersonId("engine"), .proof = "engine"};
    Tick tick = m_tick;
    for (int round = 0;; ++round) {
        SLUICE_CHECK(round < kMostRounds);
        const auto events = decide(m_state, m_playbook, tick, m_now);
        SLUICE_CHECK(events.ok());
        if (events.value().empty()) return;
        foldAll(events.value(), engine);
        tick = askAgain(tick);
    }
}

void Stand::tick(Duration step)
{
    m_now.wall += step;
    m_now.boot += step;
    follow(step);
    data.sampleTime = m_now.wall - dataLag;
    m_tick.observed = data.freshness == Freshness::Fresh ? step : Duration(0);
    observedEver += m_tick.observed;
    m_carried += m_tick.observed;
    m_tick.observedSinceCredit = m_carried;
    m_tick.assessment = data;
    m_tick.world = world;
    m_tick.baselineReady = baselineReady;
    m_tick.baselineText = "kept";
    settle();
}

void Stand::run(Duration length)
{
    for (Duration gone{0}; gone < length; gone += 1s)
        tick();
}

bool Stand::reach(Phase phase, Duration atMost)
{
    for (Duration gone{0}; gone < atMost && m_state.phase != phase; gone += 1s)
        tick();
    return m_state.phase == phase;
}

bool Stand::reachStage(int stage, Duration atMost)
{
    const auto there = [&] { return m_state.phase == Phase::Baking && m_state.stage == stage; };
    for (Duration gone{0}; gone < atMost && !there(); gone += 1s)
        tick();
    return there();
}

std::optional<Error> Stand::ask(Command command, const Actor& actor, std::optional<Actor> second)
{
    const Asked asked{.command = std::move(command), .actor = actor, .second = std::move(second), .latest = m_tick};
    const auto answer = decide(m_state, m_playbook, asked, m_now);
    if (!answer) return answer.error();
    SLUICE_CHECK(!answer.value().empty());
    foldAll(answer.value(), actor);
    return std::nullopt;
}

std::string Stand::refusal(Command command, const Actor& actor, std::optional<Actor> second)
{
    const auto error = ask(std::move(command), actor, std::move(second));
    if (!error) return "accepted";
    return error->detail;
}

void Stand::put(Event event)
{
    foldAll({std::move(event)}, person("ana"));
}

std::optional<WaitReason> Stand::waitsFor(WaitCode code) const
{
    const auto reasons = waits();
    const auto found =
        std::ranges::find_if(reasons, [&](const WaitReason& one) { return one.code == code && !one.holds; });
    if (found == reasons.end()) return std::nullopt;
    return *found;
}

} // namespace sluice::rollout_test
