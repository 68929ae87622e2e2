// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;

namespace sluice::ui {

class ActionCatalog;
class ChecklistPanel;
class EventLog;
class MetricChart;
class ScorePanel;
class TriggerPanel;
struct ChecklistData;
struct EventLogData;
struct MetricChartData;
struct ScorePanelData;
struct TriggerPanelData;

/// Charts beside score, triggers, checklist and log.
class LiveView : public QWidget {
    Q_OBJECT

public:
    /// Follows rollout.triggers and rollout.checklist.
    LiveView(const ActionCatalog& actions, QWidget* parent);

    void presentCharts(const QList<MetricChartData>& charts);
    void presentSide(const ScorePanelData& score, const TriggerPanelData& triggers, const ChecklistData& checklist,
                     const EventLogData& log);
    void showTables(bool shown);
    QWidget* log() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QGridLayout* m_grid;
    QList<MetricChart*> m_charts{};
    QWidget* m_side;
    ScorePanel* m_score;
    TriggerPanel* m_triggers;
    ChecklistPanel* m_checklist;
    EventLog* m_log;
    bool m_tables{false};
};

} // namespace sluice::ui
