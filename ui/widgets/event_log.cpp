// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/event_log.h"

#include <QEvent>
#include <QHeaderView>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/theme/fonts.h"
#include "ui/theme/look.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

EventLog::EventLog(const QString& title, QWidget* parent)
    : Card(title, parent)
    , m_table(new QTableWidget(this))
{
    setObjectName(QStringLiteral("log"));
    m_table->setObjectName(QStringLiteral("log.list"));
    m_table->setAccessibleName(title);
    m_table->setColumnCount(2);
    m_table->horizontalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setMinimumSectionSize(19);
    m_table->setShowGrid(false);
    m_table->setWordWrap(true);
    m_table->setTextElideMode(Qt::ElideNone);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    setLook(m_table, "log");
    m_table->setMinimumHeight(72);
    content()->addWidget(m_table);
}

QWidget* EventLog::list() const
{
    return m_table;
}

void EventLog::present(const EventLogData& log)
{
    if (log.lines == m_lines) return;
    m_lines = log.lines;
    m_table->setRowCount(static_cast<int>(m_lines.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        auto* time = new QTableWidgetItem(m_lines.at(row).time);
        time->setFont(monoFont(11));
        time->setTextAlignment(Qt::AlignLeft | Qt::AlignTop);
        auto* words = new QTableWidgetItem(m_lines.at(row).text);
        words->setFont(textFont(12));
        words->setTextAlignment(Qt::AlignLeft | Qt::AlignTop);
        m_table->setItem(row, 0, time);
        m_table->setItem(row, 1, words);
    }
    paintLines();
    m_table->resizeRowsToContents();
}

void EventLog::paintLines()
{
    const Palette p = colours(this);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        m_table->item(row, 0)->setForeground(p.third);
        m_table->item(row, 1)->setForeground(p.second);
    }
}

void EventLog::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    m_table->resizeRowsToContents();
}

void EventLog::changeEvent(QEvent* event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::StyleChange) paintLines();
}

} // namespace sluice::ui
