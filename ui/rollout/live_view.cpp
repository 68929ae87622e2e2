// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/live_view.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/actions/action_catalog.h"
#include "ui/charts/metric_chart.h"
#include "ui/widgets/checklist_panel.h"
#include "ui/widgets/event_log.h"
#include "ui/widgets/score_panel.h"
#include "ui/widgets/trigger_panel.h"

namespace sluice::ui {

namespace {

constexpr int kColumns = 2;
constexpr int kSideWide = 336;
constexpr int kSideNarrow = 290;
constexpr int kNarrowPage = 900;
constexpr int kChartLeast = 150;

} // namespace

LiveView::LiveView(const ActionCatalog& actions, QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_side(new QWidget(this))
    , m_score(new ScorePanel(m_side))
    , m_triggers(new TriggerPanel(actions.action(QStringLiteral("rollout.triggers")), m_side))
    , m_checklist(new ChecklistPanel(actions.action(QStringLiteral("rollout.checklist")), m_side))
    , m_log(new EventLog(tr("Event log"), m_side))
{
    m_grid->setSpacing(10);
    auto* column = new QVBoxLayout(m_side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_score);
    column->addWidget(m_triggers);
    column->addWidget(m_checklist);
    column->addWidget(m_log, 1);
    auto* columns = new QHBoxLayout(this);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(12);
    columns->addLayout(m_grid, 1);
    columns->addWidget(m_side);
}

void LiveView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_side->setFixedWidth(width() < kNarrowPage ? kSideNarrow : kSideWide);
}

void LiveView::presentCharts(const QList<MetricChartData>& charts)
{
    while (m_charts.size() > charts.size())
        delete m_charts.takeLast();
    while (m_charts.size() < charts.size()) {
        const int at = static_cast<int>(m_charts.size());
        auto* chart = new MetricChart(this);
        chart->setMinimumHeight(kChartLeast);
        chart->setTableShown(m_tables);
        m_grid->addWidget(chart, at / kColumns, at % kColumns);
        m_grid->setColumnStretch(at % kColumns, 1);
        m_charts.append(chart);
    }
    for (qsizetype i = 0; i < charts.size(); ++i)
        m_charts.at(i)->present(charts.at(i));
}

void LiveView::presentSide(const ScorePanelData& score, const TriggerPanelData& triggers,
                           const ChecklistData& checklist, const EventLogData& log)
{
    m_score->present(score);
    m_triggers->present(triggers);
    m_checklist->present(checklist);
    m_log->present(log);
}

void LiveView::showTables(bool shown)
{
    m_tables = shown;
    for (MetricChart* chart : m_charts)
        chart->setTableShown(shown);
}

QWidget* LiveView::log() const
{
    return m_log->list();
}

} // namespace sluice::ui
