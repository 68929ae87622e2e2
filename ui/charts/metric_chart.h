// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include "ui/charts/chart_picture.h"
#include "ui/theme/look.h"

class QLabel;
class QStackedLayout;
class QTableWidget;

namespace sluice::ui {

class ChartView;

/// One metric: what is drawn, its two values now, and the same as words and rows for people who cannot see it.
struct MetricChartData {
    QString metric{}; ///< id, for object names
    QString title{};
    QString stable{}; ///< "stable 0.41 %"
    QString canary{}; ///< "0.68 %"
    QString note{};   ///< pill: "+41 %", "10.0 % share", "no data"
    Tone noteTone{Tone::Second};
    QString summary{}; ///< one sentence
    ChartPicture picture{};
    struct Row {
        QString time{};
        QString stable{};
        QString canary{};
    };
    QList<Row> rows{}; ///< a value a minute or so
};

/// Card with a header that carries the values at the lines' ends, and the chart or its table. Left and right move a
/// cursor over the points when it has the keyboard.
class MetricChart : public QFrame {
    Q_OBJECT

public:
    explicit MetricChart(QWidget* parent);

    void present(const MetricChartData& chart);
    void setTableShown(bool shown);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void fillTable();
    void readAt(qint64 atUs);

    MetricChartData m_shown{};
    QLabel* m_title;
    QLabel* m_stable;
    QLabel* m_canary;
    QLabel* m_note;
    ChartView* m_chart;
    QTableWidget* m_table;
    QStackedLayout* m_stack;
    qsizetype m_cursorRow{-1};
};

} // namespace sluice::ui
