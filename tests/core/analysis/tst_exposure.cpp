// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/analysis/exposure.h"
#include "tests/core/analysis/source.h"

using namespace sluice;
using namespace sluice::analysis;
using namespace sluice::analysis::test;
using Piece = Exposure::Piece;

namespace {

JudgeContext stage(int index, int64_t share, std::optional<int64_t> applied)
{
    return {.stage = index, .weight = percent(share), .appliedAt = applied ? at(*applied) : WallTime{}};
}

std::vector<Piece> pieces(const Exposure& exposure, int64_t after, int64_t upTo)
{
    auto out = exposure.pieces(kStart + after, kStart + upTo);
    for (Piece& piece : out) {
        piece.after -= kStart;
        piece.upTo -= kStart;
    }
    return out;
}

} // namespace

class TestExposure : public QObject {
    Q_OBJECT
private slots:
    void withoutHistoryItBeganWhenTheStageWasApplied();
    void aWeightOnItsWayCountsAsTheLowerOfOldAndNew();
    void aWeightAppliedBeforeTheJudgedSecondCountsFromThatSecond();
    void aStepBackCountsAtOnce();
    void aRampWithoutAnInstantOfItsOwnSettlesAfterFiveSeconds();
    void theLowestShareOfAWindowIncludesTheTimeBeforeExposure();
};

void TestExposure::withoutHistoryItBeganWhenTheStageWasApplied()
{
    Exposure exposure;
    QVERIFY(!exposure.began());
    exposure.note(stage(2, 25, 100), kStart + 130);
    QCOMPARE(exposure.began(), std::optional<int64_t>(kStart + 100));
    QVERIFY(!exposure.exposedAt(kStart + 99));
    QVERIFY(exposure.exposedAt(kStart + 100));
    QCOMPARE(pieces(exposure, 89, 109), (std::vector<Piece>{{89, 99, 0}, {99, 109, 250'000}}));
}

void TestExposure::aWeightOnItsWayCountsAsTheLowerOfOldAndNew()
{
    Exposure exposure;
    exposure.note({}, kStart);
    exposure.note(stage(0, 1, 10), kStart + 10);
    exposure.note(stage(1, 10, {}), kStart + 100); // entered: replicas start first
    QCOMPARE(pieces(exposure, 89, 120), (std::vector<Piece>{{89, 120, 10'000}}));
    exposure.note(stage(1, 10, 160), kStart + 161); // applied
    QCOMPARE(pieces(exposure, 149, 170), (std::vector<Piece>{{149, 159, 10'000}, {159, 170, 100'000}}));
}

void TestExposure::aWeightAppliedBeforeTheJudgedSecondCountsFromThatSecond()
{
    Exposure exposure;
    exposure.note(stage(0, 1, 10), kStart + 10);
    exposure.note(stage(1, 10, {}), kStart + 102); // the samples are ahead of our clock
    exposure.note(stage(1, 10, 101), kStart + 103);
    QCOMPARE(pieces(exposure, 99, 120), (std::vector<Piece>{{99, 101, 10'000}, {101, 120, 100'000}}));
}

void TestExposure::aStepBackCountsAtOnce()
{
    Exposure exposure;
    exposure.note(stage(1, 25, 10), kStart + 10);
    exposure.note(stage(0, 10, {}), kStart + 50);
    QCOMPARE(pieces(exposure, 39, 60), (std::vector<Piece>{{39, 49, 250'000}, {49, 60, 100'000}}));
}

void TestExposure::aRampWithoutAnInstantOfItsOwnSettlesAfterFiveSeconds()
{
    Exposure exposure;
    exposure.note(stage(1, 10, 10), kStart + 10);
    exposure.note(stage(1, 20, 10), kStart + 50);
    QCOMPARE(pieces(exposure, 44, 60), (std::vector<Piece>{{44, 54, 100'000}, {54, 60, 200'000}}));
}

void TestExposure::theLowestShareOfAWindowIncludesTheTimeBeforeExposure()
{
    Exposure exposure;
    exposure.note({}, kStart);
    exposure.note(stage(0, 10, 100), kStart + 100);
    QCOMPARE(exposure.lowestSharePpm(kStart + 60, kStart + 120), int64_t{0});
    QCOMPARE(exposure.lowestSharePpm(kStart + 99, kStart + 159), int64_t{100'000});
}

QTEST_GUILESS_MAIN(TestExposure)
#include "tst_exposure.moc"
