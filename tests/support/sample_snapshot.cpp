// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_snapshot.h"

#include <string>
#include <utility>

#include "tests/support/sample_parts.h"

namespace sluice::support {

namespace {

using namespace rollout;
using engine::RolloutView;
using engine::SourceStatus;
using engine::TargetView;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kApplication = RollbackStep::Kind::Application;
constexpr auto kValidation = RollbackStep::Kind::Validation;

RollbackProgress searchRollback()
{
    RollbackProgress out{.cause = RollbackCause::Trigger,
                         .because = "p95 over 2 × baseline for 5 min",
                         .trigger = "p95-1",
                         .stage = 1,
                         .toVersion = "8.1.4",
                         .badSince = sampleTime(14, 26, 30),
                         .decidedAt = sampleTime(14, 31, 30),
                         .verifiedAfter = milliseconds(40),
                         .quietAfter = milliseconds(5'200)};
    out.steps = {{"Redeploy 8.1.4", kApplication, StepState::Running, true, "", "3 of 5 replicas ready", seconds(60),
                  seconds(31), sampleTime(14, 31, 35)},
                 {"Error rate for 60 s and health",
                  kValidation,
                  StepState::Waiting,
                  false,
                  "",
                  "",
                  seconds(80),
                  Duration(0),
                  {}}};
    return out;
}

std::vector<MoveState> rollbackMoves()
{
    const std::string why = "A rollback is running.";
    std::vector<MoveState> out;
    for (const Move move : {Move::Approve, Move::Reject, Move::Pause, Move::Resume, Move::Promote, Move::StepBack,
                            Move::Cancel, Move::RollBack, Move::Ramp, Move::TickItem})
        out.push_back({move, false, why});
    for (const Move move : {Move::EmergencyRollback, Move::HandOver, Move::Comment})
        out.push_back({move, true, ""});
    out.push_back({Move::RetryStep, false, "No step has failed."});
    out.push_back({Move::SkipStep, false, "No step has failed."});
    return out;
}

RolloutView goingBack(RolloutView view)
{
    view.state.phase = Phase::RollingBack;
    view.state.weight = Weight::none();
    view.state.phaseSince = sampleTime(14, 31, 30);
    view.state.rollback = searchRollback();
    view.state.approval.reset();
    for (ProxyFact& proxy : view.world.proxies) {
        proxy.limit = Weight::none();
        proxy.canaryMaint = true;
    }
    view.world.observedSharePpm = 0;
    view.world.canaryQuietFor = seconds(31);
    view.waits = {{.code = WaitCode::StepRunning,
                   .subject = "Redeploy 8.1.4",
                   .observed = 3,
                   .required = 5,
                   .since = sampleTime(14, 31, 35),
                   .expectedEnd = sampleTime(14, 32, 35)}};
    view.moves = rollbackMoves();
    view.log.push_back({sampleTime(14, 31, 30), 42, "trigger_fired", "p95 over 2 × baseline for 5 min: rolling back",
                        PersonId("engine")});
    view.log.push_back({sampleTime(14, 31, 30), 43, "traffic_verified", "Traffic verified at 0 % on 2 proxies in 40 ms",
                        PersonId("engine")});
    return view;
}

RolloutView search()
{
    RolloutView view = goingBack(sampleCheckout());
    view.state.id = RolloutId("r-20261121-133000-2b7c");
    view.state.target = TargetId("search/production");
    view.state.fromVersion = "8.1.4";
    view.state.toVersion = "8.2.0";
    view.service = "search";
    view.assessment.score.milli = 58'200;
    view.assessment.score.band = view.assessment.score.heldBand = analysis::Band::Rollback;
    return view;
}

RolloutView payments()
{
    RolloutView view = sampleCheckout();
    view.state.id = RolloutId("r-20261121-120500-77aa");
    view.state.target = TargetId("payments/production");
    view.state.fromVersion = "5.0.1";
    view.state.toVersion = "5.0.2";
    view.state.stage = 3;
    view.state.weight = *Weight::parse(5000);
    view.state.startedAt = sampleTime(12, 5);
    view.state.approval.reset();
    view.state.warnings.clear();
    view.service = "payments";
    view.assessment.score.milli = 95'100;
    view.assessment.score.band = view.assessment.score.heldBand = analysis::Band::Proceed;
    view.waits = {{.code = WaitCode::BakeLeft,
                   .observed = micros(seconds(530)),
                   .required = micros(minutes(30)),
                   .since = sampleTime(14, 23),
                   .expectedEnd = sampleTime(14, 53, 16)}};
    return view;
}

RolloutView withoutData(RolloutView view)
{
    view.state.dataMissing = true;
    view.state.dataMissingSince = sampleTime(14, 31, 20);
    view.assessment.age = seconds(46);
    view.assessment.freshness = analysis::Freshness::NoData;
    for (auto& reading : view.assessment.readings) {
        reading.canary.reset();
        reading.stable.reset();
        reading.canaryNoData = reading.stableNoData = analysis::NoDataReason::TooOld;
    }
    for (auto& trigger : view.assessment.triggers) {
        trigger.state = analysis::TriggerState::NoData;
        trigger.noData = analysis::NoDataReason::TooOld;
    }
    view.assessment.score.milli.reset();
    view.assessment.score.band = analysis::Band::Unknown;
    for (auto& part : view.assessment.score.parts)
        part.milliPoints.reset();
    view.waits.insert(view.waits.begin(),
                      {.code = WaitCode::DataMissing, .subject = "Prometheus", .since = sampleTime(14, 31, 20)});
    return view;
}

TargetView target(const std::string& service, const std::string& environment, const std::string& version,
                  const std::string& live = "")
{
    TargetView out{.id = TargetId(service + "/" + environment),
                   .service = service,
                   .environment = environment,
                   .stableVersion = version,
                   .playbook = "avalo-production"};
    if (!live.empty()) out.live = RolloutId(live);
    out.sparkline = sampleSeries(static_cast<uint32_t>(service.size() * 31 + service.front()), sampleTime(13, 32),
                                 sampleNow().wall, 4'000, 600'000);
    return out;
}

std::vector<TargetView> targets(bool live)
{
    const auto id = [live](const char* text) { return live ? std::string(text) : std::string(); };
    return {target("checkout", "production", "2.3.0", id("r-20261121-140000-1f3a")),
            target("search", "production", "8.1.4", id("r-20261121-133000-2b7c")),
            target("payments", "production", "5.0.1", id("r-20261121-120500-77aa")),
            target("gateway", "staging", "1.0.2"),
            target("notify", "production", "3.9.0"),
            target("profile", "production", "2.20.1"),
            target("recommend", "production", "11.2.0"),
            target("media", "dev", "0.9.17")};
}

std::shared_ptr<const RolloutView> shared(RolloutView view)
{
    return std::make_shared<const RolloutView>(std::move(view));
}

void addRollouts(engine::Snapshot& snapshot, Scene scene)
{
    RolloutView first = sampleCheckout();
    if (scene == Scene::RollingBack) first = goingBack(first);
    if (scene == Scene::RollingBack) first.state.rollback->toVersion = "2.3.0";
    if (scene == Scene::RollingBack) first.state.rollback->steps[0].title = "Redeploy 2.3.0";
    if (scene == Scene::DataMissing) first = withoutData(first);
    if (scene == Scene::Observing) first.drivenHere = false;
    snapshot.rollouts = {shared(std::move(first)), shared(search()), shared(payments())};
}

} // namespace

std::shared_ptr<const engine::Snapshot> sampleSnapshot(Scene scene)
{
    auto out = std::make_shared<engine::Snapshot>();
    out->number = 1;
    out->now = sampleNow();
    out->engine = {.role = engine::EngineStatus::Role::Driver,
                   .holder = "this console",
                   .renewedAgo = seconds(2),
                   .rollbackCheckedAgo = seconds(12)};
    if (scene == Scene::Empty) return out;
    out->sources = sampleSources();
    const bool live = scene != Scene::Quiet;
    out->targets = targets(live);
    if (live) addRollouts(*out, scene);
    if (scene == Scene::DataMissing) {
        out->sources[0].state = SourceStatus::State::Gone;
        out->sources[0].age = seconds(46);
        out->sources[0].problem = "Connection refused";
    }
    if (scene == Scene::Observing)
        out->engine = {.role = engine::EngineStatus::Role::Observer,
                       .holder = "sluicectl engine on build-7 (ana)",
                       .renewedAgo = seconds(1),
                       .rollbackCheckedAgo = seconds(12)};
    return out;
}

} // namespace sluice::support
