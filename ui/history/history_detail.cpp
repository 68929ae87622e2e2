// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_detail.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/actions/action_catalog.h"
#include "ui/history/decision_card.h"
#include "ui/history/timeline_list.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flow_layout.h"

namespace sluice::ui {

namespace {

constexpr int kBeside = 980;     ///< from this width on timeline, decision and clocks stand beside each other
constexpr int kPair = 700;       ///< and from this on timeline and decision
constexpr int kChartWidth = 330; ///< as many charts in a row as have this much
constexpr int kMostInARow = 3;
constexpr int kChartLeast = 150;
constexpr int kTimelineLeast = 210;
constexpr qsizetype kChartsInShort = 2;

ActionButton* follower(const ActionCatalog& actions, const char* id, const char* look, QWidget* parent)
{
    auto* button = new ActionButton({}, look, parent);
    button->setObjectName(QStringLiteral("detail.") + QLatin1String(id));
    button->follow(actions.action(QLatin1String(id)));
    return button;
}

} // namespace

HistoryDetail::HistoryDetail(const ActionCatalog& actions, QWidget* parent)
    : QWidget(parent)
    , m_head(new QWidget(this))
    , m_title(makeLabel(m_head, "subtitle"))
    , m_outcome(makeLabel(m_head, "pill"))
    , m_environment(makeLabel(m_head, "pill"))
    , m_facts(makeWrapped(m_head, "small"))
    , m_message(makeWrapped(this, "body"))
    , m_rail(new StageRail(this))
    , m_scroll(new QScrollArea(this))
    , m_body(new QWidget(m_scroll))
    , m_grid(new QGridLayout(m_body))
    , m_chartArea(new QWidget(m_body))
    , m_chartGrid(new QGridLayout(m_chartArea))
    , m_chartsNote(makeWrapped(m_chartArea, "small"))
{
    setTone(m_message, Tone::Second);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(10);
    m_chartGrid->setContentsMargins(0, 0, 0, 0);
    m_chartGrid->setSpacing(10);
    m_chartsNote->setObjectName(QStringLiteral("history.chartsNote"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(buildHead(actions));
    column->addWidget(m_message);
    column->addWidget(m_rail);
    column->addWidget(m_scroll, 1);
    buildClocks();
    buildTimeline(actions);
    m_decision = new DecisionCard(m_body);
    connect(m_timeline, &TimelineList::chosen, this,
            [this](qsizetype at) { m_decision->present(m_data.decisions.at(at)); });
    presentMessage({});
}

QWidget* HistoryDetail::buildHead(const ActionCatalog& actions)
{
    m_back = follower(actions, "history.back", "plain", m_head);
    m_open = follower(actions, "history.open", "plain", m_head);
    m_export = follower(actions, "history.export", "plain", m_head);
    m_export->setKeyShown(false);
    auto* row = new FlowLayout(nullptr, 10, 6);
    row->addWidget(m_title);
    row->addWidget(m_environment);
    row->addWidget(m_outcome);
    row->addTrailing(m_back);
    row->addTrailing(m_open);
    row->addTrailing(m_export);
    auto* column = new QVBoxLayout(m_head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_facts);
    return m_head;
}

void HistoryDetail::buildClocks()
{
    m_clocks = new Card(tr("Rollback"), m_body);
    m_value = makeLabel(m_clocks, "big");
    m_promise = makeWrapped(m_clocks, "small");
    m_times = makeWrapped(m_clocks, "small");
    m_steps = new FactTable(m_clocks);
    m_clocks->content()->addWidget(m_value);
    m_clocks->content()->addWidget(m_promise);
    m_clocks->content()->addWidget(m_times);
    m_clocks->content()->addWidget(m_steps);
    m_clocks->content()->addStretch();
}

void HistoryDetail::buildTimeline(const ActionCatalog& actions)
{
    auto* card = new Card(tr("Timeline"), m_body);
    m_timeline = new TimelineList(card);
    m_timeline->setMinimumHeight(kTimelineLeast);
    card->addToHead(follower(actions, "history.all", "link", card));
    card->content()->addWidget(m_timeline);
    m_log = card;
}

void HistoryDetail::setOpened(bool opened)
{
    m_opened = opened;
    m_columns = 0;
    place();
    showCharts();
}

/// Opened and wide: clocks, timeline and decision side by side over the charts. Opened and narrower: timeline and
/// decision over the clocks. Beside the list: everything in one column.
void HistoryDetail::place()
{
    m_back->setVisible(m_opened);
    m_export->setVisible(m_opened);
    m_open->setVisible(!m_opened && !m_data.id.isEmpty());
    m_environment->setVisible(m_opened && !m_data.environment.isEmpty());
    m_rail->setVisible(m_opened && !m_data.stages.stages.isEmpty());
    const bool clocks = m_data.rollback.has_value();
    const int most = width() >= kBeside && clocks ? 3 : width() >= kPair ? 2 : 1;
    const int columns = m_opened ? most : 1;
    if (columns == m_columns) return;
    m_columns = columns;
    QList<QWidget*> parts{m_log, m_decision};
    if (clocks) parts.insert(columns == 2 ? 2 : 0, m_clocks);
    for (QWidget* part : {static_cast<QWidget*>(m_clocks), m_log, static_cast<QWidget*>(m_decision), m_chartArea})
        m_grid->removeWidget(part);
    for (int at = 0; at < static_cast<int>(parts.size()); ++at) {
        const bool wholeRow = columns == 2 && at == 2;
        m_grid->addWidget(parts.at(at), at / columns, at % columns, 1, wholeRow ? columns : 1);
    }
    m_grid->addWidget(m_chartArea, static_cast<int>(parts.size() + columns - 1) / columns, 0, 1, columns);
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

void HistoryDetail::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
    showCharts();
}

void HistoryDetail::presentMessage(const QString& words)
{
    m_data = {};
    m_head->hide();
    m_rail->hide();
    m_scroll->hide();
    showText(m_message, words);
    m_message->setVisible(!words.isEmpty());
}

void HistoryDetail::present(const HistoryDetailData& detail)
{
    const bool other = m_data.id != detail.id;
    m_data = detail;
    m_message->hide();
    m_head->show();
    m_scroll->show();
    showText(m_title, detail.title);
    showText(m_environment, detail.environment);
    showText(m_outcome, detail.outcome);
    setTone(m_outcome, detail.outcomeTone);
    showText(m_facts, detail.facts);
    m_rail->present(detail.stages);
    showClocks(detail);
    if (other) m_timeline->clear();
    m_timeline->present(detail.decisions, detail.decisive);
    m_decision->setVisible(m_timeline->current() >= 0);
    if (m_timeline->current() >= 0) m_decision->present(detail.decisions.at(m_timeline->current()));
    m_columns = 0;
    place();
    showCharts();
}

void HistoryDetail::showClocks(const HistoryDetailData& detail)
{
    m_clocks->setVisible(detail.rollback.has_value());
    if (!detail.rollback) return;
    const RollbackViewData& way = *detail.rollback;
    m_clocks->setTitle(way.promiseTitle);
    showText(m_value, way.promiseValue);
    setTone(m_value, way.promiseTone);
    showText(m_promise, way.promiseText);
    showText(m_times, detail.rollbackTimes);
    // What could have been taken back no longer matters.
    FactTableData steps = way.steps;
    steps.columns.removeLast();
    for (auto& row : steps.rows)
        row.removeLast();
    m_steps->present(steps);
}

void HistoryDetail::showCharts()
{
    const qsizetype wanted = m_opened ? m_data.charts.size() : std::min(kChartsInShort, m_data.charts.size());
    while (m_charts.size() > wanted)
        delete m_charts.takeLast();
    while (m_charts.size() < wanted) {
        m_charts.append(new MetricChart(m_chartArea));
        m_charts.last()->setMinimumHeight(kChartLeast);
    }
    const int perRow = std::clamp(width() / kChartWidth, 1, kMostInARow);
    for (int column = 0; column < m_chartGrid->columnCount(); ++column)
        m_chartGrid->setColumnStretch(column, column < perRow ? 1 : 0);
    for (int i = 0; i < static_cast<int>(wanted); ++i) {
        m_chartGrid->addWidget(m_charts.at(i), 1 + i / perRow, i % perRow);
        m_charts.at(i)->present(m_data.charts.at(i));
        m_charts.at(i)->setVisible(true);
    }
    m_chartGrid->addWidget(m_chartsNote, 0, 0, 1, perRow);
    showText(m_chartsNote, m_data.chartsNote);
    m_chartsNote->setVisible(!m_data.chartsNote.isEmpty());
}

void HistoryDetail::toggleAll()
{
    m_timeline->setAllShown(!m_timeline->allShown());
}

} // namespace sluice::ui
