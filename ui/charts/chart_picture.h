// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QRectF>
#include <QString>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/analysis/judge.h"

namespace sluice::ui {

/// Everything a chart shows, ready to draw: words are translated, the value range is chosen.
struct ChartPicture {
    int64_t fromUs{0}; ///< time axis [from, to), source time
    int64_t toUs{1};
    int64_t bottom{0}; ///< value axis, millionths
    int64_t top{1};
    QString bottomText{}; ///< the same as numbers beside the plot; empty = no numbers
    QString topText{};
    /// Share a life with the snapshot's chart: a picture copies no points.
    std::shared_ptr<const std::vector<analysis::ChartPoint>> stable{};
    std::shared_ptr<const std::vector<analysis::ChartPoint>> canary{};
    struct Limit {
        int64_t value{0};
        QString text{};
        QString number{}; ///< beside the plot, at its height
    };
    QList<Limit> limits{};
    struct Mark {
        int64_t atUs{0};
        QString text{};
    };
    QList<Mark> marks{};    ///< stage changes
    QList<QString> times{}; ///< words under the axis, evenly spread, first to last
};

/// Where a time and a value stand when the lines are in `plot`; also outside of it.
double plotX(const ChartPicture& picture, const QRectF& plot, int64_t atUs);
double plotY(const ChartPicture& picture, const QRectF& plot, int64_t value);
/// A limit that is drawn to scale; of others only the words are shown.
bool isInside(const ChartPicture& picture, const ChartPicture::Limit& limit);

/// A range end that does not change with every sample: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten,
/// not below `value`.
int64_t niceTop(int64_t value);

} // namespace sluice::ui
