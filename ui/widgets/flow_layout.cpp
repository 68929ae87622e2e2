// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flow_layout.h"

#include <QStyle>
#include <QWidget>
#include <algorithm>
#include <memory>

namespace sluice::ui {

FlowLayout::FlowLayout(QWidget* parent, int gap, int rowGap)
    : QLayout(parent)
    , m_gap(gap)
    , m_rowGap(rowGap)
{
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout()
{
    while (!m_items.isEmpty())
        const std::unique_ptr<QLayoutItem> dropped(takeAt(0));
}

void FlowLayout::addTrailing(QWidget* widget)
{
    addWidget(widget);
    m_items.last().trailing = true;
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.append({item, false});
    invalidate();
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items.at(index).item : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    return index >= 0 && index < count() ? m_items.takeAt(index).item : nullptr;
}

QList<FlowLayout::Row> FlowLayout::rows(int width) const
{
    QList<Row> out;
    for (const Item& item : m_items) {
        if (item.item->isEmpty()) continue;
        const QSize size =
            item.item->sizeHint().boundedTo(QSize(std::max(width, item.item->minimumSize().width()), QWIDGETSIZE_MAX));
        const bool fits = !out.isEmpty() && out.last().width + m_gap + size.width() <= width;
        if (!fits) out.append(Row{});
        Row& row = out.last();
        row.width += (row.items.isEmpty() ? 0 : m_gap) + size.width();
        const int height = item.item->hasHeightForWidth() ? item.item->heightForWidth(size.width()) : size.height();
        row.height = std::max(row.height, height);
        row.items.append(item);
    }
    return out;
}

int FlowLayout::heightForWidth(int width) const
{
    const QMargins margins = contentsMargins();
    int height = 0;
    const QList<Row> all = rows(width - margins.left() - margins.right());
    for (const Row& row : all)
        height += row.height + (height > 0 ? m_rowGap : 0);
    return height + margins.top() + margins.bottom();
}

QSize FlowLayout::sizeHint() const
{
    const QMargins margins = contentsMargins();
    const QList<Row> all = rows(QWIDGETSIZE_MAX);
    const QSize inside = all.isEmpty() ? QSize() : QSize(all.first().width, all.first().height);
    return inside.grownBy(margins).expandedTo(QSize(0, 0));
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const Item& item : m_items)
        if (!item.item->isEmpty()) size = size.expandedTo(item.item->minimumSize());
    return size.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    const QRect inside = rect.marginsRemoved(contentsMargins());
    const QList<Row> all = rows(inside.width());
    // One row alone stands in the middle of whatever height it was given.
    int top = all.size() == 1 ? inside.top() + std::max(0, (inside.height() - all.first().height) / 2) : inside.top();
    for (const Row& row : all) {
        placeRow(row, inside, top);
        top += row.height + m_rowGap;
    }
}

void FlowLayout::placeRow(const Row& row, const QRect& inside, int top) const
{
    const Qt::LayoutDirection direction =
        parentWidget() != nullptr ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    int left = inside.left();
    bool pushed = false;
    for (const Item& item : row.items) {
        if (item.trailing && !pushed) {
            left += std::max(0, inside.width() - row.width);
            pushed = true;
        }
        QSize size = item.item->sizeHint();
        size.setWidth(std::min(size.width(), std::max(inside.width(), item.item->minimumSize().width())));
        const int height = item.item->hasHeightForWidth() ? item.item->heightForWidth(size.width()) : size.height();
        const QRect place(left, top + (row.height - height) / 2, size.width(), height);
        item.item->setGeometry(QStyle::visualRect(direction, inside, place));
        left += size.width() + m_gap;
    }
}

} // namespace sluice::ui
