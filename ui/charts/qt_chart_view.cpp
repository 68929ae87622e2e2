// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/qt_chart_view.h"

#include <QChart>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "ui/charts/chart_view.h"
#include "ui/charts/line_parts.h"
#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr int kWordSize = 10;
constexpr int kTimeLine = 18; ///< room for the words under the axis
constexpr int kGridRows = 3;
/// From so many points on, what changed since the last frame is cheaper to find than to read all of them again.
constexpr size_t kLongLine = 4096;
/// Of the four points that M4 keeps a column; a line that is smooth or sparse has fewer.
constexpr qsizetype kDensePointsPerColumn = 3;

QValueAxis* makeAxis(QChart* chart, Qt::Alignment side)
{
    auto* axis = new QValueAxis(chart);
    axis->setRange(0, 1);
    axis->setVisible(false);
    chart->addAxis(axis, side);
    return axis;
}

/// ChartView over Qt Charts.
class QtChartView : public ChartView {
public:
    explicit QtChartView(QWidget* parent)
        : ChartView(parent)
        , m_canvas(new QtChartCanvas(this))
    {
        auto* box = new QVBoxLayout(this);
        box->setContentsMargins(0, 0, 0, 0);
        box->addWidget(m_canvas);
        connect(m_canvas, &QtChartCanvas::hovered, this, &ChartView::hovered);
    }
    void present(const ChartPicture& picture) override { m_canvas->present(picture); }
    void setCursorAt(int64_t atUs) override { m_canvas->setCursorAt(atUs); }

private:
    QtChartCanvas* m_canvas;
};

} // namespace

ChartView* makeChartView(QWidget* parent)
{
    return new QtChartView(parent);
}

QtChartCanvas::QtChartCanvas(QWidget* parent)
    : QChartView(new QChart, parent) // setChart() would leave the chart that a view is born with to us
{
    QChart* chart = this->chart();
    chart->legend()->hide();
    chart->setBackgroundVisible(false);
    chart->setPlotAreaBackgroundVisible(false);
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->setMargins(QMargins(0, 0, 0, kTimeLine));
    QValueAxis* x = makeAxis(chart, Qt::AlignBottom);
    QValueAxis* y = makeAxis(chart, Qt::AlignLeft);
    m_stable = makeLine(chart, x, y);
    m_canary = makeLine(chart, x, y);

    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus); // The card around it takes the keyboard.
    setMouseTracking(true);
    setRenderHint(QPainter::Antialiasing, true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored); // the page decides the height
    setMinimumHeight(64);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    viewport()->setFocusPolicy(Qt::NoFocus);
    applyColours();
}

void QtChartCanvas::present(const ChartPicture& picture)
{
    m_picture = picture;
    makeRoom();
    replaceLines();
    viewport()->update();
}

void QtChartCanvas::makeRoom()
{
    const auto gutter = static_cast<int>(valueGutter(m_picture, QFontMetricsF(textFont(kWordSize))));
    const QMargins wanted(gutter, 0, 0, kTimeLine);
    if (chart()->margins() == wanted) return;
    chart()->setMargins(wanted);
    chart()->layout()->activate();
}

void QtChartCanvas::setCursorAt(int64_t atUs)
{
    if (m_cursor == atUs) return;
    m_cursor = atUs;
    viewport()->update();
}

void QtChartCanvas::applyColours()
{
    const Palette p = colours(this);
    // 1 px against 2 px: the two lines differ in weight too, not by hue alone.
    m_stable.series->setPen(QPen(p.stable, 1));
    m_canary.series->setPen(QPen(p.canary, 2));
}

void QtChartCanvas::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::StyleChange) applyColours();
}

void QtChartCanvas::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    replaceLines();
}

QtChartCanvas::Line QtChartCanvas::makeLine(QChart* chart, QValueAxis* x, QValueAxis* y)
{
    Line line{.series = new QLineSeries(chart), .pyramid = {}, .dense = {}};
    chart->addSeries(line.series);
    line.series->attachAxis(x);
    line.series->attachAxis(y);
    return line;
}

std::vector<analysis::ChartPoint> QtChartCanvas::reduced(Line& line, const Points& points) const
{
    if (!points || m_picture.toUs <= m_picture.fromUs) return {};
    const int columns = std::max(1, static_cast<int>(chart()->plotArea().width()));
    if (points->size() < kLongLine) return analysis::reduceM4(*points, m_picture.fromUs, m_picture.toUs, columns);
    line.pyramid.follow(*points);
    return line.pyramid.columns(m_picture.fromUs, m_picture.toUs, columns);
}

QPointF QtChartCanvas::normalised(const analysis::ChartPoint& point) const
{
    const double span = static_cast<double>(m_picture.toUs - m_picture.fromUs);
    const double height = static_cast<double>(std::max<int64_t>(1, m_picture.top - m_picture.bottom));
    return {static_cast<double>(point.atUs - m_picture.fromUs) / span,
            std::clamp(static_cast<double>(point.value - m_picture.bottom) / height, -0.05, 1.05)};
}

QPolygonF QtChartCanvas::pixels(std::span<const analysis::ChartPoint> part, bool wholeColumns) const
{
    const QRectF plot = chart()->plotArea();
    const double left = wholeColumns ? std::ceil(plot.left()) : plot.left();
    const double width = wholeColumns ? std::floor(plot.width()) : plot.width();
    QPolygonF out;
    out.reserve(static_cast<qsizetype>(part.size()));
    for (const analysis::ChartPoint& given : part) {
        const QPointF point = normalised(given);
        out.append({left + width * point.x(), plot.bottom() - plot.height() * point.y()});
    }
    return out;
}

void QtChartCanvas::replaceLine(Line& line, const Points& points) const
{
    const std::vector<analysis::ChartPoint> few = reduced(line, points);
    const QRectF plot = chart()->plotArea();
    line.parts.clear();
    line.dense = few.size() > static_cast<size_t>(kDensePointsPerColumn * plot.width());
    // Inside a column the reduced points lie further apart than the samples; between columns they are neighbours.
    const int64_t column = (m_picture.toUs - m_picture.fromUs) / std::max<int64_t>(1, std::llround(plot.width())) + 1;
    const auto parts = unbroken(few, points ? std::max(gapOf(*points), column) : INT64_MAX);
    if (!line.dense && (parts.empty() || (parts.size() == 1 && few.size() > 1))) {
        QList<QPointF> out;
        out.reserve(static_cast<qsizetype>(few.size()));
        for (const analysis::ChartPoint& point : few)
            out.append(normalised(point));
        line.series->replace(out);
        return;
    }
    if (line.series->count() > 0) line.series->clear();
    // Dense columns begin at whole pixels: half a pixel beside, a tenth of the picture would differ from the line of
    // all points.
    for (const auto& part : parts)
        line.parts.append(pixels(part, line.dense));
}

void QtChartCanvas::drawParts(QPainter* painter, const Line& line) const
{
    painter->setPen(line.series->pen());
    painter->setRenderHint(QPainter::Antialiasing, !line.dense);
    if (!line.dense) painter->setClipRect(chart()->plotArea());
    for (const QPolygonF& part : line.parts) {
        if (line.dense)
            drawDense(painter, part);
        else if (part.size() == 1)
            painter->drawPoint(part.front());
        else
            painter->drawPolyline(part);
    }
    painter->setClipping(false);
    painter->setRenderHint(QPainter::Antialiasing, false);
}

void QtChartCanvas::drawDense(QPainter* painter, const QPolygonF& part)
{
    // A column is one upright stroke from its lowest to its highest point. What leads from one column to the next lies
    // inside of both strokes, but where they do not meet. Filled rectangles cost two thirds of as many lines.
    const int width = painter->pen().width();
    QList<QRect> strokes;
    double lastLow = 0;
    double lastHigh = 0;
    for (qsizetype i = 0; i < part.size();) {
        const int x = static_cast<int>(part[i].x());
        double high = part[i].y();
        double low = high;
        const qsizetype first = i;
        for (; i < part.size() && static_cast<int>(part[i].x()) == x; ++i) {
            high = std::min(high, part[i].y());
            low = std::max(low, part[i].y());
        }
        const int top = qFloor(high);
        strokes.append({x - width / 2, top - width / 2, width, qFloor(low) - top + width});
        if (first > 0 && (high > lastLow || low < lastHigh)) painter->drawLine(part[first - 1], part[first]);
        lastLow = low;
        lastHigh = high;
    }
    const QPen pen = painter->pen();
    painter->setPen(Qt::NoPen);
    painter->setBrush(pen.color());
    painter->drawRects(strokes);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
}

void QtChartCanvas::replaceLines()
{
    replaceLine(m_stable, m_picture.stable);
    replaceLine(m_canary, m_picture.canary);
}

void QtChartCanvas::drawBackground(QPainter* painter, const QRectF& /*rect*/)
{
    const Palette p = colours(this);
    const QRectF plot = chart()->plotArea();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(mixed(p.line, p.panel, 0.6), 1));
    for (int row = 0; row <= kGridRows; ++row) {
        const double y = std::round(plot.top() + plot.height() * row / kGridRows);
        painter->drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
    painter->setPen(QPen(p.line, 1, Qt::DashLine));
    for (const ChartPicture::Mark& mark : m_picture.marks) {
        const double x = std::round(plotX(m_picture, plot, mark.atUs));
        if (x >= plot.left() && x <= plot.right()) painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
    painter->setFont(textFont(kWordSize));
    painter->setPen(p.third);
    const qsizetype last = m_picture.times.size() - 1;
    for (qsizetype i = 0; i <= last; ++i) {
        const Qt::Alignment side = i == 0 ? Qt::AlignLeft : i == last ? Qt::AlignRight : Qt::AlignHCenter;
        painter->drawText(QRectF(plot.left(), plot.bottom() + 3, plot.width(), kTimeLine - 3), side | Qt::AlignTop,
                          m_picture.times.at(i));
    }
    painter->restore();
}

QList<ChartLabel> QtChartCanvas::labels() const
{
    return chartLabels(m_picture, chart()->plotArea(), QFontMetricsF(textFont(kWordSize)));
}

void QtChartCanvas::drawLabels(QPainter* painter, const QList<ChartLabel>& labels, const Palette& p)
{
    for (const ChartLabel& label : labels) {
        const bool limit = label.kind == ChartLabel::Kind::Limit;
        const bool red = limit || label.kind == ChartLabel::Kind::LimitValue;
        if (limit) painter->fillRect(label.place.adjusted(-2, 0, 2, 0), p.panel);
        painter->setPen(red ? p.critical : p.third);
        painter->drawText(label.place, Qt::AlignCenter | Qt::TextDontClip, label.text);
    }
}

void QtChartCanvas::drawForeground(QPainter* painter, const QRectF& /*rect*/)
{
    const Palette p = colours(this);
    const QRectF plot = chart()->plotArea();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    drawParts(painter, m_stable);
    drawParts(painter, m_canary);
    painter->setPen(QPen(p.critical, 1, Qt::DashLine));
    for (const ChartPicture::Limit& limit : m_picture.limits) {
        if (!isInside(m_picture, limit)) continue;
        const double y = std::round(plotY(m_picture, plot, limit.value));
        painter->drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
    painter->setFont(textFont(kWordSize));
    drawLabels(painter, labels(), p);
    if (m_cursor != 0) {
        const double x = std::round(plotX(m_picture, plot, m_cursor));
        painter->setPen(QPen(p.second, 1));
        painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
    painter->restore();
}

void QtChartCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QRectF plot = chart()->plotArea();
    const double share = (event->position().x() - plot.left()) / std::max(1.0, plot.width());
    if (share < 0 || share > 1) return;
    emit hovered(m_picture.fromUs +
                 static_cast<int64_t>(share * static_cast<double>(m_picture.toUs - m_picture.fromUs)));
}

void QtChartCanvas::leaveEvent(QEvent* event)
{
    QChartView::leaveEvent(event);
    emit hovered(0);
}

} // namespace sluice::ui
