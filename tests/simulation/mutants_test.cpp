// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QtTest>

#include "tests/simulation/simulation.h"

using namespace sluice;
using namespace sluice::simulation;

/// Invariants that have never been broken prove nothing: each planted bug must be found.
class MutantsTest : public QObject {
    Q_OBJECT

private slots:
    void everyPlantedBugIsFound_data()
    {
        QTest::addColumn<int>("mutant");
        for (const Mutant mutant : allMutants())
            QTest::newRow(mutantName(mutant).data()) << static_cast<int>(mutant);
    }

    void everyPlantedBugIsFound()
    {
        QFETCH(int, mutant);
        constexpr uint64_t kSeeds = 200;
        for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
            Simulation simulation(seed, static_cast<Mutant>(mutant));
            if (simulation.run()) continue;
            const std::string first = simulation.failure();
            qInfo("found with seed %d: %s", static_cast<int>(seed), first.substr(0, first.find('\n')).c_str());
            return;
        }
        QFAIL("not found with any seed");
    }
};

QTEST_GUILESS_MAIN(MutantsTest)
#include "mutants_test.moc"
