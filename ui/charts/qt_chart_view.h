// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCharts/QChartView>

#include "ui/charts/chart_picture.h"

class QLineSeries;
class QValueAxis;

namespace sluice::ui {

/// The drawing surface over Qt Charts: two line series over normalised axes; grid, limits and stage marks are painted
/// around them, because as series they would each cost a pass.
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
    void replaceLines();
    QList<QPointF> reduced(const std::shared_ptr<const std::vector<analysis::ChartPoint>>& points) const;
    double xOf(int64_t atUs) const;
    double yOf(int64_t value) const;
    void drawLimit(QPainter* painter, const ChartPicture::Limit& limit, QList<QRectF>& taken) const;

    ChartPicture m_picture{};
    QLineSeries* m_stable;
    QLineSeries* m_canary;
    int64_t m_cursor{0};
};

} // namespace sluice::ui
