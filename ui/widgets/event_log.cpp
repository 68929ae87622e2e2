// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/event_log.h"

#include <QLayout>
#include <QListWidget>
#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/look.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kTimeRole = Qt::UserRole;
constexpr int kWordsRole = Qt::UserRole + 1;
constexpr int kTimeWidth = 66;
constexpr int kLineGap = 3;
constexpr int kLeastWords = 40;

/// The time in a column of its own, the words wrapped beside it.
class LineDelegate : public QStyledItemDelegate {
public:
    explicit LineDelegate(QListWidget* list)
        : QStyledItemDelegate(list)
        , m_list(list)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const override
    {
        const QString words = index.data(kWordsRole).toString();
        const QRect box =
            QFontMetrics(textFont(12)).boundingRect(QRect(0, 0, wordsWidth(), 10'000), Qt::TextWordWrap, words);
        return {m_list->viewport()->width(), box.height() + kLineGap};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Palette p = colours(m_list);
        if ((option.state & QStyle::State_Selected) != 0 && m_list->hasFocus())
            painter->fillRect(option.rect, p.canaryTint);
        const auto place = [&option](int left, int width) {
            const QRect logical(option.rect.left() + left, option.rect.top(), width, option.rect.height());
            return QStyle::visualRect(option.direction, option.rect, logical);
        };
        const auto side = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignTop;
        painter->setFont(monoFont(11));
        painter->setPen(p.third);
        painter->drawText(place(0, kTimeWidth), side, index.data(kTimeRole).toString());
        painter->setFont(textFont(12));
        painter->setPen(p.second);
        painter->drawText(place(kTimeWidth, wordsWidth()), side | Qt::TextWordWrap, index.data(kWordsRole).toString());
    }

private:
    /// The same with and without a scroll bar, which comes after the lines have been measured.
    int wordsWidth() const
    {
        const int bar = m_list->style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, m_list);
        return std::max(kLeastWords, m_list->width() - bar - kTimeWidth);
    }

    QListWidget* m_list;
};

} // namespace

EventLog::EventLog(const QString& title, QWidget* parent)
    : Card(title, parent)
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("log"));
    m_list->setObjectName(QStringLiteral("log.list"));
    m_list->setAccessibleName(title);
    m_list->setItemDelegate(new LineDelegate(m_list));
    m_list->setResizeMode(QListView::Adjust);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_list->setMinimumHeight(72);
    content()->addWidget(m_list);
}

QWidget* EventLog::list() const
{
    return m_list;
}

void EventLog::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    // The list would measure its lines anew a tenth of a second later.
    layout()->activate();
    m_list->doItemsLayout();
}

void EventLog::present(const EventLogData& log)
{
    if (log.lines == m_lines) return;
    m_lines = log.lines;
    m_list->clear();
    for (const auto& line : m_lines) {
        auto* item = new QListWidgetItem(QStringLiteral("%1 %2").arg(line.time, line.text), m_list);
        item->setData(kTimeRole, line.time);
        item->setData(kWordsRole, line.text);
    }
}

} // namespace sluice::ui
