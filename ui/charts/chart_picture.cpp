// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_picture.h"

#include <algorithm>
#include <array>

namespace sluice::ui {

double plotX(const ChartPicture& picture, const QRectF& plot, int64_t atUs)
{
    const auto span = static_cast<double>(std::max<int64_t>(1, picture.toUs - picture.fromUs));
    return plot.left() + plot.width() * static_cast<double>(atUs - picture.fromUs) / span;
}

double plotY(const ChartPicture& picture, const QRectF& plot, int64_t value)
{
    const auto span = static_cast<double>(std::max<int64_t>(1, picture.top - picture.bottom));
    return plot.bottom() - plot.height() * static_cast<double>(value - picture.bottom) / span;
}

bool isInside(const ChartPicture& picture, const ChartPicture::Limit& limit)
{
    return limit.value <= picture.top && limit.value >= picture.bottom;
}

int64_t niceTop(int64_t value)
{
    constexpr std::array<int64_t, 10> kSteps{10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
    if (value <= 0) return 1;
    for (int64_t power = 1;; power *= 10) {
        for (const int64_t step : kSteps)
            if (step * power >= value * 10) return std::max<int64_t>(1, step * power / 10);
        if (power > INT64_MAX / 10'000) return value;
    }
}

} // namespace sluice::ui
