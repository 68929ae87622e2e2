// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/timeline_list.h"

#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>

#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kIndexRole = Qt::UserRole;
constexpr int kTimeGap = 10;
constexpr int kMarkWidth = 18;
constexpr int kPadding = 5;
constexpr int kLeastWords = 60;

/// Time and mark in columns of their own, the words wrapped beside them and who under them.
class DecisionDelegate : public QStyledItemDelegate {
public:
    DecisionDelegate(QListWidget* list, const QList<Decision>& decisions)
        : QStyledItemDelegate(list)
        , m_list(list)
        , m_decisions(decisions)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const override
    {
        const int width = m_list->viewport()->width();
        const Decision& one = decision(index);
        return {width, wordsHeight(one, width) + QFontMetrics(textFont(11)).height() + 2 * kPadding};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Palette p = colours(m_list);
        const Decision& one = decision(index);
        if ((option.state & QStyle::State_Selected) != 0) painter->fillRect(option.rect, p.canaryTint);
        const QRect box = option.rect.adjusted(kPadding, kPadding, -kPadding, -kPadding);
        const auto place = [&option, &box](int left, int top, int width, int height) {
            return QStyle::visualRect(option.direction, option.rect,
                                      QRect(box.left() + left, box.top() + top, width, height));
        };
        const auto side = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignTop;
        const int left = timeWidth() + kMarkWidth;
        const int height = wordsHeight(one, option.rect.width());
        painter->setFont(monoFont(11));
        painter->setPen(p.third);
        painter->drawText(place(0, 1, timeWidth(), box.height()), side, one.time);
        painter->setFont(textFont(12));
        painter->setPen(toneColour(p, one.tone));
        painter->drawText(place(timeWidth(), 0, kMarkWidth, height), side, one.mark);
        painter->setPen(one.mark.isEmpty() ? p.second : p.text);
        painter->drawText(place(left, 0, box.width() - left, height), side | Qt::TextWordWrap, one.text);
        painter->setFont(textFont(11));
        painter->setPen(p.third);
        painter->drawText(place(left, height, box.width() - left, box.height() - height), side, one.by);
    }

private:
    const Decision& decision(const QModelIndex& index) const
    {
        return m_decisions.at(index.data(kIndexRole).toLongLong());
    }
    int timeWidth() const
    {
        const QString longest = m_decisions.isEmpty() ? QString() : m_decisions.first().time;
        return QFontMetrics(monoFont(11)).horizontalAdvance(longest) + kTimeGap;
    }
    int wordsHeight(const Decision& one, int width) const
    {
        const int room = std::max(kLeastWords, width - 2 * kPadding - timeWidth() - kMarkWidth);
        return QFontMetrics(textFont(12)).boundingRect(QRect(0, 0, room, 10'000), Qt::TextWordWrap, one.text).height();
    }

    QListWidget* m_list;
    const QList<Decision>& m_decisions;
};

} // namespace

TimelineList::TimelineList(QWidget* parent)
    : QListWidget(parent)
{
    setObjectName(QStringLiteral("history.timeline"));
    setAccessibleName(tr("Decisions"));
    setItemDelegate(new DecisionDelegate(this, m_decisions));
    setResizeMode(QListView::Adjust);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    connect(this, &QListWidget::currentRowChanged, this, [this] {
        if (current() >= 0) emit chosen(current());
    });
}

void TimelineList::present(const QList<Decision>& decisions, qsizetype decisive)
{
    const qsizetype before = current();
    const bool longer = before >= 0 && decisions.size() >= m_decisions.size() &&
                        std::equal(m_decisions.begin(), m_decisions.end(), decisions.begin());
    if (longer && decisions.size() == m_decisions.size()) return;
    const QSignalBlocker quiet(this);
    clear();
    m_decisions = decisions;
    for (qsizetype i = 0; i < m_decisions.size(); ++i) {
        const Decision& one = m_decisions.at(i);
        auto* item = new QListWidgetItem(this);
        item->setData(kIndexRole, static_cast<qlonglong>(i));
        item->setData(Qt::AccessibleTextRole, tr("%1, %2, by %3").arg(one.time, one.text, one.by));
    }
    hideMinor();
    setCurrentRow(static_cast<int>(longer ? before : decisive));
    if (currentItem() != nullptr) scrollToItem(currentItem(), QAbstractItemView::PositionAtCenter);
}

void TimelineList::setAllShown(bool shown)
{
    m_all = shown;
    hideMinor();
}

void TimelineList::hideMinor()
{
    for (int row = 0; row < count(); ++row)
        setRowHidden(row, !m_all && m_decisions.at(row).minor);
}

qsizetype TimelineList::current() const
{
    const int row = currentRow();
    return row < 0 || row >= m_decisions.size() ? -1 : row;
}

void TimelineList::resizeEvent(QResizeEvent* event)
{
    QListWidget::resizeEvent(event);
    doItemsLayout();
    if (currentItem() != nullptr) scrollToItem(currentItem(), QAbstractItemView::PositionAtCenter);
}

} // namespace sluice::ui
