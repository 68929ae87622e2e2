// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/history_list.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kToneRole = Qt::UserRole;
constexpr int kRowHeight = 30;
constexpr int kCellPadding = 8; ///< as the headings have it
enum Column { Started, Service, Environment, Version, Outcome, Took, By, kColumns };

/// Text in its tone, also while selected (the style sheet would take one colour for all of it), under its heading.
class ToneDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& given, const QModelIndex& index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
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
                          static_cast<int>(QStyle::visualAlignment(option.direction, option.displayAlignment)), words);
    }
};

} // namespace

HistoryList::HistoryList(QWidget* parent)
    : QTableWidget(parent)
{
    setObjectName(QStringLiteral("history.list"));
    setAccessibleName(tr("Rollouts"));
    setColumnCount(kColumns);
    setHorizontalHeaderLabels(
        {tr("Started"), tr("Service"), tr("Environment"), tr("Version"), tr("Outcome"), tr("Took"), tr("By")});
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
    select(before);
}

void HistoryList::renew(int at, const HistoryRow& row)
{
    const std::pair<QString, Tone> cells[kColumns]{{row.started, Tone::Second},     {row.service, Tone::Text},
                                                   {row.environment, Tone::Second}, {row.version, Tone::Text},
                                                   {row.outcome, row.tone},         {row.took, Tone::Second},
                                                   {row.by, Tone::Second}};
    for (int column = 0; column < kColumns; ++column) {
        QTableWidgetItem* cell = item(at, column);
        if (cell == nullptr) setItem(at, column, cell = new QTableWidgetItem);
        if (cell->text() != cells[column].first) cell->setText(cells[column].first);
        cell->setData(kToneRole, static_cast<int>(cells[column].second));
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
