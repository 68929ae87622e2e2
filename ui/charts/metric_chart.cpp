// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/metric_chart.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QStackedLayout>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/charts/chart_view.h"
#include "ui/theme/palette.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

MetricChart::MetricChart(QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel(this, "head"))
    , m_stable(makeLabel(this, "body"))
    , m_canary(makeLabel(this, "value"))
    , m_note(makeLabel(this, "pill"))
    , m_chart(makeChartView(this))
    , m_table(new QTableWidget(this))
    , m_stack(new QStackedLayout)
{
    setLook(this, "card");
    setFocusPolicy(Qt::TabFocus);
    setTone(m_stable, Tone::Second);
    auto* head = new FlowLayout(nullptr, 10, 2);
    head->addWidget(m_title);
    head->addTrailing(m_stable);
    head->addTrailing(m_canary);
    head->addTrailing(m_note);

    m_table->setColumnCount(3);
    m_table->setHorizontalHeaderLabels({tr("Time"), tr("Stable"), tr("Canary")});
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setObjectName(QStringLiteral("chart.table"));
    m_table->setAccessibleName(tr("Values"));
    m_stack->addWidget(m_chart);
    m_stack->addWidget(m_table);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 9, 12, 8);
    column->setSpacing(8);
    column->addLayout(head);
    column->addLayout(m_stack, 1);
    connect(m_chart, &ChartView::hovered, this, &MetricChart::readAt);
}

void MetricChart::present(const MetricChartData& chart)
{
    m_shown = chart;
    setObjectName(QStringLiteral("chart.") + chart.metric);
    setAccessibleName(chart.title);
    if (accessibleDescription() != chart.summary) setAccessibleDescription(chart.summary);
    m_table->setAccessibleName(tr("Values of %1").arg(chart.title));
    showText(m_title, chart.title);
    showText(m_stable, chart.stable);
    showText(m_canary, chart.canary);
    showText(m_note, chart.note);
    m_note->setVisible(!chart.note.isEmpty());
    setTone(m_note, chart.noteTone);
    m_chart->present(chart.picture);
    if (m_stack->currentWidget() == m_table) fillTable();
}

void MetricChart::setTableShown(bool shown)
{
    if (shown) fillTable();
    m_stack->setCurrentWidget(shown ? static_cast<QWidget*>(m_table) : m_chart);
}

void MetricChart::fillTable()
{
    m_table->setRowCount(static_cast<int>(m_shown.rows.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const MetricChartData::Row& values = m_shown.rows.at(row);
        int column = 0;
        for (const QString& text : {values.time, values.stable, values.canary})
            m_table->setItem(row, column++, new QTableWidgetItem(text));
    }
}

void MetricChart::readAt(qint64 atUs)
{
    const auto& picture = m_shown.picture;
    m_chart->setCursorAt(atUs);
    if (atUs == 0 || m_shown.rows.isEmpty() || picture.toUs <= picture.fromUs) {
        showText(m_stable, m_shown.stable);
        showText(m_canary, m_shown.canary);
        return;
    }
    const double share =
        static_cast<double>(atUs - picture.fromUs) / static_cast<double>(picture.toUs - picture.fromUs);
    const auto last = m_shown.rows.size() - 1;
    const auto& row = m_shown.rows.at(
        std::clamp<qsizetype>(static_cast<qsizetype>(share * static_cast<double>(last) + 0.5), 0, last));
    showText(m_stable, tr("%1: stable %2").arg(row.time, row.stable));
    showText(m_canary, row.canary);
}

void MetricChart::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || m_shown.rows.isEmpty()) {
        QFrame::keyPressEvent(event);
        return;
    }
    const qsizetype last = m_shown.rows.size() - 1;
    m_cursorRow = m_cursorRow < 0 ? last : std::clamp<qsizetype>(m_cursorRow + step, 0, last);
    const auto span = m_shown.picture.toUs - m_shown.picture.fromUs;
    readAt(m_shown.picture.fromUs + span * m_cursorRow / std::max<qsizetype>(1, last));
    const auto& row = m_shown.rows.at(m_cursorRow);
    setAccessibleDescription(tr("%1: stable %2, canary %3").arg(row.time, row.stable, row.canary));
}

void MetricChart::focusOutEvent(QFocusEvent* event)
{
    QFrame::focusOutEvent(event);
    m_cursorRow = -1;
    readAt(0);
    update();
}

void MetricChart::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    if (!hasFocus()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours(this).canary, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
}

} // namespace sluice::ui
