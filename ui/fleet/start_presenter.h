// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QMap>
#include <QString>
#include <QStringList>

#include "core/engine/snapshot.h"
#include "core/rollout/command.h"
#include "ui/bridge/text.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

/// What somebody has filled in so far.
struct StartForm {
    QString target{};
    QString version{};
    QString playbook{}; ///< name; one that is not built in is read by the engine
    QMap<QString, QString> settings{};
    QString note{};
    bool supersede{false};
};

/// What would happen, before anything does.
struct StartPlan {
    QString title{};   ///< "Start checkout v2.5.0", also the button
    QString problem{}; ///< why it cannot be started; empty = it can be asked
    QString running{}; ///< what is live there now; empty = nothing
    FactTableData stages{};
    QStringList lines{};
    QMap<QString, QString> settings{}; ///< of the playbook, with its own values
    rollout::StartRollout command{};   ///< only without a problem
};

struct StartPresenter {
    Q_DECLARE_TR_FUNCTIONS(StartPresenter)

public:
    static StartPlan plan(const StartForm& form, const engine::Snapshot& snapshot, const Formats& formats);
    /// Names that can be chosen for a target, its own first.
    static QStringList playbooks(const engine::Snapshot& snapshot, const QString& target);
};

} // namespace sluice::ui
