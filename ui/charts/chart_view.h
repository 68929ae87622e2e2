// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <cstdint>
#include <vector>

namespace sluice::analysis {
struct ChartPoint;
}

namespace sluice::ui {

struct ChartPicture;

/// Draws a stable and a canary line over one time axis. The only door to the charting library (Qt Charts is
/// deprecated since Qt 6.10), so another one is a new implementation of this and nothing else.
///
/// Reduces the points itself to at most four a pixel column (M4) and hands them over in one replace() per call; axes
/// are fixed and normalised, so a call costs one pass.
class ChartView : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// Keeps what it needs; `picture` may die afterwards.
    virtual void present(const ChartPicture& picture) = 0;
    /// Draws a thin line at this source time; 0 = none.
    virtual void setCursorAt(int64_t atUs) = 0;

signals:
    /// The pointer is over this source time (0 = it left).
    void hovered(qint64 atUs);
};

/// The implementation over Qt Charts.
ChartView* makeChartView(QWidget* parent);

} // namespace sluice::ui
