// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace sluice::seeds {

struct Said {
    int code{-1}; ///< -1: it did not end in time
    QString out{};
    QString err{};
};

/// `sluicectl ARGUMENTS` with these variables besides its environment's.
inline Said runSluicectl(const QStringList& arguments, const QMap<QString, QString>& variables = {})
{
    QProcess process;
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    for (auto it = variables.begin(); it != variables.end(); ++it)
        all.insert(it.key(), it.value());
    process.setProcessEnvironment(all);
    process.start(QStringLiteral(SLUICE_BIN_DIR "/sluicectl"), arguments);
    if (!process.waitForFinished(120'000)) return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

} // namespace sluice::seeds
