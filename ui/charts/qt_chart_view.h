// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPolygonF>
#include <QtCharts/QChartView>

#include "core/analysis/chart_pyramid.h"
#include "ui/charts/chart_picture.h"

class QLineSeries;
class QValueAxis;

namespace sluice::ui {

/// The drawing surface over Qt Charts: two line series over normalised axes; grid, limits and stage marks are painted
/// around them, because as series they would each cost a pass.
///
/// A line that goes up and down inside most pixel columns (a day of noisy seconds) is painted here as well: Qt Charts
/// strokes an outline of every series for its own hit test, which costs more than drawing it.
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
        QPolygonF dense{};                ///< pixels; not empty: painted here and not by the series
    };
    static Line makeLine(QChart* chart, QValueAxis* x, QValueAxis* y);
    void replaceLines();
    void replaceLine(Line& line, const Points& points) const;
    std::vector<analysis::ChartPoint> reduced(Line& line, const Points& points) const;
    QPointF normalised(const analysis::ChartPoint& point) const;
    static void drawDense(QPainter* painter, const Line& line);
    double xOf(int64_t atUs) const;
    double yOf(int64_t value) const;
    void drawLimit(QPainter* painter, const ChartPicture::Limit& limit, QList<QRectF>& taken) const;

    ChartPicture m_picture{};
    Line m_stable{};
    Line m_canary{};
    int64_t m_cursor{0};
};

} // namespace sluice::ui
