// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_parts.h"
#include "tests/ui/console_stand.h"
#include "tests/ui/plain_words.h"
#include "tests/ui/seen_rollout.h"
#include "ui/rollout/event_words.h"
#include "ui/rollout/evidence_presenter.h"
#include "ui/rollout/gate_words.h"
#include "ui/rollout/rollout_presenter.h"

using namespace sluice;
using test::plain;
using namespace std::chrono_literals;
using ui::RolloutPresenter;

namespace {

struct Seen : test::SeenRollout {
    /// The verdict on the share, of a canary that is to get 10 %.
    QString shareVerdict() const
    {
        for (const auto& row : ui::EvidencePresenter::evidence(moment()).facts.rows)
            if (row.first().text == QStringLiteral("Traffic share")) return row.last().text;
        return {};
    }
    void drift(Duration after, const std::string& proxy)
    {
        view.log.push_back({.at = support::sampleTime(14, 31) + after,
                            .name = "drift_corrected",
                            .event = std::make_shared<const rollout::Event>(
                                rollout::DriftCorrected{proxy, "limit 0 instead of 1000 (reload)"})});
    }
    QStringList log() const
    {
        QStringList words;
        for (const auto& line : RolloutPresenter::log(moment()).lines)
            words << plain(line.text);
        return words;
    }
};

} // namespace

class RolloutDetailTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aShareIsAccusedOnlyBeyondChanceAndOnceTheStageFillsTheWindow_data()
    {
        QTest::addColumn<qint64>("seenPpm");
        QTest::addColumn<qint64>("requests");
        QTest::addColumn<int>("appliedSecondsAgo");
        QTest::addColumn<QString>("verdict");
        const QString asAsked = QStringLiteral("✓ as asked");
        const QString early = QStringLiteral("◌ too early to say");
        const QString wrong = QStringLiteral("▲ not as asked");
        QTest::newRow("exact") << qint64{100'000} << qint64{2000} << 60 << asAsked;
        QTest::newRow("three standard errors of 2000 requests are 2 points")
            << qint64{79'000} << qint64{2000} << 60 << asAsked;
        QTest::newRow("the same of 30000 is no chance") << qint64{79'000} << qint64{30'000} << 60 << wrong;
        QTest::newRow("beyond chance") << qint64{70'000} << qint64{2000} << 60 << wrong;
        QTest::newRow("seconds of the stage before") << qint64{40'000} << qint64{2000} << 6 << early;
        QTest::newRow("just applied and as asked") << qint64{100'000} << qint64{2000} << 6 << asAsked;
    }
    void aShareIsAccusedOnlyBeyondChanceAndOnceTheStageFillsTheWindow()
    {
        QFETCH(qint64, seenPpm);
        QFETCH(qint64, requests);
        QFETCH(int, appliedSecondsAgo);
        Seen seen;
        seen.view.state.approval.reset();
        seen.view.world.observedSharePpm = seenPpm;
        seen.view.world.observedRequests = requests;
        const auto stage = static_cast<size_t>(seen.view.state.stage);
        seen.view.state.stages[stage].appliedAt = seen.snapshot.now.wall - std::chrono::seconds(appliedSecondsAgo);
        QTEST(seen.shareVerdict(), "verdict");
    }

    void aScoreNamesAnApprovalOnlyWhereOneIsAskedFor_data()
    {
        QTest::addColumn<int>("milli"); // 0: not known
        QTest::addColumn<bool>("approvable");
        QTest::addColumn<QString>("says");
        QTest::newRow("not known") << 0 << false << "the score is not known yet";
        QTest::newRow("not known though one could approve") << 0 << true << "the score is not known yet";
        QTest::newRow("under, nobody is asked") << 81'000 << false << "score 81 is under 90";
        QTest::newRow("under, somebody is asked") << 81'000 << true << "score 81 is under 90, so a person must approve";
        QTest::newRow("over for a moment") << 93'000 << false << "score 93 is back over 90, but not for long enough";
    }
    void aScoreNamesAnApprovalOnlyWhereOneIsAskedFor()
    {
        QFETCH(int, milli);
        QFETCH(bool, approvable);
        const Seen seen;
        rollout::WaitReason reason{.code = rollout::WaitCode::ScoreBelowProceed, .required = 90'000};
        if (milli != 0) reason.observed = milli;
        if (approvable) reason.unblockedBy = {"approve"};
        QTEST(plain(ui::gateWords(reason, seen.moment()).brief), "says");
    }

    void oneReloadOfAProxyIsOneLine()
    {
        Seen seen;
        seen.view.log.clear();
        for (int i = 0; i < 3; ++i) {
            seen.drift(i * 400ms, "edge-1");
            seen.drift(i * 400ms + 100ms, "edge-2");
        }
        const QString words = QStringLiteral("Drift on edge-%1 corrected: 0 % instead of 10 % (reload)%2");
        QCOMPARE(seen.log(), (QStringList{words.arg(QStringLiteral("2"), QStringLiteral(" (3 times)")),
                                          words.arg(QStringLiteral("1"), QStringLiteral(" (3 times)"))}));
        seen.drift(20s, "edge-1");
        QCOMPARE(seen.log().first(), words.arg(QStringLiteral("1"), QString()));
        QCOMPARE(seen.log().size(), qsizetype{3});
    }

    void whatStandsBetweenTwoReloadsKeepsThemApart()
    {
        Seen seen;
        seen.view.log.clear();
        seen.drift(0s, "edge-1");
        seen.view.log.push_back({.at = support::sampleTime(14, 31) + 1s, .name = "commented", .text = "reloading"});
        seen.drift(2s, "edge-1");
        QCOMPARE(seen.log().size(), qsizetype{3});
    }

    void beforeAnyExposureAPromotionLeadsToTheFirstStage_data()
    {
        QTest::addColumn<bool>("paused");
        QTest::newRow("preparing") << false;
        QTest::newRow("paused before the first stage") << true;
    }
    void beforeAnyExposureAPromotionLeadsToTheFirstStage()
    {
        QFETCH(bool, paused);
        Seen seen;
        seen.view.state.stage = 0;
        seen.view.state.phase = paused ? rollout::Phase::Paused : rollout::Phase::Preparing;
        seen.view.state.phaseBeforePause = rollout::Phase::Preparing;
        QCOMPARE(plain(RolloutPresenter::header(seen.moment()).promoteText), QStringLiteral("Promote to 1 %"));
        QCOMPARE(plain(RolloutPresenter::promoteWords(seen.moment())), QStringLiteral("Promote checkout to 1 %"));
    }

    void aTriggerWithoutDataIsWithinNoLimit()
    {
        Seen seen;
        for (auto& trigger : seen.view.assessment.triggers) {
            trigger.state = analysis::TriggerState::Idle;
            trigger.observed.reset();
            trigger.limit.reset();
        }
        const auto panel = RolloutPresenter::triggers(seen.moment(), 20);
        QVERIFY(!panel.rows.isEmpty());
        for (const auto& row : panel.rows)
            QCOMPARE(row.detail, QStringLiteral("There is no data."));
    }
};

SLUICE_UI_TEST_MAIN(RolloutDetailTest)
#include "rollout_detail_test.moc"
