// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>

// The least a program with a chart can be: one window, one line of 600 points. The console is measured against it.
int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    auto* line = new QLineSeries;
    for (int i = 0; i < 600; ++i)
        line->append(i, i % 50);
    auto* chart = new QChart;
    chart->addSeries(line);
    chart->createDefaultAxes();
    QChartView view(chart);
    view.resize(1440, 900);
    view.show();
    return QApplication::exec();
}
