// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/model/problem.h"
#include "core/model/value.h"

using namespace sluice;
using namespace std::chrono_literals;

namespace {

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

} // namespace

class ValueTest : public QObject {
    Q_OBJECT

private slots:
    void aDurationIsSaidInAtMostTwoUnits_data()
    {
        QTest::addColumn<qint64>("us");
        const auto row = [](const char* text, Duration d) { QTest::newRow(text) << qint64{micros(d)}; };
        row("250 ms", 250ms);
        row("40 s", 40s);
        row("1 min", 60s);
        row("90 s", 90s);
        row("15 min", 15min);
        row("2 min 5 s", 125s);
        row("1 h 5 min", 65min);
        row("24 h", 24h);
        row("-40 s", -40s);
    }
    void aDurationIsSaidInAtMostTwoUnits()
    {
        QFETCH(qint64, us);
        QCOMPARE(bytes(durationText(Duration(us))), QByteArray(QTest::currentDataTag()));
    }

    void aValueIsSaidInItsUnit()
    {
        QCOMPARE(bytes(valueText(20'000, Unit::Ratio)), QByteArray("2 %"));
        QCOMPARE(bytes(valueText(6'800, Unit::Ratio)), QByteArray("0.68 %"));
        QCOMPARE(bytes(valueText(1'200'000, Unit::Time)), QByteArray("1 200 ms"));
        QCOMPARE(bytes(valueText(1'500, Unit::Time)), QByteArray("1.5 ms"));
        QCOMPARE(bytes(valueText(201 * kMillion, Unit::PerSecond)), QByteArray("201 /s"));
        QCOMPARE(bytes(valueText(5 * kMillion, Unit::Count)), QByteArray("5"));
        QCOMPARE(bytes(valueText(3'702 * kMillion, Unit::Count)), QByteArray("3 702"));
    }

    void aWallTimeIsSaidInUtc()
    {
        QCOMPARE(bytes(wallText(wallTime(1'795'271'526'000'000))), QByteArray("2026-11-21T14:32:06Z"));
    }

    void aProblemOfTheWholeFileHasNoLine()
    {
        QCOMPARE(bytes(problemText({.file = "p.yaml", .message = "too long"})), QByteArray("p.yaml: too long"));
        const Problem placed{.file = "p.yaml", .line = 4, .column = 13, .path = "stages[1].weight", .message = "no"};
        QCOMPARE(bytes(problemText(placed)), QByteArray("p.yaml:4:13: stages[1].weight: no"));
    }
};

QTEST_APPLESS_MAIN(ValueTest)
#include "value_test.moc"
