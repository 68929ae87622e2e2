// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stage_rail.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <algorithm>

#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"
#include "ui/widgets/stage_rail_accessible.h"

namespace sluice::ui {

namespace {

constexpr int kGap = 8;
constexpr int kPadX = 12;
constexpr int kPadY = 8;
constexpr int kTitleLine = 22;
constexpr int kLeast = 128; ///< narrower stages go into another row
constexpr int kRadius = 8;

QFont titleFont()
{
    return textFont(16, QFont::Bold);
}

QFont cornerFont(const StageRailData::Stage& stage)
{
    return stage.cornerRuns ? monoFont(12) : textFont(12);
}

int textHeight(const QFont& font, const QString& text, int width)
{
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 1000), Qt::TextWordWrap, text).height();
}

/// The corner stands beside the title where both fit, else on a line of its own.
bool cornerFits(const StageRailData::Stage& stage, int inner)
{
    const int title = QFontMetrics(titleFont()).horizontalAdvance(stage.title);
    return title + kGap + QFontMetrics(cornerFont(stage)).horizontalAdvance(stage.corner) <= inner;
}

} // namespace

StageRail::StageRail(QWidget* parent)
    : QWidget(parent)
{
    installStageRailAccessibility();
    setObjectName(QStringLiteral("stages"));
    setAccessibleName(tr("Stages"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void StageRail::present(const StageRailData& rail)
{
    if (rail == m_shown) return;
    m_shown = rail;
    updateGeometry();
    update();
}

StageRail::Grid StageRail::grid(int width) const
{
    const int count = std::max(1, static_cast<int>(m_shown.stages.size()));
    Grid out;
    out.columns = std::clamp((width + kGap) / (kLeast + kGap), 1, count);
    // Rows of equal length look planned: 7 stages in 2 rows are 4 and 3, not 6 and 1.
    const int rows = (count + out.columns - 1) / out.columns;
    out.columns = (count + rows - 1) / rows;
    out.columnWidth = (width - (out.columns - 1) * kGap) / out.columns;
    for (const auto& stage : m_shown.stages)
        out.rowHeight = std::max(out.rowHeight, stageHeight(stage, out.columnWidth));
    return out;
}

int StageRail::stageHeight(const StageRailData::Stage& stage, int width) const
{
    const int inner = width - 2 * kPadX;
    const int corner = cornerFits(stage, inner) ? 0 : textHeight(cornerFont(stage), stage.corner, inner) + 2;
    return 2 * kPadY + kTitleLine + corner + textHeight(textFont(12), stage.detail, inner);
}

int StageRail::heightForWidth(int width) const
{
    const Grid g = grid(width);
    const int rows = (std::max(1, static_cast<int>(m_shown.stages.size())) + g.columns - 1) / g.columns;
    return rows * g.rowHeight + (rows - 1) * kGap;
}

QSize StageRail::sizeHint() const
{
    return {5 * (kLeast + kGap), heightForWidth(5 * (kLeast + kGap))};
}

QSize StageRail::minimumSizeHint() const
{
    return {kLeast, 2 * kPadY + kTitleLine};
}

QRect StageRail::stageRect(qsizetype stage) const
{
    const Grid g = grid(width());
    const int row = static_cast<int>(stage) / g.columns;
    const int column = static_cast<int>(stage) % g.columns;
    const QRect place(column * (g.columnWidth + kGap), row * (g.rowHeight + kGap), g.columnWidth, g.rowHeight);
    return QStyle::visualRect(layoutDirection(), rect(), place);
}

void StageRail::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < m_shown.stages.size(); ++i)
        paintStage(painter, m_shown.stages.at(i), stageRect(i));
}

void StageRail::paintStage(QPainter& painter, const StageRailData::Stage& stage, const QRect& place) const
{
    const Palette p = colours(this);
    const bool current = stage.when == StageRailData::When::Current;
    QPainterPath frame;
    frame.addRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter.fillPath(frame, p.panel);
    if (current && stage.progressPpm > 0) {
        QRect done = place;
        done.setWidth(static_cast<int>(place.width() * std::min<qint64>(stage.progressPpm, 1'000'000) / 1'000'000));
        painter.save();
        painter.setClipPath(frame);
        painter.fillRect(QStyle::visualRect(layoutDirection(), place, done), p.canaryTint);
        painter.restore();
    }
    painter.setPen(QPen(current ? p.canary : p.line, 1));
    painter.drawPath(frame);

    const QRect inner = place.adjusted(kPadX, kPadY, -kPadX, -kPadY);
    const auto start = QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft);
    const auto end = QStyle::visualAlignment(layoutDirection(), Qt::AlignRight);
    QRect line(inner.left(), inner.top(), inner.width(), kTitleLine);
    painter.setFont(titleFont());
    painter.setPen(stage.when == StageRailData::When::Future ? p.second : p.text);
    painter.drawText(line, start | Qt::AlignVCenter, stage.title);

    const bool beside = cornerFits(stage, inner.width());
    painter.setFont(cornerFont(stage));
    painter.setPen(toneColour(p, stage.cornerTone));
    int below = line.bottom() + 1;
    if (beside) {
        painter.drawText(line, end | Qt::AlignVCenter, stage.corner);
    } else {
        const QRect own(inner.left(), below, inner.width(), textHeight(cornerFont(stage), stage.corner, inner.width()));
        painter.drawText(own, start | Qt::AlignTop | Qt::TextWordWrap, stage.corner);
        below = own.bottom() + 3;
    }
    painter.setFont(textFont(12));
    painter.setPen(stage.when == StageRailData::When::Future ? p.third : p.second);
    painter.drawText(QRect(inner.left(), below, inner.width(), inner.bottom() - below + 4),
                     start | Qt::AlignTop | Qt::TextWordWrap, stage.detail);
}

} // namespace sluice::ui
