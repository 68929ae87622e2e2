// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/problem.h"
#include "ui/bridge/text.h"
#include "ui/theme/look.h"
#include "ui/widgets/fact_table.h"
#include "ui/widgets/stage_rail.h"

namespace sluice::ui {

/// What came of opening a file, ready to show.
struct FirstRunAnswer {
    QString title{};
    QString text{};
    Tone tone{Tone::Text};
    FactTableData problems{}; ///< line and column, where in the document, what is wrong
    StageRailData rail{};     ///< the stages of a playbook
};

/// A whole file, at most `kLargestFile`. Blocks.
Result<std::string> readText(const QString& path);
constexpr qint64 kLargestFile = 1 << 20;

/// Pure. A connections file that is right: how much of what it names; else its problems.
struct ConnectionsAnswer {
    FirstRunAnswer shown{};
    bool good{false};
};
ConnectionsAnswer checkConnections(const std::string& text, const QString& path);
/// Pure. A playbook that is right: its rail and what the linter thinks; else its problems.
FirstRunAnswer checkPlaybook(const std::string& text, const QString& path, const Formats& formats);
/// Something that could not be opened at all.
FirstRunAnswer cannotOpen(const QString& path, const Error& error);

/// A connections file to copy: one service behind two HAProxy, metrics from Prometheus.
QString sampleConnections();

} // namespace sluice::ui
