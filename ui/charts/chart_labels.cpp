// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_labels.h"

#include <algorithm>
#include <cmath>

namespace sluice::ui {

namespace {

constexpr double kMarkGap = 5;            ///< between the line of a stage change and its word
constexpr double kValueGap = 6;           ///< between a number and the plot
constexpr double kLimitGap = 4;           ///< between the words of a limit and the plot's end
constexpr std::ptrdiff_t kLookedAt = 200; ///< points of a line under a label
constexpr double kValueApart = 2;         ///< between two numbers
constexpr double kWordsApart = 8;         ///< between two labels side by side; closer ones read as one

/// Takes places one after the other; what meets an earlier one is refused.
class Places {
public:
    bool take(ChartLabel::Kind kind, const QRectF& place, const QString& text)
    {
        const QRectF claimed = place.adjusted(-kWordsApart, 0, kWordsApart, 0);
        const auto meets = [&claimed](const ChartLabel& other) { return other.place.intersects(claimed); };
        if (std::ranges::any_of(m_labels, meets)) return false;
        m_labels.append({kind, place, text});
        return true;
    }
    const QList<ChartLabel>& labels() const { return m_labels; }

private:
    QList<ChartLabel> m_labels{};
};

QRectF valuePlace(const ChartPicture& picture, const QRectF& plot, const QFontMetricsF& metrics, int64_t value,
                  const QString& text)
{
    const double wide = metrics.horizontalAdvance(text);
    const double high = metrics.height();
    const double y = plotY(picture, plot, value) - high / 2;
    return {plot.left() - kValueGap - wide, std::max(plot.top(), y), wide, high - kValueApart};
}

void putValues(Places& out, const ChartPicture& picture, const QRectF& plot, const QFontMetricsF& metrics)
{
    if (picture.topText.isEmpty()) return;
    using Kind = ChartLabel::Kind;
    out.take(Kind::Value, valuePlace(picture, plot, metrics, picture.bottom, picture.bottomText), picture.bottomText);
    out.take(Kind::Value, valuePlace(picture, plot, metrics, picture.top, picture.topText), picture.topText);
    for (const ChartPicture::Limit& limit : picture.limits)
        if (isInside(picture, limit) && !limit.number.isEmpty())
            out.take(Kind::LimitValue, valuePlace(picture, plot, metrics, limit.value, limit.number), limit.number);
}

void putMarks(Places& out, const ChartPicture& picture, const QRectF& plot, const QFontMetricsF& metrics)
{
    const auto xOf = [&](const ChartPicture::Mark& mark) { return std::round(plotX(picture, plot, mark.atUs)); };
    for (qsizetype i = 0; i < picture.marks.size(); ++i) {
        const ChartPicture::Mark& mark = picture.marks.at(i);
        const double x = xOf(mark);
        const QRectF place(x + kMarkGap, plot.top() + 1, metrics.horizontalAdvance(mark.text), metrics.height());
        // Stages of seconds stand close: of two words that would lie over each other the newer one stays.
        const double end = place.right() + kMarkGap;
        const bool covered = i + 1 < picture.marks.size() && xOf(picture.marks.at(i + 1)) < end;
        if (x < plot.left() || covered || end > plot.right()) continue;
        out.take(ChartLabel::Kind::Mark, place, mark.text);
    }
}

/// A line goes through this place. Of a long line only some points are looked at: words may touch a lone spike.
bool coversLine(const ChartPicture& picture, const QRectF& plot, const QRectF& place)
{
    const double span = static_cast<double>(std::max<int64_t>(1, picture.toUs - picture.fromUs));
    const auto timeOf = [&](double x) {
        return picture.fromUs + static_cast<int64_t>((x - plot.left()) / plot.width() * span);
    };
    for (const auto& line : {picture.stable, picture.canary}) {
        if (!line) continue;
        const auto first = std::ranges::lower_bound(*line, timeOf(place.left()), {}, &analysis::ChartPoint::atUs);
        const auto last = std::ranges::upper_bound(*line, timeOf(place.right()), {}, &analysis::ChartPoint::atUs);
        const std::ptrdiff_t step = std::max<std::ptrdiff_t>(1, (last - first) / kLookedAt);
        for (auto point = first; point < last; point += std::min(step, last - point)) {
            const double y = plotY(picture, plot, point->value);
            if (y >= place.top() && y <= place.bottom()) return true;
        }
    }
    return false;
}

void putLimit(Places& out, const ChartPicture& picture, const QRectF& plot, const QFontMetricsF& metrics,
              const ChartPicture::Limit& limit)
{
    const bool inside = isInside(picture, limit);
    const bool above = limit.value > picture.top;
    const double y = std::round(inside ? plotY(picture, plot, limit.value) : above ? plot.top() : plot.bottom());
    const QString words = inside ? limit.text : (above ? QStringLiteral("↑ ") : QStringLiteral("↓ ")) + limit.text;
    const double wide = metrics.horizontalAdvance(words);
    const double high = metrics.height();
    // Above its line, else below it, else under the words that stand there; at the newer end, or at the older one where
    // it would hide a line. Two limits on one line: the words of the first stand for both.
    for (const bool hides : {false, true})
        for (const double left : {plot.right() - kLimitGap - wide, plot.left() + kLimitGap})
            for (const double top : {y - high - 1, y + 2, y + 2 + high}) {
                const QRectF place(left, top, wide, high);
                const bool inPlot = plot.contains(place);
                if (!inPlot || (!hides && coversLine(picture, plot, place))) continue;
                if (out.take(ChartLabel::Kind::Limit, place, words)) return;
            }
}

} // namespace

double valueGutter(const ChartPicture& picture, const QFontMetricsF& metrics)
{
    if (picture.topText.isEmpty()) return 0;
    double wide = std::max(metrics.horizontalAdvance(picture.topText), metrics.horizontalAdvance(picture.bottomText));
    for (const ChartPicture::Limit& limit : picture.limits)
        if (isInside(picture, limit)) wide = std::max(wide, metrics.horizontalAdvance(limit.number));
    return std::ceil(wide + kValueGap);
}

QList<ChartLabel> chartLabels(const ChartPicture& picture, const QRectF& plot, const QFontMetricsF& metrics)
{
    Places out;
    putValues(out, picture, plot, metrics);
    putMarks(out, picture, plot, metrics);
    for (const ChartPicture::Limit& limit : picture.limits)
        putLimit(out, picture, plot, metrics, limit);
    return out.labels();
}

} // namespace sluice::ui
