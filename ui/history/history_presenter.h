// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QString>
#include <optional>

#include "core/engine/engine.h"
#include "ui/history/decision_presenter.h"
#include "ui/rollout/rollback_presenter.h"

namespace sluice::ui {

/// One rollout as it was.
struct HistoryDetailData {
    QString id{};
    QString title{}; ///< "checkout 2.3.0 → 2.4.0"
    QString environment{};
    QString outcome{}; ///< "↩ rolled back at 10 %"
    Tone outcomeTone{Tone::Second};
    QString facts{}; ///< when, how long, who, which playbook
    StageRailData stages{};
    std::optional<RollbackViewData> rollback{};
    QString rollbackTimes{};         ///< "bad since … · decided … · plan finished after 2:35"
    QList<MetricChartData> charts{}; ///< the one that decided first
    QString chartsNote{};            ///< why there are none
    QList<Decision> decisions{};
    qsizetype decisive{-1};
};

/// From what the journal keeps to what the page shows. Pure.
struct HistoryPresenter {
    Q_DECLARE_TR_FUNCTIONS(HistoryPresenter)

public:
    static HistoryDetailData detail(const engine::RolloutHistory& history, const RolloutMoment& now);
    /// How far each stage came.
    static StageRailData stages(const engine::RolloutView& view, const Formats& formats);
    /// The charts over the whole rollout, with the last values of both tracks.
    static QList<MetricChartData> charts(const engine::RolloutView& view, const RolloutMoment& now);
    struct ChainWords {
        QString text{};
        Tone tone{Tone::Second};
    };
    /// The answer of a verification, as one sentence.
    static ChainWords chain(const Result<ports::ChainVerdict>& verdict, const Formats& formats);
};

} // namespace sluice::ui
