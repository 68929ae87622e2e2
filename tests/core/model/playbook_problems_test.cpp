// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// The small playbook with one thing changed, and every line it then gives.
void bad(const char* name, const char* from, const char* to, const char* problems)
{
    QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(problems);
}

void columns()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("problems");
}

void compare()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, problems);
    const std::string text = changed(kSmall, from.toStdString(), to.toStdString());
    QCOMPARE(QByteArray::fromStdString(problemsOf(text)), problems + "\n");
}

} // namespace

class PlaybookProblemsTest : public QObject {
    Q_OBJECT

private slots:
    void theSmallPlaybookIsRight() { QCOMPARE(problemsOf(kSmall), std::string()); }

    void headAndMetrics_data();
    void headAndMetrics() { compare(); }
    void stages_data();
    void stages() { compare(); }
    void requirements_data();
    void requirements() { compare(); }
    void triggers_data();
    void triggers() { compare(); }
    void score_data();
    void score() { compare(); }
    void lists_data();
    void lists() { compare(); }

    void allAreFoundAtOnceAndInFileOrder()
    {
        std::string text = changed(kSmall, "weight: 10%, bake: 15m", "wieght: 10%, bake: 15");
        text = changed(text, "above: 2%, for: 3m", "above: 2, for: 3");
        QCOMPARE(problemsOf(text),
                 std::string("p.yaml:7:5: stages[0]: 'weight' is missing; write it like weight: 10%\n"
                             "p.yaml:7:6: stages[0]: unknown key 'wieght'; did you mean 'weight'?\n"
                             "p.yaml:7:25: stages[0].bake: 15 has no unit; write 15s for seconds or 15m for minutes\n"
                             "p.yaml:10:29: triggers[0].above: 2 has no unit; write 2%\n"
                             "p.yaml:10:37: triggers[0].for: 3 has no unit; write 3s for seconds or 3m for minutes\n"));
    }

    void aKeyThatStandsTwiceHidesNoOtherProblem()
    {
        std::string text = changed(kSmall, "weight: 10%, bake: 15m", "weight: 10%, weight: 20%, bake: 15, bak: 1m");
        QCOMPARE(problemsOf(text),
                 std::string("p.yaml:7:19: stages[0].weight: 'weight' was already given in line 7\n"
                             "p.yaml:7:38: stages[0].bake: 15 has no unit; write 15s for seconds or 15m for minutes\n"
                             "p.yaml:7:42: stages[0]: unknown key 'bak'; did you mean 'bake'?\n"));
    }

    void aProblemReadsAsFileLineColumnPathAndWhat()
    {
        const auto read = readPlaybook("playbook: avalo\n"
                                       "stages:\n"
                                       " - {weight: 1%, bake: 15m}\n"
                                       " - {weight: 250%, bake: 15m}\n"
                                       "metrics: {e: {kind: rate, of: 'e{track=\"$track\"}'}}\n",
                                       "avalo.yaml");
        QCOMPARE(lines(std::get<1>(read)), std::string("avalo.yaml:4:13: stages[1].weight: 250% is above 100%\n"));
    }

    void atMostFiftyAreSaid()
    {
        std::string text(kSmall);
        for (int i = 0; i < 60; ++i)
            text += "  - {metric: nothing, above: 2%}\n";
        const auto read = readPlaybook(text, "p.yaml");
        QCOMPARE(std::get<1>(read).size(), size_t{50});
        QCOMPARE(std::get<1>(read).back().line, 60);
    }
};

void PlaybookProblemsTest::headAndMetrics_data()
{
    columns();
    bad("no name", "playbook: small\n", "",
        "p.yaml:1:1: 'playbook' is missing; write it like playbook: checkout-canary");
    bad("name with a space", "playbook: small", "playbook: my plan",
        "p.yaml:1:11: playbook: 'my plan' is not a name; use a-z, 0-9, '_', '-', '.', beginning with a letter or "
        "digit");
    bad("misspelt block", "triggers:", "trigers:", "p.yaml:9:1: unknown key 'trigers'; did you mean 'triggers'?");
    bad("unknown strategy", "metrics:", "strategy: blue-gren\nmetrics:",
        "p.yaml:2:11: strategy: 'blue-gren' is not known; did you mean 'blue-green'?");
    bad("far from every strategy", "metrics:", "strategy: yolo\nmetrics:",
        "p.yaml:2:11: strategy: 'yolo' is not known; write canary, blue-green, blue-green-with-canary or direct");
    bad("advance",
        "metrics:", "advance: never\nmetrics:", "p.yaml:2:10: advance: 'never' is not known; write auto or manual");
    bad("flag", "metrics:", "lab: yes\nmetrics:", "p.yaml:2:6: lab: 'yes' is not known; write true or false");
    bad("before too long", "metrics:", "before: 2h\nmetrics:", "p.yaml:2:9: before: 2h is longer than 1h");
    bad("unknown kind", "kind: gauge", "kind: promql",
        "p.yaml:5:17: metrics.users.kind: 'promql' is not known; write ratio, rate, count, quantile or gauge");
    bad("both tracks together", "'u{track=\"$track\"}'", "u",
        "p.yaml:5:28: metrics.users.of: no label says $track; add track=\"$track\", so that stable and canary are "
        "counted "
        "apart");
    bad("misspelt variable", "'u{track=\"$track\"}'", "'u{track=\"$trak\"}'",
        "p.yaml:5:28: metrics.users.of: unknown variable '$trak'; did you mean '$track'?");
    bad("function in a selector", "'u{track=\"$track\"}'", "rate(u)",
        "p.yaml:5:28: metrics.users.of: no functions here: name the series, the metric's kind says what to do with it");
    bad("ratio of nothing", ", over: 'r{track=\"$track\"}'", "",
        "p.yaml:3:11: metrics.errors: 'over' is missing; write it like over: 'http_requests_total{track=\"$track\"}'");
    bad("over at a gauge", "worse: lower", "over: 'r{track=\"$track\"}', worse: lower",
        "p.yaml:5:55: metrics.users.over: 'over' belongs to a metric of kind ratio");
    bad("quantile without q", "q: 0.95, ", "", "p.yaml:4:8: metrics.p95: 'q' is missing; write it like q: 0.95");
    bad("quantile as percent", "q: 0.95", "q: 95%",
        "p.yaml:4:28: metrics.p95.q: '95%' is not a number; write it like 90 or 0.95");
    bad("quantile of 1", "q: 0.95", "q: 1", "p.yaml:4:28: metrics.p95.q: 1 is not between 0 and 1; write it like 0.95");
    bad("quantile of a counter", "d_seconds_bucket", "d_seconds_sum",
        "p.yaml:4:38: metrics.p95.of: a quantile needs histogram buckets; d_seconds_sum does not end in _bucket");
    bad("window of nothing", "window: 10s", "window: 0s",
        "p.yaml:3:85: metrics.errors.window: a window is at least 1s");
    bad("window too long", "window: 10s", "window: 2h", "p.yaml:3:85: metrics.errors.window: 2h is longer than 1h");
    bad("minimum below zero", "min_requests: 10}\n  p95", "min_requests: -1}\n  p95",
        "p.yaml:3:104: metrics.errors.min_requests: '-1' is not a whole number; write it like 10");
    bad("chart of nothing", "stages:", "charts: [error]\nstages:",
        "p.yaml:6:10: charts[0]: no metric is called 'error'; did you mean 'errors'?");
    bad("unknown setting", "metrics:", "title: ${nam}\nsettings: {name: x}\nmetrics:",
        "p.yaml:2:8: title: no setting 'nam'; did you mean 'name'?");
    bad("setting of a setting", "metrics:", "settings: {a: x, b: '${a}'}\nmetrics:",
        "p.yaml:2:21: settings.b: a setting cannot refer to another one");
}

void PlaybookProblemsTest::stages_data()
{
    columns();
    bad("above 100%", "weight: 100%", "weight: 250%", "p.yaml:8:14: stages[1].weight: 250% is above 100%");
    bad("nobody", "weight: 10%", "weight: 0%",
        "p.yaml:7:14: stages[0].weight: 0% reaches nobody; a stage has at least 0.01%");
    bad("too fine", "weight: 10%", "weight: 0.005%", "p.yaml:7:14: stages[0].weight: 0.005% is finer than 0.01%");
    bad("no unit", "weight: 10%", "weight: 10", "p.yaml:7:14: stages[0].weight: 10 has no unit; write 10%");
    bad("not rising", "weight: 10%", "weight: 100%",
        "p.yaml:8:14: stages[1].weight: 100% is not above the stage before (100%)");
    bad("never everybody", "weight: 100%", "weight: 50%",
        "p.yaml:8:14: stages[1].weight: the last stage must be 100%, not 50%");
    bad("direct in two steps", "metrics:", "strategy: direct\nmetrics:",
        "p.yaml:9:5: stages[1]: this strategy has one stage of 100%; write canary for a ladder");
    bad("misspelt key", "weight: 100%", "weight: 100%, on_failiure: pause",
        "p.yaml:8:20: stages[1]: unknown key 'on_failiure'; did you mean 'on_failure'?");
    bad("no space after a colon", "weight: 100%", "weight: 100%, replicas:2",
        "p.yaml:8:20: stages[1]: unknown key 'replicas:2'; put a space after the ':'");
    bad("no bake", "weight: 10%, bake: 15m", "weight: 10%",
        "p.yaml:7:5: stages[0]: 'bake' is missing; write it like bake: 15m");
    bad("no stages", "stages:\n", "stages: []\nx:\n",
        "p.yaml:6:9: stages: the list is empty; name at least one or leave the key out\n"
        "p.yaml:7:1: unknown key 'x'; known here: playbook, title, strategy, lab, advance, before, settings, metrics, "
        "charts, "
        "stages, triggers, score, checklist, watch, longest, rollback, promises or smoke");
    bad("a stage that is a word", "{weight: 100%, bake: 15m}", "all",
        "p.yaml:8:5: stages[1]: expected a map, found a single value");
    bad("no roles", "weight: 100%", "weight: 100%, approve: {roles: []}",
        "p.yaml:8:37: stages[1].approve.roles: the list is empty; name at least one or leave the key out");
    bad("a role twice", "weight: 100%", "weight: 100%, approve: {roles: [a, a]}",
        "p.yaml:8:41: stages[1].approve.roles[1]: 'a' is named twice");
    bad("no approver", "weight: 100%", "weight: 100%, approve: {count: 0}",
        "p.yaml:8:37: stages[1].approve.count: 0 is below 1");
    bad("approve when", "weight: 100%", "weight: 100%, approve: sometimes",
        "p.yaml:8:29: stages[1].approve: 'sometimes' is not known; write never, always or warnings");
    bad("on_failure", "weight: 100%", "weight: 100%, on_failure: previous",
        "p.yaml:8:32: stages[1].on_failure: 'previous' is not known; write rollback, pause, abort, previous-stage or "
        "alert");
    bad("replicas", "weight: 100%", "weight: 100%, replicas: two",
        "p.yaml:8:30: stages[1].replicas: 'two' is not a whole number; write it like 10");
    bad("longest under the bake", "weight: 100%", "weight: 100%, longest: {after: 10m}",
        "p.yaml:8:29: stages[1].longest: 10m is not longer than the bake of 15m");
}

void PlaybookProblemsTest::requirements_data()
{
    columns();
    bad("two comparisons", "below: 2%}]", "below: 2%, not_worse_by: 10%}]",
        "p.yaml:7:82: stages[0].require[0].not_worse_by: 'below' and 'not_worse_by' are both given; exactly one "
        "comparison belongs "
        "here");
    bad("no comparison", ", below: 2%}]", "}]",
        "p.yaml:7:40: stages[0].require[0]: a comparison is missing; give one of below, above or not_worse_by");
    bad("good side of errors", "below: 2%}]", "above: 2%}]",
        "p.yaml:7:64: stages[0].require[0].above: errors is worse when higher (worse: higher), so a good value is said "
        "with 'below'");
    bad("good side of users", "{metric: errors, below: 2%}", "{metric: users, below: 2}",
        "p.yaml:7:63: stages[0].require[0].below: users is worse when lower (worse: lower), so a good value is said "
        "with 'above'");
    bad("warning behind the limit", "below: 2%}]", "below: 2%, warn_at: 3%}]",
        "p.yaml:7:77: stages[0].require[0].warn_at: a warning comes before the limit, not at or behind it");
    bad("trigger's words in a requirement", "below: 2%}]", "above_baseline: +50%}]",
        "p.yaml:7:40: stages[0].require[0]: a comparison is missing; give one of below, above or not_worse_by\n"
        "p.yaml:7:57: stages[0].require[0]: unknown key 'above_baseline'; known here: metric, baseline, window, below, "
        "above, "
        "not_worse_by or warn_at");
}

void PlaybookProblemsTest::triggers_data()
{
    columns();
    bad("no such metric", "metric: errors, above", "metric: eror, above",
        "p.yaml:10:14: triggers[0].metric: no metric is called 'eror'; did you mean 'errors'?");
    bad("nothing near it", "metric: errors, above", "metric: latency, above",
        "p.yaml:10:14: triggers[0].metric: no metric is called 'latency'; there are errors, p95 or users");
    bad("no metric", "metric: errors, above", "above",
        "p.yaml:10:5: triggers[0]: 'metric' is missing; write it like metric: error_rate");
    bad("for and checks", "for: 3m", "for: 3m, checks: 3",
        "p.yaml:10:50: triggers[0].checks: 'for' and 'checks' are both given; a trigger has one of them");
    bad("no comparison", "above: 2%, for", "for",
        "p.yaml:10:5: triggers[0]: a comparison is missing; give one of above, below, above_baseline or drops");
    bad("two comparisons", "above: 2%", "above: 2%, above_baseline: +50%",
        "p.yaml:10:49: triggers[0].above_baseline: 'above' and 'above_baseline' are both given; exactly one comparison "
        "belongs here");
    bad("unit of another metric", "above: 2%", "above: 1200ms",
        "p.yaml:10:29: triggers[0].above: '1200ms' is not a percentage; write it like 2% or 0.5%");
    bad("ratio above one", "above: 2%", "above: 200%", "p.yaml:10:29: triggers[0].above: 200% is above 100%");
    bad("above the top bucket", "metric: errors, above: 2%", "metric: p95, above: 12s",
        "p.yaml:10:26: triggers[0].above: 12s is above the top histogram bucket (10s), so it could never be seen; "
        "lower it, or say "
        "the metric's top_bucket");
    bad("bad side", "above: 2%", "drops: 20%",
        "p.yaml:10:29: triggers[0].drops: errors is worse when higher (worse: higher), so a bad value is said with "
        "'above_baseline'");
    bad("drops by more than all", "metric: errors, above: 2%", "metric: users, drops: 120%",
        "p.yaml:10:28: triggers[0].drops: 120% is above 100%; nothing drops by more");
    bad("baseline of a limit", "above: 2%", "above: 2%, baseline: before",
        "p.yaml:10:43: triggers[0].baseline: 'above' compares with its own limit; a baseline belongs to a comparison "
        "with one");
    bad("unknown baseline", "above: 2%", "above_baseline: +50%, baseline: stabel",
        "p.yaml:10:54: triggers[0].baseline: 'stabel' is not known; did you mean 'stable'?");
    bad("baseline without a unit", "above: 2%", "above_baseline: +50%, baseline: 1",
        "p.yaml:10:54: triggers[0].baseline: 1 has no unit; write 1%");
    bad("checks of nothing", "for: 3m", "checks: 0", "p.yaml:10:41: triggers[0].checks: 0 is below 1");
    bad("for beyond an hour", "for: 3m", "for: 90m", "p.yaml:10:38: triggers[0].for: 90m is longer than 1h");
    bad("action", "for: 3m", "action: rolback",
        "p.yaml:10:41: triggers[0].action: 'rolback' is not known; did you mean 'rollback'?");
    bad("severity", "for: 3m", "severity: fatal",
        "p.yaml:10:43: triggers[0].severity: 'fatal' is not known; write info, warning or critical");
    bad("not a duration", "for: 3m", "for: 3 min",
        "p.yaml:10:38: triggers[0].for: '3 min' is not a duration; write it like 15m, 30s, 1200ms or 1h30m");
}

void PlaybookProblemsTest::score_data()
{
    columns();
    const char* none = "triggers:";
    const auto score = [&](const char* name, const char* text, const char* problems) {
        const QByteArray to = QByteArray("score:\n") + text + "\ntriggers:";
        QTest::newRow(name) << QByteArray(none) << to << QByteArray(problems);
    };
    const char* good = "  parts: {e: {weight: 100%, metric: errors, full: 0%, zero: 2%}}\n";
    score("weights", "  parts: {e: {weight: 95%, metric: errors, full: 0%, zero: 2%}}",
          "p.yaml:10:10: score.parts: the weights of the parts add up to 95%, not 100%");
    score("bands", (QByteArray(good) + "  bands: {proceed: 80, watch: 85}").constData(),
          "p.yaml:11:31: score.bands.watch: 85 is not below proceed (80)");
    score("bands below", (QByteArray(good) + "  bands: {pause: 80.5}").constData(),
          "p.yaml:11:18: score.bands.pause: 80.5 is not below watch (80)");
    score("band above all", (QByteArray(good) + "  bands: {proceed: 101}").constData(),
          "p.yaml:11:20: score.bands.proceed: 101 is above 100 points");
    score("no direction", "  parts: {e: {weight: 100%, metric: errors, full: 2%, zero: 0%}}",
          "p.yaml:10:61: score.parts.e.zero: errors is worse when higher, so 'zero' lies above 'full'");
    score("no span", "  parts: {e: {weight: 100%, metric: errors, full: 2%, zero: 2%}}",
          "p.yaml:10:61: score.parts.e.zero: 'full' and 'zero' are the same value");
    score("no zero", "  parts: {e: {weight: 100%, metric: errors, full: 2%}}",
          "p.yaml:10:14: score.parts.e: 'zero' is missing; write it like zero: 2% (0 points there)");
    score("mixed metrics", "  parts: {e: {weight: 100%, metrics: [errors, p95], full: 0%, zero: 2%}}",
          "p.yaml:10:38: score.parts.e.metrics: errors and p95 have different units or directions; the worst of them "
          "is not "
          "defined");
    score("baseline of errors", "  parts: {e: {weight: 100%, metric: errors, of: baseline}}",
          "p.yaml:10:49: score.parts.e.of: errors is worse when higher (worse: higher); 'of: baseline' fits what is "
          "worse when "
          "lower");
    score("short form of an own part", "  parts: {e: 100%}",
          "p.yaml:10:10: score.parts: the weights of the parts add up to 0%, not 100%\n"
          "p.yaml:10:14: score.parts.e: this part has no short form; write {weight: 30%, metric: …, full: …, zero: …}");
    score("short form without its metric", "  error_rate: 100%",
          "p.yaml:10:15: score.error_rate: no metric is called 'error_rate'; there are errors, p95 or users");
    score("no part", "  bands: {proceed: 95}", "p.yaml:10:3: score: a score has at least one part");
    score("share", (QByteArray(good) + "  share: correct").constData(),
          "p.yaml:11:10: score.share: 'correct' is not known; did you mean 'corrected'?");
}

void PlaybookProblemsTest::lists_data()
{
    columns();
    bad("two items alike", "triggers:", "checklist: {pre: [Read the plan], post: [read the plan!]}\ntriggers:",
        "p.yaml:9:42: checklist.post[0]: another item has the id 'read-the-plan'; give this one its own: {id: …, text: "
        "…}");
    bad("item without letters", "triggers:", "checklist: {pre: ['!!!']}\ntriggers:",
        "p.yaml:9:19: checklist.pre[0]: no id can be made of this text; write {id: …, text: …}");
    bad("unknown list", "triggers:", "checklist: {before: [a]}\ntriggers:",
        "p.yaml:9:13: checklist: unknown key 'before'; known here: pre, during or post");
    bad("watch without a length", "triggers:", "watch: {require: [{metric: errors, below: 1%}]}\ntriggers:",
        "p.yaml:9:8: watch: 'for' is missing; write it like for: 24h");
    bad("rollback step", "triggers:", "rollback: [{kind: database}]\ntriggers:",
        "p.yaml:9:19: rollback[0].kind: 'database' is not known; write application or validation");
    bad("promise of nothing",
        "triggers:", "promises: {manual: 0s}\ntriggers:", "p.yaml:9:20: promises.manual: nothing happens in 0s");
    bad("longest without a time", "triggers:", "longest: {then: pause}\ntriggers:",
        "p.yaml:9:10: longest: 'after' is missing; write it like after: 2h");
    bad("empty value", "triggers:", "title:\ntriggers:", "p.yaml:9:1: title: the value is missing");
}

QTEST_APPLESS_MAIN(PlaybookProblemsTest)
#include "playbook_problems_test.moc"
