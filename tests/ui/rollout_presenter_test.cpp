// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sample_parts.h"
#include "tests/ui/console_stand.h"
#include "tests/ui/plain_words.h"
#include "tests/ui/seen_rollout.h"
#include "ui/rollout/gate_words.h"
#include "ui/rollout/live_rollouts.h"
#include "ui/rollout/phase_words.h"
#include "ui/rollout/rollback_presenter.h"
#include "ui/rollout/rollout_presenter.h"

using namespace sluice;
using test::plain;
using Seen = test::SeenRollout;
using analysis::Band;
using rollout::Phase;
using rollout::WaitCode;
using ui::RolloutPresenter;
using ui::Tone;

Q_DECLARE_METATYPE(sluice::rollout::Phase)
Q_DECLARE_METATYPE(sluice::rollout::WaitCode)

namespace {

} // namespace

class RolloutPresenterTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void theHeaderNamesTheReleaseAndItsState()
    {
        const Seen seen;
        const auto header = RolloutPresenter::header(seen.moment());
        QCOMPARE(header.service, QStringLiteral("checkout"));
        QCOMPARE(plain(header.badge), QStringLiteral("▲ Watch at 10 %"));
        QCOMPARE(plain(header.progress), QStringLiteral("32 min in · ends ≈ 15:45"));
        QCOMPARE(plain(header.promoteText), QStringLiteral("Promote to 25 %"));
        QVERIFY(!header.promote.allowed);
        QVERIFY(!header.promote.because.isEmpty());
        QVERIFY(header.pause.allowed && header.rollBack.allowed && header.review.allowed);
    }

    void everyPhaseHasWords_data()
    {
        QTest::addColumn<Phase>("phase");
        for (int phase = 0; phase <= static_cast<int>(Phase::Cancelled); ++phase)
            QTest::addRow("phase %d", phase) << static_cast<Phase>(phase);
    }
    void everyPhaseHasWords()
    {
        QFETCH(Phase, phase);
        Seen seen;
        seen.view.state.phase = phase;
        const ui::PhaseWords words = ui::phaseWords(seen.view);
        QVERIFY(!words.word.isEmpty());
        // Colour never stands alone.
        if (words.tone != Tone::Second) QVERIFY(!words.mark.isEmpty());
    }

    void aPausedRolloutOffersToResume()
    {
        Seen seen;
        seen.view.state.phase = Phase::Paused;
        QCOMPARE(RolloutPresenter::header(seen.moment()).pauseText, QStringLiteral("Resume"));
    }

    void theRailTellsPastPresentAndFuture()
    {
        const Seen seen;
        const auto rail = RolloutPresenter::rail(seen.moment());
        QCOMPARE(rail.stages.size(), 5);
        QCOMPARE(rail.stages[0].when, ui::StageRailData::When::Past);
        QCOMPARE(plain(rail.stages[0].corner), QStringLiteral("✓ 15 min"));
        QCOMPARE(rail.stages[1].when, ui::StageRailData::When::Current);
        QCOMPARE(rail.stages[1].corner, QStringLiteral("17:06 / 30:00"));
        QCOMPARE(rail.stages[1].progressPpm, 570'000);
        QVERIFY(plain(rail.stages[1].detail).contains(QStringLiteral("seen 10.0 %")));
        QCOMPARE(rail.stages[4].when, ui::StageRailData::When::Future);
        for (const auto& stage : rail.stages)
            QVERIFY(stage.sentence.contains(stage.detail));
    }

    /// A minute later the metrics have no canary any more: that is 0 %, and nobody's share.
    void theStagesOfAnEndedRolloutSayNothingOfTheShareSeenNow()
    {
        Seen seen;
        seen.view.state.phase = Phase::Stable;
        for (const auto& stage : RolloutPresenter::rail(seen.moment()).stages)
            QVERIFY2(!stage.detail.contains(QStringLiteral("seen")), qPrintable(stage.detail));
    }

    void everyGateHasWordsOpenAndHeld_data()
    {
        QTest::addColumn<WaitCode>("code");
        for (int code = 0; code <= static_cast<int>(WaitCode::NotDriving); ++code)
            QTest::addRow("%s", rollout::waitCodeName(static_cast<WaitCode>(code)).data())
                << static_cast<WaitCode>(code);
    }
    void everyGateHasWordsOpenAndHeld()
    {
        QFETCH(WaitCode, code);
        const Seen seen;
        const rollout::WaitReason open{.code = code, .subject = "p95", .observed = 1, .required = 2};
        rollout::WaitReason held = open;
        held.holds = true;
        QVERIFY(!ui::gateWords(open, seen.moment()).brief.isEmpty());
        QCOMPARE(ui::gateWords(held, seen.moment()).mark, QStringLiteral("✓"));
        QCOMPARE(ui::gateWords(held, seen.moment()).tone, Tone::Ok);
    }

    void theQuietOfTheCanaryIsCountedOnceItsRequestsEnd()
    {
        const Seen seen;
        const auto words = [&seen](Duration quiet) {
            return plain(ui::gateWords({.code = rollout::WaitCode::QuietMissing,
                                        .observed = quiet.count(),
                                        .required = Duration(std::chrono::seconds(5)).count()},
                                       seen.moment())
                             .brief);
        };
        QCOMPARE(words(Duration(0)), QStringLiteral("the canary may still get requests"));
        QCOMPARE(words(std::chrono::milliseconds(900)), QStringLiteral("the canary may still get requests"));
        QCOMPARE(words(std::chrono::seconds(4)), QStringLiteral("no canary request for 0:04 / 0:05"));
    }

    void whyItWaitsIsOneLineInTheOrderOfTheEngine()
    {
        const Seen seen;
        const auto waits = RolloutPresenter::waits(seen.moment());
        QCOMPARE(waits.tone, Tone::Warning);
        QCOMPARE(plain(waits.lead), QStringLiteral("▲ Why it waits"));
        QCOMPARE(plain(waits.parts.first().text), QStringLiteral("12:54 of bake time left"));
        QCOMPARE(plain(waits.parts.last().text), QStringLiteral("✓ checklist 8/8"));
        QVERIFY(waits.sentence.contains(QStringLiteral("a person must approve")));
    }

    void gatesThatHoldByThemselvesAreOnlyCounted()
    {
        Seen seen;
        seen.view.waits = {{.code = WaitCode::PausedByScore, .subject = "The health score was 77.0"},
                           {.code = WaitCode::CriticalAlert, .holds = true},
                           {.code = WaitCode::DataLate, .holds = true}};
        const auto waits = RolloutPresenter::waits(seen.moment());
        QCOMPARE(waits.parts.size(), 2);
        QVERIFY(!waits.parts.first().text.contains(QStringLiteral("77.0")));
        QCOMPARE(ui::gateRows(seen.moment()).first().words.detail, QStringLiteral("The health score was 77.0"));
        QVERIFY(waits.parts.last().text.contains(QLatin1Char('2')));
    }

    void somebodyMustPromoteSaysWhetherTheOtherGatesHold()
    {
        Seen seen;
        const auto said = [&seen] {
            const auto parts = RolloutPresenter::waits(seen.moment()).parts;
            return parts.isEmpty() ? QString() : parts.last().text;
        };
        seen.view.waits = {{.code = WaitCode::ManualAdvance}};
        QCOMPARE(said(), QStringLiteral("everything holds; somebody must promote"));
        seen.view.waits = {
            {.code = WaitCode::DataLate}, {.code = WaitCode::BakeLeft}, {.code = WaitCode::ManualAdvance}};
        QCOMPARE(said(), QStringLiteral("somebody must promote; gates that do not hold yet: 2"));
    }

    void bakeCreditDoesNotFloodTheLog()
    {
        Seen seen;
        seen.view.log.push_back({support::sampleNow().wall, 99, "bake_credited", "1 min of bake credited", {}});
        QVERIFY(!RolloutPresenter::log(seen.moment()).lines.first().text.contains(QStringLiteral("credited")));
    }

    void beforeExposureGoingBackIsCancelling()
    {
        Seen seen;
        seen.view.state.phase = Phase::Preparing;
        seen.view.moves = {{rollout::Move::RollBack, false, "Nobody has it yet."}, {rollout::Move::Cancel, true, ""}};
        QCOMPARE(RolloutPresenter::header(seen.moment()).backText, QStringLiteral("Cancel rollout"));
    }

    void theScoreSaysWhatItsBandMeans_data()
    {
        QTest::addColumn<int>("band");
        QTest::addColumn<QString>("contains");
        QTest::newRow("proceed") << static_cast<int>(Band::Proceed) << "90 and above";
        QTest::newRow("watch") << static_cast<int>(Band::Watch) << "80 to 89";
        QTest::newRow("pause") << static_cast<int>(Band::Pause) << "70 to 79";
        QTest::newRow("rollback") << static_cast<int>(Band::Rollback) << "under 70";
        QTest::newRow("unknown") << static_cast<int>(Band::Unknown) << "no data";
    }
    void theScoreSaysWhatItsBandMeans()
    {
        QFETCH(int, band);
        QFETCH(QString, contains);
        Seen seen;
        seen.view.assessment.score.band = static_cast<Band>(band);
        const auto score = RolloutPresenter::score(seen.moment());
        QVERIFY2(score.meaning.contains(contains), qPrintable(score.meaning));
        QCOMPARE(score.parts.size(), 5);
        QCOMPARE(score.parts.first().weight, QStringLiteral("×0.30"));
        QCOMPARE(score.parts.first().tone, Tone::Warning);
        QCOMPARE(score.parts.last().tone, Tone::Stable);
    }

    void thePendingTriggerComesFirstWithItsTimeToFire()
    {
        const Seen seen;
        const auto triggers = RolloutPresenter::triggers(seen.moment(), 5);
        QCOMPARE(triggers.rows.size(), 5);
        QCOMPARE(plain(triggers.title), QStringLiteral("Rollback triggers · 1 of 14 pending"));
        QCOMPARE(plain(triggers.rows.first().condition), QStringLiteral("Latency median up > 50 %, 5 min"));
        QCOMPARE(triggers.rows.first().state, QStringLiteral("fires in 2:10"));
        QCOMPARE(triggers.rows.first().tone, Tone::Warning);
    }

    void noDataZeroAndTooFewReadDifferently()
    {
        Seen seen;
        auto& readings = seen.view.assessment.readings;
        readings[0].canary = 0;
        const QString zero = RolloutPresenter::charts(seen.moment()).first().canary;
        readings[0].canary.reset();
        readings[0].canaryNoData = analysis::NoDataReason::TooFewRequests;
        const auto few = RolloutPresenter::charts(seen.moment()).first();
        readings[0].canaryNoData = analysis::NoDataReason::TooOld;
        const auto old = RolloutPresenter::charts(seen.moment()).first();
        QVERIFY(zero != few.canary);
        QVERIFY(few.note != old.note);
        QCOMPARE(old.canary, QStringLiteral("—"));
    }

    void aChartCarriesLimitsMarksAndOneSentence()
    {
        const Seen seen;
        const auto charts = RolloutPresenter::charts(seen.moment());
        QCOMPARE(charts.size(), 6);
        const auto& p95 = charts[1];
        QCOMPARE(plain(p95.canary), QStringLiteral("580 ms"));
        QCOMPARE(plain(p95.note), QStringLiteral("+41 %"));
        QCOMPARE(p95.noteTone, Tone::Warning);
        QCOMPARE(plain(p95.picture.limits.first().text), QStringLiteral("rollback above 1 200 ms"));
        QVERIFY(p95.picture.top >= p95.picture.limits.first().value);
        QCOMPARE(p95.picture.marks.size(), 2);
        QVERIFY(p95.summary.contains(p95.canary) && p95.summary.contains(p95.stable));
        QVERIFY(!p95.rows.isEmpty());
    }

    void aChartNumbersTheEndsOfItsAxisAndItsLimits()
    {
        const Seen seen;
        const auto charts = RolloutPresenter::charts(seen.moment());
        const auto& p95 = charts[1].picture;
        QCOMPARE(plain(p95.bottomText), QStringLiteral("0 ms"));
        QCOMPARE(plain(p95.topText), QStringLiteral("1 500 ms"));
        QCOMPARE(plain(p95.limits.first().number), QStringLiteral("1 200 ms"));
        const auto cpu = std::ranges::find(charts, QStringLiteral("cpu"), &ui::MetricChartData::metric);
        QCOMPARE(plain(cpu->picture.topText), QStringLiteral("100 %")); // never more than all of it
    }

    void usersAreNotComparedBeforeTheShareHasSettled_data()
    {
        QTest::addColumn<qint64>("secondsAgo");
        QTest::addColumn<QString>("note");
        QTest::newRow("the weight is on its way") << qint64{-1} << QStringLiteral("share is settling");
        QTest::newRow("the window reaches back") << qint64{59} << QStringLiteral("share is settling");
        QTest::newRow("the window is of this share") << qint64{61} << QStringLiteral("+900 %");
    }
    void usersAreNotComparedBeforeTheShareHasSettled()
    {
        QFETCH(qint64, secondsAgo);
        QFETCH(QString, note);
        Seen seen;
        auto playbook = std::make_shared<Playbook>(*seen.view.playbook);
        std::ranges::find(playbook->metrics, "active_users", &Metric::id)->scalesWithShare = true;
        seen.view.playbook = playbook;
        seen.view.charts = {std::make_shared<engine::Chart>(
            engine::Chart{.metric = "active_users", .title = "Active users", .unit = Unit::Count})};
        auto& reading = *std::ranges::find(seen.view.assessment.readings, "active_users", &analysis::Reading::metric);
        reading.canary = 410'000'000;
        reading.baseline = 41'000'000;
        auto& stage = seen.view.state.stages[1];
        stage.appliedAt.reset();
        if (secondsAgo >= 0) stage.appliedAt = seen.view.assessment.sampleTime - std::chrono::seconds(secondsAgo);
        seen.view.state.phaseSince = stage.enteredAt;
        QCOMPARE(plain(RolloutPresenter::charts(seen.moment()).first().note), note);
    }

    void beforeItsFirstStageARolloutShowsNoCanary()
    {
        Seen seen;
        seen.view.state.admitted = false;
        const auto chart = RolloutPresenter::charts(seen.moment()).first();
        QCOMPARE(chart.canary, QStringLiteral("—"));
        QCOMPARE(chart.note, QStringLiteral("no traffic yet"));
    }

    void aChartWithoutAnyPointIsEmptyAndNotBroken()
    {
        Seen seen;
        seen.view.charts = {std::make_shared<engine::Chart>(engine::Chart{.metric = "p95", .title = "Latency p95"})};
        const auto chart = RolloutPresenter::charts(seen.moment()).first();
        QVERIFY(chart.picture.toUs > chart.picture.fromUs);
        QVERIFY(chart.picture.top > chart.picture.bottom);
    }

    void theNewestEventComesFirstWithWhoDidIt()
    {
        const Seen seen;
        const auto log = RolloutPresenter::log(seen.moment());
        QCOMPARE(log.lines.first().time, QStringLiteral("14:31:52"));
        QVERIFY(log.lines.last().text.contains(QStringLiteral("release-bot")));
    }

    void theRolloutThatNeedsSomebodyComesFirst()
    {
        const auto snapshot = support::sampleSnapshot();
        const auto all = ui::byUrgency(*snapshot);
        QCOMPARE(all.front()->service, std::string("checkout"));
        QCOMPARE(all.size(), size_t{3});
    }

    void theWayBackStartsWithTrafficAndCountsItsPromise()
    {
        Seen seen;
        seen.view = *support::sampleSnapshot(support::Scene::RollingBack)->rollouts.front();
        const auto way = ui::RollbackPresenter::progress(seen.moment());
        QCOMPARE(way.headline, QStringLiteral("Users are safe since 14:31:30"));
        QCOMPARE(plain(way.promiseTitle), QStringLiteral("Promise: automatic rollback under 30 s"));
        QCOMPARE(plain(way.promiseValue), QStringLiteral("0.04 s"));
        QCOMPARE(way.steps.rows.size(), 4);
        QCOMPARE(way.steps.rows[0][0].text, QStringLiteral("✓"));
        QCOMPARE(way.steps.rows[2][0].text, QStringLiteral("▶"));
        QCOMPARE(way.proof.rows.size(), 2);
    }

    void unverifiedTrafficIsNeverCalledSafe()
    {
        Seen seen;
        seen.view = *support::sampleSnapshot(support::Scene::RollingBack)->rollouts.front();
        seen.view.state.rollback->verifiedAfter.reset();
        seen.view.state.rollback->quietAfter.reset();
        const auto way = ui::RollbackPresenter::progress(seen.moment());
        QVERIFY(!way.headline.contains(QStringLiteral("safe")));
        QCOMPARE(way.steps.rows[0][0].text, QStringLiteral("▶"));
        // 36 s against a promise of 30 s.
        QCOMPARE(way.promiseTone, Tone::Critical);
    }

    void aProxyOutOfReachIsNamed()
    {
        Seen seen;
        seen.view = *support::sampleSnapshot(support::Scene::RollingBack)->rollouts.front();
        seen.view.state.rollback->unreachable = {"edge-2"};
        seen.view.world.proxies[1].state = rollout::ProxyFact::State::Unreachable;
        const auto way = ui::RollbackPresenter::progress(seen.moment());
        QVERIFY(way.headline.contains(QStringLiteral("edge-2")));
        QCOMPARE(way.headlineTone, Tone::Critical);
        QVERIFY(way.proof.rows[1][2].text.contains(QStringLiteral("silent")));
        QCOMPARE(
            plain(way.promiseText),
            QStringLiteral("decision → verified at zero on 1 of 2 proxies; no answer yet from edge-2 · quiet after "
                           "5.2 s"));
        QCOMPARE(way.promiseTone, Tone::Critical);
        QCOMPARE(way.steps.rows[0][0].text, QStringLiteral("▶"));
        QVERIFY(way.steps.rows[0][1].text.contains(QStringLiteral("edge-2")));
    }

    void aProxyThatAnswersLateIsNoLongerMissed()
    {
        Seen seen;
        seen.view = *support::sampleSnapshot(support::Scene::RollingBack)->rollouts.front();
        seen.view.state.rollback->unreachable = {"edge-2"};
        const auto way = ui::RollbackPresenter::progress(seen.moment());
        QVERIFY(!way.headline.contains(QStringLiteral("edge-2")));
        QCOMPARE(way.steps.rows[0][0].text, QStringLiteral("✓"));
        QVERIFY(way.promiseText.contains(QStringLiteral("that answered then")));
    }

    void theCountOfProxiesIsOfThoseThatAreNamed()
    {
        Seen seen;
        seen.view = *support::sampleSnapshot(support::Scene::RollingBack)->rollouts.front();
        seen.view.state.rollback->unreachable = {"edge-1", "edge-2"}; // edge-1 has answered since
        seen.view.world.proxies[1].state = rollout::ProxyFact::State::Unreachable;
        const QString words = ui::RollbackPresenter::progress(seen.moment()).promiseText;
        QVERIFY2(words.contains(QStringLiteral("on 1 of 2 proxies; no answer yet from edge-2")), qPrintable(words));
    }
};

SLUICE_UI_TEST_MAIN(RolloutPresenterTest)
#include "rollout_presenter_test.moc"
