// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QString>

#include "core/engine/snapshot.h"
#include "core/rollout/command.h"
#include "ui/bridge/text.h"
#include "ui/charts/metric_chart.h"
#include "ui/widgets/checklist_panel.h"
#include "ui/widgets/event_log.h"
#include "ui/widgets/score_panel.h"
#include "ui/widgets/stage_rail.h"
#include "ui/widgets/trigger_panel.h"
#include "ui/widgets/wait_line.h"

namespace sluice::ui {

/// One rollout as of one picture, and who looks at it.
struct RolloutMoment {
    const engine::RolloutView& view;
    const engine::Snapshot& snapshot;
    const rollout::Actor& me;
    const Formats& formats;

    const rollout::Rollout& state() const { return view.state; }
    const Stage* stage() const;
    /// The one that a promotion leads to: the first while nobody has been exposed; null after the last.
    const Stage* nextStage() const; ///< of the playbook; null before the first and without a playbook
    QString service() const { return text(view.service); }
};

/// Whether a person may do something now, and if not why; from the heart's move table and the lease.
struct MoveWords {
    bool allowed{false};
    QString because{};
};

struct RolloutHeaderData {
    QString service{};
    QString environment{};
    QString fromVersion{};
    QString toVersion{};
    QString badge{};
    Tone badgeTone{Tone::Second};
    QString progress{};  ///< "32 min in · ends ≈ 15:45"
    QString pauseText{}; ///< "Pause", or "Resume" while paused
    QString promoteText{};
    MoveWords pause{};
    MoveWords stepBack{};
    MoveWords promote{};
    MoveWords rollBack{};
    MoveWords cancel{}; ///< before exposure it takes the place of rolling back
    QString backText{}; ///< "Roll back" or "Cancel"
    MoveWords review{}; ///< the approval sheet
};

/// From the engine's picture to what the rollout page shows. Pure.
struct RolloutPresenter {
    Q_DECLARE_TR_FUNCTIONS(RolloutPresenter)

public:
    static MoveWords move(const RolloutMoment& moment, rollout::Move move);
    static RolloutHeaderData header(const RolloutMoment& moment);
    static StageRailData rail(const RolloutMoment& moment);
    static WaitLineData waits(const RolloutMoment& moment);
    static constexpr Duration kLiveCharts = std::chrono::minutes(30);
    static constexpr Duration kWholeRollout = Duration::max();
    /// At most the newest `span` of each chart.
    static QList<MetricChartData> charts(const RolloutMoment& moment, Duration span = kLiveCharts);
    static ScorePanelData score(const RolloutMoment& moment);
    static TriggerPanelData triggers(const RolloutMoment& moment, qsizetype atMost);
    static ChecklistData checklist(const RolloutMoment& moment);
    static EventLogData log(const RolloutMoment& moment);

    /// "Promote checkout to 25 %", "Finish checkout" at the last stage.
    static QString promoteWords(const RolloutMoment& moment);
    /// "p95 > 2 × baseline, 5 min".
    static QString triggerCondition(const RolloutMoment& moment, const Trigger& trigger);
    /// "Error rate" for "error_rate".
    static QString metricTitle(const RolloutMoment& moment, const std::string& metric);
    /// Why there is no number, in words that tell the cases apart.
    static QString noDataWords(analysis::NoDataReason reason);
    /// Roles of a rule as people say them, "any approver" when it names none.
    static QString roles(const std::vector<std::string>& roles);
};

} // namespace sluice::ui
