// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

class BuiltInPlaybooksTest : public QObject {
    Q_OBJECT

private slots:
    void eachIsReadUnderItsOwnName_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const BuiltInPlaybook& playbook : builtInPlaybooks()) {
            const QByteArray name(playbook.name.data(), static_cast<qsizetype>(playbook.name.size()));
            QTest::newRow(name.constData()) << name;
        }
    }

    void eachIsReadUnderItsOwnName()
    {
        QFETCH(QByteArray, name);
        const auto playbook = playbookOf(builtIn(name.toStdString()));
        QVERIFY(playbook);
        QCOMPARE(playbook->name, name.toStdString());
        QCOMPARE(playbook->hash.size(), size_t{64});
    }

    void theirWarningsAreKnown_data()
    {
        QTest::addColumn<QByteArray>("warnings");
        QTest::newRow("lab-canary") << QByteArray(
            "before: under 60s of recording the statistical evidence is shown but does not act\n"
            "stages[4].weight: at 100% stable has no traffic: p50, active_users, requests are compared with what was "
            "recorded "
            "before the start\n");
        QTest::newRow("avalo-production") << QByteArray(
            "stages[0].require[0]: never decides: the score (at 30% load) is below proceed from error_rate 0.366% on\n"
            "stages[0].require[1]: never decides: the score (at 30% load) is below proceed from p95 654ms on\n"
            "stages[4].weight: at 100% stable has no traffic: database_p95, ai_p95, payment_success, engagement, "
            "revenue, "
            "chat_p95, p50, p99, requests, active_users, connections, p95 are compared with what was recorded before "
            "the "
            "start\n"
            "triggers[0]: the score acts first: with error_rate at 2% it stands at 65.5 (all else perfect, 30% load) "
            "and rolls "
            "back after 30s, not 3m\n"
            "score.parts.resources: proceed (90) cannot be reached above 67% load, even if all else is perfect; score "
            "the "
            "headroom to a limit instead, e.g. full: 70%, zero: 100%\n");
        QTest::newRow("avalo-staging") << QByteArray(
            ": no watch: triggers are off as soon as the last stage has passed\n");
        QTest::newRow("avalo-development") << QByteArray();
        QTest::newRow("orca-high-risk") << QByteArray(
            "stages[3].weight: at 100% stable has no traffic: requests, p95 are compared with what was recorded before "
            "the start\n");
        QTest::newRow("cre-canary") << QByteArray(
            "stages[10].weight: at 100% stable has no traffic: throughput is compared with what was recorded before "
            "the "
            "start\n"
            "triggers[8]: a gauge has no window: one single sample acts; write e.g. for: 30s\n");
        QTest::newRow("mission-3day") << QByteArray();
        QTest::newRow("mission-hotfix") << QByteArray();
        QTest::newRow("mission-fast-track")
            << QByteArray("stages[0]: nothing is required here: the stage passes on time alone, without any data\n");
    }
    void theirWarningsAreKnown()
    {
        QFETCH(QByteArray, warnings);
        const auto playbook = playbookOf(builtIn(QTest::currentDataTag()));
        QVERIFY(playbook);
        std::string found;
        for (const Problem& warning : lintPlaybook(*playbook, "p.yaml"))
            found += warning.path + ": " + warning.message + "\n";
        QCOMPARE(QByteArray::fromStdString(found), warnings);
    }

    void avaloProductionIsAsItsDocumentSays()
    {
        const auto playbook = playbookOf(builtIn("avalo-production"));
        QVERIFY(playbook);
        std::vector<int64_t> minutes;
        for (const Stage& stage : playbook->stages) {
            minutes.push_back(std::chrono::duration_cast<std::chrono::minutes>(stage.bake).count());
            QVERIFY(stage.noCriticalAlerts);
        }
        QCOMPARE(minutes, (std::vector<int64_t>{15, 30, 30, 30, 1}));
        QCOMPARE(playbook->triggers.size(), size_t{16});
        for (const Trigger& trigger : playbook->triggers)
            QCOMPARE(trigger.action, FailureAction::Rollback);
        QCOMPARE(playbook->stages[1].approve.when, ApproveWhen::Warnings);
        QCOMPARE(playbook->watch.length, Duration(std::chrono::hours(24)));
        const Checklists& lists = playbook->checklists;
        QCOMPARE(lists.pre.size() + lists.during.size() + lists.post.size(), size_t{24});
    }

    void everyStageOfAvaloProductionKeepsWhatTheOneBeforeAsked()
    {
        const auto playbook = playbookOf(builtIn("avalo-production"));
        QVERIFY(playbook);
        // The last stage is judged by the watch instead, where stable has no traffic to compare with.
        for (size_t i = 1; i + 1 < playbook->stages.size(); ++i) {
            const auto& now = playbook->stages[i].require;
            for (const Requirement& earlier : playbook->stages[i - 1].require) {
                QVERIFY(std::find(now.begin(), now.end(), earlier) != now.end());
            }
        }
    }

    void avaloStagingAsksAPersonAtEachStep()
    {
        const auto playbook = playbookOf(builtIn("avalo-staging"));
        QVERIFY(playbook);
        std::vector<int> weights;
        for (const Stage& stage : playbook->stages) {
            weights.push_back(stage.weight.perTenThousand() / 100);
            QCOMPARE(stage.bake, Duration(std::chrono::minutes(15)));
            QCOMPARE(stage.approve.when, ApproveWhen::Always);
        }
        QCOMPARE(weights, (std::vector<int>{10, 50, 100}));
    }

    void avaloDevelopmentTakesFiveMinutes()
    {
        const auto playbook = playbookOf(builtIn("avalo-development"));
        QVERIFY(playbook);
        QCOMPARE(playbook->strategy, Strategy::Direct);
        QCOMPARE(playbook->before + playbook->stages.front().bake, Duration(std::chrono::minutes(5)));
    }

    void theLabLadderIsFiveStagesOfSeconds()
    {
        const auto playbook = playbookOf(builtIn("lab-canary"));
        QVERIFY(playbook);
        QVERIFY(playbook->labOnly);
        QCOMPARE(playbook->stages.size(), size_t{5});
        std::vector<int64_t> weights;
        for (const Stage& stage : playbook->stages) {
            weights.push_back(stage.weight.perTenThousand());
            QVERIFY(stage.bake >= std::chrono::seconds(6) && stage.bake <= std::chrono::seconds(10));
        }
        QCOMPARE(weights, (std::vector<int64_t>{100, 1000, 2500, 5000, 10'000}));
    }

    void theLabHasDataAtOnePercentOfTwoHundredRequestsASecond()
    {
        const auto playbook = playbookOf(builtIn("lab-canary"));
        QVERIFY(playbook);
        const int64_t canaryPerSecond = 2;
        for (const Requirement& requirement : playbook->stages.front().require) {
            const Metric* metric = playbook->metric(requirement.good.metric);
            const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(metric->window).count();
            QVERIFY(metric->minRequests * 3 <= canaryPerSecond * seconds * 2);
        }
        const auto bake = std::chrono::duration_cast<std::chrono::seconds>(playbook->stages.front().bake).count();
        QVERIFY(playbook->stages.front().minRequests <= canaryPerSecond * bake);
    }
};

QTEST_APPLESS_MAIN(BuiltInPlaybooksTest)
#include "built_in_playbooks_test.moc"
