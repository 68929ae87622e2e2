// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "core/base/result.h"

namespace sluice::seeds {

/// One thing that a seed asks for.
struct SeedRow {
    QString id{};  ///< "O-1.09"
    QString met{}; ///< how; empty: not yet
    QString asked{};
    int line{0};

    bool isPlanned() const { return met.startsWith(QStringLiteral("planned: ")); }
};

/// The rows of one file: id, how it is met and what is asked, between tabs; '#' begins a comment line. A mistake names
/// file and line. `name` is for the message.
Result<std::vector<SeedRow>> parseSeedRows(const QString& text, const QString& name);

/// All `*.tsv` of a folder, by file name. An id may stand only once.
Result<std::vector<SeedRow>> readSeedRows(const QString& folder);

} // namespace sluice::seeds
