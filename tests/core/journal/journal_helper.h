// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

class QProcess;

// The test program run once more as another engine: `--engine WHAT PATH NAME [COUNT]`.

namespace sluice::journal_test {

/// What main returns when the arguments ask for it; -1 = this is the test itself.
int helperMain(const QStringList& arguments);

/// Starts this program again as an engine.
void startHelper(QProcess& process, const QString& what, const std::string& path, const QString& name);

/// The next line of its output without the end; "(nothing)" after 20 s or when it has ended.
QString nextLine(QProcess& process);

} // namespace sluice::journal_test
