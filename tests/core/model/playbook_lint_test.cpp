// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

namespace {

QByteArray warningsOf(const std::string& text)
{
    const auto playbook = playbookOf(text);
    return playbook ? QByteArray::fromStdString(lines(lintPlaybook(*playbook, "p.yaml")))
                    : QByteArray("not a playbook");
}

/// The small playbook with a watch, a way back, and its last stage judged: nothing to warn of.
const std::string kQuiet = changed(
    changed(kSmall, "{weight: 100%, bake: 15m}", "{weight: 100%, bake: 15m, require: [{metric: p95, below: 1s}]}"),
    "triggers:", "watch: {for: 24h}\nrollback: [{kind: application}]\ncharts: [users]\ntriggers:");

} // namespace

class PlaybookLintTest : public QObject {
    Q_OBJECT

private slots:
    void aPlainPlanIsQuiet() { QCOMPARE(warningsOf(kQuiet), QByteArray()); }

    void warningsAreWarningsAtTheirPlace()
    {
        const auto playbook = playbookOf(changed(kQuiet, "charts: [users]\n", "charts: [p95]\n"));
        const auto warnings = lintPlaybook(*playbook, "p.yaml");
        QCOMPARE(warnings.size(), size_t{1});
        QCOMPARE(warnings[0].level, Problem::Level::Warning);
        QCOMPARE(
            QByteArray::fromStdString(problemText(warnings[0])),
            QByteArray("p.yaml:5:10: metrics.users: never used: no requirement, trigger, score or chart names it"));
    }

    void eachTrapIsNamed_data();
    void eachTrapIsNamed()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, warnings);
        QCOMPARE(warningsOf(changed(kQuiet, from.toStdString(), to.toStdString())), warnings + "\n");
    }

    void aScoreOfHeadroomCanBeReached()
    {
        const std::string avalo = builtIn("avalo-production");
        QVERIFY(warningsOf(avalo).contains("cannot be reached above 67% load"));
        const std::string headroom = changed(avalo, "[cpu, memory], full: 0%", "[cpu, memory], full: 70%");
        QVERIFY(!warningsOf(headroom).contains("cannot be reached"));
    }

    void aRawShareIsExplainedWithTheFirstStage()
    {
        const QByteArray raw = warningsOf(changed(builtIn("avalo-production"), "share: corrected", "share: raw"));
        QVERIFY(raw.contains("score.share: raw: a perfect canary at 1% scores 1% of the points"));
    }

    void aWindowThatNeverFillsIsNamed()
    {
        const std::string text = changed(kQuiet, "users: {kind: gauge,", "users: {kind: rate, window: 20m,");
        QCOMPARE(
            warningsOf(changed(text, "[{metric: errors, below: 2%}]", "[{metric: users, above: 1/s}]")),
            QByteArray(
                "p.yaml:7:40: stages[0].require[0]: the window of users (20m) is longer than the bake (15m), and no "
                "min_requests says when it is enough\n"));
    }

    void amountsComparedWithoutTheirShareAreNamed()
    {
        const std::string text = changed(kQuiet, "worse: lower}", "worse: lower, scales_with_share: false}");
        QVERIFY(warningsOf(changed(text, "{metric: errors, above: 2%", "{metric: users, drops: 20%"))
                    .contains(
                        "p.yaml:13:5: triggers[0]: users grows with the traffic share but is compared as it is; write "
                        "scales_with_share: true at the metric, or compare a ratio\n"));
    }

    void aRecordingShorterThanItsWindowIsNamed()
    {
        const std::string text = changed(kQuiet, "metrics:", "before: 30s\nmetrics:");
        QVERIFY(
            warningsOf(changed(text, "{metric: errors, above: 2%", "{metric: p95, above_baseline: +50%"))
                .contains(
                    "p.yaml:2:9: before: 30s of recording is less than the window of p95 (1m), so its baseline never "
                    "fills\n"));
    }

    void atMostFiftyAreSaid()
    {
        std::string text = kQuiet;
        std::string metrics;
        for (int i = 0; i < 60; ++i)
            metrics += "  m" + std::to_string(i) + ": {kind: rate, of: 'r{track=\"$track\"}'}\n";
        const auto playbook = playbookOf(changed(text, "stages:\n", metrics + "stages:\n"));
        QVERIFY(playbook);
        QCOMPARE(lintPlaybook(*playbook, "p.yaml").size(), size_t{50});
    }
};

void PlaybookLintTest::eachTrapIsNamed_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("warnings");
    const auto row = [](const char* name, const char* from, const char* to, const char* warnings) {
        QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(warnings);
    };
    row("ratio without a minimum", "window: 10s, min_requests: 10", "window: 10s",
        "p.yaml:3:11: metrics.errors: no min_requests: one failed request of two would be 50%; write e.g. "
        "min_requests: 100");
    row("stage that asks for nothing", ", require: [{metric: errors, below: 2%}]", "",
        "p.yaml:7:5: stages[0]: nothing is required here: the stage passes on time alone, without any data");
    row("nobody watches the starter", "bake: 15m, require: [{metric: errors",
        "bake: 15m, approve: {four_eyes: false}, require: [{metric: errors",
        "p.yaml:7:51: stages[0].approve.four_eyes: whoever starts the rollout may approve it alone");
    row("no watch", "watch: {for: 24h}\n", "",
        "p.yaml:1:1: no watch: triggers are off as soon as the last stage has passed");
    row("for longer than a stage", "for: 3m", "for: 15m",
        "p.yaml:13:5: triggers[0]: must hold for 15m, but 'Canary 10%' is over after 15m: it cannot fire there");
    row("nothing rolls back", "for: 3m", "action: alert",
        "p.yaml:13:3: triggers: no trigger rolls back: a bad release stays until its stage is over or somebody sees "
        "it");
    row("stage allows more than a trigger", "metric: errors, below: 2%", "metric: errors, below: 5%",
        "p.yaml:7:40: stages[0].require[0]: allows more than triggers[0], which rolls back above 2%");
    row("one sample of a gauge", "{metric: errors, above: 2%, for: 3m}", "{metric: users, below: 1}",
        "p.yaml:13:5: triggers[0]: a gauge has no window: one single sample acts; write e.g. for: 30s");
    row("baseline of no errors", "above: 2%", "above_baseline: +50%",
        "p.yaml:8:14: stages[1].weight: at 100% stable has no traffic: errors is compared with what was recorded "
        "before the start\n"
        "p.yaml:13:5: triggers[0]: a baseline of 0% allows nothing at all; compare a success rate, or give errors a "
        "limit");
}

QTEST_APPLESS_MAIN(PlaybookLintTest)
#include "playbook_lint_test.moc"
