// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include "ui/history/history_presenter.h"

class QGridLayout;
class QLabel;
class QScrollArea;

namespace sluice::ui {

class ActionButton;
class ActionCatalog;
class Card;
class DecisionCard;
class FactTable;
class MetricChart;
class StageRail;
class TimelineList;

/// One rollout as it was: beside the list in short, or opened over the whole page.
class HistoryDetail : public QWidget {
    Q_OBJECT

public:
    /// Follows history.all, history.export, history.back and history.open.
    HistoryDetail(const ActionCatalog& actions, QWidget* parent);

    void present(const HistoryDetailData& detail);
    /// In place of a rollout: it is being read, or why it cannot be.
    void presentMessage(const QString& words);
    void setOpened(bool opened);
    void toggleAll();
    TimelineList* timeline() const { return m_timeline; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildHead(const ActionCatalog& actions);
    void buildTimeline(const ActionCatalog& actions);
    void buildClocks();
    void place();
    void showClocks(const HistoryDetailData& detail);
    void showCharts();

    QWidget* m_head;
    QLabel* m_title;
    QLabel* m_outcome;
    QLabel* m_environment;
    QLabel* m_facts;
    QLabel* m_message;
    ActionButton* m_back{nullptr};
    ActionButton* m_export{nullptr};
    ActionButton* m_open{nullptr};
    StageRail* m_rail;
    QScrollArea* m_scroll;
    QWidget* m_body;
    QGridLayout* m_grid;
    Card* m_clocks{nullptr};
    QLabel* m_value{nullptr};
    QLabel* m_promise{nullptr};
    QLabel* m_times{nullptr};
    FactTable* m_steps{nullptr};
    QWidget* m_log{nullptr};
    TimelineList* m_timeline{nullptr};
    DecisionCard* m_decision{nullptr};
    QWidget* m_chartArea;
    QGridLayout* m_chartGrid;
    QLabel* m_chartsNote;
    QList<MetricChart*> m_charts{};
    HistoryDetailData m_data{};
    bool m_opened{false};
    int m_columns{0};
};

} // namespace sluice::ui
