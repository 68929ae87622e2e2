// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleet_delegate.h"

#include <QPainter>
#include <QPolygonF>
#include <QStyle>
#include <algorithm>

#include "ui/charts/line_parts.h"
#include "ui/theme/look.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kBarThick = 5;
constexpr int kLineHeight = 24;
constexpr int64_t kHourUs = 3'600'000'000;
constexpr int64_t kLeastGap = 20; ///< a part of the line that is twice a column of its reduction

/// Where things stand in a cell, mirrored in right-to-left languages.
struct Place {
    Qt::LayoutDirection direction{Qt::LeftToRight};
    QRect cell{};

    QRect at(const QRect& logical) const { return QStyle::visualRect(direction, cell, logical); }
    Qt::Alignment side(Qt::Alignment logical) const
    {
        return QStyle::visualAlignment(direction, logical) | Qt::AlignVCenter;
    }
};

QColor wordColour(const Palette& p, const FleetRow& row, int column)
{
    switch (static_cast<FleetModel::Column>(column)) {
    case FleetModel::State: return toneColour(p, row.stateTone);
    case FleetModel::Score: return toneColour(p, row.scoreTone);
    case FleetModel::Waits:
    case FleetModel::Owner: return p.second;
    case FleetModel::Service:
    case FleetModel::Environment:
    case FleetModel::Version:
    case FleetModel::Share:
    case FleetModel::Line:
    case FleetModel::kColumns: return p.text;
    }
    return p.text;
}

/// Asked is the bar, seen a mark on it: two numbers, never one.
void paintBar(QPainter* painter, const Palette& p, const FleetRow& row, const QRect& bar, Qt::LayoutDirection direction)
{
    const QRect groove(bar.left(), bar.center().y() - kBarThick / 2, bar.width(), kBarThick);
    const auto part = [&](qint64 ppm, int least) {
        const int wide =
            std::max(least, static_cast<int>(groove.width() * std::min<qint64>(ppm, 1'000'000) / 1'000'000));
        return QStyle::visualRect(direction, groove, QRect(groove.topLeft(), QSize(wide, groove.height())));
    };
    painter->setPen(Qt::NoPen);
    painter->setBrush(p.line);
    painter->drawRoundedRect(groove, 2.5, 2.5);
    painter->setBrush(p.canary);
    if (row.askedPpm > 0) painter->drawRoundedRect(part(row.askedPpm, kBarThick), 2.5, 2.5);
    if (row.seenPpm < 0) return;
    const QRect seen = part(row.seenPpm, 1);
    const int x = direction == Qt::LeftToRight ? seen.right() : seen.left();
    painter->setBrush(p.text);
    painter->drawRect(QRect(x, groove.top() - 3, 2, groove.height() + 6));
}

void paintLine(QPainter* painter, const Palette& p, const FleetRow& row, const QRect& box)
{
    const int64_t to = row.line.back().atUs;
    const int64_t from = std::max(row.line.front().atUs, to - kHourUs);
    const auto [low, high] = std::ranges::minmax(row.line, {}, &analysis::ChartPoint::value);
    const double span = std::max<double>(1, static_cast<double>(high.value - low.value));
    const double length = std::max<double>(1, static_cast<double>(to - from));
    const auto place = [&](const analysis::ChartPoint& point) {
        return QPointF(box.left() + (box.width() - 1) * static_cast<double>(point.atUs - from) / length,
                       box.bottom() - (box.height() - 1) * static_cast<double>(point.value - low.value) / span);
    };
    painter->setPen(QPen(row.lineOfCanary ? p.canary : p.stable, 1.4));
    for (const auto& part : unbroken(row.line, std::max(gapOf(row.line), (to - from) / kLeastGap))) {
        QPolygonF line;
        for (const analysis::ChartPoint& point : part)
            if (point.atUs >= from) line.append(place(point));
        line.size() == 1 ? painter->drawPoint(line.front()) : painter->drawPolyline(line);
    }
}

/// One line stands on the base line of its row whatever face its shape comes from; more lines are centred.
void paintWords(QPainter* painter, const Place& place, const QRect& box, const QString& words, Qt::Alignment side)
{
    const int width = painter->fontMetrics().horizontalAdvance(words);
    if (width > box.width()) {
        painter->drawText(box, static_cast<int>(place.side(Qt::AlignLeft)) | Qt::TextWordWrap, words);
        return;
    }
    const QFontMetrics base(FleetCell::font(FleetModel::Waits));
    const int line = box.center().y() + (base.capHeight() + 1) / 2;
    const bool atRight = (place.side(side) & Qt::AlignRight) != 0;
    painter->drawText(QPoint(atRight ? box.right() - width + 1 : box.left(), line), words);
}

/// The current row: raised, with the accent at its edge.
void paintChoice(QPainter* painter, const Palette& p, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    painter->fillRect(option.rect, p.raised);
    if (index.column() != FleetModel::Service) return;
    painter->fillRect(
        QStyle::visualRect(option.direction, option.rect, QRect(option.rect.topLeft(), QSize(2, option.rect.height()))),
        p.canary);
}

} // namespace

FleetDelegate::FleetDelegate(FleetTable* table)
    : QStyledItemDelegate(table)
    , m_table(table)
{
}

void FleetDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Palette p = colours(m_table);
    const FleetRow& row = m_table->rows().row(index.row());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if ((option.state & QStyle::State_Selected) != 0) paintChoice(painter, p, option, index);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), p.line);

    const Place place{option.direction, option.rect};
    const QRect inside = option.rect.adjusted(FleetCell::kMargin, 0, -FleetCell::kMargin, -1);
    painter->setFont(FleetCell::font(index.column()));
    painter->setPen(wordColour(p, row, index.column()));
    const QString words = index.data().toString();
    if (index.column() == FleetModel::Line && !row.line.empty()) {
        paintLine(painter, p, row,
                  QRect(inside.left(), inside.center().y() - kLineHeight / 2, inside.width(), kLineHeight));
    } else if (index.column() == FleetModel::Share && row.askedPpm >= 0) {
        const int bar = m_table->barWidth();
        paintWords(painter, place, place.at(inside.adjusted(bar, 0, 0, 0)), words, Qt::AlignLeft);
        if (bar > 0)
            paintBar(painter, p, row,
                     place.at(QRect(inside.left(), inside.top(), bar - FleetCell::kGap, inside.height())),
                     option.direction);
    } else {
        paintWords(painter, place, inside, words, index.column() == FleetModel::Score ? Qt::AlignRight : Qt::AlignLeft);
    }
    painter->restore();
}

QSize FleetDelegate::sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const
{
    const QFontMetrics metrics(FleetCell::font(index.column()));
    const int column = m_table->columnWidth(index.column());
    const int bar = index.column() == FleetModel::Share ? m_table->barWidth() : 0;
    const int around = 2 * FleetCell::kMargin + bar;
    const QString words = index.data().toString();
    if (index.column() == FleetModel::Line && words != dash()) return {column, FleetCell::kRow};
    if (index.column() == FleetModel::Waits || index.column() == FleetModel::Share ||
        index.column() == FleetModel::State) {
        const QRect box =
            metrics.boundingRect(QRect(0, 0, std::max(1, column - around), 10'000), Qt::TextWordWrap, words);
        return {box.width() + around, box.height() + FleetCell::kMargin};
    }
    return {metrics.horizontalAdvance(words) + around, FleetCell::kRow};
}

} // namespace sluice::ui
