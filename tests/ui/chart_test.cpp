// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QRegularExpression>
#include <QTest>
#include <memory>
#include <set>

#include "tests/ui/console_stand.h"
#include "ui/charts/chart_labels.h"
#include "ui/charts/chart_view.h"
#include "ui/charts/line_parts.h"
#include "ui/theme/fonts.h"
#include "ui/theme/palette.h"

using namespace sluice;
using analysis::ChartPoint;
using ui::ChartLabel;
using ui::ChartPicture;

namespace {

constexpr QSize kSize{600, 200};

/// A line of one value a second, without the seconds [gapFrom, gapTo).
std::shared_ptr<const std::vector<ChartPoint>> lineOf(int seconds, int gapFrom, int gapTo)
{
    auto points = std::make_shared<std::vector<ChartPoint>>();
    for (int i = 0; i < seconds; ++i)
        if (i < gapFrom || i >= gapTo) points->push_back({int64_t{i} * kMillion, i % 2 == 0 ? 400 : 600});
    return points;
}

QImage drawn(const ChartPicture& picture)
{
    QWidget root;
    ui::applyTheme(&root, ui::ThemeKind::Dark);
    ui::ChartView* chart = ui::makeChartView(&root);
    root.resize(kSize);
    chart->setGeometry(root.rect());
    root.show();
    chart->present(picture);
    test::settle();
    return root.grab().toImage();
}

/// Of the picture's columns, those in which something is drawn that is not drawn without the line.
std::set<int> inked(const ChartPicture& picture)
{
    const QImage with = drawn(picture);
    ChartPicture empty = picture;
    empty.stable = empty.canary = nullptr;
    const QImage without = drawn(empty);
    std::set<int> out;
    for (int x = 0; x < with.width(); ++x)
        for (int y = 0; y < with.height(); ++y)
            if (with.pixel(x, y) != without.pixel(x, y)) out.insert(x);
    return out;
}

ChartPicture pictureOf(int64_t seconds)
{
    ChartPicture picture;
    picture.toUs = seconds * kMillion;
    picture.top = 1'000;
    return picture;
}

} // namespace

class ChartTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void whereSamplesAreMissingThereIsNoLine_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::newRow("a line of some points") << 300;
        QTest::newRow("a line that fills every pixel") << 9'000;
    }
    void whereSamplesAreMissingThereIsNoLine()
    {
        QFETCH(int, seconds);
        ChartPicture picture = pictureOf(seconds);
        picture.canary = lineOf(seconds, seconds / 3, seconds * 2 / 3);
        const std::set<int> ink = inked(picture);
        const int width = kSize.width();
        QVERIFY(ink.contains(width / 6) && ink.contains(width * 5 / 6));
        for (int x = width / 3 + 12; x < width * 2 / 3 - 12; ++x)
            QVERIFY2(!ink.contains(x), qPrintable(QStringLiteral("column %1").arg(x)));
    }

    void aSampleThatCameLateLeavesNoGap()
    {
        ChartPicture picture = pictureOf(300);
        picture.canary = lineOf(300, 150, 153);
        const std::set<int> ink = inked(picture);
        for (int x = 280; x < 320; ++x)
            QVERIFY2(ink.contains(x), qPrintable(QStringLiteral("column %1").arg(x)));
    }

    void aSampleAloneIsADot()
    {
        ChartPicture picture = pictureOf(300);
        auto points = *lineOf(300, 100, 200);
        points.insert(points.begin() + 100, {150 * kMillion, 500});
        picture.canary = std::make_shared<const std::vector<ChartPoint>>(points);
        const std::set<int> ink = inked(picture);
        const auto dot = ink.lower_bound(280);
        QVERIFY(dot != ink.end() && *dot < 320);
    }

    void aGapIsSomeIntervalsOfTheSource_data()
    {
        QTest::addColumn<qint64>("interval");
        QTest::newRow("every second") << qint64{1'000'000};
        QTest::newRow("four times a minute") << qint64{15'000'000};
    }
    void aGapIsSomeIntervalsOfTheSource()
    {
        QFETCH(qint64, interval);
        std::vector<ChartPoint> points;
        for (int i = 0; i < 50; ++i)
            points.push_back({(i + (i < 20 ? 0 : 4)) * interval, 1});
        QCOMPARE(ui::unbroken(points, ui::gapOf(points)).size(), size_t{1});
        for (size_t i = 30; i < points.size(); ++i)
            points[i].atUs += 10 * interval;
        const auto parts = ui::unbroken(points, ui::gapOf(points));
        QCOMPARE(parts.size(), size_t{2});
        QCOMPARE(parts[0].size(), size_t{30});
        QCOMPARE(parts[1].size(), size_t{20});
    }

    void noTwoLabelsOfAChartOverlap_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<qint64>("limit");
        for (const int width : {1'200, 380, 150})
            for (const int height : {300, 90, 46})
                for (const qint64 limit : {0, 20, 500, 800, 980, 1'000, 5'000})
                    QTest::addRow("%d x %d, limit %lld", width, height, static_cast<long long>(limit))
                        << width << height << limit;
    }
    void noTwoLabelsOfAChartOverlap()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(qint64, limit);
        ChartPicture picture = pictureOf(300);
        picture.bottomText = QStringLiteral("0 %");
        picture.topText = QStringLiteral("2.5 %");
        picture.limits = {{limit, QStringLiteral("rollback above 2 %"), QStringLiteral("2 %")},
                          {limit + 30, QStringLiteral("rollback above 3 %"), QStringLiteral("3 %")}};
        for (const int at : {10, 40, 200, 240, 270})
            picture.marks.append({int64_t{at} * kMillion, QStringLiteral("50 %")});
        const QFontMetricsF metrics(ui::textFont(10));
        const double gutter = ui::valueGutter(picture, metrics);
        const QRectF plot(gutter, 0, width, height);
        const QList<ChartLabel> labels = ui::chartLabels(picture, plot, metrics);
        int ends = 0;
        for (const ChartLabel& label : labels) {
            for (const ChartLabel& other : labels)
                QVERIFY2(&label == &other || !label.place.intersects(other.place),
                         qPrintable(label.text + QLatin1String(" and ") + other.text));
            QVERIFY2(label.place.left() >= 0 && label.place.right() <= plot.right(), qPrintable(label.text));
            ends += label.kind == ChartLabel::Kind::Value ? 1 : 0;
        }
        QCOMPARE(ends, 2);
    }

    void theWordOfAStageAndTheWordsOfALimitDoNotReadAsOne()
    {
        ChartPicture picture = pictureOf(300);
        picture.limits = {{5'000, QStringLiteral("rollback above 85 %"), QStringLiteral("85 %")}};
        const QFontMetricsF metrics(ui::textFont(10));
        for (int at = 10; at < 290; ++at) {
            picture.marks = {{int64_t{at} * kMillion, QStringLiteral("10 %")}};
            const auto labels = ui::chartLabels(picture, QRectF(0, 0, 220, 46), metrics);
            for (const ChartLabel& one : labels)
                for (const ChartLabel& other : labels)
                    QVERIFY2(&one == &other ||
                                 !one.place.adjusted(0, 0, metrics.horizontalAdvance(QLatin1Char(' ')) * 2, 0)
                                      .intersects(other.place),
                             qPrintable(one.text + other.text));
        }
    }

    void aLimitIsNamedWhereItHidesNoLine()
    {
        ChartPicture picture = pictureOf(300);
        picture.limits = {{500, QStringLiteral("rollback above 2 %"), QStringLiteral("2 %")}};
        auto points = std::make_shared<std::vector<ChartPoint>>();
        for (int i = 0; i < 300; ++i)
            points->push_back({int64_t{i} * kMillion, i < 200 ? 10 : 10 + (i - 200) * 9});
        picture.canary = points;
        const QRectF plot(0, 0, 330, 90);
        const auto labels = ui::chartLabels(picture, plot, QFontMetricsF(ui::textFont(10)));
        QCOMPARE(labels.size(), 1);
        const QRectF place = labels.first().place;
        for (const ChartPoint& point : *points)
            QVERIFY(!place.contains(plot.width() * static_cast<double>(point.atUs) / static_cast<double>(picture.toUs),
                                    plot.height() * (1 - static_cast<double>(point.value) / 1'000)));
    }

    void aLimitIsDrawnOnlyInsideOfTheRange_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<bool>("inside");
        QTest::newRow("below") << qint64{-50} << false;
        QTest::newRow("lowest") << qint64{0} << true;
        QTest::newRow("highest") << qint64{1'000} << true;
        QTest::newRow("above") << qint64{1'001} << false;
    }
    void aLimitIsDrawnOnlyInsideOfTheRange()
    {
        QFETCH(qint64, limit);
        QFETCH(bool, inside);
        ChartPicture picture = pictureOf(300);
        const QRect withoutWords(0, 0, kSize.width() / 2, kSize.height()); // they stand at the newer end
        const QImage without = drawn(picture).copy(withoutWords);
        picture.limits = {{limit, QStringLiteral("limit"), QString()}};
        QCOMPARE(drawn(picture).copy(withoutWords) != without, inside);
    }

    void aLimitOutsideIsNamedWithTheWayToIt()
    {
        ChartPicture picture = pictureOf(300);
        picture.limits = {{-200, QStringLiteral("low"), QString()}, {5'000, QStringLiteral("high"), QString()}};
        const QRectF plot(0, 0, 330, 90);
        const auto labels = ui::chartLabels(picture, plot, QFontMetricsF(ui::textFont(10)));
        QCOMPARE(labels.size(), 2);
        QCOMPARE(labels[0].text, QStringLiteral("↓ low"));
        QVERIFY(labels[0].place.top() > plot.center().y());
        QCOMPARE(labels[1].text, QStringLiteral("↑ high"));
        QVERIFY(labels[1].place.bottom() < plot.center().y());
    }

    void theNearestLimitIsNamedWhereverItLies_data()
    {
        QTest::addColumn<qint64>("limit");
        for (const qint64 limit : {-200, 0, 500, 980, 1'000, 5'000})
            QTest::addRow("%lld", static_cast<long long>(limit)) << limit;
    }
    void theNearestLimitIsNamedWhereverItLies()
    {
        QFETCH(qint64, limit);
        ChartPicture picture = pictureOf(300);
        picture.limits = {{limit, QStringLiteral("rollback above 2 %"), QStringLiteral("2 %")}};
        picture.marks = {{240 * kMillion, QStringLiteral("50 %")}};
        const auto labels = ui::chartLabels(picture, {0, 0, 330, 90}, QFontMetricsF(ui::textFont(10)));
        QVERIFY(std::ranges::any_of(labels, [](const auto& label) { return label.kind == ChartLabel::Kind::Limit; }));
        QVERIFY(std::ranges::any_of(labels, [](const auto& label) { return label.kind == ChartLabel::Kind::Mark; }));
    }
};

SLUICE_UI_TEST_MAIN(ChartTest)
#include "chart_test.moc"
