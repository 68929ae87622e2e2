// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/sluice-lab/fault.h"

using namespace std::chrono_literals;

namespace sluice::app::lab {

class FaultTest : public QObject {
    Q_OBJECT

private slots:
    void aFaultIsReadAndWrittenBack_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        for (const char* text : {"errors=10%", "latency=+400ms", "cpu=80%", "memory=90%", "payments=5%", "users=-30%",
                                 "health=fail", "errors=0.25%", "errors=10%,latency=+400ms"}) {
            QTest::newRow(text) << text << text;
        }
        QTest::newRow("seconds") << "latency=+2s"
                                 << "latency=+2000ms";
        QTest::newRow("order") << "users=-30%,errors=1%"
                               << "errors=1%,users=-30%";
        QTest::newRow("decimals") << "errors=2.50%"
                                  << "errors=2.5%";
    }
    void aFaultIsReadAndWrittenBack()
    {
        QFETCH(QString, text);
        QFETCH(QString, canonical);
        const auto order = parseFault(text.toStdString());
        QVERIFY2(order.ok(), order ? "" : order.error().detail.c_str());
        QCOMPARE(QString::fromStdString(faultText(order.value().fault)), canonical);
        QVERIFY(!order.value().atWeight.has_value());
    }

    void everyWordSetsItsField()
    {
        const auto order =
            parseFault("errors=10%,latency=+400ms,cpu=80%,memory=90%,payments=5%,users=-30%,health=fail");
        const InjectedFault all{.errorsPpm = 100'000,
                                .latency = 400ms,
                                .cpuPpm = 800'000,
                                .memoryPpm = 900'000,
                                .paymentsPpm = 50'000,
                                .usersLostPpm = 300'000,
                                .unhealthy = true};
        QVERIFY(order.ok());
        QVERIFY(order.value().fault == all);
    }

    void aWeightAfterTheAtSignWaitsForTheCanary()
    {
        const auto order = parseFault("errors=10%,latency=+400ms@2.5%");
        QVERIFY(order.ok());
        QCOMPARE(order.value().atWeight.value_or(-1), 250);
        QCOMPARE(order.value().fault.errorsPpm, 100'000);
    }

    void aWrongFaultIsNamed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        QTest::newRow("empty") << ""
                               << "not of the form";
        QTest::newRow("unknown") << "error=10%"
                                 << "'error' is not a fault";
        QTest::newRow("no value") << "errors"
                                  << "'errors' is not of the form";
        QTest::newRow("no percent") << "errors=10"
                                    << "percent sign";
        QTest::newRow("too much") << "errors=101%"
                                  << "between 0% and 100%";
        QTest::newRow("negative") << "errors=-1%"
                                  << "between 0% and 100%";
        QTest::newRow("zero") << "errors=0%"
                              << "no fault";
        QTest::newRow("word") << "errors=ten%"
                              << "between 0% and 100%";
        QTest::newRow("two dots") << "errors=1.2.3%"
                                  << "between 0% and 100%";
        QTest::newRow("twice") << "errors=1%,errors=2%"
                               << "errors is given twice";
        QTest::newRow("trailing comma") << "errors=1%,"
                                        << "not of the form";
        QTest::newRow("blank") << "errors=1%, cpu=2%"
                               << "' cpu' is not a fault";
        QTest::newRow("latency is added") << "latency=400ms"
                                          << "must be an addition";
        QTest::newRow("latency unit") << "latency=+400"
                                      << "not a duration";
        QTest::newRow("latency zero") << "latency=+0ms"
                                      << "between +1ms and +30s";
        QTest::newRow("latency too long") << "latency=+31s"
                                          << "between +1ms and +30s";
        QTest::newRow("users are lost") << "users=30%"
                                        << "must be a loss";
        QTest::newRow("health") << "health=bad"
                                << "the only value is fail";
        QTest::newRow("weight") << "errors=1%@"
                                << "after '@'";
        QTest::newRow("weight twice") << "errors=1%@1%@2%"
                                      << "after '@'";
    }
    void aWrongFaultIsNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, named);
        const auto order = parseFault(text.toStdString());
        QVERIFY(!order.ok());
        QCOMPARE(order.error().fault, Fault::BadInput);
        QVERIFY2(QString::fromStdString(order.error().detail).contains(named), order.error().detail.c_str());
    }

    void aDurationHasAUnit_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("micros"); // -1: refused
        QTest::newRow("ms") << "250ms" << qint64{250'000};
        QTest::newRow("s") << "90s" << qint64{90'000'000};
        QTest::newRow("m") << "20m" << qint64{1'200'000'000};
        QTest::newRow("h") << "48h" << qint64{172'800'000'000};
        QTest::newRow("none") << "20" << qint64{-1};
        QTest::newRow("empty") << "" << qint64{-1};
        QTest::newRow("unit alone") << "m" << qint64{-1};
        QTest::newRow("unknown unit") << "3d" << qint64{-1};
        QTest::newRow("too long") << "49h" << qint64{-1};
        QTest::newRow("very long") << "99999999999999h" << qint64{-1};
        QTest::newRow("fraction") << "1.5s" << qint64{-1};
    }
    void aDurationHasAUnit()
    {
        QFETCH(QString, text);
        QFETCH(qint64, micros);
        const auto duration = parseDuration(text.toStdString());
        QCOMPARE(duration.ok() ? sluice::micros(duration.value()) : -1, micros);
    }
};

} // namespace sluice::app::lab

QTEST_APPLESS_MAIN(sluice::app::lab::FaultTest)
#include "fault_test.moc"
