// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_history.h"

#include <utility>

#include "core/engine/stored_events.h"
#include "tests/support/sample_parts.h"
#include "tests/support/sample_snapshot.h"

namespace sluice::support {

namespace {

using namespace rollout;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kDigest = "9b1e4d0c2f7a86b35d1e90ac44f2c07a9b1e4d0c2f7a86b35d1e90ac44f2c07a";
const std::string kId = "r-20261121-125000-5e1d";

/// As core/rollout/evidence.h writes it.
std::string evidence(int64_t p95, int64_t scoreMilli, const std::string& trigger)
{
    const std::string value = std::to_string(p95);
    return R"({"class":{"verdicts":[{"metric":"error_rate","verdict":"pass"},{"metric":"p95","verdict":")" +
           std::string(p95 > 824'000 ? "fail" : "pass") +
           R"("}]},"shown":{"age_us":800000,"requests":12060,"requirements":[)"
           R"({"limit":20000,"metric":"error_rate","observed":4600,"stable":4100,"warning":false},)"
           R"({"limit":1200000,"metric":"p95","observed":)" +
           value + R"(,"stable":412000,"warning":false}],"score":{"milli":)" + std::to_string(scoreMilli) +
           R"(,"parts":[]},"share_ppm":251000,)"
           R"("triggers":[{"id":"p95-1","limit":824000,"observed":)" +
           value + R"(,"state":")" + trigger + R"("}]}})";
}

Decided by(const std::string& person, WallTime at, Event event, const std::string& role = {})
{
    Actor actor{.person = PersonId(person), .proof = person == "engine" ? "engine" : "os"};
    if (!role.empty()) actor.roles = {role};
    return {.event = std::move(event), .actor = std::move(actor), .at = at};
}

RollbackProgress wayBack()
{
    RollbackProgress way{.cause = RollbackCause::Trigger,
                         .because = "Latency p95 was 980 ms, beyond its limit of 824 ms, for 5 min",
                         .evidence = evidence(980'000, 64'200, "firing"),
                         .trigger = "p95-1",
                         .stage = 2,
                         .by = PersonId("engine"),
                         .toVersion = "11.1.9",
                         .badSince = sampleTime(13, 46),
                         .decidedAt = sampleTime(13, 51)};
    way.steps = {{.title = "Redeploy the old version", .usually = seconds(60)},
                 {.title = "Check the old version",
                  .kind = RollbackStep::Kind::Validation,
                  .reversible = false,
                  .usually = seconds(80)}};
    return way;
}

std::vector<Decided> forward()
{
    return {by("ana", sampleTime(12, 50),
               RolloutStarted{.target = TargetId("recommend/production"),
                              .fromVersion = "11.1.9",
                              .toVersion = "11.2.0",
                              .playbookName = "avalo-production",
                              .playbookHash = kDigest,
                              .stageCount = 5,
                              .note = "New ranking model"},
               "release-manager"),
            by("engine", sampleTime(12, 50, 40), CanaryReady{3}),
            by("engine", sampleTime(12, 55, 40), BaselineRecorded{minutes(5), {}}),
            by("engine", sampleTime(12, 56), StageEntered{0, *Weight::parse(100), ""}),
            by("engine", sampleTime(12, 56, 1), StageApplied{0, 2, milliseconds(38)}),
            by("engine", sampleTime(13, 6), BakeCredited{0, minutes(15)}),
            by("engine", sampleTime(13, 11), BakeDone{0}),
            by("engine", sampleTime(13, 11),
               StagePassed{.stage = 0, .scoreMilli = 96'400, .evidence = evidence(431'000, 96'400, "idle")}),
            by("engine", sampleTime(13, 11), StageEntered{1, *Weight::parse(1000), ""}),
            by("engine", sampleTime(13, 11, 1), StageApplied{1, 2, milliseconds(41)}),
            by("engine", sampleTime(13, 41), BakeCredited{1, minutes(30)}),
            by("engine", sampleTime(13, 41), BakeDone{1}),
            by("engine", sampleTime(13, 41),
               ApprovalRequested{1, kDigest, evidence(503'000, 91'000, "idle"), sampleTime(14, 11)}),
            by("ben", sampleTime(13, 42, 30),
               ApprovalGiven{1,
                             {PersonId("ben"), "engineering-lead", "Latency is up a little, within reason", kDigest,
                              sampleTime(13, 42, 30)}},
               "engineering-lead"),
            by("engine", sampleTime(13, 42, 30),
               StagePassed{.stage = 1, .scoreMilli = 91'000, .evidence = evidence(503'000, 91'000, "idle")}),
            by("engine", sampleTime(13, 42, 30), StageEntered{2, *Weight::parse(2500), ""}),
            by("engine", sampleTime(13, 42, 31), StageApplied{2, 2, milliseconds(36)}),
            by("engine", sampleTime(13, 47, 59), BakeCredited{2, seconds(328)}),
            by("ben", sampleTime(13, 48), Commented{"p95 climbs with the new ranking model; watching it"},
               "engineering-lead")};
}

std::vector<Decided> backward()
{
    const auto step = [](int number, StepState state, Duration took) { return StepChanged{number, state, took, ""}; };
    return {by("engine", sampleTime(13, 51),
               TriggerFired{.trigger = "p95-1",
                            .text = "Latency p95 was 980 ms, beyond its limit of 824 ms, for 5 min",
                            .action = FailureAction::Rollback,
                            .stage = 2,
                            .observed = 980'000,
                            .limit = 824'000,
                            .heldFor = minutes(5),
                            .cooldownUntil = sampleTime(14, 1)}),
            by("engine", sampleTime(13, 51), RollbackStarted{wayBack()}),
            by("engine", sampleTime(13, 51), TrafficVerified{milliseconds(40), 2, {}}),
            by("engine", sampleTime(13, 51, 5), TrafficQuiet{milliseconds(5'200), ""}),
            by("engine", sampleTime(13, 51, 5), step(0, StepState::Running, Duration(0))),
            by("engine", sampleTime(13, 52), step(0, StepState::Done, seconds(55))),
            by("engine", sampleTime(13, 52), step(1, StepState::Running, Duration(0))),
            by("engine", sampleTime(13, 53, 4), step(1, StepState::Done, seconds(64))),
            by("engine", sampleTime(13, 53, 4), RolledBack{"11.1.9"})};
}

/// The events as a journal would hold them, and the log that they make.
void store(engine::RolloutHistory& out, std::vector<Decided> all)
{
    out.decided = std::move(all);
    out.view.log.clear();
    for (const Decided& one : out.decided) {
        const auto number = static_cast<int64_t>(out.events.size()) + 1;
        out.events.push_back({.gseq = 300 + number,
                              .rollout = out.view.state.id,
                              .version = number,
                              .epoch = 4,
                              .event = engine::toStored(one),
                              .previousHash = kDigest,
                              .hash = kDigest});
        out.view.log.push_back(
            {one.at, number, std::string(eventName(one.event)), eventText(one.event), one.actor.person});
    }
}

} // namespace

engine::RolloutHistory sampleRollback()
{
    engine::RolloutHistory out;
    out.view = sampleCheckout();
    out.view.state = {};
    out.view.state.id = RolloutId(kId);
    out.view.service = "recommend";
    out.view.waits.clear();
    std::vector<Decided> all = forward();
    const auto back = backward();
    all.insert(all.end(), back.begin(), back.end());
    for (const Decided& one : all)
        out.view.state = fold(std::move(out.view.state), one);
    store(out, std::move(all));
    return out;
}

ports::RolloutRow sampleRow(const std::string& target, const std::string& from, const std::string& to,
                            const std::string& outcome, int daysAgo, const std::string& person)
{
    ports::RolloutRow row{.id = RolloutId("r-" + target + "-" + to),
                          .target = TargetId(target),
                          .fromVersion = from,
                          .toVersion = to,
                          .playbook = "avalo-production",
                          .outcome = outcome,
                          .startedBy = PersonId(person),
                          .startedAt = sampleTime(10, 2) - hours(24) * daysAgo};
    if (!outcome.empty()) row.endedAt = row.startedAt + minutes(26) + seconds(5);
    return row;
}

void addSampleHistory(FakeEngine& engine)
{
    const auto snapshot = engine.latest();
    for (const auto& view : snapshot->rollouts) {
        engine.rows.push_back({.id = view->state.id,
                               .target = view->state.target,
                               .fromVersion = view->state.fromVersion,
                               .toVersion = view->state.toVersion,
                               .playbook = view->state.playbookName,
                               .startedBy = view->state.startedBy,
                               .startedAt = view->state.startedAt});
        engine::RolloutHistory live{.view = *view};
        store(live, forward());
        engine.histories[view->state.id.value] = live;
    }
    ports::RolloutRow back = sampleRow("recommend/production", "11.1.9", "11.2.0", "rolled-back", 0, "ana");
    back.id = RolloutId(kId);
    back.startedAt = sampleTime(12, 50);
    back.endedAt = sampleTime(13, 53, 4);
    engine.rows.push_back(back);
    engine.histories[kId] = sampleRollback();
    engine.rows.push_back(sampleRow("payments/production", "5.0.0", "5.0.1", "stable", 2, "on-call"));
    engine.rows.push_back(sampleRow("gateway/staging", "1.0.1", "1.0.2", "stable", 10, "eng-lead"));
    engine.rows.push_back(sampleRow("notify/production", "3.8.7", "3.9.0", "cancelled", 11, "eng-lead"));
    engine.verdict = {.intact = true, .events = 1203, .head = kDigest};
}

} // namespace sluice::support
