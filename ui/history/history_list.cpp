// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_list.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kToneRole = Qt::UserRole;
constexpr int kRowHeight = 30;
constexpr int kCellPadding = 8; ///< as the headings have it
constexpr int kWhyLeast = 210;  ///< with less room its words stand in the tool tip alone
enum Column { Started, Service, Environment, Version, Outcome, Took, By, Why, kColumns };

/// Text in its tone, also while selected (the style sheet would take one colour for all of it), under its heading.
class ToneDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& given, const QModelIndex& index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        if (index.column() == Why) {
            const auto* table = static_cast<const QTableWidget*>(option.widget);
            const int width = std::max(kWhyLeast, table->columnWidth(Why)) - 2 * kCellPadding;
            const QRect box =
                option.fontMetrics.boundingRect(QRect(0, 0, width, 10'000), Qt::TextWordWrap, option.text);
            return {box.width() + 2 * kCellPadding, std::max(kRowHeight, box.height() + kCellPadding)};
        }
        return {option.fontMetrics.horizontalAdvance(option.text) + 2 * kCellPadding, kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        const QString words = option.text;
        option.text.clear();
        option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
        painter->setFont(option.font);
        painter->setPen(toneColour(colours(option.widget), static_cast<Tone>(index.data(kToneRole).toInt())));
        painter->drawText(option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0),
                          static_cast<int>(QStyle::visualAlignment(option.direction, option.displayAlignment)) |
                              (index.column() == Why ? Qt::TextWordWrap : 0),
                          words);
    }
};

} // namespace

HistoryList::HistoryList(QWidget* parent)
    : QTableWidget(parent)
{
    setObjectName(QStringLiteral("history.list"));
    setAccessibleName(tr("Rollouts"));
    setColumnCount(kColumns);
    setHorizontalHeaderLabels({tr("Started"), tr("Service"), tr("Environment"), tr("Version"), tr("Outcome"),
                               tr("Took"), tr("By"), tr("Why, and who agreed")});
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeaderItem(Took)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    setShowGrid(false);
    setTextElideMode(Qt::ElideNone);
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setItemDelegate(new ToneDelegate(this));
    connect(this, &QTableWidget::currentCellChanged, this, [this](int row, int, int before, int) {
        if (row != before && row >= 0) emit chosen(m_rows.at(row).id);
    });
    connect(this, &QTableWidget::cellDoubleClicked, this, [this](int row, int) { emit opened(m_rows.at(row).id); });
}

void HistoryList::present(const QList<HistoryRow>& rows)
{
    const QString before = current();
    const QSignalBlocker quiet(this);
    m_rows = rows;
    setRowCount(static_cast<int>(rows.size()));
    for (int at = 0; at < rowCount(); ++at)
        renew(at, rows.at(at));
    place();
    select(before);
}

/// The last column is there when the others leave it room.
void HistoryList::place()
{
    int needed = 0;
    for (int column = 0; column < Why; ++column)
        needed += std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column));
    // Without the scroll bar, there or not: tall lines call it up, and it must not take the room that made them tall.
    const int width = this->width() - 2 * frameWidth() - verticalScrollBar()->sizeHint().width();
    const bool room = width - needed >= kWhyLeast;
    setColumnHidden(Why, !room);
    // Stretching means shrinking, too; without room the list scrolls sideways.
    horizontalHeader()->setStretchLastSection(needed <= width);
    if (room)
        resizeRowsToContents();
    else
        for (int row = 0; row < rowCount(); ++row)
            setRowHeight(row, kRowHeight);
}

void HistoryList::resizeEvent(QResizeEvent* event)
{
    QTableWidget::resizeEvent(event);
    place();
}

void HistoryList::renew(int at, const HistoryRow& row)
{
    const std::pair<QString, Tone> cells[kColumns]{{row.started, Tone::Second},     {row.service, Tone::Text},
                                                   {row.environment, Tone::Second}, {row.version, Tone::Text},
                                                   {row.outcome, row.tone},         {row.took, Tone::Second},
                                                   {row.by, Tone::Second},          {row.why, Tone::Second}};
    for (int column = 0; column < kColumns; ++column) {
        QTableWidgetItem* cell = item(at, column);
        if (cell == nullptr) setItem(at, column, cell = new QTableWidgetItem);
        if (cell->text() != cells[column].first) cell->setText(cells[column].first);
        cell->setData(kToneRole, static_cast<int>(cells[column].second));
        if (cell->toolTip() != row.why) cell->setToolTip(row.why);
        if (column == Started || column == Took) cell->setFont(monoFont(12));
        if (column == Service) cell->setFont(textFont(13, QFont::DemiBold));
        if (column == Took) cell->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
}

QString HistoryList::current() const
{
    const int row = currentRow();
    return row < 0 || row >= m_rows.size() ? QString() : m_rows.at(row).id;
}

void HistoryList::select(const QString& id)
{
    for (int row = 0; row < rowCount(); ++row)
        if (m_rows.at(row).id == id) return setCurrentCell(row, 0);
    if (rowCount() > 0) setCurrentCell(0, 0);
}

void HistoryList::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() == Qt::NoModifier && !current().isEmpty()) {
        emit opened(current());
        return;
    }
    QTableWidget::keyPressEvent(event);
}

} // namespace sluice::ui
