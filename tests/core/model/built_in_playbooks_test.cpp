// SPDX-License-Identifier: GPL-3.0-or-later
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
