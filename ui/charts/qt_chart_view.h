// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPolygonF>
#include <QtCharts/QChartView>
#include <span>

#include "core/analysis/chart_pyramid.h"
#include "ui/charts/chart_labels.h"
#include "ui/charts/chart_picture.h"

class QLineSeries;
class QValueAxis;

namespace sluice::ui {

struct Palette;

/// The drawing surface over Qt Charts: two line series over normalised axes; grid, limits, stage marks and numbers are
/// painted around them, because as series they would each cost a pass.
///
/// A line that goes up and down inside most pixel columns (a day of noisy seconds) is painted here as well: Qt Charts
/// strokes an outline of every series for its own hit test, which costs more than drawing it. So is a line with gaps,
/// which a series does not have.
class QtChartCanvas : public QChartView {
    Q_OBJECT

public:
    explicit QtChartCanvas(QWidget* parent);

    void present(const ChartPicture& picture);
    void setCursorAt(int64_t atUs);

signals:
    void hovered(qint64 atUs);

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void applyColours();
    using Points = std::shared_ptr<const std::vector<analysis::ChartPoint>>;
    struct Line {
        QLineSeries* series{nullptr};
        analysis::ChartPyramid pyramid{}; ///< of a long line, else empty
        QList<QPolygonF> parts{};         ///< pixels; not empty: painted here and not by the series
        bool dense{false};                ///< the parts go up and down inside most columns
    };
    static Line makeLine(QChart* chart, QValueAxis* x, QValueAxis* y);
    void replaceLines();
    void replaceLine(Line& line, const Points& points) const;
    QPolygonF pixels(std::span<const analysis::ChartPoint> part, bool wholeColumns) const;
    std::vector<analysis::ChartPoint> reduced(Line& line, const Points& points) const;
    QPointF normalised(const analysis::ChartPoint& point) const;
    void drawParts(QPainter* painter, const Line& line) const;
    static void drawDense(QPainter* painter, const QPolygonF& part);
    void makeRoom();
    QList<ChartLabel> labels() const;
    static void drawLabels(QPainter* painter, const QList<ChartLabel>& labels, const Palette& p);

    ChartPicture m_picture{};
    Line m_stable{};
    Line m_canary{};
    int64_t m_cursor{0};
};

} // namespace sluice::ui
