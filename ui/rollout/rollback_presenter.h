// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include "ui/rollout/rollout_presenter.h"
#include "ui/widgets/fact_table.h"

namespace sluice::ui {

/// The plan of a rollback that has not begun.
struct RollbackPlanData {
    QString title{}; ///< "Roll checkout back to 2.3.0?"
    QString intro{}; ///< what users will notice
    FactTableData steps{};
    QString total{};  ///< "about 2:25 in all; users are safe after the first step"
    QString risk{};   ///< steps that cannot be undone; empty = none
    QString button{}; ///< "Roll back to 2.3.0"
    MoveWords may{};
};

/// A rollback on its way, or done.
struct RollbackViewData {
    QString headline{}; ///< "Users are safe since 14:31:30"
    Tone headlineTone{Tone::Text};
    QString because{}; ///< in the header: "by itself: p95 over 2 × baseline for 5 min"
    QString clock{};   ///< "0:36"
    QString ofAbout{}; ///< "of about 2:35"
    qint64 progressPpm{0};
    FactTableData steps{};
    QString notice{}; ///< what may be done when a step fails
    MoveWords retry{};
    MoveWords skip{};
    bool failed{false};
    QString promiseTitle{}; ///< "Promise: automatic rollback under 30 s"
    QString promiseValue{}; ///< "0.04 s"
    Tone promiseTone{Tone::Text};
    QString promiseText{};  ///< "decision → verified at zero · quiet after 5.2 s"
    QString promiseTimes{}; ///< "bad since … · decided …"
    FactTableData proof{};
    QString command{}; ///< what does the same on the command line
};

struct RollbackPresenter {
    Q_DECLARE_TR_FUNCTIONS(RollbackPresenter)

public:
    static RollbackPlanData plan(const RolloutMoment& moment);
    /// Needs Rollout::rollback.
    static RollbackViewData progress(const RolloutMoment& moment);
    /// Each proxy: asked, read back, canary requests.
    static FactTableData proof(const RolloutMoment& moment);
    /// What or who caused it, and why.
    static QString cause(const rollout::RollbackProgress& way);
    /// Proxies that were out of reach when the others had been read back, and have not shown the zero since. Needs
    /// Rollout::rollback.
    static QStringList unanswered(const engine::RolloutView& view);
    /// Name of a step of the plan in this language.
    static QString stepTitle(const std::string& english);
};

} // namespace sluice::ui
