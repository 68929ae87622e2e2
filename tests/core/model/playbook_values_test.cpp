// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kFull = R"(playbook: full
title: Everything at once
strategy: blue-green-with-canary
lab: true
advance: manual
before: 5m
metrics:
  errors:
    title: Errors
    kind: ratio
    of: 'e{track="$track"}'
    over: 'r{track="$track"}'
    window: 10s
    min_requests: 7
  p95: {kind: quantile, q: 0.95, of: 'd_seconds_bucket{track="$track"}', top_bucket: 30s}
  size: {kind: quantile, q: 0.5, of: 'd_bytes_bucket{track="$track"}'}
  requests: {kind: rate, of: 'r{track="$track"}', worse: lower}
  failures: {kind: count, of: 'f{track="$track"}', window: 10m}
  cpu: {kind: gauge, of: 'process_cpu_ratio{track="$track"}'}
  users: {kind: gauge, of: 'u{track="$track"}', worse: lower, scales_with_share: false}
  queue: {kind: gauge, of: 'q{track="$track"}', aggregate: mean, unit: plain}
charts: [p95, errors]
stages:
  - {weight: 0.5%, bake: 90s}
  - name: Half
    weight: 50%
    replicas: 25%
    bake: 1h30m
    require:
      - {metric: errors, below: 2%, warn_at: 1.5%, window: 30s}
      - {metric: p95, not_worse_by: 10%, baseline: before}
      - {metric: requests, not_worse_by: 5%}
      - {metric: users, above: 100}
    min_requests: 500
    approve: {when: warnings, roles: [lead, manager], count: 2, four_eyes: false, expires: 1h}
    on_failure: previous-stage
    no_critical_alerts: true
    longest: {after: 2h, then: abort}
  - {weight: 100%, replicas: 3, bake: 0s, approve: always}
triggers:
  - {metric: errors, above: 5%, checks: 3, cooldown: 10m, severity: warning, action: pause}
  - {metric: errors, above: 20%, action: rollback}
  - {metric: p95, above: 12s, for: 1m, action: alert}
  - {metric: p95, above_baseline: +50%, baseline: 400ms}
  - {metric: users, drops: 20%, baseline: before, window: 30s}
  - {metric: failures, above: 1}
score:
  parts:
    errors: {title: Bad answers, weight: 60%, metric: errors, full: 0%, zero: 2%}
    requests: {weight: 40%, metric: requests, of: baseline}
  bands: {proceed: 95, watch: 90, pause: 75.5}
  window: 30s
  for: 15s
  share: raw
checklist:
  pre: [Read the plan, {id: phone, text: Phone is on}]
  post: [Everything is calm]
watch: {for: 24h, require: [{metric: errors, below: 1%}]}
longest: {after: 8h, then: rollback}
rollback:
  - {kind: application, title: Old version back, usually: 60s, reversible: false, risk: Sessions are lost}
  - {kind: validation}
promises: {automatic: 20s, manual: 1m, emergency: 5s}
)";

Playbook full()
{
    const auto playbook = playbookOf(kFull);
    if (!playbook) qFatal("the full playbook is wrong");
    return *playbook;
}

} // namespace

class PlaybookValuesTest : public QObject {
    Q_OBJECT

private slots:
    void theHeadIsRead()
    {
        const Playbook p = full();
        QCOMPARE(p.name, std::string("full"));
        QCOMPARE(p.title, std::string("Everything at once"));
        QCOMPARE(p.strategy, Strategy::BlueGreenWithCanary);
        QVERIFY(p.labOnly && p.advanceManually);
        QCOMPARE(p.before, Duration(5min));
        QCOMPARE(p.charts, (std::vector<std::string>{"p95", "errors"}));
        QCOMPARE(p.overrun, (Overrun{8h, FailureAction::Rollback}));
        QCOMPARE(p.promiseAutomatic, Duration(20s));
        QCOMPARE(p.promiseManual, Duration(1min));
        QCOMPARE(p.promiseEmergency, Duration(5s));
    }

    void aMetricHasItsKindUnitAndDirection()
    {
        const Playbook p = full();
        using Kind = LabelMatch::Kind;
        const Metric errors{.id = "errors",
                            .title = "Errors",
                            .kind = MetricKind::Ratio,
                            .of = {"e", {{"track", Kind::Equal, "$track"}}},
                            .over = Selector{"r", {{"track", Kind::Equal, "$track"}}},
                            .window = 10s,
                            .minRequests = 7};
        QCOMPARE(*p.metric("errors"), errors);
        QCOMPARE(p.metric("p95")->quantilePpm, int64_t{950'000});
        QCOMPARE(p.metric("p95")->unit, Unit::Time);
        QCOMPARE(p.metric("size")->unit, Unit::Plain);
        QCOMPARE(p.metric("requests")->unit, Unit::PerSecond);
        QCOMPARE(p.metric("failures")->unit, Unit::Count);
        QCOMPARE(p.metric("cpu")->unit, Unit::Ratio);
        QCOMPARE(p.metric("users")->unit, Unit::Count);
        QCOMPARE(p.metric("queue")->unit, Unit::Plain);
        QCOMPARE(p.metric("cpu")->title, std::string("Cpu"));
        QCOMPARE(p.metric("users")->worse, Worse::Lower);
    }

    void loadIsTheWorstReplicaAndAmountsAreSummed()
    {
        const Playbook p = full();
        QCOMPARE(p.metric("cpu")->aggregate, Aggregate::Max);
        QCOMPARE(p.metric("users")->aggregate, Aggregate::Sum);
        QCOMPARE(p.metric("queue")->aggregate, Aggregate::Mean);
    }

    void onlyAmountsThatAreWorseWhenLowerAreCorrectedForTheShare()
    {
        const Playbook p = full();
        QVERIFY(p.metric("requests")->scalesWithShare);
        QVERIFY(!p.metric("failures")->scalesWithShare);
        QVERIFY(!p.metric("errors")->scalesWithShare);
        QVERIFY(!p.metric("users")->scalesWithShare); // said so in the file
        QVERIFY(playbookOf(kSmall)->metric("users")->scalesWithShare);
    }

    void aStageIsRead()
    {
        const Playbook p = full();
        Stage half;
        half.name = "Half";
        half.weight = *Weight::parse(5000);
        half.replicas = {Replicas::Kind::PercentOfStable, 250'000};
        half.bake = 90min;
        half.require = {{.good = {.metric = "errors", .kind = Condition::Kind::Below, .limit = 20'000, .window = 30s},
                         .warnAt = 15'000},
                        {.good = {.metric = "p95",
                                  .kind = Condition::Kind::AboveBaseline,
                                  .limit = 100'000,
                                  .baseline = Baseline::Before}},
                        {.good = {.metric = "requests", .kind = Condition::Kind::Drops, .limit = 50'000}},
                        {.good = {.metric = "users", .kind = Condition::Kind::Above, .limit = 100 * kMillion}}};
        half.minRequests = 500;
        half.approve = {ApproveWhen::Warnings, {"lead", "manager"}, 2, false, 1h};
        half.onFailure = FailureAction::PreviousStage;
        half.noCriticalAlerts = true;
        half.overrun = {2h, FailureAction::Abort};
        QCOMPARE(p.stages[1], half);
    }

    void whatAStageDoesNotSayHasADefault()
    {
        const Playbook p = full();
        Stage first;
        first.name = "Canary 0.5%";
        first.weight = *Weight::parse(50);
        first.bake = 90s;
        QCOMPARE(p.stages[0], first);
        QCOMPARE(p.stages[2].replicas, (Replicas{Replicas::Kind::Count, 3}));
        QCOMPARE(p.stages[2].approve.when, ApproveWhen::Always);
        QCOMPARE(p.stages[2].onFailure, FailureAction::Rollback);
    }

    void aTriggerIsReadAndNamedByItsMetric()
    {
        const Playbook p = full();
        Trigger first;
        first.id = "errors-1";
        first.when = {.metric = "errors", .kind = Condition::Kind::Above, .limit = 50'000};
        first.checks = 3;
        first.cooldown = 10min;
        first.severity = Severity::Warning;
        first.action = FailureAction::Pause;
        QCOMPARE(p.triggers[0], first);
        std::vector<std::string> ids;
        for (const Trigger& trigger : p.triggers)
            ids.push_back(trigger.id);
        QCOMPARE(ids, (std::vector<std::string>{"errors-1", "errors-2", "p95-1", "p95-2", "users-1", "failures-1"}));
        QCOMPARE(p.triggers[2].when.limit, int64_t{12'000'000});
        QCOMPARE(p.triggers[2].hold, Duration(1min));
        QCOMPARE(p.triggers[5].when.limit, kMillion);
    }

    void aBaselineIsStableBeforeOrAValue()
    {
        const Playbook p = full();
        const Condition fixed{.metric = "p95",
                              .kind = Condition::Kind::AboveBaseline,
                              .limit = 500'000,
                              .baseline = Baseline::Fixed,
                              .fixedBaseline = 400'000};
        QCOMPARE(p.triggers[3].when, fixed);
        const Condition before{.metric = "users",
                               .kind = Condition::Kind::Drops,
                               .limit = 200'000,
                               .baseline = Baseline::Before,
                               .window = 30s};
        QCOMPARE(p.triggers[4].when, before);
    }

    void aScoreHasPartsBandsAndAForm()
    {
        const Playbook p = full();
        const ScoreRule score{{{"errors", "Bad answers", 600'000, ScorePart::Kind::Linear, {"errors"}, 0, 20'000},
                               {"requests", "Requests", 400'000, ScorePart::Kind::OfBaseline, {"requests"}, 0, 0}},
                              95'000,
                              90'000,
                              75'500,
                              30s,
                              15s,
                              false};
        QCOMPARE(p.score, score);
        QVERIFY(playbookOf(kSmall)->score.parts.empty());
    }

    void theShortScoreIsAvalosFormula()
    {
        const std::string avalo = builtIn("avalo-production");
        const size_t parts = avalo.find("score:");
        const size_t end = avalo.find("checklist:");
        const std::string text =
            avalo.substr(0, parts) +
            "score: {error_rate: 30%, latency: 25%, throughput: 20%, resources: 15%, user_impact: 10%, "
            "bands: {proceed: 90, watch: 80, pause: 70}}\n" +
            avalo.substr(end);
        QCOMPARE(playbookOf(text)->score, playbookOf(avalo)->score);
    }

    void aChecklistItemIsTextOrTextWithAnId()
    {
        const Playbook p = full();
        QCOMPARE(p.checklists.pre,
                 (std::vector<ChecklistItem>{{"read-the-plan", "Read the plan"}, {"phone", "Phone is on"}}));
        QCOMPARE(p.checklists.during.size(), size_t{0});
        QCOMPARE(p.checklists.post.front().id, std::string("everything-is-calm"));
    }

    void watchAndRollbackAreRead()
    {
        const Playbook p = full();
        QCOMPARE(p.watch.length, Duration(24h));
        QCOMPARE(p.watch.require.front().good.limit, int64_t{10'000});
        const RollbackStep first{RollbackStep::Kind::Application, "Old version back", 60s, false, "Sessions are lost"};
        QCOMPARE(p.rollbackSteps.front(), first);
        QCOMPARE(p.rollbackSteps.back().kind, RollbackStep::Kind::Validation);
        QVERIFY(!p.rollbackSteps.back().title.empty());
    }

    void withoutChartsTheFirstSixMetricsAreShown()
    {
        const auto p = playbookOf(changed(kFull, "charts: [p95, errors]\n", ""));
        QVERIFY(p);
        QCOMPARE(p->charts, (std::vector<std::string>{"errors", "p95", "size", "requests", "failures", "cpu"}));
    }
};

QTEST_APPLESS_MAIN(PlaybookValuesTest)
#include "playbook_values_test.moc"
