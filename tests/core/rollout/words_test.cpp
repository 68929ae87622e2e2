// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <QtTest>

#include "core/rollout/sentence.h"
#include "core/rollout/story.h"
#include "tests/core/rollout/stand.h"

using namespace sluice;
using namespace sluice::rollout_test;

Q_DECLARE_METATYPE(sluice::rollout::WaitReason)
Q_DECLARE_METATYPE(sluice::rollout::Event)

/// What the heart says to people.
class WordsTest : public QObject {
    Q_OBJECT

private slots:
    void aWaitIsOneSentence_data()
    {
        QTest::addColumn<WaitReason>("reason");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* text, WaitReason reason) {
            QTest::newRow(text) << reason << QString::fromUtf8(text);
        };
        const std::vector<std::string> roles{"release-manager", "engineering-lead"};
        row("12:54 of bake time left", {.code = WaitCode::BakeLeft, .observed = 126'000'000, .required = 900'000'000});
        row("1:02:03 of bake time left", {.code = WaitCode::BakeLeft, .observed = 0, .required = 3'723'000'000});
        row("0:01 of watch left", {.code = WaitCode::WatchLeft, .observed = 59'900'000, .required = 60'000'000});
        row("62 of 100 requests seen", {.code = WaitCode::RequestsMissing, .observed = 62, .required = 100});
        row("score 81 is under 90, so a person must approve",
            {.code = WaitCode::ScoreBelowProceed, .observed = 81'000, .required = 90'000, .unblockedBy = {"approve"}});
        row("score 89.9 is under 90", {.code = WaitCode::ScoreBelowProceed, .observed = 89'999, .required = 90'000});
        row("score 92 is back above 90 but has not held long enough",
            {.code = WaitCode::ScoreBelowProceed, .observed = 92'000, .required = 90'000});
        row("the health score is not known yet", {.code = WaitCode::ScoreBelowProceed, .required = 90'000});
        row("P95 is 1 500 ms and must be below 1 200 ms", {.code = WaitCode::RequirementFailing,
                                                           .subject = "p95",
                                                           .observed = 1'500'000,
                                                           .required = 1'200'000,
                                                           .title = "P95",
                                                           .unit = Unit::Time});
        row("Success rate is 97 % and must be above 98 %", {.code = WaitCode::RequirementFailing,
                                                            .observed = 970'000,
                                                            .required = 980'000,
                                                            .title = "Success rate",
                                                            .unit = Unit::Ratio,
                                                            .wantBelow = false});
        row("P95 is no value and must be below no value", {.code = WaitCode::RequirementFailing, .subject = "P95"});
        row("2 of 3 canary instances are ready: exit 3",
            {.code = WaitCode::CanaryStarting, .subject = "exit 3", .observed = 2, .required = 3});
        row("0 of 2 approvals given; it needs the role release-manager or engineering-lead",
            {.code = WaitCode::ApprovalMissing, .observed = 0, .required = 2, .unblockedBy = roles});
        row("paused by a person: ana paused: lunch",
            {.code = WaitCode::PausedByPerson, .subject = "ana paused: lunch"});
        row("an emergency stop is in force until a person clears it", {.code = WaitCode::StopFile});
        row("another engine drives this rollout, or none does", {.code = WaitCode::NotDriving});
        row("proxy edge-2 cannot be reached", {.code = WaitCode::ProxyUnreachable, .subject = "edge-2"});
        row("the bake of 15:00 is done", {.code = WaitCode::BakeLeft, .holds = true, .required = 900'000'000});
        row("all 2 proxies hold the weight", {.code = WaitCode::WeightApplying, .holds = true, .required = 2});
        row("the data is fresh", {.code = WaitCode::DataLate, .holds = true});
    }

    void aWaitIsOneSentence()
    {
        QFETCH(WaitReason, reason);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(waitText(reason)), text);
    }

    void everyCodeHasAWordAndTwoSentences()
    {
        std::set<std::string_view> names;
        for (int code = 0; code <= static_cast<int>(WaitCode::NotDriving); ++code) {
            const auto one = static_cast<WaitCode>(code);
            names.insert(waitCodeName(one));
            QVERIFY(!waitText({.code = one}).empty());
            QVERIFY(!waitText({.code = one, .holds = true}).empty());
        }
        QCOMPARE(names.size(), static_cast<size_t>(WaitCode::NotDriving) + 1);
    }

    void theTextWithOpenPlacesCanBeTranslatedFirst()
    {
        const Sentence sentence = waitSentence({.code = WaitCode::RequestsMissing, .observed = 62, .required = 100});
        QCOMPARE(std::string(sentence.text), std::string("%1 of %2 requests seen"));
        QCOMPARE(filled({"%2 von %1, %3 100 %", {"a", "b"}}), std::string("b von a,  100 %"));
    }

    void anEventIsOneLine_data()
    {
        QTest::addColumn<Event>("event");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* text, Event event) {
            QTest::newRow(text) << std::move(event) << QString::fromUtf8(text);
        };
        row("Stage 2 entered: 10 % asked; 3 canary instances are ready",
            StageEntered{1, percent(10), "3 canary instances are ready"});
        row("Weight of stage 2 applied on 2 proxies in 38 ms", StageApplied{1, 2, 38ms});
        row("Stage 1 passed with score 92.5", StagePassed{.stage = 0, .scoreMilli = 92'500});
        row("Stage 1 passed, beyond an open gate, with lead: hotfix",
            StagePassed{.stage = 0, .forced = true, .forcedReason = "hotfix", .second = PersonId("lead")});
        row("lead approved stage 1 as engineering-lead: fine",
            ApprovalGiven{0, {.person = PersonId("lead"), .role = "engineering-lead", .comment = "fine"}});
        row("Canary traffic verified at zero on 1 proxy after 12 ms; out of reach: edge-2, edge-3",
            TrafficVerified{12ms, 1, {"edge-2", "edge-3"}});
        row("Stepped back from stage 3 to stage 2, 10 %: p95", SteppedBack{2, 1, percent(10), "p95"});
        row("Trigger p95-2 fired: P95 was 2 s", TriggerFired{.trigger = "p95-2", .text = "P95 was 2 s"});
        row("Data is back after 30 s", DataRestored{30s});
        row("Step 1 failed: exit 3", StepChanged{.step = 0, .state = StepState::Failed, .note = "exit 3"});
    }

    void anEventIsOneLine()
    {
        QFETCH(Event, event);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(eventText(event)), text);
    }

    void aStepIsToldByItsName()
    {
        Rollout rollout;
        rollout.rollback = RollbackProgress{};
        rollout.rollback->steps = {{.title = "Redeploy v1"}, {.title = "Error rate for 60 s"}};
        const auto text = [&](const StepChanged& change) { return QString::fromStdString(eventText(change, rollout)); };
        QCOMPARE(text({.step = 1, .state = StepState::Running}),
                 QStringLiteral("Step 2 is running: Error rate for 60 s"));
        QCOMPARE(text({.step = 0, .state = StepState::Failed, .note = "exit 3"}),
                 QStringLiteral("Step 1 failed: Redeploy v1; exit 3"));
        QCOMPARE(text({.step = 7, .state = StepState::Done}), QStringLiteral("Step 8 is done"));
    }

    void textFromOutsideIsMadePlain_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("plain");
        QTest::newRow("plain") << QByteArray("Größe 10 €") << QByteArray("Größe 10 €");
        QTest::newRow("a lone byte") << QByteArray("a\xff"
                                                   "b")
                                     << QByteArray("a?b");
        QTest::newRow("cut in a character") << QByteArray("a\xe2\x82") << QByteArray("a??");
        QTest::newRow("over-long") << QByteArray("\xc0\xaf") << QByteArray("??");
        QTest::newRow("a surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("???");
        QTest::newRow("above Unicode") << QByteArray("\xf5\x80\x80\x80") << QByteArray("????");
        QTest::newRow("line breaks") << QByteArray("a\nb\tc\x7f") << QByteArray("a b c ");
        QTest::newRow("four bytes") << QByteArray("\xf0\x9f\x9a\x80") << QByteArray("\xf0\x9f\x9a\x80");
    }

    void textFromOutsideIsMadePlain()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, plain);
        QCOMPARE(QByteArray::fromStdString(plainText(given.toStdString())), plain);
        QCOMPARE(isPlainUtf8(plain.toStdString()), true);
        QVERIFY(plainText(std::string(5000, 'a')).size() <= kLongestText);
    }

    void pointsAreCutAndNeverRoundedIntoTheNextBand()
    {
        QCOMPARE(pointsText(89'999), std::string("89.9"));
        QCOMPARE(pointsText(90'000), std::string("90"));
        QCOMPARE(pointsText(0), std::string("0"));
    }

    void aPhaseHasANameAndWordsOfItsOwn()
    {
        std::set<std::string_view> names;
        std::set<std::string_view> words;
        for (int phase = 0; phase <= static_cast<int>(Phase::Cancelled); ++phase) {
            names.insert(phaseName(static_cast<Phase>(phase)));
            words.insert(phaseWords(static_cast<Phase>(phase)));
        }
        QCOMPARE(names.size(), size_t{14});
        QCOMPARE(words.size(), size_t{14});
    }
};

QTEST_APPLESS_MAIN(WordsTest)
#include "words_test.moc"
