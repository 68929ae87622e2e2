// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QBoxLayout;
class QLabel;

namespace sluice::ui {

class ActionButton;
class ActionCatalog;
class Card;
class EventLog;
class FactTable;
class Meter;
class MetricChart;
struct EventLogData;
struct MetricChartData;
struct RollbackViewData;

/// A rollback on its way: steps with what they took and usually take, the promise, the proof, the chart that shows
/// why, and the log. Two columns, under each other where they have no room beside each other.
class RollbackView : public QWidget {
    Q_OBJECT

public:
    /// Follows rollout.retryStep and rollout.skipStep.
    RollbackView(const ActionCatalog& actions, QWidget* parent);

    void present(const RollbackViewData& rollback, const EventLogData& log);
    void presentChart(const MetricChartData& chart);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void place();
    QWidget* buildSteps(const ActionCatalog& actions);
    QWidget* buildSide();

    QBoxLayout* m_columns;
    QLabel* m_headline;
    QLabel* m_clock;
    QLabel* m_ofAbout;
    Meter* m_meter;
    FactTable* m_steps;
    QLabel* m_notice;
    ActionButton* m_retry{nullptr};
    ActionButton* m_skip{nullptr};
    Card* m_promise;
    QLabel* m_value;
    QLabel* m_text;
    QLabel* m_times;
    FactTable* m_proof;
    MetricChart* m_chart;
    EventLog* m_log;
};

} // namespace sluice::ui
