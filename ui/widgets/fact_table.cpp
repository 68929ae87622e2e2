// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fact_table.h"

#include <QGridLayout>
#include <QLabel>
#include <algorithm>

namespace sluice::ui {

namespace {

Qt::Alignment side(const FactTableData::Column& column)
{
    return (column.right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

/// A word that no line can hold would widen the whole page: it may break after each so many characters.
QString breakable(QString text)
{
    constexpr qsizetype kUnbroken = 32;
    qsizetype run = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        run = text.at(i).isSpace() ? 0 : run + 1;
        if (run <= kUnbroken || text.at(i).isLowSurrogate()) continue;
        text.insert(i, QChar(0x200B)); // a space of no width
        run = 0;
    }
    return text;
}

QLabel* makeCell(QWidget* parent, const char* look, const FactTableData::Column& column)
{
    QLabel* label = column.wide ? makeWrapped(parent, look) : makeLabel(parent, look);
    setSide(label, side(column));
    label->setContentsMargins(8, 0, 8, 0);
    return label;
}

} // namespace

FactTable::FactTable(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(0);
    m_grid->setVerticalSpacing(6);
}

void FactTable::present(const FactTableData& table)
{
    QStringList titles;
    for (const auto& column : table.columns)
        titles << column.title;
    if (titles != m_titles || m_cells.size() != table.rows.size()) {
        m_titles = titles;
        build(table);
    }
    for (qsizetype row = 0; row < table.rows.size(); ++row) {
        const auto& cells = table.rows.at(row);
        for (qsizetype column = 0; column < cells.size(); ++column) {
            QLabel* label = m_cells.at(row).at(column);
            const auto& cell = cells.at(column);
            showText(label, table.columns.at(column).wide ? breakable(cell.text) : cell.text);
            label->setToolTip(cell.whole);
            label->setAccessibleDescription(cell.whole);
            setLook(label, cell.mono ? "mono" : "body");
            setTone(label, cell.tone);
        }
    }
}

void FactTable::build(const FactTableData& table)
{
    qDeleteAll(m_all);
    m_all.clear();
    m_cells.clear();
    const int width = static_cast<int>(table.columns.size());
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, 0); // of a table with more columns before
    const bool headed = std::ranges::any_of(table.columns, [](const auto& one) { return !one.title.isEmpty(); });
    for (int column = 0; column < width; ++column) {
        m_grid->setColumnStretch(column, table.columns.at(column).wide ? 1 : 0);
        if (!headed) continue;
        QLabel* head = makeCell(this, "head", table.columns.at(column));
        head->setText(table.columns.at(column).title);
        m_grid->addWidget(head, 0, column);
        m_all.append(head);
    }
    for (int row = 0; row < static_cast<int>(table.rows.size()); ++row) {
        QWidget* rule = makeRule(this);
        m_grid->addWidget(rule, 2 * row + 1, 0, 1, width);
        m_all.append(rule);
        QList<QLabel*> cells;
        for (int column = 0; column < width; ++column) {
            cells.append(makeCell(this, "body", table.columns.at(column)));
            m_grid->addWidget(cells.last(), 2 * row + 2, column);
            m_all.append(cells.last());
        }
        m_cells.append(cells);
    }
}

} // namespace sluice::ui
