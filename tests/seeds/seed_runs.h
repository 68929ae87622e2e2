// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

#include "core/base/result.h"

namespace sluice::seeds {

/// One test function that bears a row's id.
struct SeedRun {
    QString row{};      ///< "O-1.09"
    QString function{}; ///< "O_1_09_…"
    bool passed{false};
    QString problem{}; ///< what failed, or why it was skipped
};

/// "O-1.09" of "O_1_09_whatItShows"; empty when the function bears no id.
QString rowOf(const QString& function);

/// What a Qt Test program said in its XML form. A function with any failed or skipped row has not passed.
Result<std::vector<SeedRun>> parseSeedRuns(const QByteArray& xml);

/// Runs a test program and reads what it says; blocks, for ten minutes at most.
Result<std::vector<SeedRun>> runSeedTest(const QString& program);

/// The ids in a program, without running it.
Result<std::vector<QString>> seedIdsOf(const QString& program);

} // namespace sluice::seeds
