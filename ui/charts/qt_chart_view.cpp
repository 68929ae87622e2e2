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
#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

namespace sluice::ui {

namespace {

constexpr double kMarkGap = 5; ///< between the line of a stage change and its word
constexpr int kTimeLine = 18;  ///< room for the words under the axis
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
    : QChartView(parent)
{
    auto* chart = new QChart;
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
    setChart(chart);

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
    replaceLines();
    viewport()->update();
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

void QtChartCanvas::replaceLine(Line& line, const Points& points) const
{
    const std::vector<analysis::ChartPoint> few = reduced(line, points);
    const QRectF plot = chart()->plotArea();
    QList<QPointF> out;
    out.reserve(static_cast<qsizetype>(few.size()));
    for (const analysis::ChartPoint& point : few)
        out.append(normalised(point));
    line.dense.clear();
    if (out.size() <= kDensePointsPerColumn * static_cast<qsizetype>(plot.width())) {
        line.series->replace(out);
        return;
    }
    if (line.series->count() > 0) line.series->clear();
    // Columns begin at whole pixels: half a pixel beside, a tenth of the picture would differ from the line of all
    // points.
    const double left = std::ceil(plot.left());
    const double width = std::floor(plot.width());
    line.dense.reserve(out.size());
    for (const QPointF& point : out)
        line.dense.append({left + width * point.x(), plot.bottom() - plot.height() * point.y()});
}

void QtChartCanvas::drawDense(QPainter* painter, const Line& line)
{
    painter->setPen(line.series->pen());
    // A column is one upright stroke from its lowest to its highest point. What leads from one column to the next lies
    // inside of both strokes, but where they do not meet.
    double lastLow = 0;
    double lastHigh = 0;
    for (qsizetype i = 0; i < line.dense.size();) {
        const double x = std::floor(line.dense[i].x());
        double high = line.dense[i].y();
        double low = high;
        const qsizetype first = i;
        for (; i < line.dense.size() && std::floor(line.dense[i].x()) == x; ++i) {
            high = std::min(high, line.dense[i].y());
            low = std::max(low, line.dense[i].y());
        }
        painter->drawLine(QPointF(x, high), QPointF(x, low));
        if (first > 0 && (high > lastLow || low < lastHigh))
            painter->drawLine(line.dense[first - 1], line.dense[first]);
        lastLow = low;
        lastHigh = high;
    }
}

void QtChartCanvas::replaceLines()
{
    replaceLine(m_stable, m_picture.stable);
    replaceLine(m_canary, m_picture.canary);
}

double QtChartCanvas::xOf(int64_t atUs) const
{
    const QRectF plot = chart()->plotArea();
    const auto span = static_cast<double>(m_picture.toUs - m_picture.fromUs);
    return plot.left() + plot.width() * static_cast<double>(atUs - m_picture.fromUs) / std::max(1.0, span);
}

double QtChartCanvas::yOf(int64_t value) const
{
    const QRectF plot = chart()->plotArea();
    const auto span = static_cast<double>(m_picture.top - m_picture.bottom);
    return plot.bottom() - plot.height() * static_cast<double>(value - m_picture.bottom) / std::max(1.0, span);
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
    painter->setFont(textFont(10));
    const QFontMetricsF small(textFont(10));
    for (qsizetype i = 0; i < m_picture.marks.size(); ++i) {
        const ChartPicture::Mark& mark = m_picture.marks.at(i);
        const double x = std::round(xOf(mark.atUs));
        if (x < plot.left() || x > plot.right()) continue;
        painter->setPen(QPen(p.line, 1, Qt::DashLine));
        painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        painter->setPen(p.third);
        // Stages of seconds stand close: of two words that would lie over each other the newer one stays.
        const double end = x + kMarkGap + small.horizontalAdvance(mark.text) + kMarkGap;
        const bool covered = i + 1 < m_picture.marks.size() && xOf(m_picture.marks.at(i + 1).atUs) < end;
        if (covered || end > plot.right()) continue;
        painter->drawText(QRectF(x + kMarkGap, plot.top() + 1, 80, 12), Qt::AlignLeft | Qt::AlignTop, mark.text);
    }
    painter->setPen(p.third);
    const qsizetype last = m_picture.times.size() - 1;
    for (qsizetype i = 0; i <= last; ++i) {
        const Qt::Alignment side = i == 0 ? Qt::AlignLeft : i == last ? Qt::AlignRight : Qt::AlignHCenter;
        painter->drawText(QRectF(plot.left(), plot.bottom() + 3, plot.width(), kTimeLine - 3), side | Qt::AlignTop,
                          m_picture.times.at(i));
    }
    painter->restore();
}

void QtChartCanvas::drawLimit(QPainter* painter, const ChartPicture::Limit& limit, QList<QRectF>& taken) const
{
    const Palette p = colours(this);
    const QRectF plot = chart()->plotArea();
    const bool inside = limit.value <= m_picture.top;
    const double y = std::round(inside ? yOf(limit.value) : plot.top());
    painter->setPen(QPen(p.critical, 1, Qt::DashLine));
    if (inside) painter->drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    const QFontMetricsF metrics(painter->font());
    const QString words = inside ? limit.text : QStringLiteral("↑ ") + limit.text;
    QRectF place(plot.right() - 4 - metrics.horizontalAdvance(words), y - metrics.height() - 1,
                 metrics.horizontalAdvance(words), metrics.height());
    // Above its line, or below when that would leave the plot or meet another label.
    const auto meets = [&taken, &place] {
        return std::ranges::any_of(taken, [&place](const QRectF& other) { return other.intersects(place); });
    };
    if (place.top() < plot.top() || meets()) place.moveTop(y + 2);
    if (meets()) return; // Two limits on one line: the words of the first stand for both.
    taken.append(place);
    painter->fillRect(place.adjusted(-2, 0, 2, 0), mixed(p.panel, p.panel, 1));
    painter->drawText(place, Qt::AlignCenter, words);
}

void QtChartCanvas::drawForeground(QPainter* painter, const QRectF& /*rect*/)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    drawDense(painter, m_stable);
    drawDense(painter, m_canary);
    painter->setFont(textFont(10));
    QList<QRectF> taken;
    for (const ChartPicture::Limit& limit : m_picture.limits)
        drawLimit(painter, limit, taken);
    if (m_cursor != 0) {
        const double x = std::round(xOf(m_cursor));
        painter->setPen(QPen(colours(this).second, 1));
        painter->drawLine(QPointF(x, chart()->plotArea().top()), QPointF(x, chart()->plotArea().bottom()));
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
