// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QList>
#include <QRectF>
#include <QString>

#include "ui/charts/chart_picture.h"

namespace sluice::ui {

/// Words in and around the plot of a chart, and where they stand.
struct ChartLabel {
    enum class Kind { Value, LimitValue, Limit, Mark };
    Kind kind{Kind::Value};
    QRectF place{};
    QString text{};
};

/// Room that the numbers of the value axis need beside the plot; 0 without numbers.
double valueGutter(const ChartPicture& picture, const QFontMetricsF& metrics);

/// Every label that has room; no two of them overlap or stand so close that they read as one. Ends of the axis come
/// first, then stage changes, then limits. `plot` is where the lines are.
QList<ChartLabel> chartLabels(const ChartPicture& picture, const QRectF& plot, const QFontMetricsF& metrics);

} // namespace sluice::ui
