// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/seeds/seed_ladder.h"

#include <QTest>

#include "tests/seeds/seed_release.h"

using namespace std::chrono_literals;

namespace sluice::seeds {

using rollout::Phase;

namespace {
constexpr Duration kLongest = 80h; ///< longer than any ladder takes to its last stage
} // namespace

void itIsLeftAfterItsHoldAndNotBefore(const std::string& playbook, int stage, int64_t percent, Duration hold)
{
    SeedRelease release(playbook);
    QVERIFY(release.reachStage(stage, kLongest));
    QCOMPARE(release.shareSeen(), *Weight::parse(percent * 100));
    release.run(hold - 2s);
    QCOMPARE(release.state().stage, stage);
    QCOMPARE(release.state().phase, Phase::Baking);
    QVERIFY(release.reachStage(stage + 1, 10s));
}

void aFaultInItsLastMinuteEndsIt(const std::string& playbook, int stage, Duration hold)
{
    SeedRelease release(playbook);
    QVERIFY(release.reachStage(stage, kLongest));
    release.run(hold - 1min);
    QCOMPARE(release.state().stage, stage);
    release.canaryFails(0.6);
    QVERIFY(release.reachEnd(10min));
    QCOMPARE(release.state().phase, Phase::RolledBack);
    QCOMPARE(release.state().rollback->stage, stage);
    QCOMPARE(release.shareSeen(), Weight::none());
}

} // namespace sluice::seeds
