// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>
#include <random>

#include <QChart>
#include <QImage>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>
#include <fmt/format.h>

#include "core/analysis/judge.h"
#include "tests/bench/groups.h"
#include "tests/bench/measure.h"
#include "ui/charts/chart_picture.h"
#include "ui/charts/qt_chart_view.h"

namespace sluice::bench {

namespace {

using analysis::ChartPoint;
using Line = std::shared_ptr<const std::vector<ChartPoint>>;

constexpr int kDay = 86'400;
constexpr int kRounds = 7;
constexpr QSize kSize{1200, 400};
constexpr int64_t kTop = 100'000; // millionths: an axis up to 10 %

/// An error rate once a second, as the metric's window of 60 s shows it: slow waves, noise, a spike now and then.
Line errorRate(int seconds, unsigned seed)
{
    constexpr int kWindow = 60;
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0, 10'000);
    std::deque<double> window;
    double sum = 0;
    auto points = std::make_shared<std::vector<ChartPoint>>();
    points->reserve(static_cast<size_t>(seconds));
    for (int i = -kWindow; i < seconds; ++i) {
        const double spike = random() % 997 == 0 ? 500'000 : 0;
        window.push_back(30'000 + 15'000 * std::sin(i * 6.28 / 7'200) + noise(random) + spike);
        sum += window.back();
        if (i < 0) continue;
        sum -= window.front();
        window.pop_front();
        points->push_back({int64_t{i} * 1'000'000, std::clamp<int64_t>(std::llround(sum / kWindow), 0, kTop)});
    }
    return points;
}

ui::ChartPicture pictureOf(const Line& stable, const Line& canary, int64_t seconds)
{
    ui::ChartPicture picture;
    picture.toUs = seconds * 1'000'000;
    picture.top = kTop;
    picture.stable = stable;
    picture.canary = canary;
    return picture;
}

/// The product's chart, off the screen.
class OurChart {
public:
    OurChart()
    {
        m_canvas.resize(kSize);
        m_image.fill(Qt::white);
    }
    QImage frame(const ui::ChartPicture& picture)
    {
        m_canvas.present(picture);
        return paint();
    }
    QImage paint()
    {
        m_image.fill(Qt::white);
        static_cast<QWidget&>(m_canvas).render(&m_image);
        return m_image;
    }
    QList<QLineSeries*> lines() const
    {
        QList<QLineSeries*> out;
        for (QAbstractSeries* series : m_canvas.chart()->series())
            out.append(static_cast<QLineSeries*>(series));
        return out;
    }
    QRectF plot() const { return m_canvas.chart()->plotArea(); }

private:
    ui::QtChartCanvas m_canvas{nullptr};
    QImage m_image{kSize, QImage::Format_RGB32};
};

/// All points in the coordinates of the product's axes.
QList<QPointF> normalised(const std::vector<ChartPoint>& points, int64_t toUs)
{
    QList<QPointF> out;
    out.reserve(static_cast<qsizetype>(points.size()));
    for (const ChartPoint& point : points)
        out.append({static_cast<double>(point.atUs) / static_cast<double>(toUs),
                    static_cast<double>(point.value) / static_cast<double>(kTop)});
    return out;
}

/// What a program does that hands its points to Qt Charts as they are.
class RawChart {
public:
    RawChart()
    {
        QChart* chart = m_view.chart();
        chart->legend()->hide();
        auto* x = new QValueAxis(chart);
        auto* y = new QValueAxis(chart);
        chart->addAxis(x, Qt::AlignBottom);
        chart->addAxis(y, Qt::AlignLeft);
        for (const int width : {1, 2}) {
            auto* line = new QLineSeries(chart);
            chart->addSeries(line);
            line->attachAxis(x);
            line->attachAxis(y);
            line->setPen(QPen(width == 1 ? Qt::darkGray : Qt::darkBlue, width));
            m_lines.append(line);
        }
        x->setRange(0, 1);
        y->setRange(0, 1);
        m_view.setRenderHint(QPainter::Antialiasing, true);
        m_view.resize(kSize);
    }
    void frame(const QList<QPointF>& stable, const QList<QPointF>& canary)
    {
        m_lines[0]->replace(stable);
        m_lines[1]->replace(canary);
        static_cast<QWidget&>(m_view).render(&m_image);
    }

private:
    QChartView m_view{new QChart};
    QList<QLineSeries*> m_lines{};
    QImage m_image{kSize, QImage::Format_RGB32};
};

QPolygonF polyline(const std::vector<ChartPoint>& points, int64_t toUs, const QRectF& plot)
{
    QPolygonF out;
    for (const QPointF& point : normalised(points, toUs))
        out.append(
            {std::ceil(plot.left()) + std::floor(plot.width()) * point.x(), plot.bottom() - plot.height() * point.y()});
    return out;
}

void fewLines(Sheet& sheet)
{
    const Line stable = errorRate(kDay, 1);
    const Line canary = errorRate(kDay, 2);
    const ui::ChartPicture picture = pictureOf(stable, canary, kDay);
    OurChart ours;
    RawChart raw;
    const QList<QPointF> rawStable = normalised(*stable, picture.toUs);
    const QList<QPointF> rawCanary = normalised(*canary, picture.toUs);
    // New data in, one frame out, both with the same pens and antialiasing.
    const Pair against = inTurns(
        kRounds, [&] { (void)ours.frame(picture); }, [&] { raw.frame(rawStable, rawCanary); });
    sheet.put("chart-raw", 1 / against.ratio(),
              fmt::format("frame {:.1f} ms, Qt Charts with all points {:.0f} ms, 2 lines x 86,400 points, 1200x400",
                          against.ours * 1e3, against.theirs * 1e3));

    const int columns = static_cast<int>(ours.plot().width());
    const QPolygonF few[] = {
        polyline(analysis::reduceM4(*stable, 0, picture.toUs, columns), picture.toUs, ours.plot()),
        polyline(analysis::reduceM4(*canary, 0, picture.toUs, columns), picture.toUs, ours.plot())};
    QImage image(kSize, QImage::Format_RGB32);
    const Pair bare = inTurns(
        kRounds * 3, [&] { (void)ours.frame(picture); },
        [&] {
            image.fill(Qt::white);
            QPainter painter(&image);
            painter.setPen(QPen(Qt::darkGray, 1));
            painter.drawPolyline(few[0]);
            painter.setPen(QPen(Qt::darkBlue, 2)); // part by part: as one polyline it takes 50 times as long
            for (qsizetype i = 1; i < few[1].size(); ++i)
                painter.drawLine(few[1][i - 1], few[1][i]);
        });
    sheet.put("chart-painter", bare.ratio(),
              fmt::format("frame {:.2f} ms, QPainter with the {} points that are left {:.2f} ms", bare.ours * 1e3,
                          few[0].size() + few[1].size(), bare.theirs * 1e3));
}

/// The live case: each frame has one new second at its end.
void manyPoints(Sheet& sheet)
{
    const auto frames = [](int points) {
        std::vector<ui::ChartPicture> out;
        const Line all = errorRate(points + 3 * kRounds, 3);
        for (int i = 0; i < 3 * kRounds; ++i) {
            const auto now = std::make_shared<const std::vector<ChartPoint>>(all->begin(), all->begin() + points + i);
            out.push_back(pictureOf(now, now, points + i));
        }
        return out;
    };
    const auto small = frames(10'000);
    const auto large = frames(1'000'000);
    OurChart forSmall;
    OurChart forLarge;
    size_t i = 0;
    size_t k = 0;
    const Pair both = inTurns(
        3 * kRounds - 1, [&] { (void)forLarge.frame(large[i++]); }, [&] { (void)forSmall.frame(small[k++]); });
    sheet.put("chart-million", both.ratio(),
              fmt::format("frame with a new second at 1,000,000 points {:.2f} ms, at 10,000 points {:.2f} ms",
                          both.ours * 1e3, both.theirs * 1e3));
}

/// Pixels that differ between the product's picture and all points drawn as they are, of those with ink.
void pixels(Sheet& sheet)
{
    double worst = 0;
    std::string detail;
    for (const int points : {kDay, 300'000, 1'000'000}) {
        const Line line = errorRate(points, 4);
        const ui::ChartPicture picture = pictureOf(line, nullptr, points);
        OurChart chart;
        const QImage empty = chart.frame(pictureOf(nullptr, nullptr, points)).copy();
        const QImage few = chart.frame(picture).copy();
        QImage all = empty.copy();
        QPainter painter(&all);
        painter.setPen(chart.lines().first()->pen());
        // Line by line: a polyline drops pixels of parts that are shorter than one.
        const QPolygonF raw = polyline(*line, picture.toUs, chart.plot());
        for (qsizetype i = 1; i < raw.size(); ++i)
            painter.drawLine(raw[i - 1], raw[i]);
        painter.end();
        int ink = 0;
        int differ = 0;
        for (int y = 0; y < all.height(); ++y)
            for (int x = 0; x < all.width(); ++x) {
                ink += all.pixel(x, y) != empty.pixel(x, y) ? 1 : 0;
                differ += all.pixel(x, y) != few.pixel(x, y) ? 1 : 0;
            }
        const double share = 100.0 * differ / std::max(1, ink);
        worst = std::max(worst, share);
        detail += fmt::format("{}{} points {:.2f} %", detail.empty() ? "" : ", ", points, share);
    }
    sheet.put("chart-pixels", worst, detail);
}

} // namespace

std::vector<Group> chartGroups()
{
    return {{.name = "chart",
             .bars = {{"chart-raw", "a chart frame over 24 h of 1 s samples against Qt Charts with raw points",
                       Sense::AtLeast, 20, "x cheaper"},
                      {"chart-painter", "the same frame against QPainter drawing the same reduced lines", Sense::AtMost,
                       4, "x"}},
             .measure = fewLines},
            {.name = "chart",
             .bars = {{"chart-million", "a frame at 1,000,000 points against one at 10,000", Sense::AtMost, 1.5, "x"}},
             .measure = manyPoints},
            {.name = "chart",
             .bars = {{"chart-pixels", "pixels that differ from the raster of all points", Sense::AtMost, 1, "%"}},
             .measure = pixels}};
}

} // namespace sluice::bench
